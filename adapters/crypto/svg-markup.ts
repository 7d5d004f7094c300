import { localName, type MarkupPart, readMarkupPart } from './markup-parts.ts'

/** The element and namespace in which Open Badges 3.0 (section 5.3.2) bakes a credential. */
export const BADGE_NAMESPACE = 'https://purl.imsglobal.org/ob/v3p0'
export const BADGE_ELEMENT = 'openbadges:credential'

/** The element of Open Badges 1.1 and 2.0, read only: an address, JSON or a JWS. */
const OLDER_BADGE_ELEMENT = 'openbadges:assertion'

export interface SvgMarkup {
  /** Where the name `svg` of the root ends, for an attribute to be put in. */
  readonly afterRootName: number
  /** Where the opening tag of the root ends, after its `>`. */
  readonly afterRootTag: number
  readonly rootIsEmpty: boolean
  readonly rootDeclaresNamespace: boolean
  /** Every baked credential, in order. */
  readonly badges: readonly SvgBadge[]
}

export interface SvgBadge {
  readonly start: number
  readonly end: number
  readonly content: string
}

/** Characters of markup, apart from pictures and credentials in it: what is drawn takes less, and what is read must not take long. */
const MAX_MARKUP = 1024 * 1024

/**
 * Reads as much of an SVG as baking needs, in one pass and in linear time.
 * Undefined for what is no SVG, is torn, or has a document type: entities are not expanded, so none are let in.
 */
export function readSvg(text: string): SvgMarkup | 'too-large' | undefined {
  let root: Omit<SvgMarkup, 'badges'> | undefined
  const badges: SvgBadge[] = []
  let markup = 0
  for (let at = 0; at < text.length; ) {
    const part = readMarkupPart(text, at)
    if (part === undefined || part.kind === 'declaration') return undefined
    const isBadge = part.kind === 'open' && (part.name === BADGE_ELEMENT || part.name === OLDER_BADGE_ELEMENT)
    markup += isBadge ? PIECE : weightOf(part, at)
    if (markup > MAX_MARKUP || badges.length > MOST_BADGES) return 'too-large'
    if (part.kind === 'open' && root === undefined) {
      if (part.name !== 'svg') return undefined
      root = {
        afterRootName: at + 1 + part.name.length,
        afterRootTag: part.end,
        rootIsEmpty: part.empty,
        rootDeclaresNamespace: part.attributes.some(({ name }) => name === 'xmlns:openbadges'),
      }
      at = part.end
    } else if (isBadge) {
      const badge = readBadge(text, at, part)
      if (badge === undefined) return undefined
      if (badge === 'too-large') return badge
      badges.push(badge)
      at = badge.end
    } else at = part.end
    if (markup > MAX_MARKUP) return 'too-large'
  }
  return root === undefined ? undefined : { ...root, badges }
}

/** How much of it has to be looked at: each piece takes as long as some characters, and pictures take none. */
function weightOf(part: MarkupPart, at: number): number {
  const length = part.end - at + PIECE
  if (part.kind !== 'open') return length
  return part.attributes.reduce(
    (sum, { name, value }) =>
      sum + PIECE - (localName(name) === 'href' && isPicture(value) ? value.length : 0),
    length,
  )
}

const PIECE = 12

/** One is allowed; more are read to be told, or replaced. */
const MOST_BADGES = 1000

/** Whether it is a raster picture in the file itself, whatever references are in what comes after. */
export const isPicture = (value: string): boolean => /^data:image\/(?:png|jpe?g);base64,/i.test(value)

/** The `verify` attribute of the element, or its text and CDATA. */
function readBadge(
  text: string,
  start: number,
  tag: MarkupPart & { kind: 'open' },
): SvgBadge | 'too-large' | undefined {
  const verify = tag.attributes.find(({ name }) => name === 'verify')?.value ?? ''
  let weight = tag.attributes.length * PIECE + referencesIn(verify) * PIECE
  if (weight > MAX_MARKUP) return 'too-large'
  if (tag.empty) return { start, end: tag.end, content: decodeText(verify) }
  let content = ''
  for (let at = tag.end; at < text.length; ) {
    const part = readMarkupPart(text, at)
    if (part === undefined) return undefined
    if (part.kind === 'close') {
      if (part.name !== tag.name) return undefined
      return { start, end: part.end, content: decodeText(verify) || content.trim() }
    }
    if (part.kind === 'open' || part.kind === 'instruction' || part.kind === 'declaration') return undefined
    weight += PIECE * (1 + (part.kind === 'text' ? referencesIn(part.content) : 0))
    if (weight > MAX_MARKUP) return 'too-large'
    if (part.kind !== 'comment') content += part.kind === 'text' ? decodeText(part.content) : part.content
    at = part.end
  }
  return undefined
}

/** A credential does not count by its length, which is bounded elsewhere, but each reference in it takes its time. */
function referencesIn(text: string): number {
  let count = 0
  for (let at = text.indexOf('&'); at >= 0; at = text.indexOf('&', at + 1)) count += 1
  return count
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** The five entities that XML itself has; any other stays as it stands. */
const decodeText = (text: string): string =>
  text.replace(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => NAMED[name] ?? '')
