import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { deflateSync } from 'node:zlib'
import { pngChunk, writePng } from '#adapters/crypto/png-chunks.ts'

/**
 * A still WebP as PNG, decoded by libwebp as WebAssembly: it can reach nothing outside of itself. For the thread of drawing alone,
 * where it may be ended.
 */
export async function webpAsPng(bytes: Uint8Array): Promise<Uint8Array> {
  const { default: decode, init } = await import('@jsquash/webp/decode.js')
  const file = createRequire(import.meta.url).resolve('@jsquash/webp/codec/dec/webp_dec.wasm')
  await init(await WebAssembly.compile(await readFile(file)))
  const { data, width, height } = await decode(new Uint8Array(bytes).buffer)
  const rows = new Uint8Array(height * (1 + width * 4))
  for (let row = 0; row < height; row++)
    rows.set(data.subarray(row * width * 4, (row + 1) * width * 4), row * (1 + width * 4) + 1)
  const header = new DataView(new ArrayBuffer(13))
  header.setUint32(0, width)
  header.setUint32(4, height)
  // Eight bits for each of red, green, blue and alpha.
  header.setUint16(8, 0x0806)
  return writePng([
    pngChunk('IHDR', new Uint8Array(header.buffer)),
    pngChunk('IDAT', deflateSync(rows, { level: 1 })),
    pngChunk('IEND', new Uint8Array()),
  ])
}
