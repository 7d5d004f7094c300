import fc from 'fast-check'
import { expect, test } from 'vitest'
import { firstFreeNonce, missingNonces } from './nonces.ts'

const nonces = fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 30 })
const next = fc.integer({ min: 0, max: 30 })

test('whoever takes the first free nonce again and again leaves no gap, and takes none twice', () => {
  fc.assert(
    fc.property(next, nonces, fc.integer({ min: 1, max: 20 }), (from, held, tasks) => {
      const all = [...held]
      const taken: number[] = []
      for (let task = 0; task < tasks; task++) {
        const nonce = firstFreeNonce(from, all)
        all.push(nonce)
        taken.push(nonce)
      }
      expect(new Set(taken).size).toBe(tasks)
      expect(taken.filter((nonce) => nonce < from || held.includes(nonce))).toEqual([])
      // Below the last that was taken every nonce is held by somebody.
      for (let nonce = from; nonce < (taken.at(-1) ?? 0); nonce++) expect(all).toContain(nonce)
    }),
  )
})

test('what is missing, filled, lets everything that is held be taken in order', () => {
  fc.assert(
    fc.property(next, nonces, (from, held) => {
      const filled = new Set([...held, ...missingNonces(from, held, Number.POSITIVE_INFINITY)])
      let chain = from
      while (filled.has(chain)) chain++
      expect(held.filter((nonce) => nonce >= chain)).toEqual([])
      expect(missingNonces(from, [...filled], 1)).toEqual([])
    }),
  )
})

test('a gap that is absurdly wide is filled some at a time', () => {
  expect(missingNonces(5, [7, 2_000_000_000], 3)).toEqual([5, 6, 8])
})
