import { refuseExpression } from './refusal.ts'
import type { Token } from './tokens.ts'

/**
 * What the library's parser is given instead of the source text. It knows neither optional syntax (`a.?b`, `a[?b]`,
 * `[?a]`, `{?k: v}`) nor quoted names (`` a.`b-c` ``) nor a leading dot: these are written in what it does know, with
 * marks that `parse.ts` reads. `?x` becomes `MARK ? 0 : x`, which reaches as far as the entry does, and a name `MARKn`.
 * Its time grows with the square of white space, and it is slow on long texts: comments and white space are one space
 * here, and a long text is taken out.
 */
export interface PlainText {
  readonly text: string
  /** What the names `MARKn` stand for, in order. */
  readonly names: readonly MarkedName[]
  /** The texts that were taken out, by the offset of what stands for them. */
  readonly texts: ReadonlyMap<number, string>
  /** The offset in the source of an offset in the plain text. */
  sourceOffset(at: number): number
}

export interface MarkedName {
  readonly name: string
  readonly as: 'optional' | 'quoted' | 'root'
}

export const MARK = 'cel_mark__'

/** From this length on a text is taken out; one with escapes must be left in, and cannot be this long. */
const LONG_TEXT = 64
const MAX_ESCAPED = 2000

/** O(length). Refuses texts without an end, and the mark itself, so that nobody can write what only this file may. */
export function plainText(source: string, tokens: readonly Token[]): PlainText {
  const names: MarkedName[] = []
  const texts = new Map<number, string>()
  const places: { readonly from: number; readonly source: number }[] = []
  const parts: string[] = []
  let length = 0
  let end = 0
  const put = (text: string, token: Token) => {
    // What stood apart stays apart.
    if (token.at > end && length > 0) {
      parts.push(' ')
      length++
    }
    places.push({ from: length, source: token.at })
    parts.push(text)
    length += text.length
    end = token.at + token.text.length
  }
  const mark = (name: string, as: MarkedName['as']): string => `${MARK}${names.push({ name, as }) - 1}`

  let last = ''
  let before = ''
  for (const token of tokens) {
    const { text, at } = token
    if (text.startsWith(MARK)) refuseExpression('unsupported', at, 'This name is kept for the parser.')
    if (isString(text)) {
      const content = longContent(token)
      const gap = at > end && length > 0 ? 1 : 0
      if (content !== undefined) texts.set(length + gap, content)
      put(content === undefined ? text : "''", token)
    } else if (text === '?' && isEntryStart(last)) put(`${MARK}?0:`, token)
    else if (text === '?' && last === '.') end = at + 1
    else if (isName(text) && last === '?' && before === '.') put(mark(unquoted(text), 'optional'), token)
    else if (text.startsWith('`') && last === '.') put(mark(unquoted(text), 'quoted'), token)
    else if (isName(text) && last === '.' && !isOperand(before)) {
      // The dot is there already, and means nothing to the parser in this place.
      put(mark(text, 'root'), token)
    } else put(text, token)
    before = last
    last = text
  }
  return {
    text: parts.join(''),
    names,
    texts,
    sourceOffset(at) {
      const place = places.findLast(({ from }) => from <= at)
      return place === undefined ? at : Math.min(place.source + at - place.from, source.length)
    },
  }
}

const isString = (text: string): boolean => /^(?:[bB]?[rR]?|[rR][bB])["']/.test(text)

const isName = (text: string): boolean => /^[A-Za-z_`]/.test(text)

/** What is in a string literal that is long and has no escapes. Refuses what has no end, or too many escapes. */
function longContent({ text, at }: Token): string | undefined {
  const [, prefix = '', quote = ''] = /^([A-Za-z]*)("""|'''|"|')/.exec(text) ?? []
  const start = prefix.length + quote.length
  if (text.length < start + quote.length || !text.endsWith(quote))
    refuseExpression('syntax', at, 'This text has no end.')
  const content = text.slice(start, -quote.length)
  if (prefix === '' && content.length > LONG_TEXT && !/[\\\r\n]/.test(content)) return content
  if (content.length > MAX_ESCAPED)
    refuseExpression('too-large', at, `A text with escapes has at most ${MAX_ESCAPED} characters.`)
  return undefined
}

const isEntryStart = (last: string): boolean => last === '[' || last === '{' || last === ','

/** Whether a member may be read of what ends here. */
const isOperand = (token: string): boolean => /[\w)\]}"'`]$/.test(token) && token !== 'in'

const unquoted = (text: string): string => (text.startsWith('`') ? text.slice(1, -1) : text)
