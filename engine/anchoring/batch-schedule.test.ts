import fc from 'fast-check'
import { expect, test } from 'vitest'
import { asInstant } from '#engine/shared/instant.ts'
import { lastClosing } from './batch-schedule.ts'

const interval = fc.integer({ min: 1000, max: 86_400_000 })
const moment = fc.integer({ min: 0, max: 4_000_000_000_000 })

test('a closing is a multiple of the interval, not ahead and less than one interval ago', () => {
  fc.assert(
    fc.property(moment, interval, (now, ms) => {
      const closing = lastClosing(asInstant(now), ms)
      expect(closing % ms).toBe(0)
      expect(closing).toBeLessThanOrEqual(now)
      expect(now - closing).toBeLessThan(ms)
    }),
  )
})

test('all moments of an interval are closed at one time, which says of them no more than the interval', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 10_000 }),
      interval,
      fc.array(fc.nat(), { minLength: 2 }),
      (nth, ms, offsets) => {
        const closings = offsets.map((offset) => lastClosing(asInstant(nth * ms + (offset % ms) + ms), ms))
        expect(new Set(closings)).toEqual(new Set([(nth + 1) * ms]))
      },
    ),
  )
})
