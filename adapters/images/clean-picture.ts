import { isPng } from '#adapters/crypto/png-chunks.ts'
import type { CleanedPicture } from '#services/ports/badge-images.ts'
import { cleanPng } from './clean-png.ts'
import { drawForeignSvg } from './draw-foreign-svg.ts'
import { BUSY } from './drawing-queue.ts'
import { firstGifFrame, type GifFrame, isGif } from './first-gif-frame.ts'
import { isJpeg, readJpegHeader } from './jpeg-header.ts'
import { isWebp, stillWebp } from './still-webp.ts'
import { readSvgParts } from './svg-parts.ts'

const MOST_PIXELS = 4096
const MOST_SVG = 1024 * 1024
/** Sides of what is drawn anew, and how long that may take. */
const DRAWING = { atMost: 1024, milliseconds: 10_000 }

/** A picture that somebody brought as a PNG with its pixels and nothing else. What it is shows in its bytes. */
export async function cleanPicture(bytes: Uint8Array): Promise<CleanedPicture> {
  if (isPng(bytes)) return cleanPng(bytes, MOST_PIXELS)
  if (isJpeg(bytes)) return cleanJpeg(bytes)
  if (isGif(bytes)) return cleanGif(bytes)
  if (isWebp(bytes)) return cleanWebp(bytes)
  return cleanSvg(bytes)
}

/** Drawn by the decoder of the drawing library, which is WebAssembly: it can reach nothing outside of itself. */
async function cleanJpeg(bytes: Uint8Array): Promise<CleanedPicture> {
  const header = readJpegHeader(bytes)
  if (header === undefined || header.width === 0 || header.height === 0) return no('it is no whole JPEG')
  const { width, height, orientation, hasMetadata } = header
  if (width > MOST_PIXELS || height > MOST_PIXELS) return { ok: false, code: 'too-large', width, height }
  const [across, down] = orientation > 4 ? [height, width] : [width, height]
  const picture = `data:image/jpeg;base64,${Buffer.from(bytes).toString('base64')}`
  const png = await drawOn(
    { width: across, height: down },
    `<image transform="${turn(orientation, width, height)}" width="${width}" height="${height}" href="${picture}"/>`,
  )
  if (png === BUSY) return { ok: false, code: 'busy' }
  if (png === undefined) return no('the JPEG cannot be drawn')
  const cleaned = await cleanPng(png, MOST_PIXELS)
  if (!cleaned.ok) return cleaned
  const hasMore = bytes.at(-2) !== 0xff || bytes.at(-1) !== 0xd9
  return {
    ...cleaned,
    removed: [...(hasMetadata ? ['metadata' as const] : []), ...(hasMore ? ['trailing-bytes' as const] : [])],
  }
}

async function cleanGif(bytes: Uint8Array): Promise<CleanedPicture> {
  const gif = firstGifFrame(bytes)
  if (gif === undefined) return no('it is no whole GIF')
  return cleanFirstFrame('GIF', gif, `data:image/gif;base64,${Buffer.from(bytes).toString('base64')}`)
}

async function cleanWebp(bytes: Uint8Array): Promise<CleanedPicture> {
  const webp = stillWebp(bytes)
  if (webp === undefined) return no('it is no whole WebP')
  return cleanFirstFrame('WebP', webp, '', webp.bytes)
}

/** Undefined where nothing is to be seen. */
function drawOn(
  { width, height }: { readonly width: number; readonly height: number },
  image: string,
  webp?: Uint8Array,
) {
  const around = (inside: string) =>
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${inside}</svg>`
  return drawForeignSvg(around(image), DRAWING, {
    empty: around(''),
    ...(webp === undefined ? {} : { webp }),
  })
}

/** What may move is kept as it stands at its beginning. */
async function cleanFirstFrame(
  kind: string,
  { width, height, frame, hasMotion, hasMetadata, hasMore }: GifFrame,
  href: string,
  webp?: Uint8Array,
): Promise<CleanedPicture> {
  const [across, down] = [Math.max(width, frame.width), Math.max(height, frame.height)]
  if (across > MOST_PIXELS || down > MOST_PIXELS)
    return { ok: false, code: 'too-large', width: across, height: down }
  if (width === 0 || height === 0 || frame.width === 0 || frame.height === 0)
    return no(`it is no whole ${kind}`)
  const place = `x="${frame.x}" y="${frame.y}" width="${frame.width}" height="${frame.height}"`
  const png = await drawOn({ width, height }, `<image ${place} href="${href}"/>`, webp)
  if (png === BUSY) return { ok: false, code: 'busy' }
  if (png === undefined) return no(`the ${kind} cannot be drawn, or nothing is to be seen in it`)
  const cleaned = await cleanPng(png, MOST_PIXELS)
  if (!cleaned.ok) return cleaned
  return {
    ...cleaned,
    removed: [
      ...(hasMotion ? ['animation' as const] : []),
      ...(hasMetadata ? ['metadata' as const] : []),
      ...(hasMore ? ['trailing-bytes' as const] : []),
    ],
  }
}

/** What Exif calls its orientation, as a matrix. */
function turn(orientation: number, width: number, height: number): string {
  const matrices: Readonly<Record<number, readonly number[]>> = {
    2: [-1, 0, 0, 1, width, 0],
    3: [-1, 0, 0, -1, width, height],
    4: [1, 0, 0, -1, 0, height],
    5: [0, 1, 1, 0, 0, 0],
    6: [0, 1, -1, 0, height, 0],
    7: [0, -1, -1, 0, height, width],
    8: [0, -1, 1, 0, 0, width],
  }
  return `matrix(${(matrices[orientation] ?? [1, 0, 0, 1, 0, 0]).join(' ')})`
}

async function cleanSvg(bytes: Uint8Array): Promise<CleanedPicture> {
  if (bytes.length > MOST_SVG) return no('it is neither PNG, JPEG, WebP nor GIF, and more than 1 MB of SVG')
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return no('it is neither PNG, JPEG, WebP, GIF nor SVG')
  }
  if (!/^\s*</.test(text)) return no('it is neither PNG, JPEG, WebP, GIF nor SVG')
  const parts = readSvgParts(text, MOST_PIXELS)
  if (parts === undefined) return no('it is no whole SVG')
  if (parts.active.length > 0) return { ok: false, code: 'active', parts: parts.active }
  if (parts.tooMuch !== undefined) return no(parts.tooMuch)
  const png = await drawForeignSvg(text, DRAWING)
  if (png === BUSY) return { ok: false, code: 'busy' }
  if (png === undefined) return no('the SVG cannot be drawn, or not in time')
  const cleaned = await cleanPng(png, MOST_PIXELS)
  if (!cleaned.ok) return cleaned
  return {
    ...cleaned,
    removed: [
      ...(parts.hasBadge ? ['badge' as const] : []),
      ...(parts.hasMetadata ? ['metadata' as const] : []),
    ],
  }
}

const no = (reason: string): CleanedPicture => ({ ok: false, code: 'unfit', reason })
