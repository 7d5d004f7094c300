import { concat } from '#engine/shared/bytes.ts'

/** A value of Ethereum's Recursive Length Prefix: bytes, or a list of values. */
export type Rlp = Uint8Array | readonly Rlp[]

/** Deeper than any node of a trie or header is; a text of brackets must not exhaust the stack. */
const MAX_DEPTH = 16

/** More than any list of theirs has (17 of a branch, some 20 of a header): each byte may be an item, and each costs a hundred. */
const MAX_ITEMS = 32

/**
 * Decodes one value that fills the bytes. Undefined for anything else, and for any length that could be written shorter:
 * a value has one encoding, so that a hash has one meaning (Yellow Paper, appendix B).
 */
export function decodeRlp(bytes: Uint8Array): Rlp | undefined {
  const read = readItem(bytes, 0, MAX_DEPTH)
  return read === undefined || read.end !== bytes.length ? undefined : read.value
}

/** Encodes a value. */
export function encodeRlp(value: Rlp): Uint8Array {
  if (value instanceof Uint8Array) {
    const [first] = value
    if (value.length === 1 && first !== undefined && first < 0x80) return value
    return concat(header(0x80, value.length), value)
  }
  const items = value.map(encodeRlp)
  const length = items.reduce((sum, item) => sum + item.length, 0)
  return concat(header(0xc0, length), ...items)
}

interface Read {
  readonly value: Rlp
  readonly end: number
}

function readItem(bytes: Uint8Array, at: number, depth: number): Read | undefined {
  const first = bytes[at]
  if (first === undefined || depth === 0) return undefined
  if (first < 0x80) return { value: bytes.subarray(at, at + 1), end: at + 1 }
  const isList = first >= 0xc0
  const span = readSpan(bytes, at, isList ? 0xc0 : 0x80)
  if (span === undefined) return undefined
  const { start, end } = span
  if (isList) return readList(bytes, span, depth)
  const value = bytes.subarray(start, end)
  // A single byte below 128 is its own encoding.
  if (value.length === 1 && (value[0] ?? 0) < 0x80) return undefined
  return { value, end }
}

function readList(
  bytes: Uint8Array,
  { start, end }: { readonly start: number; readonly end: number },
  depth: number,
): Read | undefined {
  const items: Rlp[] = []
  for (let at = start; at < end; ) {
    const item = readItem(bytes, at, depth - 1)
    if (item === undefined || item.end > end || items.length === MAX_ITEMS) return undefined
    items.push(item.value)
    at = item.end
  }
  return { value: items, end }
}

/** Where the content of a string or list stands. */
function readSpan(
  bytes: Uint8Array,
  at: number,
  base: number,
): { readonly start: number; readonly end: number } | undefined {
  const short = (bytes[at] ?? 0) - base
  if (short <= 55) return within(bytes, at + 1, short)
  const digits = short - 55
  // Four bytes of length are 4 GB: more than anybody hands in.
  if (digits > 4 || at + 1 + digits > bytes.length || bytes[at + 1] === 0) return undefined
  let length = 0
  for (let digit = 0; digit < digits; digit++) length = length * 256 + (bytes[at + 1 + digit] ?? 0)
  return length <= 55 ? undefined : within(bytes, at + 1 + digits, length)
}

function within(bytes: Uint8Array, start: number, length: number) {
  return start + length <= bytes.length ? { start, end: start + length } : undefined
}

function header(base: number, length: number): Uint8Array {
  if (length <= 55) return Uint8Array.of(base + length)
  const digits: number[] = []
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) digits.unshift(rest % 256)
  return Uint8Array.of(base + 55 + digits.length, ...digits)
}
