import { Readable } from 'node:stream'
import { createInflate } from 'node:zlib'
import { hasGoodChecksum, isPng, readPngChunks } from '#adapters/crypto/png-chunks.ts'

/**
 * Whether these bytes are a PNG (ISO/IEC 15948) with all of its pixels and nothing broken, of at most so many pixels each way.
 * What is compressed is unpacked to be counted, and never kept: it stops as soon as there is too much of it.
 */
export async function isWholePng(bytes: Uint8Array, mostPixels: number): Promise<boolean> {
  if (!isPng(bytes)) return false
  const chunks = readPngChunks(bytes)
  const [header] = chunks ?? []
  if (chunks === undefined || header?.type !== 'IHDR' || header.data.length !== 13) return false
  if (!chunks.every(hasGoodChecksum)) return false
  const view = new DataView(header.data.buffer, header.data.byteOffset, header.data.byteLength)
  const [width, height] = [view.getUint32(0), view.getUint32(4)]
  if (width === 0 || height === 0 || width > mostPixels || height > mostPixels) return false
  const bits = bitsOfPixel(view.getUint8(8), view.getUint8(9))
  const [compression, filter, interlace] = [view.getUint8(10), view.getUint8(11), view.getUint8(12)]
  if (bits === undefined || compression !== 0 || filter !== 0 || interlace > 1) return false
  if (view.getUint8(9) === PALETTE && !chunks.some(({ type }) => type === 'PLTE')) return false
  const passes = interlace === 0 ? [{ x: 0, y: 0, across: 1, down: 1 }] : ADAM7
  const expected = passes.reduce((sum, { x, y, across, down }) => {
    const columns = Math.ceil((width - x) / across)
    const rows = Math.ceil((height - y) / down)
    // One byte of each row says how it is filtered; a pass without columns has no rows.
    return columns <= 0 || rows <= 0 ? sum : sum + rows * (1 + Math.ceil((columns * bits) / 8))
  }, 0)
  const packed = chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data)
  return (await unpackedLength(packed, expected)) === expected
}

const PALETTE = 3

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

/** Undefined where it cannot be unpacked. No more than a little over `most` is ever unpacked. */
async function unpackedLength(packed: readonly Uint8Array[], most: number): Promise<number | undefined> {
  const inflate = createInflate()
  const source = Readable.from(packed)
  source.pipe(inflate)
  let length = 0
  try {
    for await (const part of inflate as AsyncIterable<Uint8Array>) {
      length += part.length
      if (length > most) break
    }
    return length
  } catch {
    return undefined
  } finally {
    source.destroy()
    inflate.destroy()
  }
}
