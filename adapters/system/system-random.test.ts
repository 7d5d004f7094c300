import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isUuid } from '#engine/shared/ids.ts'
import { createSystemRandom } from './system-random.ts'

test('row ids are distinct UUIDs of version 7 that sort in the order in which they were made', () => {
  const random = createSystemRandom()
  const ids = Array.from({ length: 20_000 }, () => random.rowId())
  expect(ids.every((id) => isUuid(id) && id[14] === '7' && /[89ab]/.test(id[19] ?? ''))).toBe(true)
  expect(new Set(ids).size).toBe(ids.length)
  expect([...ids].sort()).toEqual(ids)
})

test('row ids keep their order when the clock stands still or jumps back', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 2 ** 41 }), { minLength: 2, maxLength: 50 }), (times) => {
      let call = 0
      const random = createSystemRandom(() => times[call++] ?? 0)
      const ids = times.map(() => random.rowId())
      expect([...ids].sort()).toEqual(ids)
      expect(new Set(ids).size).toBe(ids.length)
    }),
  )
})

test('a row id begins with its time', () => {
  const random = createSystemRandom(() => 0x0123_4567_89ab)
  expect(random.rowId().replaceAll('-', '').slice(0, 12)).toBe('0123456789ab')
})

test('whole numbers are spread evenly and stay below their bound', () => {
  const random = createSystemRandom()
  const seen = [0, 0, 0]
  for (let round = 0; round < 30_000; round++) {
    const drawn = random.integer(3)
    seen[drawn] = (seen[drawn] ?? 0) + 1
  }
  expect(seen).toHaveLength(3)
  // Six standard deviations of a fair draw (82 each): a modulo bias of a small generator would show.
  for (const count of seen) expect(Math.abs(count - 10_000)).toBeLessThan(500)
  expect(random.integer(1)).toBe(0)
})
