import fc from 'fast-check'
import { expect, test } from 'vitest'
import { contrast, GRAPHIC_CONTRAST, proposeColour, READABLE_CONTRAST, readableOn } from './contrast.ts'

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

test('a proposal is always far enough, leaves what is good alone, and does not go further than it must', () => {
  fc.assert(
    fc.property(
      colour,
      colour,
      fc.constantFrom(GRAPHIC_CONTRAST, READABLE_CONTRAST),
      (one, ground, needed) => {
        const proposed = proposeColour(one, ground, needed)
        expect(contrast(proposed, ground)).toBeGreaterThanOrEqual(needed)
        if (contrast(one, ground) >= needed) expect(proposed).toBe(one)
        // Black or white is not proposed where a colour on the way to it would do.
        else if (!['#000000', '#ffffff'].includes(proposed))
          expect(contrast(proposed, ground)).toBeLessThan(needed * 1.25)
      },
    ),
  )
})
