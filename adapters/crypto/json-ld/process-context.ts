import { isJsonArray, isJsonObject, type Json, type JsonObject } from '#engine/shared/json.ts'
import {
  type ActiveContext,
  expandIri,
  INITIAL_CONTEXT,
  isAbsolute,
  type ScopedContext,
  type Term,
} from './active-context.ts'
import { Beyond, type Work } from './beyond.ts'
import type { ContextCache } from './context-cache.ts'
import { defineTerm } from './define-term.ts'
import { isLanguageTag } from './language-tag.ts'

/** What contexts are processed with. */
export interface ContextNeeds {
  readonly contextAt: (url: string) => object | undefined
  readonly cache: ContextCache
  readonly work: Work
}

export interface Manner {
  /** A context that stands under a property may say anew what is protected. */
  readonly overrides: boolean
  /** A context by type holds for its node alone. */
  readonly propagates: boolean
}

/** An active context while terms are added to it. */
export interface Draft extends ActiveContext {
  readonly terms: Map<string, Term>
  hasProtected: boolean
}

/** More addresses than this in one context overflow the library, unless it has seen them before. */
const MOST_ADDRESSES = 10

/** The members of a context that are no terms, and are known here. */
const KNOWN = new Set(['@version', '@vocab', '@language', '@propagate', '@protected'])

/**
 * The active context that follows from another by a local context (JSON-LD 1.1 API, section 4.1), in the way of the
 * library. Throws `Beyond` for whatever is wrong, and for `@base`, `@direction`, `@import` and relative addresses.
 */
export function processContext(
  active: ActiveContext,
  { context, isPinned }: ScopedContext,
  manner: Manner,
  needs: ContextNeeds,
  cycles: Set<string> = new Set(),
): ActiveContext {
  const { cache } = needs
  const local = localKey(context, isPinned)
  const how = `${manner.overrides ? 'o' : ''}${manner.propagates ? 'p' : ''}`
  const key = local === undefined ? undefined : cache.keyOf(active, local, how)
  if (key === undefined) return follow(active, context, isPinned, manner, needs, cycles)
  return cache.get(key) ?? cache.keep(key, follow(active, context, isPinned, manner, needs, cycles))
}

/** What a pinned context is known by: its address or addresses, or the object itself. */
function localKey(context: Json, isPinned: boolean): object | string | undefined {
  if (context === null) return 'null'
  if (typeof context === 'string') return context
  if (isJsonArray(context) && context.every((entry) => typeof entry === 'string')) return context.join(' ')
  return isPinned && typeof context === 'object' ? context : undefined
}

function follow(
  active: ActiveContext,
  context: Json,
  isPinned: boolean,
  { overrides, propagates }: Manner,
  needs: ContextNeeds,
  cycles: Set<string>,
): ActiveContext {
  if (isJsonArray(context) && context.length === 0) return active
  const resolved: Resolved[] = []
  resolve(context, isPinned, needs, resolved, new Set())
  const [first] = resolved
  if (first === undefined) throw new Beyond('an empty context file')
  const own = first.context?.['@propagate']
  if (own !== undefined && typeof own !== 'boolean') throw new Beyond('@propagate is no boolean')

  let result = active
  if (!(own ?? propagates) && active.previous === undefined)
    result = { ...active, number: needs.cache.nextNumber(), previous: active }
  for (const next of resolved) {
    if (next.context === null) {
      if (!overrides && result.hasProtected) throw new Beyond('would drop protected terms')
      result = INITIAL_CONTEXT
    } else {
      result = apply(result, next.context, next.isPinned, overrides, needs, cycles)
    }
  }
  return result
}

interface Resolved {
  readonly context: JsonObject | null
  readonly isPinned: boolean
}

/** Addresses become what stands there, lists are laid flat. */
function resolve(
  context: Json,
  isPinned: boolean,
  needs: ContextNeeds,
  into: Resolved[],
  addresses: Set<string>,
): void {
  for (const entry of isJsonArray(context) ? context : [context]) {
    if (entry === null) {
      into.push({ context: null, isPinned: true })
    } else if (typeof entry === 'string') {
      if (addresses.size >= MOST_ADDRESSES) throw new Beyond('names many contexts')
      addresses.add(entry)
      const document = needs.contextAt(entry) as JsonObject | undefined
      if (document === undefined || !isJsonObject(document)) throw new Beyond('names an unknown context')
      const inside = document['@context']
      if (inside === null) throw new Beyond('an empty context file')
      // A file that names others is read as far as they do not name it.
      if (typeof inside === 'string' || isJsonArray(inside)) {
        if (hasAddress(inside, addresses)) throw new Beyond('contexts name each other')
      }
      resolve(inside ?? {}, true, needs, into, addresses)
    } else if (isJsonObject(entry)) {
      if (entry['@context'] !== undefined) throw new Beyond('a context within a context')
      into.push({ context: entry, isPinned })
    } else {
      throw new Beyond('a context that is none')
    }
  }
}

const hasAddress = (context: Json, addresses: ReadonlySet<string>): boolean =>
  (isJsonArray(context) ? context : [context]).some(
    (entry) => typeof entry === 'string' && addresses.has(entry),
  )

function apply(
  active: ActiveContext,
  context: JsonObject,
  isPinned: boolean,
  overrides: boolean,
  needs: ContextNeeds,
  cycles: Set<string>,
): ActiveContext {
  const names = Object.keys(context)
  needs.work.spend(10 * active.terms.size + 100 * names.length + 100)
  if (names.some((name) => name.startsWith('@') && !KNOWN.has(name))) throw new Beyond('an unknown keyword')
  const { '@version': version, '@propagate': propagate, '@protected': isProtecting } = context
  if (version !== undefined && version !== 1.1) throw new Beyond('another version')
  if (propagate !== undefined && typeof propagate !== 'boolean') throw new Beyond('@propagate is no boolean')
  if (isProtecting !== undefined && isProtecting !== true) throw new Beyond('@protected is not true')

  const draft: Draft = {
    number: needs.cache.nextNumber(),
    // What a draft leads to is not kept: there is more to come.
    isPinned: false,
    terms: new Map(active.terms),
    vocab: vocabOf(active, context),
    language: languageOf(active, context),
    hasProtected: active.hasProtected,
    previous: active.previous,
  }
  const defined = new Map<string, boolean>()
  for (const name of names) {
    if (name.startsWith('@')) continue
    defineTerm(name, { draft, context, isPinned, defined }, overrides)
    const value = context[name]
    // The library looks at each context in a definition as soon as the term is there, and refuses what it cannot read.
    if (isJsonObject(value) && value['@context'] !== undefined) {
      const scoped = { context: value['@context'], isPinned }
      if (typeof scoped.context === 'string') {
        if (cycles.has(scoped.context)) continue
        cycles.add(scoped.context)
      }
      processContext(draft, scoped, { overrides: true, propagates: true }, needs, cycles)
    }
  }
  return { ...draft, isPinned: isPinned && active.isPinned }
}

function vocabOf(active: ActiveContext, context: JsonObject): string | undefined {
  const vocab = context['@vocab']
  if (vocab === undefined) return active.vocab
  if (vocab === null) return undefined
  const iri = typeof vocab === 'string' && isAbsolute(vocab) ? expandIri(active, vocab, true) : null
  if (iri === null || !isAbsolute(iri)) throw new Beyond('@vocab is not absolute')
  return iri
}

function languageOf(active: ActiveContext, context: JsonObject): string | undefined {
  const language = context['@language']
  if (language === undefined) return active.language
  if (language === null) return undefined
  if (typeof language !== 'string' || !isLanguageTag(language)) throw new Beyond('@language is no language')
  return language.toLowerCase()
}
