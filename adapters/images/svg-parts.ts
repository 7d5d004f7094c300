import { decodeReferences, localName, readMarkupPart } from '#adapters/crypto/markup-parts.ts'
import type { ActivePart } from '#services/ports/badge-images.ts'
import { isJpeg, readJpegHeader } from './jpeg-header.ts'

/** What stands in an SVG, as far as it matters before it is drawn. */
export interface SvgParts {
  /** What would do or fetch something where the file is shown, each once. */
  readonly active: readonly ActivePart[]
  readonly hasBadge: boolean
  readonly hasMetadata: boolean
  /** Why it is not drawn: it would take unbounded effort, or show nothing. */
  readonly tooMuch?: string
}

const MOST_ELEMENTS = 5000
/** How many elements there may be when every `use` is written out, at the worst. */
const MOST_WRITTEN_OUT = 200_000

/**
 * Looks through an SVG, in one pass. Undefined for what is no well-formed XML as far as its tags go. Nothing of the file is shown to
 * anybody but as pixels, so what is found here is no filter that could be passed by: it is what its author is told.
 */
export function readSvgParts(text: string, mostPixels: number): SvgParts | undefined {
  const active = new Set<ActivePart>()
  let elements = 0
  let uses = 0
  let hasBadge = false
  let hasMetadata = false
  let tooMuch: string | undefined
  if (/<!(?:DOCTYPE|ENTITY)/i.test(text)) active.add('document-type')
  let inStyle = false
  for (let at = 0; at < text.length; ) {
    const piece = readMarkupPart(text, at)
    if (piece === undefined) return undefined
    at = piece.end
    if (piece.kind !== 'open') {
      if (piece.kind === 'close') inStyle = false
      else if (piece.kind === 'comment') hasMetadata = true
      else if (piece.kind === 'cdata' || inStyle) findInText(piece.content, active)
      if (piece.kind === 'instruction' && piece.content.startsWith('xml-stylesheet'))
        active.add('external-reference')
      continue
    }
    const { name, attributes } = piece
    elements += 1
    const local = localName(name)
    if (elements === 1 && local !== 'svg') return undefined
    inStyle = local === 'style' && !piece.empty
    if (local === 'use') uses += 1
    if (local === 'marker') tooMuch = 'it has markers'
    if (BADGES.has(name)) hasBadge = true
    else if (METADATA.has(local) || name.includes(':')) hasMetadata = true
    const part = ACTIVE.get(local)
    if (part !== undefined) active.add(part)
    for (const attribute of attributes) {
      const value = decodeReferences(attribute.value)
      if (value === undefined) return undefined
      const localAttribute = localName(attribute.name)
      if (localAttribute.startsWith('on')) active.add('event-handler')
      findInText(value, active)
      if (localAttribute === 'href' || localAttribute === 'src') {
        const reason = findReference(value.trim(), active, mostPixels)
        tooMuch = reason ?? tooMuch
      }
    }
  }
  if (elements === 0) return undefined
  if (elements === 1) tooMuch = 'there is nothing in it'
  if (elements > MOST_ELEMENTS) tooMuch = `it has more than ${MOST_ELEMENTS} elements`
  // So many `use` in a row give at most 3 to the power of a third of their number of copies.
  if (uses > 0 && 3 ** (uses / 3) * elements > MOST_WRITTEN_OUT) tooMuch = 'it uses its parts too often'
  return { active: [...active].sort(), hasBadge, hasMetadata, ...(tooMuch === undefined ? {} : { tooMuch }) }
}

const BADGES: ReadonlySet<string> = new Set(['openbadges:credential', 'openbadges:assertion'])
const METADATA: ReadonlySet<string> = new Set(['metadata', 'title', 'desc'])
const ACTIVE: ReadonlyMap<string, ActivePart> = new Map([
  ['script', 'script'],
  ['handler', 'script'],
  ['listener', 'script'],
  ['foreignobject', 'foreign-object'],
  ['iframe', 'foreign-object'],
  ['object', 'foreign-object'],
  ['embed', 'foreign-object'],
  ['audio', 'foreign-object'],
  ['video', 'foreign-object'],
  ['animate', 'animation'],
  ['animatecolor', 'animation'],
  ['animatemotion', 'animation'],
  ['animatetransform', 'animation'],
  ['set', 'animation'],
])

/** In styles and attributes: addresses that lead out of the file. */
function findInText(text: string, active: Set<ActivePart>): void {
  if (/javascript\s*:/i.test(text)) active.add('script')
  if (/@import/i.test(text)) active.add('external-reference')
  for (const [, address = ''] of text.matchAll(/url\(\s*["']?\s*([^)]{0,64})/gi))
    if (!address.startsWith('#') && !/^data:(?:font|image\/(?:png|jpeg))/.test(address))
      active.add('external-reference')
}

/** Why the picture inside is too much to draw, if it is. */
function findReference(value: string, active: Set<ActivePart>, mostPixels: number): string | undefined {
  if (value.startsWith('#') || value === '') return undefined
  const data = /^data:image\/(?:png|jpe?g);base64,/.exec(value)
  if (data === null) {
    active.add('external-reference')
    return undefined
  }
  const bytes = Buffer.from(value.slice(data[0].length), 'base64')
  const size = isJpeg(bytes) ? readJpegHeader(bytes) : pngSize(bytes)
  if (size === undefined) return 'a picture inside it cannot be read'
  return size.width > mostPixels || size.height > mostPixels ? 'a picture inside it is too large' : undefined
}

const pngSize = (bytes: Buffer): { width: number; height: number } | undefined =>
  bytes.length < 24 || bytes.readUInt32BE(0) !== 0x89504e47
    ? undefined
    : { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) }
