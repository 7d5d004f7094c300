import { concat, utf8 } from '#engine/shared/bytes.ts'

/** The part of CBOR (RFC 8949) that proof values are made of. */
export type Cbor = number | string | Uint8Array | readonly Cbor[] | ReadonlyMap<Cbor, Cbor>

const MAJOR = { number: 0, bytes: 2, text: 3, list: 4, map: 5, tag: 6 } as const

/** No proof value nests deeper. */
const MAX_DEPTH = 4

/** Writes in the shortest form. */
export function encodeCbor(value: Cbor): Uint8Array {
  if (typeof value === 'number') return head(MAJOR.number, value)
  if (typeof value === 'string') return concat(head(MAJOR.text, utf8(value).length), utf8(value))
  if (value instanceof Uint8Array) return concat(head(MAJOR.bytes, value.length), value)
  if (value instanceof Map) {
    const entries = [...value].flatMap(([key, member]) => [encodeCbor(key), encodeCbor(member)])
    return concat(head(MAJOR.map, value.size), ...entries)
  }
  const items = value as readonly Cbor[]
  return concat(head(MAJOR.list, items.length), ...items.map(encodeCbor))
}

function head(major: number, value: number): Uint8Array {
  const type = major << 5
  if (value < 24) return Uint8Array.of(type | value)
  if (value < 0x100) return Uint8Array.of(type | 24, value)
  if (value < 0x1_0000) return Uint8Array.of(type | 25, value >> 8, value & 0xff)
  return Uint8Array.of(type | 26, value >>> 24, (value >> 16) & 0xff, (value >> 8) & 0xff, value & 0xff)
}

/**
 * Reads one whole value; undefined for anything that is not made of these kinds with lengths told in advance, has a key
 * twice, or goes on after its end. Takes no more room than the bytes do.
 */
export function decodeCbor(bytes: Uint8Array): Cbor | undefined {
  const reader = new Reader(bytes)
  const value = reader.value(0)
  return reader.isAtEnd() ? value : undefined
}

class Reader {
  private at = 0
  private readonly bytes: Uint8Array

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }

  isAtEnd(): boolean {
    return this.at === this.bytes.length
  }

  value(depth: number): Cbor | undefined {
    const first = this.bytes[this.at]
    if (first === undefined || depth > MAX_DEPTH) return undefined
    this.at++
    const [major, argument] = [first >> 5, this.argument(first & 31)]
    if (argument === undefined) return undefined
    switch (major) {
      case MAJOR.number:
        return argument
      case MAJOR.bytes:
        return this.take(argument)
      case MAJOR.text:
        return readText(this.take(argument))
      case MAJOR.list:
        return this.list(argument, depth)
      case MAJOR.map:
        return this.map(argument, depth)
      case MAJOR.tag: {
        // Older writers mark byte strings as typed arrays of bytes (RFC 8746).
        const tagged = argument === 64 ? this.value(depth + 1) : undefined
        return tagged instanceof Uint8Array ? tagged : undefined
      }
      default:
        return undefined
    }
  }

  private argument(info: number): number | undefined {
    if (info < 24) return info
    const size = { 24: 1, 25: 2, 26: 4 }[info]
    const part = size === undefined ? undefined : this.take(size)
    return part?.reduce((sum, byte) => sum * 256 + byte, 0)
  }

  private take(length: number): Uint8Array | undefined {
    if (length > this.bytes.length - this.at) return undefined
    this.at += length
    return this.bytes.slice(this.at - length, this.at)
  }

  private list(length: number, depth: number): readonly Cbor[] | undefined {
    // Each item takes a byte at least, so a length beyond the rest is a lie.
    if (length > this.bytes.length - this.at) return undefined
    const items: Cbor[] = []
    for (let count = 0; count < length; count++) {
      const item = this.value(depth + 1)
      if (item === undefined) return undefined
      items.push(item)
    }
    return items
  }

  private map(length: number, depth: number): ReadonlyMap<Cbor, Cbor> | undefined {
    if (length * 2 > this.bytes.length - this.at) return undefined
    const entries = new Map<Cbor, Cbor>()
    for (let count = 0; count < length; count++) {
      const key = this.value(depth + 1)
      const value = this.value(depth + 1)
      // Only numbers and texts: two byte strings are never the same key.
      if ((typeof key !== 'number' && typeof key !== 'string') || value === undefined) return undefined
      entries.set(key, value)
    }
    return entries.size === length ? entries : undefined
  }
}

function readText(bytes: Uint8Array | undefined): string | undefined {
  try {
    return bytes === undefined ? undefined : new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}
