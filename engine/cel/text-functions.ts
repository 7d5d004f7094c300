import {
  CHARACTERS_PER_STEP,
  EXHAUSTED,
  MAX_ELEMENTS,
  type Meter,
  spend,
  spendText,
  TOO_MANY,
} from './meter.ts'
import { CelFailure, type CelResult, type CelValue, isList, MISFIT } from './value.ts'

/**
 * The string functions of CEL and of its extension. Positions and sizes count code points, as in CEL.
 * All of them take one pass, and pay for what they look at and for what they make before they make it.
 */

const BEYOND = new CelFailure('a position lies outside of the text')

/** Takes the steps for one search. A long needle can make the platform look at every place again. */
function spendSearch(meter: Meter, text: string, needle: string): boolean {
  if (needle.length <= 16) return spendText(meter, text.length)
  const looks = needle.length <= 250 ? 4 : needle.length
  return spend(meter, Math.ceil(text.length / CHARACTERS_PER_STEP) * looks)
}

export function contains(text: CelValue, needle: CelValue, meter: Meter): boolean | CelFailure {
  if (typeof text !== 'string' || typeof needle !== 'string') return MISFIT
  return spendSearch(meter, text, needle) ? text.includes(needle) : EXHAUSTED
}

export function startsWith(text: CelValue, start: CelValue, meter: Meter): boolean | CelFailure {
  if (typeof text !== 'string' || typeof start !== 'string') return MISFIT
  return spendText(meter, start.length) ? text.startsWith(start) : EXHAUSTED
}

export function endsWith(text: CelValue, end: CelValue, meter: Meter): boolean | CelFailure {
  if (typeof text !== 'string' || typeof end !== 'string') return MISFIT
  return spendText(meter, end.length) ? text.endsWith(end) : EXHAUSTED
}

const SURROGATE = /[\ud800-\udfff]/

/** How many code points a text has. */
export function lengthOf(text: string): number {
  if (!SURROGATE.test(text)) return text.length
  let points = text.length
  for (let at = 1; at < text.length; at++)
    if (isLow(text.charCodeAt(at)) && isHigh(text.charCodeAt(at - 1))) points--
  return points
}

const isHigh = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff
const isLow = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff

/** The UTF-16 position of a code point; undefined beyond the end. */
function unitAt(text: string, position: bigint): number | undefined {
  if (position < 0n || position > BigInt(text.length)) return undefined
  const index = Number(position)
  if (!SURROGATE.test(text)) return index
  let unit = 0
  for (let points = 0; points < index; points++) {
    const point = text.codePointAt(unit)
    if (point === undefined) return undefined
    unit += point > 0xffff ? 2 : 1
  }
  return unit
}

const pointAt = (text: string, unit: number): bigint =>
  BigInt(unit < 0 ? unit : lengthOf(text.slice(0, unit)))

type Rest = readonly CelValue[]

/** Wraps a function of a text: pays for one look at it. */
const ofText =
  (operate: (text: string, rest: Rest, meter: Meter) => CelResult) =>
  ([text, ...rest]: readonly CelValue[], meter: Meter): CelResult => {
    if (typeof text !== 'string') return MISFIT
    return spendText(meter, text.length) ? operate(text, rest, meter) : EXHAUSTED
  }

/** Wraps a function that is slow: a step for each character. */
const byPoint = (operate: (text: string) => string) =>
  ofText((text, _rest, meter) => (spend(meter, text.length) ? operate(text) : EXHAUSTED))

/** The platform changes the case of all letters; it is fast, and right for texts that are ASCII. */
const inCase = (letters: RegExp, change: (part: string) => string) =>
  ofText((text, _rest, meter) => {
    if (ASCII.test(text)) return change(text)
    return spend(meter, text.length) ? text.replace(letters, change) : EXHAUSTED
  })

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are ASCII, too.
const ASCII = /^[\u0000-\u007f]*$/

const charAt = ofText((text, [position]) => {
  if (typeof position !== 'bigint') return MISFIT
  const unit = unitAt(text, position)
  if (unit === undefined) return BEYOND
  const point = text.codePointAt(unit)
  return point === undefined ? '' : String.fromCodePoint(point)
})

const indexOf = ofText((text, [needle, from = 0n], meter) => {
  if (typeof needle !== 'string' || typeof from !== 'bigint') return MISFIT
  const unit = unitAt(text, from)
  if (unit === undefined) return BEYOND
  return spendSearch(meter, text, needle) ? pointAt(text, text.indexOf(needle, unit)) : EXHAUSTED
})

const lastIndexOf = ofText((text, [needle, from], meter) => {
  if (typeof needle !== 'string' || (from !== undefined && typeof from !== 'bigint')) return MISFIT
  const unit = from === undefined ? text.length : unitAt(text, from)
  if (unit === undefined) return BEYOND
  // The platform has no fast search from behind.
  if (!spend(meter, Math.ceil((text.length * Math.min(needle.length, 64)) / CHARACTERS_PER_STEP)))
    return EXHAUSTED
  if (needle.length > 64 && !spend(meter, text.length * needle.length)) return EXHAUSTED
  return pointAt(text, text.lastIndexOf(needle, unit))
})

const substring = ofText((text, [from, to]) => {
  if (typeof from !== 'bigint' || (to !== undefined && typeof to !== 'bigint')) return MISFIT
  const start = unitAt(text, from)
  const end = to === undefined ? text.length : unitAt(text, to)
  return start === undefined || end === undefined || start > end ? BEYOND : text.slice(start, end)
})

const replace = ofText((text, [old, by, limit = -1n], meter) => {
  if (typeof old !== 'string' || typeof by !== 'string' || typeof limit !== 'bigint') return MISFIT
  const most = limit < 0n ? Number.POSITIVE_INFINITY : Number(limit)
  if (old === '' && !spend(meter, text.length)) return EXHAUSTED
  const pieces = old === '' ? piecesAround(text, most) : piecesBetween(text, old, most, meter)
  const length = text.length + (pieces.length - 1) * by.length
  return spendText(meter, length) ? pieces.join(by) : EXHAUSTED
})

function piecesBetween(text: string, old: string, most: number, meter: Meter): readonly string[] {
  const pieces: string[] = []
  let from = 0
  while (pieces.length < most && spend(meter, 0)) {
    const found = text.indexOf(old, from)
    if (found < 0) break
    if (pieces.length % 4 === 0) spend(meter, 1)
    pieces.push(text.slice(from, found))
    from = found + old.length
  }
  pieces.push(text.slice(from))
  return pieces
}

/** Nothing is found before every code point and at the end. */
function piecesAround(text: string, most: number): readonly string[] {
  const points = [...text]
  const cuts = Math.min(most, points.length + 1)
  if (cuts === 0) return [text]
  const single = ['', ...points.slice(0, cuts - 1)]
  return [...single, points.slice(cuts - 1).join('')]
}

const split = ofText((text, [separator, limit = -1n], meter) => {
  if (typeof separator !== 'string' || typeof limit !== 'bigint') return MISFIT
  if (limit === 0n) return []
  if (separator === '') {
    if (!spend(meter, text.length)) return EXHAUSTED
    const points = [...text]
    if (limit < 0n || BigInt(points.length) <= limit) return points.length > MAX_ELEMENTS ? TOO_MANY : points
    if (limit > BigInt(MAX_ELEMENTS)) return TOO_MANY
    const head = points.slice(0, Number(limit) - 1)
    return [...head, points.slice(head.length).join('')]
  }
  if (!spendSearch(meter, text, separator)) return EXHAUSTED
  const parts = text.split(separator, MAX_ELEMENTS + 1)
  if (!spend(meter, Math.ceil(parts.length / 8))) return EXHAUSTED
  if (limit < 0n || BigInt(parts.length) <= limit) return parts.length > MAX_ELEMENTS ? TOO_MANY : parts
  const head = parts.slice(0, Number(limit) - 1)
  const used = head.reduce((sum, part) => sum + part.length + separator.length, 0)
  return [...head, text.slice(used)]
})

function join([list, separator = '']: readonly CelValue[], meter: Meter): CelResult {
  if (list === undefined || !isList(list) || typeof separator !== 'string') return MISFIT
  let length = separator.length * list.length
  for (const item of list) {
    if (typeof item !== 'string') return MISFIT
    length += item.length
  }
  return spend(meter, Math.ceil(list.length / 8)) && spendText(meter, length)
    ? list.join(separator)
    : EXHAUSTED
}

/** Unicode's white space; JavaScript's own idea of it has a byte order mark and lacks U+0085. */
const SPACE = '[\\t-\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]'
const SPACE_ONLY = new RegExp(SPACE)

function trimmed(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && SPACE_ONLY.test(text.charAt(start))) start++
  while (end > start && SPACE_ONLY.test(text.charAt(end - 1))) end--
  return text.slice(start, end)
}

const QUOTED: Readonly<Record<string, string>> = {
  '\u0007': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '"': '\\"',
  '\\': '\\\\',
}

const quoted = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is quoted.
  `"${text.toWellFormed().replace(/[\u0007-\r"\\]/g, (char) => QUOTED[char] ?? char)}"`

export const TEXT_FUNCTIONS: Readonly<
  Record<string, (args: readonly CelValue[], meter: Meter) => CelResult>
> = {
  charAt,
  indexOf,
  lastIndexOf,
  substring,
  replace,
  split,
  join,
  // Most of the text may be white space, which is looked at piece by piece.
  trim: ofText((text, _rest, meter) => {
    const made = trimmed(text)
    return spend(meter, Math.ceil((text.length - made.length) / 4)) ? made : EXHAUSTED
  }),
  reverse: byPoint((text) => [...text].reverse().join('')),
  lowerAscii: inCase(/[A-Z]+/g, (part) => part.toLowerCase()),
  upperAscii: inCase(/[a-z]+/g, (part) => part.toUpperCase()),
  'strings.quote': byPoint(quoted),
}
