import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json } from '#engine/shared/json.ts'
import {
  ATTRIBUTE_TYPES,
  type AttributeType,
  attributeFault,
  readAttributeCell,
  sameValue,
} from './attribute-value.ts'

const FITTING: Readonly<Record<AttributeType, readonly Json[]>> = {
  string: ['', 'x', 'x'.repeat(1000)],
  number: [0, -1.5, 1e300],
  boolean: [true, false],
  strings: [[], ['a', 'b'], Array.from({ length: 100 }, () => 'x')],
}

describe('a value of a declared type', () => {
  test('fits its own type and no other', () => {
    for (const type of ATTRIBUTE_TYPES)
      for (const [other, values] of Object.entries(FITTING))
        for (const value of values)
          expect([type, value, attributeFault(type, value) === undefined]).toEqual([
            type,
            value,
            type === other,
          ])
  })

  test('null unsets an attribute of any type', () => {
    for (const type of ATTRIBUTE_TYPES) expect(attributeFault(type, null)).toBeUndefined()
  })

  test.each<[AttributeType, Json]>([
    ['string', 'x'.repeat(1001)],
    ['strings', ['x'.repeat(1001)]],
    ['strings', Array.from({ length: 101 }, () => 'x')],
    ['strings', ['a', 1]],
    ['strings', [['a']]],
    ['number', '1'],
    ['boolean', 'true'],
    ['string', {}],
  ])('%s: %j is at fault', (type, value) => {
    expect(attributeFault(type, value)).toEqual(expect.any(String))
  })
})

describe('a cell of a table', () => {
  test('a number is read as it was written, and nothing else is one', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(readAttributeCell('number', String(value).replace('e+', 'e'))).toBe(value + 0)
      }),
    )
    for (const cell of ['', ' 1', '1,5', '0x10', 'Infinity', 'NaN', '1e999', '01', '+1'])
      expect([cell, readAttributeCell('number', cell)]).toEqual([cell, undefined])
  })

  test.each<[AttributeType, string, Json | undefined]>([
    ['boolean', 'true', true],
    ['boolean', 'false', false],
    ['boolean', 'TRUE', undefined],
    ['boolean', '1', undefined],
    ['string', 'true', 'true'],
    ['strings', 'a | b|c', ['a', 'b', 'c']],
    ['strings', 'a', ['a']],
  ])('%s: %j', (type, cell, value) => {
    expect(readAttributeCell(type, cell)).toEqual(value)
  })
})

test('equal values are the same, and lists in another order are not', () => {
  expect(sameValue(['a', 'b'], ['a', 'b'])).toBe(true)
  expect(sameValue(['a', 'b'], ['b', 'a'])).toBe(false)
  expect(sameValue(1, '1')).toBe(false)
  expect(sameValue(null, false)).toBe(false)
})
