import { utf8 } from '#engine/shared/bytes.ts'
import type { Json, JsonObject } from '#engine/shared/json.ts'
import { parseStrictJson } from '#engine/shared/strict-json.ts'
import type { RawTarget } from './framework-table.ts'

// A CASE package is one JSON object, too large to be parsed at once: its member CFItems is looked for token by token, and
// each item in it is parsed by itself. What stands around the items is not kept, and what stands behind them is not read.

/** Where in a package the search for its items stands. */
export interface CaseSearch {
  /** Arrays and objects that are open. */
  readonly depth: number
  /** The last token was the name `CFItems` of the package itself, or the colon behind it. */
  readonly near: 'no' | 'name' | 'colon'
}

const TOKEN = /[\s,]+|"[^"\\]*(?:\\[\s\S][^"\\]*)*"|[[\]{}:]|[^\s,"[\]{}:]+/y
const ITEM_LIMITS = { maxBytes: 500_000, maxDepth: 32, maxNodes: 5000, maxKeys: 2000 }

/** Finds where the first item stands. `further`: not in this part, of which `end` characters were read. */
export function findCaseItems(
  text: string,
  search: CaseSearch | undefined,
  isEnd: boolean,
):
  | { readonly outcome: 'found'; readonly end: number }
  | { readonly outcome: 'further'; readonly end: number; readonly search: CaseSearch }
  | { readonly outcome: 'none' }
  | { readonly outcome: 'broken' } {
  let { depth, near } = search ?? { depth: 0, near: 'no' as const }
  let at = 0
  while (at < text.length) {
    TOKEN.lastIndex = at
    const token = TOKEN.exec(text)?.[0]
    // A text that does not end here, or never.
    if (token === undefined) return isEnd ? { outcome: 'broken' } : further(at, depth, near)
    const end = at + token.length
    const isCut = end === text.length && !isEnd && !/["[\]{}:]$/.test(token)
    if (isCut && at > 0) return further(at, depth, near)
    at = end
    if (/^[\s,]/.test(token)) continue
    if (depth === 0 && token !== '{') return { outcome: token === '[' || isValue(token) ? 'none' : 'broken' }
    if (token === '[' && near === 'colon' && depth === 1) return { outcome: 'found', end: at }
    if (token === '{' || token === '[') depth += 1
    else if (token === '}' || token === ']') depth -= 1
    near = depth === 1 && token === '"CFItems"' ? 'name' : near === 'name' && token === ':' ? 'colon' : 'no'
    if (depth === 0) return { outcome: 'none' }
  }
  return isEnd ? { outcome: 'broken' } : further(at, depth, near)
}

const further = (end: number, depth: number, near: CaseSearch['near']) =>
  ({ outcome: 'further', end, search: { depth, near } }) as const

const isValue = (token: string): boolean => /^(?:".*"|-?\d.*|true|false|null)$/s.test(token)

/** Reads the item that begins here. `over`: there are no more; `further`: it is not whole in this part. */
export function readCaseItem(
  text: string,
  from: number,
  isEnd: boolean,
):
  | { readonly outcome: 'item'; readonly target: RawTarget; readonly end: number }
  | { readonly outcome: 'over'; readonly end: number }
  | { readonly outcome: 'further' }
  | { readonly outcome: 'broken' } {
  let at = from
  let depth = 0
  let start: number | undefined
  while (at < text.length) {
    TOKEN.lastIndex = at
    const token = TOKEN.exec(text)?.[0]
    if (token === undefined) break
    const begin = at
    at += token.length
    if (/^[\s,]/.test(token)) continue
    if (start === undefined && token === ']') return { outcome: 'over', end: at }
    // A word or a number may go on behind the part.
    if (at === text.length && !isEnd && !/["[\]{}]$/.test(token)) break
    start ??= begin
    if (token === '{' || token === '[') depth += 1
    else if (token === '}' || token === ']') depth -= 1
    if (depth < 0) return { outcome: 'broken' }
    if (depth > 0) continue
    const parsed = parseStrictJson(utf8(text.slice(start, at)), ITEM_LIMITS)
    return parsed.ok ? { outcome: 'item', target: itemTarget(parsed.value), end: at } : { outcome: 'broken' }
  }
  return { outcome: isEnd ? 'broken' : 'further' }
}

function itemTarget(item: Json): RawTarget {
  const text = (name: string): string => {
    const value = isObject(item) ? item[name] : undefined
    return typeof value === 'string' ? value.trim() : ''
  }
  const language = text('language')
  return {
    code: text('humanCodingScheme') || text('identifier'),
    name: text('abbreviatedStatement') || text('fullStatement'),
    url: text('uri'),
    ...(/^[a-z]{2,3}$/.test(language) ? { language } : {}),
  }
}

const isObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
