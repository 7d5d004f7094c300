import { concat, utf8 } from '#engine/shared/bytes.ts'

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)

export const PNG_SIGNATURE_LENGTH = SIGNATURE.length

/** The keyword under which Open Badges 3.0 (section 5.3.1) bakes a credential. */
export const BADGE_KEYWORD = 'openbadgecredential'

/** The keyword of Open Badges 1.1 and 2.0, in an iTXt or tEXt chunk: an address, JSON or a JWS. */
export const OLDER_BADGE_KEYWORD = 'openbadges'

export interface PngChunk {
  readonly type: string
  readonly data: Uint8Array
  /** The chunk as it stands in the file, with length and checksum. */
  readonly bytes: Uint8Array
}

export const isPng = (bytes: Uint8Array): boolean => SIGNATURE.every((byte, at) => bytes[at] === byte)

/** Programs write pieces of some kilobytes, so no picture has more. */
const MOST_CHUNKS = 20_000

/**
 * Splits a PNG into chunks, up to and with IEND; undefined when it is none, a length leads out of the file, or there are more
 * than anybody needs. Copies nothing.
 */
export function readPngChunks(bytes: Uint8Array): readonly PngChunk[] | undefined {
  if (!isPng(bytes)) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const chunks: PngChunk[] = []
  for (let at = SIGNATURE.length; at + 12 <= bytes.length; ) {
    if (chunks.length >= MOST_CHUNKS) return undefined
    const length = view.getUint32(at)
    const end = at + 12 + length
    if (end > bytes.length) return undefined
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8))
    chunks.push({ type, data: bytes.subarray(at + 8, end - 4), bytes: bytes.subarray(at, end) })
    if (type === 'IEND') return chunks[0]?.type === 'IHDR' ? chunks : undefined
    at = end
  }
  return undefined
}

export const writePng = (chunks: readonly Uint8Array[]): Uint8Array => concat(SIGNATURE, ...chunks)

export function pngChunk(type: string, data: Uint8Array): Uint8Array {
  const chunk = new Uint8Array(data.length + 12)
  const view = new DataView(chunk.buffer)
  view.setUint32(0, data.length)
  chunk.set(utf8(type), 4)
  chunk.set(data, 8)
  view.setUint32(data.length + 8, crc32(chunk.subarray(4, data.length + 8)))
  return chunk
}

/** An uncompressed iTXt chunk. */
export const textChunk = (keyword: string, text: string): Uint8Array =>
  // After the keyword: not compressed, method 0, no language tag, no translated keyword.
  pngChunk('iTXt', concat(utf8(keyword), Uint8Array.of(0, 0, 0, 0, 0), utf8(text)))

export interface TextChunk {
  readonly keyword: string
  readonly compressed: boolean
  readonly text: Uint8Array
}

/** Reads the head of an iTXt chunk and leaves its text as bytes; undefined when it is malformed. */
export function readTextChunk({ data }: PngChunk): TextChunk | undefined {
  const keywordEnd = data.subarray(0, 80).indexOf(0)
  if (keywordEnd < 1) return undefined
  const languageEnd = data.indexOf(0, keywordEnd + 3)
  const translatedEnd = languageEnd < 0 ? -1 : data.indexOf(0, languageEnd + 1)
  if (translatedEnd < 0) return undefined
  return {
    keyword: String.fromCharCode(...data.subarray(0, keywordEnd)),
    compressed: data[keywordEnd + 1] !== 0,
    text: data.subarray(translatedEnd + 1),
  }
}

/** Reads a tEXt chunk: a keyword, a zero, and text that nothing is done to. */
export function readPlainTextChunk({ data }: PngChunk): TextChunk | undefined {
  const end = data.subarray(0, 80).indexOf(0)
  if (end < 1) return undefined
  return {
    keyword: String.fromCharCode(...data.subarray(0, end)),
    compressed: false,
    text: data.subarray(end + 1),
  }
}

/** Whether the checksum at the end of a chunk is that of its type and data. */
export function hasGoodChecksum({ bytes }: PngChunk): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return view.getUint32(bytes.length - 4) === crc32(bytes.subarray(4, bytes.length - 4))
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit++) value = (value & 1) === 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
  return value
})

/** CRC-32 as PNG uses it (ISO 3309). */
export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) crc = (crc >>> 8) ^ (TABLE[(crc ^ byte) & 0xff] ?? 0)
  return (crc ^ 0xffffffff) >>> 0
}
