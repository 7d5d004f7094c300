const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

/** Longest text that is decoded: base58 takes time with the square of its length, and no key or signature is longer. */
const MAX_TEXT = 256

/** Writes bytes as multibase base58btc (`z…`). */
export function toMultibase(bytes: Uint8Array): string {
  let number = 0n
  for (const byte of bytes) number = number * 256n + BigInt(byte)
  let digits = ''
  for (; number > 0n; number /= 58n) digits = (ALPHABET[Number(number % 58n)] ?? '') + digits
  for (const byte of bytes) {
    if (byte !== 0) break
    digits = `1${digits}`
  }
  return `z${digits}`
}

/** Reads multibase base58btc (`z…`) or base64url without padding (`u…`); undefined for anything else. */
export function fromMultibase(text: string): Uint8Array | undefined {
  if (text.length > MAX_TEXT) return undefined
  if (text.startsWith('u')) return fromBase64Url(text.slice(1))
  return text.startsWith('z') ? fromBase58(text.slice(1)) : undefined
}

function fromBase58(text: string): Uint8Array | undefined {
  let number = 0n
  for (const character of text) {
    const digit = ALPHABET.indexOf(character)
    if (digit < 0) return undefined
    number = number * 58n + BigInt(digit)
  }
  const bytes: number[] = []
  for (; number > 0n; number >>= 8n) bytes.unshift(Number(number & 255n))
  for (const character of text) {
    if (character !== '1') break
    bytes.unshift(0)
  }
  return Uint8Array.from(bytes)
}

/** Reads base64url without padding; undefined when a character does not belong there. */
export function fromBase64Url(text: string): Uint8Array | undefined {
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) return undefined
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(binary, (character) => character.charCodeAt(0))
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
