import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { usedCpuMs } from '#test/used-cpu.ts'
import { utf8 } from './bytes.ts'
import { type JsonFault, parseStrictJson } from './strict-json.ts'

const LIMITS = { maxBytes: 1_000_000, maxDepth: 32, maxNodes: 100_000, maxKeys: 100_000 }

const parse = (text: string, limits = LIMITS) => parseStrictJson(utf8(text), limits)
const parsedValue = (text: string) => {
  const parsed = parse(text)
  if (!parsed.ok) throw new Error(`${parsed.code} at ${parsed.position}`)
  return parsed.value
}
const faultOf = (input: string | Uint8Array, limits = LIMITS) => {
  const parsed = parseStrictJson(typeof input === 'string' ? utf8(input) : input, limits)
  return parsed.ok ? 'accepted' : parsed.code
}

test('it agrees with JSON.parse on whatever JSON.stringify writes', () => {
  const anyJson = fc
    .jsonValue({ maxDepth: 5, stringUnit: 'binary' })
    .filter((value) => !/\\u0000|__proto__/.test(JSON.stringify(value)))
  fc.assert(
    fc.property(anyJson, fc.constantFrom(undefined, 1, '\t'), (value, indent) => {
      const text = JSON.stringify(value, undefined, indent)
      expect(JSON.stringify(parsedValue(text))).toBe(JSON.stringify(JSON.parse(text)))
    }),
    { numRuns: 300 },
  )
})

test('it accepts no text that JSON.parse refuses, and gives the same value', () => {
  const piece = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"a"',
    '"b"',
    '1',
    '-0',
    '1.5e3',
    '01',
    'true',
    'nul',
    ' ',
    '"\\u00e9"',
    '"\\ud800"',
    '.',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const text = pieces.join('')
      const parsed = parse(text)
      if (parsed.ok) expect(JSON.stringify(parsed.value)).toBe(JSON.stringify(JSON.parse(text)))
      else if (parsed.code === 'syntax') expect(() => JSON.parse(text)).toThrow()
    }),
    { numRuns: 2000 },
  )
})

test('random bytes are judged without throwing', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      expect(() => parseStrictJson(bytes, LIMITS)).not.toThrow()
    }),
  )
})

describe('what two parsers could read differently is refused', () => {
  const hostile: readonly (readonly [what: string, input: string | Uint8Array, fault: JsonFault])[] = [
    ['nothing', '', 'syntax'],
    ['white space alone', '  \n', 'syntax'],
    ['a lone brace', '{', 'syntax'],
    ['a trailing comma', '[1,]', 'syntax'],
    ['a missing colon', '{"a" 1}', 'syntax'],
    ['a key without quotes', '{a:1}', 'syntax'],
    ['single quotes', "{'a':1}", 'syntax'],
    ['a comment', '[1 /* one */]', 'syntax'],
    ['NaN', '[NaN]', 'syntax'],
    ['Infinity', '[-Infinity]', 'syntax'],
    ['a leading zero', '[01]', 'syntax'],
    ['a leading plus', '[+1]', 'syntax'],
    ['a number ending in a point', '[1.]', 'syntax'],
    ['a raw line break in a string', '"a\nb"', 'syntax'],
    ['an unknown escape', '"\\x41"', 'syntax'],
    ['a short unicode escape', '"\\u12"', 'syntax'],
    ['a string without end', '"abc', 'syntax'],
    ['no-break space between values', '[\u00a01]', 'syntax'],
    ['a second value', '{} {}', 'trailing-content'],
    ['text after the value', '1x', 'trailing-content'],
    ['a byte order mark', new Uint8Array([0xef, 0xbb, 0xbf, 0x31]), 'byte-order-mark'],
    ['a byte that is no UTF-8', new Uint8Array([0x22, 0xff, 0x22]), 'invalid-utf8'],
    ['an overlong encoding', new Uint8Array([0x22, 0xc0, 0xaf, 0x22]), 'invalid-utf8'],
    ['UTF-16', new Uint8Array([0xff, 0xfe, 0x31, 0x00]), 'invalid-utf8'],
    ['a raw lone surrogate (CESU-8)', new Uint8Array([0x22, 0xed, 0xa0, 0x80, 0x22]), 'invalid-utf8'],
    ['an escaped high surrogate alone', '"\\ud83d"', 'lone-surrogate'],
    ['an escaped low surrogate alone', '"\\ude00 x"', 'lone-surrogate'],
    ['a pair the wrong way round', '"\\ude00\\ud83d"', 'lone-surrogate'],
    ['a lone surrogate in a key', '{"\\ud83d":1}', 'lone-surrogate'],
    ['a raw NUL', '"\u0000"', 'nul'],
    ['an escaped NUL', '"a\\u0000b"', 'nul'],
    ['a duplicate key', '{"a":1,"b":2,"a":1}', 'duplicate-key'],
    ['a duplicate key in another spelling', '{"a":1,"\\u0061":1}', 'duplicate-key'],
    ['a duplicate key of a name that objects have', '{"toString":1,"toString":1}', 'duplicate-key'],
    ['the key __proto__', '{"__proto__":{"admin":true}}', 'forbidden-key'],
    ['the key __proto__ in disguise', '{"\\u005f_proto__":1}', 'forbidden-key'],
    ['a number above all doubles', '[1e999]', 'number-out-of-range'],
    ['a number below all doubles', '[-1e309]', 'number-out-of-range'],
    ['a number that would vanish', '[1e-999]', 'number-out-of-range'],
    ['an integer that would be rounded', '9007199254740993', 'number-not-exact'],
    ['a rounded integer as a fraction', '9007199254740993.0', 'number-not-exact'],
    ['a rounded integer as a power', '9007199254740993e0', 'number-not-exact'],
    ['a long integer', '123456789012345678901234567890', 'number-not-exact'],
    ['a number of too many digits', `[${'9'.repeat(2049)}]`, 'number-not-exact'],
    ['a fraction of too many zeros', `[1.${'0'.repeat(2047)}]`, 'number-not-exact'],
    ['deep arrays', `${'['.repeat(100)}${']'.repeat(100)}`, 'too-deep'],
    ['deep objects', `${'{"a":'.repeat(100)}1${'}'.repeat(100)}`, 'too-deep'],
    ['a hundred thousand brackets', '['.repeat(100_000), 'too-deep'],
  ]

  test.each(hostile)('%s', (_what, input, fault) => {
    expect(faultOf(input)).toBe(fault)
  })
})

test.each([
  ['9007199254740991', 9007199254740991],
  ['9007199254740992', 9007199254740992],
  ['-9007199254740992', -9007199254740992],
  ['1e21', 1e21],
  ['1e23', 1e23],
  ['10000000000000000000000e-1', 1e21],
  ['1.7976931348623157e308', Number.MAX_VALUE],
  ['5e-324', Number.MIN_VALUE],
  ['0.1', 0.1],
  ['0e999', 0],
])('%s is kept', (text, value) => {
  expect(parsedValue(text)).toBe(value)
})

test.each(['-0', '-0.0', '-0e5'])('%s becomes 0, as the canonical form writes it', (text) => {
  expect(Object.is(parsedValue(text), 0)).toBe(true)
})

test('objects have no prototype, and names of prototype members are plain data', () => {
  const value = parsedValue('{"constructor":{"prototype":1},"hasOwnProperty":2}') as Record<string, unknown>
  expect(Object.getPrototypeOf(value)).toBeNull()
  expect(Object.keys(value)).toEqual(['constructor', 'hasOwnProperty'])
})

test('a surrogate pair in escapes is one character', () => {
  expect(parsedValue('"\\ud83d\\ude00"')).toBe('😀')
})

test('limits hold at exactly their value', () => {
  const limits = { maxBytes: 20, maxDepth: 2, maxNodes: 4, maxKeys: 2 }
  expect(faultOf('[[1,2]]', limits)).toBe('accepted')
  expect(faultOf('[[[]]]', limits)).toBe('too-deep')
  expect(faultOf('[1,2,3,4]', limits)).toBe('too-many-nodes')
  expect(faultOf('{"a":1,"b":2}', limits)).toBe('accepted')
  expect(faultOf('{"a":1,"b":2,"c":3}', limits)).toBe('too-many-keys')
  expect(faultOf(`"${'x'.repeat(18)}"`, limits)).toBe('accepted')
  expect(faultOf(`"${'x'.repeat(19)}"`, limits)).toBe('too-large')
})

test('the position points at the fault', () => {
  expect(parse('{"a":1,"a":2}')).toMatchObject({ position: 7 })
  expect(parse('[1, 1e999]')).toMatchObject({ position: 4 })
})

test('hostile lengths take linear time', () => {
  const long = 400_000
  const inputs = [
    `1${'0'.repeat(long)}1e-${long}`,
    `"${'\\n'.repeat(long)}"`,
    `${' '.repeat(long)}1`,
    `{${Array.from({ length: 50_000 }, (_, at) => `"${at}":0`).join()}}`,
    '['.repeat(long),
  ]
  const started = usedCpuMs()
  for (const input of inputs) parse(input)
  expect(usedCpuMs() - started).toBeLessThan(1500)
})

test('white space is white space however much there is of it, and nothing else is', () => {
  const space = ' \n\r\t'
  for (const length of [1, 1022, 1023, 1024, 1025, 1026, 5000]) {
    const run = space.repeat(Math.ceil(length / 4)).slice(0, length)
    expect(parsedValue(`${run}{${run}"a"${run}:${run}[1${run},${run}2]${run}}${run}`)).toEqual({ a: [1, 2] })
    expect(faultOf(`${run}\u00a0{}`)).toBe('syntax')
    expect(faultOf(`{}${run}x`)).toBe('trailing-content')
  }
})
