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

/**
 * Reads as much of an SVG as baking needs, in one pass and in linear time.
 * Undefined for what is no SVG, is torn, or has a document type: entities are not expanded, so none are let in.
 */
export function readSvg(text: string): SvgMarkup | undefined {
  let root: Omit<SvgMarkup, 'badges'> | undefined
  const badges: SvgBadge[] = []
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at)) {
    const skipped = skipInert(text, at)
    if (skipped === 'refused') return undefined
    if (skipped !== undefined) {
      at = skipped
      continue
    }
    const tag = readTag(text, at)
    if (tag === undefined) return undefined
    if (root === undefined) {
      if (tag.name !== 'svg') return undefined
      const tagText = text.slice(at, tag.end)
      root = {
        afterRootName: at + 1 + tag.name.length,
        afterRootTag: tag.end,
        rootIsEmpty: tag.empty,
        rootDeclaresNamespace: /\sxmlns:openbadges\s*=/.test(tagText),
      }
    } else if (tag.name === BADGE_ELEMENT || tag.name === OLDER_BADGE_ELEMENT) {
      const badge = readBadge(text, at, tag)
      if (badge === undefined) return undefined
      badges.push(badge)
      at = badge.end
      continue
    }
    at = tag.end
  }
  return root === undefined ? undefined : { ...root, badges }
}

interface Tag {
  readonly name: string
  /** After the `>`. */
  readonly end: number
  readonly empty: boolean
}

/** Passes over comments, CDATA and processing instructions; refuses `<!DOCTYPE` and the like. */
function skipInert(text: string, at: number): number | 'refused' | undefined {
  const kinds = [
    ['<!--', '-->'],
    ['<![CDATA[', ']]>'],
    ['<?', '?>'],
  ] as const
  for (const [open, close] of kinds) {
    if (!text.startsWith(open, at)) continue
    const end = text.indexOf(close, at + open.length)
    return end < 0 ? 'refused' : end + close.length
  }
  return text.startsWith('<!', at) ? 'refused' : undefined
}

function readTag(text: string, at: number): Tag | undefined {
  let quote = ''
  let nameEnd = 0
  for (let end = at + 1; end < text.length; end++) {
    const character = text[end] ?? ''
    if (nameEnd === 0 && /[\s/>]/.test(character) && end > at + 1) nameEnd = end
    if (quote !== '') {
      if (character === quote) quote = ''
    } else if (character === '"' || character === "'") quote = character
    else if (character === '<') return undefined
    else if (character === '>') {
      return { name: text.slice(at + 1, nameEnd), end: end + 1, empty: text[end - 1] === '/' }
    }
  }
  return undefined
}

/** The `verify` attribute of the element, or its text and CDATA. */
function readBadge(text: string, start: number, tag: Tag): SvgBadge | undefined {
  const attribute = /\sverify\s*=\s*(?:"([^"]*)"|'([^']*)')/.exec(text.slice(start, tag.end))
  const close = `</${tag.name}`
  let content = ''
  let at = tag.end
  while (!tag.empty && !text.startsWith(close, at)) {
    const next = text.indexOf('<', at)
    if (next < 0) return undefined
    content += decodeText(text.slice(at, next))
    if (text.startsWith('<![CDATA[', next)) {
      const end = text.indexOf(']]>', next)
      if (end < 0) return undefined
      content += text.slice(next + '<![CDATA['.length, end)
      at = end + ']]>'.length
    } else if (text.startsWith('<!--', next)) {
      const end = text.indexOf('-->', next)
      if (end < 0) return undefined
      at = end + '-->'.length
    } else if (text.startsWith(close, next)) at = next
    else return undefined
  }
  const end = tag.empty ? tag.end : text.indexOf('>', at) + 1
  if (end === 0) return undefined
  return { start, end, content: decodeText(attribute?.[1] ?? attribute?.[2] ?? '') || content.trim() }
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** The five entities that XML itself has; any other stays as it stands. */
const decodeText = (text: string): string =>
  text.replace(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => NAMED[name] ?? '')
