import type { Unbaked } from '#services/ports/badge-images.ts'
import {
  BADGE_KEYWORD,
  hasGoodChecksum,
  isPng,
  OLDER_BADGE_KEYWORD,
  PNG_SIGNATURE_LENGTH,
  readPlainTextChunk,
  readPngChunks,
  readTextChunk,
  writePng,
} from './png-chunks.ts'
import { dangerIn } from './svg-dangers.ts'
import { readSvg } from './svg-markup.ts'
import { isPdf, unbakePdf } from './unbake-pdf.ts'

/** Largest image that is looked into, and largest credential that is taken out of one. */
const MAX_IMAGE = 10 * 1024 * 1024
const MAX_CREDENTIAL = 1024 * 1024

/**
 * Takes the credential out of a baked PNG or SVG, or out of a PDF that it is attached to. An image with two badges is refused: another reader may take the
 * other one. Compressed text is refused, as it may unpack to anything; so are document types, which may name entities, an SVG
 * that runs or loads something, and bytes after the end of a PNG, which another reader may take for a file of another kind.
 * Undefined when the bytes are neither PNG nor PDF nor markup.
 */
export function unbake(image: Uint8Array): Unbaked | undefined {
  const unbakeKind = kindOf(image)
  if (unbakeKind === undefined) return undefined
  if (image.length > MAX_IMAGE) return no('the file is over 10 MB')
  const unbaked = unbakeKind(image)
  if (unbaked.ok && unbaked.credential.length > MAX_CREDENTIAL) return no('the badge inside is over 1 MB')
  return unbaked
}

function kindOf(image: Uint8Array): ((image: Uint8Array) => Unbaked) | undefined {
  if (isPng(image)) return unbakePng
  if (isPdf(image)) return unbakePdf
  return beginsAsMarkup(image) ? unbakeSvg : undefined
}

/** A picture of both kinds has two badges, and is refused like any other that has. */
const KEYWORDS: Readonly<Record<string, readonly string[]>> = {
  iTXt: [BADGE_KEYWORD, OLDER_BADGE_KEYWORD],
  tEXt: [OLDER_BADGE_KEYWORD],
}

function unbakePng(png: Uint8Array): Unbaked {
  const chunks = readPngChunks(png)
  if (chunks === undefined) return no('the PNG is torn, or in too many pieces')
  const end = chunks.reduce((at, { bytes }) => at + bytes.length, PNG_SIGNATURE_LENGTH)
  if (end < png.length) return no('there is something after the end of the PNG')
  const badges = chunks.flatMap((chunk) => {
    const text =
      chunk.type === 'iTXt'
        ? readTextChunk(chunk)
        : chunk.type === 'tEXt'
          ? readPlainTextChunk(chunk)
          : undefined
    return text !== undefined && KEYWORDS[chunk.type]?.includes(text.keyword) === true
      ? [{ chunk, ...text }]
      : []
  })
  const [badge] = badges
  if (badge === undefined) return no('the PNG has no badge inside')
  if (badges.length > 1) return no('the PNG has more than one badge inside')
  if (badge.compressed) return no('the badge inside is compressed')
  if (!hasGoodChecksum(badge.chunk)) return no('the badge inside is damaged')
  const others = chunks.filter((chunk) => chunk !== badge.chunk).map(({ bytes }) => bytes)
  return { ok: true, credential: badge.text, picture: writePng(others) }
}

function unbakeSvg(svg: Uint8Array): Unbaked {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(svg)
  } catch {
    return no('the SVG is not UTF-8')
  }
  const markup = readSvg(text)
  if (markup === undefined) return no('it is no whole SVG, or it has a document type')
  if (markup === 'too-large') return no('the SVG is over 1 MB, or has too many parts')
  const [badge] = markup.badges
  if (markup.badges.length > 1) return no('the SVG has more than one badge inside')
  if (badge === undefined || badge.content === '') return no('the SVG has no badge inside')
  const danger = dangerIn(text.slice(0, badge.start) + text.slice(badge.end))
  if (danger !== undefined) return no(`the SVG is more than a picture: ${danger}`)
  return { ok: true, credential: new TextEncoder().encode(badge.content) }
}

/** White space or a byte order mark, then `<`. */
function beginsAsMarkup(bytes: Uint8Array): boolean {
  const begin = bytes.subarray(0, 256)
  const first = begin.find((byte) => ![0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf].includes(byte))
  return first === 0x3c
}

const no = (reason: string): Unbaked => ({ ok: false, reason })
