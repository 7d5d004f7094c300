import { concat, utf8 } from '#engine/shared/bytes.ts'

/** The first picture of a WebP (RFC 9649), as a WebP of its own. */
export interface StillWebp {
  /** Of the whole. */
  readonly width: number
  readonly height: number
  /** Where on the whole the first picture lies. */
  readonly frame: { readonly x: number; readonly y: number; readonly width: number; readonly height: number }
  /** Nothing but pixels. */
  readonly bytes: Uint8Array
  readonly hasMotion: boolean
  readonly hasMetadata: boolean
  /** Bytes behind its end. */
  readonly hasMore: boolean
}

export const isWebp = (bytes: Uint8Array): boolean =>
  nameAt(bytes, 0) === 'RIFF' && nameAt(bytes, 8) === 'WEBP'

/** Undefined when its chunks lead out of the file, are too many, or none of them is a picture. Reads no pixels. */
export function stillWebp(bytes: Uint8Array): StillWebp | undefined {
  if (bytes.length < 20) return undefined
  const length = 8 + uint32(bytes, 4)
  const chunks = length > bytes.length ? undefined : readChunks(bytes.subarray(12, length))
  if (chunks === undefined) return undefined
  const frames = chunks.filter(({ name }) => name === 'ANMF')
  const [moving] = frames
  const inside = moving === undefined ? chunks : readChunks(moving.data.subarray(16))
  const picture = inside?.find(({ name }) => name === 'VP8 ' || name === 'VP8L')
  const size = picture && sizeOf(picture)
  if (picture === undefined || size === undefined) return undefined
  const header = chunks.find(({ name }) => name === 'VP8X')
  const whole = header === undefined || header.data.length < 10 ? size : sizeAt(header.data, 4)
  const place =
    moving === undefined ? { x: 0, y: 0 } : { x: 2 * uint24(moving.data, 0), y: 2 * uint24(moving.data, 3) }
  const alpha = picture.name === 'VP8 ' ? inside?.find(({ name }) => name === 'ALPH') : undefined
  return {
    ...whole,
    frame: { ...place, ...size },
    bytes: pack(picture, alpha, size),
    hasMotion: frames.length > 1,
    hasMetadata: chunks.some(({ name }) => !NEEDED.has(name)),
    hasMore: length + (length % 2) < bytes.length,
  }
}

const NEEDED: ReadonlySet<string> = new Set(['VP8X', 'VP8 ', 'VP8L', 'ALPH', 'ANIM', 'ANMF'])

/** What moves has one for each of its pictures. A file of 10 MB has room for a million of them. */
const MOST_CHUNKS = 1000

interface Chunk {
  readonly name: string
  readonly data: Uint8Array
}

function readChunks(bytes: Uint8Array): readonly Chunk[] | undefined {
  const chunks: Chunk[] = []
  for (let at = 0; at + 8 <= bytes.length; ) {
    const end = at + 8 + uint32(bytes, at + 4)
    if (end > bytes.length || chunks.length >= MOST_CHUNKS) return undefined
    chunks.push({ name: nameAt(bytes, at), data: bytes.subarray(at + 8, end) })
    at = end + (end % 2)
  }
  return chunks
}

/** As the pixels themselves say it: RFC 6386 (section 9.1), RFC 9649 (section 3.4). */
function sizeOf({ name, data }: Chunk): { readonly width: number; readonly height: number } | undefined {
  if (data.length < 10) return undefined
  if (name === 'VP8L') {
    const bits = uint32(data, 1)
    return data[0] === 0x2f ? { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 } : undefined
  }
  const isKey = data[3] === 0x9d && data[4] === 0x01 && data[5] === 0x2a
  return isKey ? { width: uint16(data, 6) & 0x3fff, height: uint16(data, 8) & 0x3fff } : undefined
}

const sizeAt = (data: Uint8Array, at: number) => ({
  width: uint24(data, at) + 1,
  height: uint24(data, at + 3) + 1,
})

function pack(picture: Chunk, alpha: Chunk | undefined, size: { width: number; height: number }): Uint8Array {
  const [across, down] = [bytesOf(size.width - 1, 3), bytesOf(size.height - 1, 3)]
  const header = { name: 'VP8X', data: concat(Uint8Array.of(0x10, 0, 0, 0), across, down) }
  const parts = (alpha === undefined ? [picture] : [header, alpha, picture]).map(({ name, data }) =>
    concat(utf8(name), bytesOf(data.length, 4), data, new Uint8Array(data.length % 2)),
  )
  const body = concat(utf8('WEBP'), ...parts)
  return concat(utf8('RIFF'), bytesOf(body.length, 4), body)
}

const nameAt = (bytes: Uint8Array, at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4))
const uint16 = (bytes: Uint8Array, at: number): number => (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8)
const uint24 = (bytes: Uint8Array, at: number): number => uint16(bytes, at) | ((bytes[at + 2] ?? 0) << 16)
const uint32 = (bytes: Uint8Array, at: number): number =>
  (uint24(bytes, at) | ((bytes[at + 3] ?? 0) << 24)) >>> 0
const bytesOf = (value: number, length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, at) => (value >>> (8 * at)) & 0xff)
