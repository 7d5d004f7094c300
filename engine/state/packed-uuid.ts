/** The digits of base64url (RFC 4648, section 5): plain in JSON, in a database and in a URL. */
export const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

export const PACKED_UUID_LENGTH = 22

/** Three hexadecimal digits are two of these. */
const PAIRS = Array.from({ length: 4096 }, (_, bits) => `${DIGITS[bits >> 6]}${DIGITS[bits & 63]}`)
const TRIPLES = Array.from({ length: 4096 }, (_, bits) => bits.toString(16).padStart(3, '0'))
const VALUES = new Map([...DIGITS].map((digit, value) => [digit.charCodeAt(0), value]))

/** What a digit counts; 0 for what is none. */
export const digitValue = (code: number): number => VALUES.get(code) ?? 0

/** 22 digits for a UUID in its canonical lower-case form. */
export function packUuid(uuid: string): string {
  const hex = `${uuid.slice(0, 8)}${uuid.slice(9, 13)}${uuid.slice(14, 18)}${uuid.slice(19, 23)}${uuid.slice(24)}0`
  let packed = ''
  for (let at = 0; at < hex.length; at += 3) packed += PAIRS[Number.parseInt(hex.slice(at, at + 3), 16)]
  return packed
}

/** The UUID whose digits begin at `from`. */
export function unpackUuid(text: string, from: number): string {
  let hex = ''
  for (let at = from; at < from + PACKED_UUID_LENGTH; at += 2)
    hex += TRIPLES[digitValue(text.charCodeAt(at)) * 64 + digitValue(text.charCodeAt(at + 1))]
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`
}
