const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

/** The digit of each character by its code; -1 for what is none. */
const DIGITS = Int8Array.from({ length: 128 }, (_, code) => ALPHABET.indexOf(String.fromCharCode(code)))

/** The code of the character of each digit. */
const CODES = Array.from(ALPHABET, (character) => character.charCodeAt(0))
const ZERO_DIGIT = 49

const LIMB_DIGITS = 5
const LIMB = 58 ** LIMB_DIGITS

/** Longest text that is decoded: base58 takes time with the square of its length, and no key or signature is longer. */
const MAX_TEXT = 256

/** Writes bytes as multibase base58btc (`z…`). */
export function toMultibase(bytes: Uint8Array): string {
  // Limbs of five digits, the last ones first: a limb times 65,536 is a whole number in a double.
  const limbs = new Uint32Array(Math.ceil((bytes.length * 1.37) / LIMB_DIGITS) + 1)
  let length = 0
  for (let at = 0; at < bytes.length; at += 2) {
    const isPair = at + 1 < bytes.length
    const factor = isPair ? 65_536 : 256
    let carry = isPair ? (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0) : (bytes[at] ?? 0)
    for (let limb = 0; limb < length; limb++) {
      const sum = (limbs[limb] ?? 0) * factor + carry
      carry = Math.floor(sum / LIMB)
      limbs[limb] = sum - carry * LIMB
    }
    if (carry > 0) limbs[length++] = carry
  }
  const codes = new Array<number>(length * LIMB_DIGITS)
  for (let limb = 0, end = codes.length; limb < length; limb++) {
    let rest = limbs[limb] ?? 0
    for (let digit = 0; digit < LIMB_DIGITS; digit++) {
      const above = Math.floor(rest / 58)
      codes[--end] = CODES[rest - above * 58] ?? 0
      rest = above
    }
  }
  // The foremost limb is not filled up with zeros, and each byte that is zero at the beginning is one digit.
  let filled = 0
  while (codes[filled] === ZERO_DIGIT) filled++
  let zeros = 0
  while (zeros < bytes.length && bytes[zeros] === 0) zeros++
  return `z${'1'.repeat(zeros)}${String.fromCharCode(...(filled === 0 ? codes : codes.slice(filled)))}`
}

/** Reads multibase base58btc (`z…`) or base64url without padding (`u…`); undefined for anything else. */
export function fromMultibase(text: string): Uint8Array | undefined {
  if (text.length > MAX_TEXT) return undefined
  if (text.startsWith('u')) return fromBase64Url(text.slice(1))
  return text.startsWith('z') ? fromBase58(text.slice(1)) : undefined
}

function fromBase58(text: string): Uint8Array | undefined {
  // Limbs of three bytes, the last ones first; four digits at a time, as a limb times 58⁴ is a whole number in a double.
  const limbs = new Uint32Array(Math.ceil(text.length / 4) + 1)
  let length = 0
  for (let at = 0; at < text.length; ) {
    let factor = 1
    let carry = 0
    for (const end = Math.min(at + 4, text.length); at < end; at++) {
      const digit = DIGITS[text.charCodeAt(at)] ?? -1
      if (digit < 0) return undefined
      carry = carry * 58 + digit
      factor *= 58
    }
    for (let limb = 0; limb < length; limb++) {
      const sum = (limbs[limb] ?? 0) * factor + carry
      carry = Math.floor(sum / 0x100_0000)
      limbs[limb] = sum - carry * 0x100_0000
    }
    if (carry > 0) limbs[length++] = carry
  }
  let zeros = 0
  while (zeros < text.length && text.charCodeAt(zeros) === ZERO_DIGIT) zeros++
  // The foremost limb may begin with zeros that are none of the number's bytes.
  const foremost = length === 0 ? 0 : (limbs[length - 1] ?? 0)
  const foremostBytes = foremost > 0xffff ? 3 : foremost > 0xff ? 2 : foremost > 0 ? 1 : 0
  const whole = new Uint8Array(zeros + Math.max(0, length - 1) * 3 + foremostBytes)
  for (let limb = 0, at = whole.length; limb < length; limb++) {
    let rest = limbs[limb] ?? 0
    for (let byte = 0; byte < 3 && at > zeros; byte++) {
      whole[--at] = rest & 0xff
      rest >>>= 8
    }
  }
  return whole
}

/** Reads base64url without padding; undefined when a character does not belong there. */
export function fromBase64Url(text: string): Uint8Array | undefined {
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) return undefined
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  const bytes = new Uint8Array(binary.length)
  for (let at = 0; at < bytes.length; at++) bytes[at] = binary.charCodeAt(at)
  return bytes
}

/** Writes base64url without padding. */
export function toBase64Url(bytes: Uint8Array): string {
  return toBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** Writes base64 with padding, as `digestSRI` wants it. */
export function toBase64(bytes: Uint8Array): string {
  let binary = ''
  // In slices, as a call takes a limited number of arguments.
  for (let at = 0; at < bytes.length; at += 8192)
    binary += String.fromCharCode(...bytes.subarray(at, at + 8192))
  return btoa(binary)
}
