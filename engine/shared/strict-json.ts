import type { Json } from './json.ts'

export interface JsonLimits {
  readonly maxBytes: number
  /** Levels of arrays and objects; `[]` is 1. Never more than 512, whatever is asked. */
  readonly maxDepth: number
  /** Values of every kind, arrays and objects included. */
  readonly maxNodes: number
  /** Members of objects, in the whole document. */
  readonly maxKeys: number
}

export type JsonFault =
  | 'too-large'
  | 'invalid-utf8'
  | 'byte-order-mark'
  | 'syntax'
  | 'trailing-content'
  | 'duplicate-key'
  | 'forbidden-key'
  | 'lone-surrogate'
  | 'nul'
  | 'number-out-of-range'
  | 'number-not-exact'
  | 'too-deep'
  | 'too-many-nodes'
  | 'too-many-keys'

export type StrictJson =
  | { readonly ok: true; readonly value: Json }
  /** `position` counts UTF-16 code units from 0. `detail` repeats nothing of the document. */
  | { readonly ok: false; readonly code: JsonFault; readonly position: number; readonly detail: string }

/**
 * The one way from foreign bytes to a JSON value: I-JSON (RFC 7493), bounded, in time linear in the bytes.
 * What it lets through is hashed, stored and shown as one and the same value, so it refuses whatever two parsers
 * could read differently. Objects have no prototype; `constructor` and the like are plain data, `__proto__` is
 * refused because later copies could trip over it. `-0` becomes `0`, as in the canonical form (RFC 8785).
 * Fractions are rounded to the nearest double, as everywhere; a number beyond 2^53 must survive exactly.
 */
export function parseStrictJson(bytes: Uint8Array, limits: JsonLimits): StrictJson {
  if (bytes.length > limits.maxBytes)
    return { ok: false, code: 'too-large', position: 0, detail: `more than ${limits.maxBytes} bytes` }
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return { ok: false, code: 'invalid-utf8', position: 0, detail: 'the bytes are not UTF-8' }
  }
  const reader: Reader = { text, limits, at: 0, depth: 0, nodes: 0, keys: 0 }
  try {
    if (text.charCodeAt(0) === 0xfeff) refuse(reader, 'byte-order-mark', 'leave the byte order mark out')
    const value = readValue(reader)
    skipSpace(reader)
    if (reader.at < text.length) refuse(reader, 'trailing-content', 'there is something after the value')
    return { ok: true, value }
  } catch (error) {
    if (error instanceof Refusal)
      return { ok: false, code: error.code, position: error.position, detail: error.message }
    throw error
  }
}

interface Reader {
  readonly text: string
  readonly limits: JsonLimits
  at: number
  depth: number
  nodes: number
  keys: number
}

/** The way out of the recursion; never leaves this file. */
class Refusal extends Error {
  readonly code: JsonFault
  readonly position: number

  constructor(code: JsonFault, position: number, detail: string) {
    super(detail)
    this.code = code
    this.position = position
  }
}

function refuse(reader: Reader, code: JsonFault, detail: string, position = reader.at): never {
  throw new Refusal(code, position, detail)
}

/** Keeps the recursion far from the end of the stack. */
const DEEPEST = 512

const QUOTE = 0x22
const COMMA = 0x2c
const COLON = 0x3a
const OPEN_ARRAY = 0x5b
const BACKSLASH = 0x5c
const CLOSE_ARRAY = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d

function readValue(reader: Reader): Json {
  skipSpace(reader)
  reader.nodes += 1
  if (reader.nodes > reader.limits.maxNodes)
    refuse(reader, 'too-many-nodes', `more than ${reader.limits.maxNodes} values`)
  switch (reader.text.charCodeAt(reader.at)) {
    case OPEN_OBJECT:
      return nested(reader, readObject)
    case OPEN_ARRAY:
      return nested(reader, readArray)
    case QUOTE:
      return readString(reader)
    case 0x74:
      return readWord(reader, 'true', true)
    case 0x66:
      return readWord(reader, 'false', false)
    case 0x6e:
      return readWord(reader, 'null', null)
    default:
      return readNumber(reader)
  }
}

function nested<T>(reader: Reader, read: (reader: Reader) => T): T {
  const deepest = Math.min(reader.limits.maxDepth, DEEPEST)
  reader.depth += 1
  if (reader.depth > deepest) refuse(reader, 'too-deep', `more than ${deepest} levels`)
  reader.at += 1
  const value = read(reader)
  reader.depth -= 1
  return value
}

function readObject(reader: Reader): Json {
  const object: { [key: string]: Json } = Object.create(null)
  if (take(reader, CLOSE_OBJECT)) return object
  do {
    skipSpace(reader)
    const start = reader.at
    if (reader.text.charCodeAt(start) !== QUOTE) refuse(reader, 'syntax', 'a key in double quotes is missing')
    const key = readString(reader)
    if (key === '__proto__') refuse(reader, 'forbidden-key', 'the key __proto__ is not taken', start)
    if (key in object) refuse(reader, 'duplicate-key', 'a key stands twice in one object', start)
    reader.keys += 1
    if (reader.keys > reader.limits.maxKeys)
      refuse(reader, 'too-many-keys', `more than ${reader.limits.maxKeys} keys`, start)
    if (!take(reader, COLON)) refuse(reader, 'syntax', 'a colon is missing')
    object[key] = readValue(reader)
  } while (take(reader, COMMA))
  if (!take(reader, CLOSE_OBJECT)) refuse(reader, 'syntax', 'a comma or } is missing')
  return object
}

function readArray(reader: Reader): Json {
  const array: Json[] = []
  if (take(reader, CLOSE_ARRAY)) return array
  do array.push(readValue(reader))
  while (take(reader, COMMA))
  if (!take(reader, CLOSE_ARRAY)) refuse(reader, 'syntax', 'a comma or ] is missing')
  return array
}

/** From here on it is worth looking for the end of a string, or of white space, all at once. */
const LONG = 1024

/** No document is so long, were it nothing but escapes: to look at them takes its time. In UTF-16 code units. */
const LONGEST_ESCAPED = 2_000_000

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones that must be escaped.
const CONTROL = /[\u0000-\u001f]/

function readString(reader: Reader): string {
  const { text } = reader
  const start = reader.at
  let isEscaped = false
  let at = start + 1
  for (;;) {
    const unit = text.charCodeAt(at)
    if (unit === QUOTE) break
    if (unit === BACKSLASH) {
      isEscaped = true
      at = afterEscape(reader, at)
    } else if (unit >= 0x20) at += 1
    else if (Number.isNaN(unit)) refuse(reader, 'syntax', 'a string does not end', start)
    else refuse(reader, unit === 0 ? 'nul' : 'syntax', 'a control character must be escaped', at)
    if (at - start === LONG && !isEscaped) at = plainEnd(text, at)
    if (isEscaped && at - start > LONGEST_ESCAPED)
      refuse(reader, 'too-large', 'a string with escapes is too long', start)
  }
  reader.at = at + 1
  if (!isEscaped) return text.slice(start + 1, at)
  // Every escape in it was looked at.
  const whole = JSON.parse(text.slice(start, at + 1)) as string
  // UTF-8 has no lone surrogates: only escapes can make one.
  if (!whole.isWellFormed()) refuse(reader, 'lone-surrogate', 'half a surrogate pair', start)
  return whole
}

/** Where a string ends that has neither escapes nor controls; where it has, the place that was handed in. */
function plainEnd(text: string, at: number): number {
  const end = text.indexOf('"', at)
  const rest = text.slice(at, end < 0 ? at : end)
  return rest.includes('\\') || CONTROL.test(rest) ? at : at + rest.length
}

/** What may stand behind a backslash, besides `u` with its digits. */
const SHORT_ESCAPES: ReadonlySet<number> = new Set(
  ['"', '\\', '/', 'b', 'f', 'n', 'r', 't'].map((each) => each.charCodeAt(0)),
)

function afterEscape(reader: Reader, at: number): number {
  const { text } = reader
  const letter = text.charCodeAt(at + 1)
  if (SHORT_ESCAPES.has(letter)) return at + 2
  if (letter !== 0x75) refuse(reader, 'syntax', 'there is no such escape', at)
  let value = 0
  for (let digit = at + 2; digit < at + 6; digit++) {
    const number = hexDigit(text.charCodeAt(digit))
    if (number < 0) refuse(reader, 'syntax', 'four hexadecimal digits are missing', at)
    value = value * 16 + number
  }
  if (value === 0) refuse(reader, 'nul', 'NUL is not taken', at)
  return at + 6
}

function hexDigit(unit: number): number {
  if (unit >= 0x30 && unit <= 0x39) return unit - 0x30
  const letter = unit | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1
}

function readWord<T extends Json>(reader: Reader, word: string, value: T): T {
  if (!reader.text.startsWith(word, reader.at)) refuse(reader, 'syntax', 'a value is missing')
  reader.at += word.length
  return value
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y

/** No double needs half as many characters, written out to its last digit. RFC 8259, section 9, lets a parser set such a limit. */
const LONGEST_NUMBER = 2048

function readNumber(reader: Reader): number {
  NUMBER.lastIndex = 0
  const literal = NUMBER.exec(reader.text.slice(reader.at, reader.at + LONGEST_NUMBER + 1))?.[0]
  if (literal === undefined) return refuse(reader, 'syntax', 'a value is missing')
  if (literal.length > LONGEST_NUMBER)
    refuse(
      reader,
      'number-not-exact',
      `a number of more than ${LONGEST_NUMBER} characters; send it as a string`,
    )
  const value = Number(literal)
  const isZero = value === 0
  if (!Number.isFinite(value) || (isZero && /[1-9]/.test(literal.split(/[eE]/)[0] ?? '')))
    refuse(reader, 'number-out-of-range', 'a number is too large or too small for a double')
  if (Math.abs(value) > Number.MAX_SAFE_INTEGER && decimal(literal) !== decimal(String(value)))
    refuse(reader, 'number-not-exact', 'a number beyond 2^53 would be rounded; send it as a string')
  reader.at += literal.length
  return isZero ? 0 : value
}

/** Digits without zeros at the ends, and the power of ten that belongs to them: equal for equal numbers. */
function decimal(literal: string): string {
  const [mantissa = '', exponent = '0'] = literal.replace(/^-/, '').split(/[eE]/)
  const [whole = '', fraction = ''] = mantissa.split('.')
  const digits = `${whole}${fraction}`.replace(/^0+/, '')
  // By hand: /0+$/ takes quadratic time on long runs of zeros in the middle.
  let end = digits.length
  while (end > 0 && digits.charAt(end - 1) === '0') end -= 1
  return `${digits.slice(0, end)}e${Number(exponent) - fraction.length + digits.length - end}`
}

function take(reader: Reader, unit: number): boolean {
  skipSpace(reader)
  if (reader.text.charCodeAt(reader.at) !== unit) return false
  reader.at += 1
  return true
}

const isSpace = (unit: number): boolean => unit === 0x20 || unit === 0x0a || unit === 0x0d || unit === 0x09

const SPACE = /[ \n\r\t]*/y

function skipSpace(reader: Reader): void {
  const { text } = reader
  let { at } = reader
  const long = at + LONG
  for (let unit = text.charCodeAt(at); isSpace(unit); unit = text.charCodeAt(at)) {
    at += 1
    if (at !== long) continue
    SPACE.lastIndex = at
    SPACE.test(text)
    at = SPACE.lastIndex
  }
  reader.at = at
}
