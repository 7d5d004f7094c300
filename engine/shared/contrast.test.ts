import fc from 'fast-check'
import { expect, test } from 'vitest'
import { contrast, READABLE_CONTRAST, readableOn } from './contrast.ts'

const colour = fc
  .integer({ min: 0, max: 0xff_ff_ff })
  .map((value) => `#${value.toString(16).padStart(6, '0')}`)

test.each([
  ['#000000', '#ffffff', 21],
  ['#777777', '#ffffff', 4.48],
  ['#767676', '#ffffff', 4.54],
  ['#ff0000', '#ffffff', 4],
])('%s and %s are %d : 1 apart, as WCAG counts', (one, other, ratio) => {
  expect(contrast(one, other)).toBeCloseTo(ratio, 2)
})

test('it does not matter which of the two is the ground, and black or white is readable on any', () => {
  fc.assert(
    fc.property(colour, colour, (one, other) => {
      expect(contrast(one, other)).toBe(contrast(other, one))
      expect(contrast(readableOn(one), one)).toBeGreaterThanOrEqual(READABLE_CONTRAST)
    }),
  )
})
