/** One piece of XML, as it stands in the text: references in it are not read. */
export type MarkupPart =
  | {
      readonly kind: 'open'
      /** With its prefix. */
      readonly name: string
      readonly attributes: readonly MarkupAttribute[]
      /** `<name/>`: nothing closes it. */
      readonly empty: boolean
      readonly end: number
    }
  | { readonly kind: 'close'; readonly name: string; readonly end: number }
  | {
      readonly kind: 'text' | 'cdata' | 'comment' | 'instruction' | 'declaration'
      readonly content: string
      readonly end: number
    }

export interface MarkupAttribute {
  readonly name: string
  readonly value: string
}

/**
 * The piece of XML that begins here; undefined for what is none: it is stricter than some readers, so that no two of them see
 * different attributes. Every character is looked at a fixed number of times, and what does not end is the end of the reading.
 */
export function readMarkupPart(text: string, at: number): MarkupPart | undefined {
  if (text[at] !== '<') {
    const next = text.indexOf('<', at)
    const end = next < 0 ? text.length : next
    return end === at ? undefined : { kind: 'text', content: text.slice(at, end), end }
  }
  for (const { kind, open, close } of INERT) {
    if (!text.startsWith(open, at)) continue
    const from = at + open.length
    const until = text.indexOf(close, from)
    if (until < 0) return undefined
    const end = until + close.length
    // A comment ends at its first `--`; HTML has ends of its own.
    if (kind === 'comment' && (text.indexOf('--', from) < until || /^-?>/.test(text.slice(from, from + 2))))
      return undefined
    return { kind, content: text.slice(from, until), end }
  }
  return text[at + 1] === '/' ? readClosing(text, at) : readOpening(text, at)
}

/** Of one tag: it is read as a whole, before anybody can say that it is too much. */
const MOST_ATTRIBUTES = 1000

const INERT = [
  { kind: 'comment', open: '<!--', close: '-->' },
  { kind: 'cdata', open: '<![CDATA[', close: ']]>' },
  { kind: 'instruction', open: '<?', close: '?>' },
  { kind: 'declaration', open: '<!', close: '>' },
] as const

function readClosing(text: string, at: number): MarkupPart | undefined {
  const name = nameAt(text, at + 2)
  const end = afterSpace(text, at + 2 + name.length)
  return name === '' || text[end] !== '>' ? undefined : { kind: 'close', name, end: end + 1 }
}

function readOpening(text: string, start: number): MarkupPart | undefined {
  const name = nameAt(text, start + 1)
  if (name === '') return undefined
  const attributes: MarkupAttribute[] = []
  let at = start + 1 + name.length
  for (;;) {
    const next = afterSpace(text, at)
    if (text[next] === '>') return { kind: 'open', name, attributes, empty: false, end: next + 1 }
    if (text.startsWith('/>', next)) return { kind: 'open', name, attributes, empty: true, end: next + 2 }
    const attribute = next === at ? '' : nameAt(text, next)
    const equals = afterSpace(text, next + attribute.length)
    if (attribute === '' || text[equals] !== '=') return undefined
    const open = afterSpace(text, equals + 1)
    const quote = text[open]
    const close = quote === '"' || quote === "'" ? text.indexOf(quote, open + 1) : -1
    if (close < 0) return undefined
    const value = text.slice(open + 1, close)
    if (value.includes('<') || attributes.length >= MOST_ATTRIBUTES) return undefined
    attributes.push({ name: attribute, value })
    at = close + 1
  }
}

const NAME = /[A-Za-z_\u00c0-\uffff][\w.:\-\u00b7-\uffff]*/y
const SPACE = /[ \t\r\n]*/y

function nameAt(text: string, at: number): string {
  NAME.lastIndex = at
  return NAME.exec(text)?.[0] ?? ''
}

function afterSpace(text: string, at: number): number {
  SPACE.lastIndex = at
  return at + (SPACE.exec(text)?.[0].length ?? 0)
}

/** Without its prefix, as HTML and XML agree on it. */
export const localName = (name: string): string => name.slice(name.indexOf(':') + 1).toLowerCase()

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** With the references that XML itself has; undefined where there are others, which a reader may know or not. */
export function decodeReferences(text: string): string | undefined {
  if (!text.includes('&')) return text
  let isSound = true
  const decoded = text.replace(
    /&(?:#x([0-9a-f]{1,6});|#([0-9]{1,7});|(amp|lt|gt|quot|apos);)?/gi,
    (whole, hex?: string, decimal?: string, name?: string) => {
      if (name !== undefined) return NAMED[name] ?? whole
      const point = hex === undefined ? Number(decimal ?? Number.NaN) : Number.parseInt(hex, 16)
      if (point <= 0x10ffff) return String.fromCodePoint(point)
      isSound = false
      return whole
    },
  )
  return isSound ? decoded : undefined
}
