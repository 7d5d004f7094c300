/** The part of Markdown that criteria are written in. Everything else stays as the text that it is. */
export type Block =
  | { readonly kind: 'heading' | 'paragraph'; readonly spans: readonly Span[] }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly (readonly Span[])[] }

export type Span =
  | { readonly kind: 'text' | 'strong' | 'emphasis' | 'code'; readonly text: string }
  /** Only http and https: nothing else may be followed from a foreign document. */
  | { readonly kind: 'link'; readonly text: string; readonly href: string }

const ITEM = /^\s*(?:([-*+])|(\d{1,3})[.)])\s+(.*)$/
const HEADING = /^#{1,6}\s+(.*?)\s*#*$/

/** Reads Markdown into blocks. Never makes HTML. O(length). */
export function readMarkdown(markdown: string): readonly Block[] {
  const blocks: Block[] = []
  let paragraph: string[] = []
  let list: { ordered: boolean; items: string[] } | undefined
  const close = () => {
    if (paragraph.length > 0) blocks.push({ kind: 'paragraph', spans: readSpans(paragraph.join(' ')) })
    if (list !== undefined)
      blocks.push({ kind: 'list', ordered: list.ordered, items: list.items.map(readSpans) })
    paragraph = []
    list = undefined
  }
  for (const line of markdown.split(/\r?\n/)) {
    const heading = HEADING.exec(line)
    const item = ITEM.exec(line)
    if (line.trim() === '') close()
    else if (heading !== null) {
      close()
      blocks.push({ kind: 'heading', spans: readSpans(heading[1] ?? '') })
    } else if (item !== null) {
      const ordered = item[2] !== undefined
      if (list?.ordered !== ordered) close()
      list ??= { ordered, items: [] }
      list.items.push(item[3] ?? '')
    } else if (list !== undefined) {
      list.items.push(`${list.items.pop() ?? ''} ${line.trim()}`)
    } else paragraph.push(line.trim())
  }
  close()
  return blocks
}

const SPAN =
  /\*\*([^*]{1,500})\*\*|__([^_]{1,500})__|\*([^*\s][^*]{0,500})\*|`([^`]{1,500})`|\[([^\]]{1,300})\]\((https?:\/\/[^\s()]{1,1000})\)/g

function readSpans(text: string): readonly Span[] {
  const spans: Span[] = []
  let end = 0
  for (const match of text.matchAll(SPAN)) {
    if (match.index > end) spans.push({ kind: 'text', text: text.slice(end, match.index) })
    spans.push(spanOf(match))
    end = match.index + match[0].length
  }
  if (end < text.length) spans.push({ kind: 'text', text: text.slice(end) })
  return spans
}

function spanOf([whole, stars, bars, emphasis, code, label, href]: readonly (string | undefined)[]): Span {
  const strong = stars ?? bars
  if (strong !== undefined) return { kind: 'strong', text: strong }
  if (emphasis !== undefined) return { kind: 'emphasis', text: emphasis }
  if (code !== undefined) return { kind: 'code', text: code }
  if (label !== undefined && href !== undefined) return { kind: 'link', text: label, href }
  return { kind: 'text', text: whole ?? '' }
}
