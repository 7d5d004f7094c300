import { EXHAUSTED, type Meter, spendText } from './meter.ts'
import { CelFailure, type CelResult, type CelValue, MISFIT } from './value.ts'

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const VALUES: ReadonlyMap<string, number> = new Map([...DIGITS].map((digit, value) => [digit, value]))
const NO_BASE64 = new CelFailure('a text is not Base64')

export function encodeBase64([bytes]: readonly CelValue[], meter: Meter): CelResult {
  if (!(bytes instanceof Uint8Array)) return MISFIT
  if (!spendText(meter, bytes.length * 16)) return EXHAUSTED
  let text = ''
  for (let at = 0; at < bytes.length; at += 3) {
    const [a = 0, b, c] = bytes.subarray(at, at + 3)
    const bits = (a << 16) | ((b ?? 0) << 8) | (c ?? 0)
    text += `${DIGITS.charAt(bits >> 18)}${DIGITS.charAt((bits >> 12) & 63)}`
    text += b === undefined ? '=' : DIGITS.charAt((bits >> 6) & 63)
    text += c === undefined ? '=' : DIGITS.charAt(bits & 63)
  }
  return text
}

/** Reads Base64 with or without its padding. */
export function decodeBase64([text]: readonly CelValue[], meter: Meter): CelResult {
  if (typeof text !== 'string') return MISFIT
  if (!spendText(meter, text.length * 16)) return EXHAUSTED
  const digits = text.replace(/={1,2}$/, '')
  if (digits.length % 4 === 1 || (digits !== text && text.length % 4 !== 0)) return NO_BASE64
  const bytes: number[] = []
  let bits = 0
  let held = 0
  for (const digit of digits) {
    const value = VALUES.get(digit)
    if (value === undefined) return NO_BASE64
    bits = ((bits << 6) | value) & 0xffff
    held += 6
    if (held < 8) continue
    held -= 8
    bytes.push((bits >> held) & 255)
  }
  return Uint8Array.from(bytes)
}
