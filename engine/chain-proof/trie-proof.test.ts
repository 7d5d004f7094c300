import fc from 'fast-check'
import { expect, test } from 'vitest'
import { keccak256 } from '#adapters/crypto/hashes.ts'
import { toHex } from '#engine/shared/bytes.ts'
import { buildReferenceTrie } from '#test/chain/trie-reference.ts'
import { readTrie } from './trie-proof.ts'

/** Few different bytes make keys that share much of their way, and short values make nodes within nodes. */
const key = fc.uint8Array({ minLength: 3, maxLength: 3, max: 3 })
const value = fc.uint8Array({ minLength: 1, maxLength: 40 })
const entries = fc.uniqueArray(fc.tuple(key, value), { maxLength: 40, selector: ([k]) => toHex(k) })

test('what a trie holds is read by its nodes alone, and what it does not hold is proved to be absent', () => {
  fc.assert(
    fc.property(entries, fc.array(key, { maxLength: 10 }), (held, others) => {
      const trie = buildReferenceTrie(held, keccak256)
      for (const [asked, expected] of held) {
        expect(readTrie(trie.root, asked, trie.prove(asked), keccak256)).toEqual({
          ok: true,
          value: expected,
        })
      }
      for (const asked of others) {
        const expected = held.find(([k]) => toHex(k) === toHex(asked))?.[1]
        expect(readTrie(trie.root, asked, trie.prove(asked), keccak256)).toEqual({
          ok: true,
          value: expected,
        })
      }
    }),
    { numRuns: 200 },
  )
})

test('with one bit of one node changed, or one node left out, nothing is read', () => {
  fc.assert(
    fc.property(entries, fc.nat(), fc.nat(), fc.nat(7), (held, which, where, bit) => {
      fc.pre(held.length > 0)
      const trie = buildReferenceTrie(held, keccak256)
      const [asked] = held[which % held.length] ?? [new Uint8Array()]
      const nodes = trie.prove(asked)
      const at = where % nodes.length
      const bent = nodes.map((node, place) => {
        const copy = new Uint8Array(node)
        if (place === at) copy[where % copy.length] = (copy[where % copy.length] ?? 0) ^ (1 << bit)
        return copy
      })
      expect(readTrie(trie.root, asked, bent, keccak256)).toEqual({ ok: false })
      expect(
        readTrie(
          trie.root,
          asked,
          nodes.filter((_, place) => place !== at),
          keccak256,
        ),
      ).toEqual({ ok: false })
    }),
    { numRuns: 200 },
  )
})

test('nodes of any other bytes give no answer and no error', () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ minLength: 1, maxLength: 80 }), { minLength: 1 }),
      key,
      (nodes, asked) => {
        const root = keccak256(nodes[0] as Uint8Array)
        const read = readTrie(root, asked, nodes, keccak256)
        expect(typeof read.ok).toBe('boolean')
      },
    ),
  )
})
