/** The digits of base64url (RFC 4648, section 5): plain in JSON, in a database and in a URL. */
export const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

export const PACKED_UUID_LENGTH = 22

/** Three hexadecimal digits are two of these. */
const PAIRS = Array.from({ length: 4096 }, (_, bits) => `${DIGITS[bits >> 6]}${DIGITS[bits & 63]}`)
const TRIPLES = Array.from({ length: 4096 }, (_, bits) => bits.toString(16).padStart(3, '0'))
const NONE = 255
/** By character code, as tables are read faster than texts are parsed. `NONE`: no digit. */
const VALUES = tableOf(DIGITS)
const HEX_VALUES = tableOf('0123456789abcdef')

const UUID_LENGTH = 36
const HYPHEN = 45
const HYPHENS: ReadonlySet<number> = new Set([8, 13, 18, 23])
/** Where the hexadecimal digits of a UUID stand, three by three; the last of them has no third. */
const PLACES = Array.from({ length: UUID_LENGTH }, (_, at) => at).filter((at) => !HYPHENS.has(at))

function tableOf(digits: string): Uint8Array {
  const table = new Uint8Array(128).fill(NONE)
  for (let value = 0; value < digits.length; value++) table[digits.charCodeAt(value)] = value
  return table
}

/** What a digit counts; 0 for what is none. */
export function digitValue(code: number): number {
  const value = VALUES[code]
  return value === undefined || value === NONE ? 0 : value
}

/** 22 digits for a UUID in its canonical lower-case form; undefined for any other text. */
export function packUuid(text: string): string | undefined {
  if (text.length !== UUID_LENGTH) return undefined
  for (const at of HYPHENS) if (text.charCodeAt(at) !== HYPHEN) return undefined
  let packed = ''
  for (let place = 0; place < PLACES.length; place += 3) {
    const bits = hexAt(text, place) * 256 + hexAt(text, place + 1) * 16 + hexAt(text, place + 2)
    const pair = PAIRS[bits]
    if (pair === undefined) return undefined
    packed += pair
  }
  return packed
}

/** NaN where no digit stands; 0 behind the end. */
function hexAt(text: string, place: number): number {
  const at = PLACES[place]
  if (at === undefined) return 0
  const value = HEX_VALUES[text.charCodeAt(at)]
  return value === undefined || value === NONE ? Number.NaN : value
}

/** The UUID whose digits begin at `from`. */
export function unpackUuid(text: string, from: number): string {
  let hex = ''
  for (let at = from; at < from + PACKED_UUID_LENGTH; at += 2)
    hex += TRIPLES[digitValue(text.charCodeAt(at)) * 64 + digitValue(text.charCodeAt(at + 1))]
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`
}
