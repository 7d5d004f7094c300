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
const HYPHENS = [8, 13, 18, 23] as const
/** Where the hexadecimal digits of a UUID stand. */
const PLACES = Uint8Array.from(
  Array.from({ length: UUID_LENGTH }, (_, at) => at).filter((at) => !HYPHENS.some((hyphen) => hyphen === at)),
)

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
    const first = hexAt(text, place)
    const second = hexAt(text, place + 1)
    // Behind the last digit a zero.
    const third = place + 2 < PLACES.length ? hexAt(text, place + 2) : 0
    if ((first | second | third) > 15) return undefined
    packed += PAIRS[(first << 8) | (second << 4) | third]
  }
  return packed
}

/** `NONE` where no digit stands. */
const hexAt = (text: string, place: number): number =>
  HEX_VALUES[text.charCodeAt(PLACES[place] ?? UUID_LENGTH)] ?? NONE

/** The UUID whose digits begin at `from`. */
export function unpackUuid(text: string, from: number): string {
  let hex = ''
  for (let at = from; at < from + PACKED_UUID_LENGTH; at += 2)
    hex += TRIPLES[digitValue(text.charCodeAt(at)) * 64 + digitValue(text.charCodeAt(at + 1))]
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`
}
