/** The first picture of a GIF (GIF89a specification): what a page shows before anything moves. */
export interface GifFrame {
  /** Of the whole. */
  readonly width: number
  readonly height: number
  /** Where on the whole the first picture lies. */
  readonly frame: { readonly x: number; readonly y: number; readonly width: number; readonly height: number }
  readonly hasMotion: boolean
  /** Comments, and what applications wrote, but for how often it moves. */
  readonly hasMetadata: boolean
  /** Bytes behind its end. */
  readonly hasMore: boolean
}

export const isGif = (bytes: Uint8Array): boolean =>
  /^GIF8[79]a$/.test(String.fromCharCode(...bytes.subarray(0, 6)))

/** Undefined when its blocks lead out of the file, are too many, or none of them is a picture. Reads no pixels. */
export function firstGifFrame(bytes: Uint8Array): GifFrame | undefined {
  if (bytes.length < 13) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const word = (at: number) => view.getUint16(at, true)
  let frame: GifFrame['frame'] | undefined
  let pictures = 0
  let hasMetadata = false
  let blocks = 0
  for (let at = 13 + tableLength(bytes[10]); at < bytes.length; ) {
    if (++blocks > MOST_BLOCKS) return undefined
    const block = bytes[at]
    if (block === TRAILER) {
      if (frame === undefined) return undefined
      const size = { width: word(6), height: word(8) }
      return { ...size, frame, hasMotion: pictures > 1, hasMetadata, hasMore: at + 1 < bytes.length }
    }
    if (block === EXTENSION) {
      hasMetadata ||= isMetadata(bytes, at)
      at = endOfBlocks(bytes, at + 2)
    } else if (block === PICTURE && at + 10 < bytes.length) {
      pictures += 1
      frame ??= { x: word(at + 1), y: word(at + 3), width: word(at + 5), height: word(at + 7) }
      at = endOfBlocks(bytes, at + 10 + tableLength(bytes[at + 9]) + 1)
    } else return undefined
  }
  return undefined
}

/** Two for each picture of what moves. */
const MOST_BLOCKS = 20_000
const EXTENSION = 0x21
const PICTURE = 0x2c
const TRAILER = 0x3b
const CONTROL = 0xf9
const APPLICATION = 0xff

/** Bytes of the table of colours that such flags announce. */
const tableLength = (flags = 0): number => ((flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1))

/** Behind a chain of blocks, each of which begins with its length, up to one of no length. */
function endOfBlocks(bytes: Uint8Array, from: number): number {
  let at = from
  while (at < bytes.length && bytes[at] !== 0) at += 1 + (bytes[at] ?? 0)
  return at + 1
}

function isMetadata(bytes: Uint8Array, at: number): boolean {
  const label = bytes[at + 1]
  if (label !== APPLICATION) return label !== CONTROL
  const name = String.fromCharCode(...bytes.subarray(at + 3, at + 14))
  return name !== 'NETSCAPE2.0' && name !== 'ANIMEXTS1.0'
}
