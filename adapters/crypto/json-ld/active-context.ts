import type { Json } from '#engine/shared/json.ts'

/** What a term means (JSON-LD 1.1 API, section 4.2): the entries of its definition that bear on expansion. */
export interface Term {
  /** `null`: reserved, so that it means nothing. */
  readonly iri: string | null
  /** Whether it may begin a compact IRI; undefined where its definition leaves it to its form. */
  readonly isPrefix?: boolean
  readonly isProtected: boolean
  readonly type?: string
  readonly container?: readonly string[]
  readonly language?: string | null
  readonly direction?: 'ltr' | 'rtl' | null
  /** The context of what stands under it, or of nodes of this type. */
  readonly scoped?: ScopedContext
}

export interface ScopedContext {
  readonly context: Json
  /** It stands in a pinned file, so that it is one and the same object each time. */
  readonly isPinned: boolean
}

/**
 * An active context (JSON-LD 1.1 API, section 4.1). Nothing changes it once it is made, so that it is shared and never
 * copied for safety.
 */
export interface ActiveContext {
  /** Its number, under which what follows from it is kept. */
  readonly number: number
  /** Whether it follows from pinned files alone. */
  readonly isPinned: boolean
  readonly terms: ReadonlyMap<string, Term>
  readonly vocab: string | undefined
  readonly language: string | undefined
  readonly hasProtected: boolean
  /** What holds again in the next node, below one that has a context by its type. */
  readonly previous: ActiveContext | undefined
}

export const INITIAL_CONTEXT: ActiveContext = {
  number: 0,
  isPinned: true,
  terms: new Map(),
  vocab: undefined,
  language: undefined,
  hasProtected: false,
  previous: undefined,
}

const KEYWORDS: ReadonlySet<string> = new Set(
  (
    'base container context default direction embed explicit graph id included index json language list nest none ' +
    'omitDefault prefix preserve protected requireAll reverse set type value version vocab'
  )
    .split(' ')
    .map((word) => `@${word}`),
)

export const isKeyword = (text: string): boolean => text.startsWith('@') && KEYWORDS.has(text)

/** Reserved for keywords to come. */
export const looksLikeKeyword = (text: string): boolean => text.startsWith('@') && /^@[a-zA-Z]+$/.test(text)

/** The weak test of JSON-LD processors: it begins like an IRI or a blank node, and has no white space. */
export const isAbsolute = (text: string): boolean => /^(?:[A-Za-z][A-Za-z0-9+,.-]*|_):\S*$/.test(text)

/**
 * Expands a text to an IRI (JSON-LD 1.1 API, section 5.2), without a base: what is relative stays so.
 * `null` for what is reserved.
 */
export function expandIri(active: ActiveContext, text: string, isVocab: boolean): string | null {
  if (isKeyword(text)) return text
  if (looksLikeKeyword(text)) return null
  if (isVocab) {
    const term = active.terms.get(text)
    if (term !== undefined) return term.iri
  }
  const colon = text.indexOf(':')
  if (colon > 0) {
    const prefix = text.slice(0, colon)
    if (prefix === '_' || text.startsWith('//', colon + 1)) return text
    const term = active.terms.get(prefix)
    if (term?.isPrefix === true) return `${term.iri}${text.slice(colon + 1)}`
    if (isAbsolute(text)) return text
  }
  return isVocab && active.vocab !== undefined ? active.vocab + text : text
}
