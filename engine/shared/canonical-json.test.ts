import canonicalize from 'canonicalize'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalJson } from './canonical-json.ts'
import type { Json } from './json.ts'

test('it agrees with the canonicalize package on any JSON value', () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
      const plain = JSON.parse(JSON.stringify(value)) as Json
      expect(canonicalJson(plain)).toBe(canonicalize(plain))
    }),
  )
})

test('the example of RFC 8785, section 3.2.3, comes out in order', () => {
  const value = {
    '\u20ac': 'Euro',
    '\r': 'CR',
    '\ufb33': 'Hebrew',
    '1': 'One',
    '\ud83d\ude00': 'Emoji',
    '\u0080': 'Control',
    '\u00f6': 'Umlaut',
  }
  expect(Object.keys(JSON.parse(canonicalJson(value)) as object)).toContain('1')
  expect(canonicalJson(value)).toBe(canonicalize(value))
  const numbers = JSON.parse('[333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001]') as Json
  expect(canonicalJson({ numbers })).toBe('{"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27]}')
})
