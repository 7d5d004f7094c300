import { decodeReferences, localName, type MarkupAttribute, readMarkupPart } from './markup-parts.ts'
import { isPicture } from './svg-markup.ts'

/** Elements that run something, show other markup, or load a document of their own. */
const ELEMENTS =
  /^(?:script|foreignobject|iframe|frame|object|embed|handler|listener|audio|video|img|link|meta|base|form|set|discard|animate.*)$/

const HTML = 'http://www.w3.org/1999/xhtml'

const MALFORMED = 'it is no well-formed XML'
const RUNS = 'it runs something'
const EMBEDS = 'it runs or embeds something'
const LOADS = 'it loads something from elsewhere'
const LEADS = 'it leads elsewhere'

/**
 * Says what makes an SVG more than a picture: it would run, or tell somebody that it was opened. Undefined where nothing does.
 * `text` is the whole file without the badge inside. A link (`<a href>`) is refused as well: nobody clicks on a badge to leave.
 * Names are judged without their prefix, which anybody may choose, and values with their references read.
 */
export function dangerIn(text: string): string | undefined {
  const open: string[] = []
  let hasRoot = false
  let style = ''
  for (let at = 0; at < text.length; ) {
    const part = readMarkupPart(text, at)
    if (part === undefined || part.kind === 'declaration') return MALFORMED
    at = part.end
    const inStyle = localName(open.at(-1) ?? '') === 'style'
    if (part.kind === 'open') {
      if (open.length === 0 && hasRoot) return 'there is something after its end'
      // What a style is made of is text: of anything else in it, some readers make something.
      if (inStyle || ELEMENTS.test(localName(part.name))) return EMBEDS
      const danger = dangerInAttributes(part.attributes)
      if (danger !== undefined) return danger
      hasRoot = true
      if (!part.empty) open.push(part.name)
    } else if (part.kind === 'close') {
      if (open.pop() !== part.name) return MALFORMED
      if (inStyle && isDangerousStyle(style)) return LOADS
      style = ''
    } else if (part.kind === 'instruction') {
      if (/^xml-stylesheet/i.test(part.content)) return LOADS
      // Under another encoding the same bytes may be other markup.
      const encoding = /^xml\s[\s\S]*encoding\s*=\s*["']?([^"'\s]*)/i.exec(part.content)?.[1]
      if (encoding !== undefined && !/^(?:utf-?8|us-ascii)$/i.test(encoding))
        return 'it says that it is not UTF-8'
      if (hasRoot && open.length === 0) return 'there is something after its end'
    } else if (part.kind !== 'comment') {
      if (open.length === 0 && part.content.trim() !== '')
        return hasRoot ? 'there is something after its end' : MALFORMED
      if (inStyle) {
        const css = part.kind === 'cdata' ? part.content : decodeReferences(part.content)
        if (css === undefined) return MALFORMED
        style += css
      }
    }
  }
  return hasRoot && open.length === 0 ? undefined : MALFORMED
}

function dangerInAttributes(attributes: readonly MarkupAttribute[]): string | undefined {
  for (const { name, value: raw } of attributes) {
    const local = localName(name)
    // Not read any further, as it may be long.
    if (local === 'href' && isPicture(raw)) continue
    const value = decodeReferences(raw)
    if (value === undefined) return MALFORMED
    if (name === 'xmlns' || name.startsWith('xmlns:')) {
      if (value.trim() === HTML) return EMBEDS
      continue
    }
    if (local.startsWith('on')) return RUNS
    if (local === 'href' || local === 'src') {
      // Only what shows what is in the file: a place in it, or a raster picture.
      if (!value.trim().startsWith('#') && !isPicture(value.trim())) return LEADS
      continue
    }
    // What `#part` means is a matter of the base.
    if (local === 'base') return LEADS
    if (local === 'style' ? isDangerousStyle(value) : isDangerousPresentation(name, value)) return LOADS
  }
  return undefined
}

/** An attribute such as `fill` is CSS as well; what people or programs say with others is not. */
function isDangerousPresentation(name: string, value: string): boolean {
  if (name.includes(':') || /^(?:aria-|data-)/.test(name)) return false
  return value.includes('\\') || (/\(/.test(value) && isDangerousStyle(value))
}

/** Addresses of places in the file, and fonts and pictures that are in it. No two matches begin in the same run of characters. */
const OWN_ADDRESS =
  /url\(\s*(["']?)(?:#[^"'()\s\\]*|data:(?:font\/[\w.+-]+|image\/(?:png|jpe?g)|application\/(?:x-)?font[\w.+-]*);(?:charset=[\w-]+;)?base64,[A-Za-z0-9+/=]*)\1\s*\)/gi

/** All that CSS can name a file with. A backslash may write any of them, so it is refused as it stands. */
const NAMES_A_FILE =
  /\\|@import|url\s*\(|image-set\s*\(|(?:src|image|cross-fade|element|paint|expression)\s*\(/i

/** A string that is an address. */
const ADDRESS_IN_STRING = /["']\s*[a-z][a-z0-9+.-]*:|["'][^"']*\/\//i

function isDangerousStyle(css: string): boolean {
  const rest = css.replace(OWN_ADDRESS, ' own ')
  return NAMES_A_FILE.test(rest) || ADDRESS_IN_STRING.test(rest)
}
