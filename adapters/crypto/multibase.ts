const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

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
  const digits: number[] = []
  for (let limb = 0; limb < length; limb++) {
    let rest = limbs[limb] ?? 0
    // The foremost limb is not filled up with zeros.
    for (let digit = 0; digit < LIMB_DIGITS && (rest > 0 || limb < length - 1); digit++) {
      digits.push(ALPHABET.charCodeAt(rest % 58))
      rest = Math.floor(rest / 58)
    }
  }
  const zeros = bytes.findIndex((byte) => byte !== 0)
  return `z${'1'.repeat(zeros < 0 ? bytes.length : zeros)}${String.fromCharCode(...digits.reverse())}`
}

/** Reads multibase base58btc (`z…`) or base64url without padding (`u…`); undefined for anything else. */
export function fromMultibase(text: string): Uint8Array | undefined {
  if (text.length > MAX_TEXT) return undefined
  if (text.startsWith('u')) return fromBase64Url(text.slice(1))
  return text.startsWith('z') ? fromBase58(text.slice(1)) : undefined
}

function fromBase58(text: string): Uint8Array | undefined {
  // Limbs of three bytes, the last ones first.
  const limbs: number[] = []
  for (const character of text) {
    let carry = ALPHABET.indexOf(character)
    if (carry < 0) return undefined
    for (let limb = 0; limb < limbs.length; limb++) {
      const sum = (limbs[limb] ?? 0) * 58 + carry
      carry = sum >>> 24
      limbs[limb] = sum & 0xff_ffff
    }
    if (carry > 0) limbs.push(carry)
  }
  const bytes = limbs.reverse().flatMap((limb) => [limb >>> 16, (limb >>> 8) & 0xff, limb & 0xff])
  const begin = bytes.findIndex((byte) => byte !== 0)
  const zeros = /^1*/.exec(text)?.[0].length ?? 0
  return Uint8Array.from([...new Array<number>(zeros).fill(0), ...(begin < 0 ? [] : bytes.slice(begin))])
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
