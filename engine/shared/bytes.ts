/** Joins byte strings, in order. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}

export type Hex = `0x${string}`

export function toHex(bytes: Uint8Array): Hex {
  let text = '0x'
  for (let at = 0; at < bytes.length; at++) text += HEX_OF_BYTE[bytes[at] ?? 0]
  return text as Hex
}

const HEX_OF_BYTE = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** Reads `0x…` with an even number of hexadecimal digits; undefined for anything else. */
export function fromHex(text: string): Uint8Array | undefined {
  if (!/^0x(?:[0-9a-fA-F]{2})*$/.test(text)) return undefined
  const bytes = new Uint8Array((text.length - 2) / 2)
  for (let at = 0; at < bytes.length; at++)
    bytes[at] = Number.parseInt(text.slice(2 + at * 2, 4 + at * 2), 16)
  return bytes
}

/** Equal content; for public values only, the time it takes depends on them. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at])
}

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
