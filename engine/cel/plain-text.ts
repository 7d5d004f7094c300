import { refuseExpression } from './refusal.ts'
import { tokensOf } from './tokens.ts'

/**
 * The library's parser knows neither optional syntax (`a.?b`, `a[?b]`, `[?a]`, `{?k: v}`) nor quoted names
 * (`` a.`b-c` ``) nor a leading dot. They are written here in what it does know, with marks that `parse.ts` reads:
 * `?x` becomes `MARK ? 0 : x`, which reaches as far as the entry does, and a name becomes `MARKn`.
 */
export interface PlainText {
  readonly text: string
  /** What the names `MARKn` stand for, in order. */
  readonly names: readonly MarkedName[]
  /** The offset in the source of an offset in the plain text. */
  sourceOffset(at: number): number
}

export interface MarkedName {
  readonly name: string
  readonly as: 'optional' | 'quoted' | 'root'
}

export const MARK = 'cel_mark__'

/** O(length). Refuses the mark itself, so that nobody can write what only this file may. */
export function plainText(source: string): PlainText {
  const names: MarkedName[] = []
  const edits: { readonly from: number; readonly shift: number }[] = []
  const parts: string[] = []
  let done = 0
  let length = 0
  const put = (text: string) => {
    parts.push(text)
    length += text.length
  }
  const replace = (from: number, to: number, text: string) => {
    put(source.slice(done, from))
    put(text)
    done = to
    edits.push({ from: length, shift: to - length })
  }
  const mark = (name: string, as: MarkedName['as']): string => `${MARK}${names.push({ name, as }) - 1}`

  let last = ''
  let before = ''
  let dot = 0
  for (const { text, at } of tokensOf(source)) {
    const end = at + text.length
    if (text.startsWith(MARK)) refuseExpression('unsupported', at, 'This name is kept for the parser.')
    const isName = /^[A-Za-z_`]/.test(text) && !/["']/.test(text.slice(0, 3))
    if (text === '?' && isEntryStart(last)) replace(at, end, `${MARK}?0:`)
    else if (isName && last === '?' && before === '.') {
      // From the "?" on: the dot stays.
      replace(dot + 1, end, mark(unquoted(text), 'optional'))
    } else if (text.startsWith('`') && last === '.') replace(at, end, mark(unquoted(text), 'quoted'))
    else if (isName && last === '.' && !isOperand(before)) replace(dot, end, mark(text, 'root'))
    if (text === '.') dot = at
    before = last
    last = text
  }
  put(source.slice(done))
  return {
    text: parts.join(''),
    names,
    sourceOffset: (at) => at + (edits.findLast(({ from }) => from <= at)?.shift ?? 0),
  }
}

const isEntryStart = (last: string): boolean => last === '[' || last === '{' || last === ','

/** Whether a member may be read of what ends here. */
const isOperand = (token: string): boolean => /[\w)\]}"'`]$/.test(token) && token !== 'in'

const unquoted = (text: string): string => (text.startsWith('`') ? text.slice(1, -1) : text)
