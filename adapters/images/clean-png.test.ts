import { deflateSync, inflateSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bakePng } from '#adapters/crypto/bake-png.ts'
import { pngChunk as chunk, readPngChunks, writePng } from '#adapters/crypto/png-chunks.ts'
import { cleanPng } from './clean-png.ts'

const isWholePng = async (bytes: Uint8Array, most: number) => (await cleanPng(bytes, most)).ok

interface Header {
  readonly width: number
  readonly height: number
  readonly depth: number
  readonly colour: number
  readonly interlace: number
}
function png({ width, height, depth, colour, interlace }: Header, pixels: Uint8Array): Uint8Array {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([depth, colour, 0, 0, interlace], 8)
  return writePng([
    chunk('IHDR', header),
    ...(colour === 3 ? [chunk('PLTE', new Uint8Array(3))] : []),
    chunk('IDAT', deflateSync(pixels)),
    chunk('IEND', new Uint8Array()),
  ])
}

/** The obvious way: each pixel is put into the pass in which the table of the standard (8.2) has it. */
const PASS_OF = [
  '16462646',
  '77777777',
  '56565656',
  '77777777',
  '36463646',
  '77777777',
  '56565656',
  '77777777',
]
function lengthOf({ width, height, depth, colour, interlace }: Header): number {
  const bits = depth * ([1, 0, 3, 1, 2, 0, 4][colour] ?? 0)
  const rows = new Map<string, number>()
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const row = interlace === 0 ? `${y}` : `${PASS_OF[y % 8]?.[x % 8]}:${y}`
      rows.set(row, (rows.get(row) ?? 0) + 1)
    }
  return [...rows.values()].reduce((sum, columns) => sum + 1 + Math.ceil((columns * bits) / 8), 0)
}
const headers = fc.record({
  width: fc.integer({ min: 1, max: 20 }),
  height: fc.integer({ min: 1, max: 20 }),
  depth: fc.constant(8),
  colour: fc.constantFrom(0, 2, 3, 4, 6),
  interlace: fc.constantFrom(0, 1),
})

test('a picture is whole with as many bytes as its size asks for, and not with one less or more', async () => {
  await fc.assert(
    fc.asyncProperty(headers, async (header) => {
      const length = lengthOf(header)
      const whole = (bytes: number) => isWholePng(png(header, new Uint8Array(bytes)), 4096)
      expect([await whole(length - 1), await whole(length), await whole(length + 1)]).toEqual([
        false,
        true,
        false,
      ])
    }),
    { numRuns: 100 },
  )
})

test('what is broken, too large or not allowed is not whole', async () => {
  const header = { width: 8, height: 8, depth: 8, colour: 2, interlace: 0 }
  const good = png(header, new Uint8Array(lengthOf(header)))
  expect(await isWholePng(good, 8)).toBe(true)
  expect(await isWholePng(good, 7)).toBe(false)
  const flipped = Uint8Array.from(good)
  flipped[45] = (flipped[45] ?? 0) ^ 1
  expect(await isWholePng(flipped, 8)).toBe(false)
  expect(await isWholePng(good.subarray(0, good.length - 12), 8)).toBe(false)
  for (const wrong of [{ depth: 4 }, { colour: 1 }, { interlace: 2 }, { width: 0 }])
    expect(await isWholePng(png({ ...header, ...wrong }, new Uint8Array(200)), 4096)).toBe(false)
  // 100 × 100 by its header, and five bytes of pixels.
  expect(await isWholePng(png({ ...header, width: 100, height: 100 }, new Uint8Array(5)), 4096)).toBe(false)
})

const pixelsOf = (bytes: Uint8Array) =>
  inflateSync(
    Buffer.concat((readPngChunks(bytes) ?? []).filter(({ type }) => type === 'IDAT').map(({ data }) => data)),
  )

test('its pixels stay as they are, and nothing else of the file does: what was there is told', async () => {
  const chunkName = fc.constantFrom(
    'tEXt',
    'zTXt',
    'iTXt',
    'eXIf',
    'iCCP',
    'gAMA',
    'tIME',
    'prVt',
    'acTL',
    'fdAT',
  )
  await fc.assert(
    fc.asyncProperty(
      headers,
      fc.infiniteStream(fc.nat(255)),
      fc.array(fc.tuple(chunkName, fc.uint8Array({ maxLength: 50 })), { maxLength: 5 }),
      fc.uint8Array({ maxLength: 20 }),
      fc.boolean(),
      async (header, noise, chunks, behind, isBaked) => {
        const pixels = Uint8Array.from({ length: lengthOf(header) }, () => noise.next().value ?? 0)
        for (const [at, byte] of pixels.entries()) if (byte > 4) pixels[at] = byte % 5
        const plain = png(header, pixels)
        const [start, ...rest] = (readPngChunks(plain) ?? []).map(({ bytes }) => bytes)
        const dressed = writePng([
          start ?? new Uint8Array(),
          ...chunks.map(([type, data]) => chunk(type, data)),
          ...rest,
        ])
        const brought = Buffer.concat([isBaked ? bakePng(dressed, '{"a":1}') : dressed, behind])
        const cleaned = await cleanPng(brought, 4096)
        if (!cleaned.ok) throw new Error(JSON.stringify(cleaned))
        expect(pixelsOf(cleaned.png)).toEqual(Buffer.from(pixels))
        const left = (readPngChunks(cleaned.png) ?? []).map(({ type }) => type)
        expect(left).toEqual(
          header.colour === 3 ? ['IHDR', 'PLTE', 'IDAT', 'IEND'] : ['IHDR', 'IDAT', 'IEND'],
        )
        expect(cleaned.removed.includes('badge')).toBe(isBaked)
        expect(cleaned.removed.includes('trailing-bytes')).toBe(behind.length > 0)
        const isMotion = (type: string) => ['acTL', 'fdAT'].includes(type)
        expect(cleaned.removed.includes('animation')).toBe(chunks.some(([type]) => isMotion(type)))
        expect(cleaned.removed.includes('metadata')).toBe(chunks.some(([type]) => !isMotion(type)))
        // What is clean stays what it is.
        expect(await cleanPng(cleaned.png, 4096)).toEqual({ ok: true, png: cleaned.png, removed: [] })
      },
    ),
    { numRuns: 50 },
  )
})

test('a row with a filter that there is not is refused, and so are bytes packed behind the pixels', async () => {
  const header = { width: 2, height: 2, depth: 8, colour: 0, interlace: 0 }
  expect(await isWholePng(png(header, Uint8Array.of(0, 1, 2, 4, 1, 2)), 8)).toBe(true)
  expect(await isWholePng(png(header, Uint8Array.of(0, 1, 2, 5, 1, 2)), 8)).toBe(false)
  expect(await cleanPng(png({ ...header, width: 70_000 }, new Uint8Array(1)), 4096)).toEqual({
    ok: false,
    code: 'too-large',
    width: 70_000,
    height: 2,
  })
})
