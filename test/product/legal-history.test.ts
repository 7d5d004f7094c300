import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hasLegalOrder } from './legal-history.ts'

/** A door: opened and shut, and locked while it is shut. */
const DOOR: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  open: { shut: 'shut' },
  shut: { open: 'open', lock: 'locked' },
  locked: {},
}
const next = (state: string, move: string) => DOOR[state]?.[move]

test('moves that were made have an order, whoever shuffles them; one more that is not possible has none', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('open', 'shut', 'lock'), { maxLength: 14 }), (tried) => {
      let state = 'shut'
      const made: Record<string, number> = {}
      for (const move of tried) {
        const after = next(state, move)
        if (after === undefined) continue
        made[move] = (made[move] ?? 0) + 1
        state = after
      }
      const end = state
      expect(hasLegalOrder(made, { from: 'shut', isEnd: (at) => at === end, next })).toBe(true)
      const isOpenedTooOften = { ...made, open: (made['open'] ?? 0) + 2 }
      expect(hasLegalOrder(isOpenedTooOften, { from: 'shut', isEnd: () => true, next })).toBe(false)
    }),
  )
})
