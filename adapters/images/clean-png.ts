import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createDeflate, createInflate } from 'node:zlib'
import {
  hasGoodChecksum,
  isPng,
  type PngChunk,
  pngChunk,
  readPngChunks,
  readTextChunk,
  writePng,
} from '#adapters/crypto/png-chunks.ts'
import type { CleanedPicture, RemovedPart } from '#services/ports/badge-images.ts'

/**
 * A PNG (ISO/IEC 15948) with its pixels and nothing else: they are unpacked and packed again, and no chunk but header, palette,
 * transparency and pixels comes along. It is refused unless it is whole, with nothing broken, of at most so many pixels each way.
 * Pixels pass through in pieces: however much they unpack to, it is never in memory at once, and it stops when there is too much.
 */
export async function cleanPng(bytes: Uint8Array, mostPixels: number): Promise<CleanedPicture> {
  const chunks = isPng(bytes) ? readPngChunks(bytes) : undefined
  const [header] = chunks ?? []
  if (chunks === undefined || header?.type !== 'IHDR' || header.data.length !== 13)
    return no('it is no whole PNG')
  if (!chunks.every(hasGoodChecksum)) return no('a part of the PNG is damaged')
  const view = new DataView(header.data.buffer, header.data.byteOffset, header.data.byteLength)
  const [width, height] = [view.getUint32(0), view.getUint32(4)]
  if (width > mostPixels || height > mostPixels) return { ok: false, code: 'too-large', width, height }
  const colour = view.getUint8(9)
  const bits = bitsOfPixel(view.getUint8(8), colour)
  const [compression, filter, interlace] = [view.getUint8(10), view.getUint8(11), view.getUint8(12)]
  if (width === 0 || height === 0 || bits === undefined || compression !== 0 || filter !== 0 || interlace > 1)
    return no('its header is none of a PNG')
  const palettes = chunks.filter(({ type }) => type === 'PLTE')
  if (palettes.length > 1 || (colour === PALETTE && palettes.length === 0))
    return no('it has no single palette')
  const packed = chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data)
  const pixels = await repack(packed, rowsOf({ width, height, bits, isInterlaced: interlace === 1 }))
  if (pixels === undefined) return no('it has not the pixels that its header promises')
  const kept = [...(colour === PALETTE ? palettes : []), ...transparencyOf(chunks, colour)]
  return {
    ok: true,
    png: writePng([
      pngChunk('IHDR', header.data),
      ...kept.map(({ type, data }) => pngChunk(type, data)),
      pngChunk('IDAT', pixels),
      pngChunk('IEND', new Uint8Array()),
    ]),
    removed: removedFrom(bytes, chunks, kept),
  }
}

const PALETTE = 3

const no = (reason: string): CleanedPicture => ({ ok: false, code: 'unfit', reason })

/** Transparency belongs to colours that have none of their own. */
const transparencyOf = (chunks: readonly PngChunk[], colour: number): readonly PngChunk[] =>
  colour > PALETTE ? [] : chunks.filter(({ type }) => type === 'tRNS').slice(0, 1)

function removedFrom(
  bytes: Uint8Array,
  chunks: readonly PngChunk[],
  kept: readonly PngChunk[],
): readonly RemovedPart[] {
  const others = chunks.filter(
    (chunk) => !kept.includes(chunk) && !['IHDR', 'IDAT', 'IEND'].includes(chunk.type),
  )
  const isBadge = (chunk: PngChunk) =>
    chunk.type === 'iTXt' && /^openbadge/.test(readTextChunk(chunk)?.keyword ?? '')
  const isMotion = ({ type }: PngChunk) => ['acTL', 'fcTL', 'fdAT'].includes(type)
  const length = chunks.reduce((sum, chunk) => sum + chunk.bytes.length, 8)
  return [
    ...(others.some(isBadge) ? ['badge' as const] : []),
    ...(others.some(isMotion) ? ['animation' as const] : []),
    ...(others.some((chunk) => !isBadge(chunk) && !isMotion(chunk)) ? ['metadata' as const] : []),
    ...(length < bytes.length ? ['trailing-bytes' as const] : []),
  ]
}

interface Size {
  readonly width: number
  readonly height: number
  readonly bits: number
  readonly isInterlaced: boolean
}

/** How many rows there are of each length, in order. One byte of each row says how it is filtered. */
function rowsOf({ width, height, bits, isInterlaced }: Size): readonly Pass[] {
  const passes = isInterlaced ? ADAM7 : [{ x: 0, y: 0, across: 1, down: 1 }]
  return passes.flatMap(({ x, y, across, down }) => {
    const columns = Math.ceil((width - x) / across)
    const rows = Math.ceil((height - y) / down)
    // A pass without columns has no rows.
    return columns <= 0 || rows <= 0 ? [] : [{ rows, length: 1 + Math.ceil((columns * bits) / 8) }]
  })
}

/** Which depths there are of each type of colour, and how many samples a pixel has; undefined for what is not allowed. */
function bitsOfPixel(depth: number, colour: number): number | undefined {
  const kind = KINDS.get(colour)
  return kind?.depths.includes(depth) ? depth * kind.samples : undefined
}
const KINDS: ReadonlyMap<number, { readonly samples: number; readonly depths: readonly number[] }> = new Map([
  [0, { samples: 1, depths: [1, 2, 4, 8, 16] }],
  [2, { samples: 3, depths: [8, 16] }],
  [PALETTE, { samples: 1, depths: [1, 2, 4, 8] }],
  [4, { samples: 2, depths: [8, 16] }],
  [6, { samples: 4, depths: [8, 16] }],
])

/** Where the seven passes of an interlaced picture begin, and how far their pixels are apart. */
const ADAM7 = [
  { x: 0, y: 0, across: 8, down: 8 },
  { x: 4, y: 0, across: 8, down: 8 },
  { x: 0, y: 4, across: 4, down: 8 },
  { x: 2, y: 0, across: 4, down: 4 },
  { x: 0, y: 2, across: 2, down: 4 },
  { x: 1, y: 0, across: 2, down: 2 },
  { x: 0, y: 1, across: 1, down: 2 },
]

interface Pass {
  readonly rows: number
  readonly length: number
}

/** Undefined where it cannot be unpacked, is not as long as the rows together, or has a row with an unknown filter. */
async function repack(
  packed: readonly Uint8Array[],
  passes: readonly Pass[],
): Promise<Uint8Array | undefined> {
  const parts: Uint8Array[] = []
  try {
    await pipeline(
      Readable.from(packed),
      createInflate(),
      (source: AsyncIterable<Uint8Array>) => checkRows(source, passes),
      createDeflate({ level: 9 }),
      async (source: AsyncIterable<Uint8Array>) => {
        for await (const part of source) parts.push(part)
      },
    )
  } catch {
    return undefined
  }
  return new Uint8Array(Buffer.concat(parts))
}

const MOST_FILTER = 4

/** Lets rows through as they should be, and stops at the first that is not. */
async function* checkRows(
  source: AsyncIterable<Uint8Array>,
  passes: readonly Pass[],
): AsyncGenerator<Uint8Array> {
  const rows = lengthsOf(passes)
  let left = 0
  for await (const part of source) {
    for (let at = 0; at < part.length; ) {
      if (left === 0) {
        const row = rows.next()
        if (row.done === true || (part[at] ?? 0) > MOST_FILTER) throw new Error('a row that is none')
        left = row.value
      }
      const taken = Math.min(left, part.length - at)
      left -= taken
      at += taken
    }
    yield part
  }
  if (left > 0 || rows.next().done !== true) throw new Error('rows are missing')
}

function* lengthsOf(passes: readonly Pass[]): Generator<number, void> {
  for (const { rows, length } of passes) for (let row = 0; row < rows; row++) yield length
}
