import { canonicalJson } from '#engine/shared/canonical-json.ts'
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '#engine/shared/json.ts'
import {
  type ActiveContext,
  expandIri,
  isAbsolute,
  isKeyword,
  looksLikeKeyword,
  type Term,
} from './active-context.ts'
import { Beyond } from './beyond.ts'
import { isLanguageTag } from './language-tag.ts'
import type { Draft } from './process-context.ts'

export interface Defining {
  readonly draft: Draft
  readonly context: JsonObject
  readonly isPinned: boolean
  /** `false` while a term is being defined: one that needs itself is an error. */
  readonly defined: Map<string, boolean>
}

/** The members of a definition that are known here; `@reverse`, `@nest` and `@index` are not. */
const KNOWN = new Set([
  '@id',
  '@type',
  '@container',
  '@context',
  '@language',
  '@direction',
  '@prefix',
  '@protected',
])

/** What may stand in `@container`, alone or with `@set` beside it. */
const CONTAINERS = new Set(['@list', '@graph', '@language', '@id', '@type', '@index'])

type Mutable = { -readonly [Name in keyof Term]: Term[Name] }

/** Defines a term and what its definition needs (JSON-LD 1.1 API, section 4.2). Throws `Beyond` for what is wrong. */
export function defineTerm(name: string, defining: Defining, overrides: boolean): void {
  const { draft, context, isPinned, defined } = defining
  const state = defined.get(name)
  if (state === true) return
  if (state === false) throw new Beyond('terms need each other')
  defined.set(name, false)
  // Names with a colon or slash are compact IRIs, with rules of their own; `hasOwnProperty` trips the library.
  if (name === '' || name === '__proto__' || name === 'hasOwnProperty' || /^@|[:/]/.test(name))
    throw new Beyond('an unusual name of a term')
  const given = context[name]
  const isSimple = typeof given === 'string' || given === null
  const value = isSimple ? { '@id': given } : given
  if (!isJsonObject(value) || Object.keys(value).some((member) => !KNOWN.has(member)))
    throw new Beyond('an unusual definition')

  const before = draft.terms.get(name)
  draft.terms.delete(name)
  const term: Mutable = { iri: null, isProtected: false }
  setIri(term, name, value, isSimple, defining)
  if (value['@protected'] === true || (context['@protected'] === true && value['@protected'] !== false)) {
    term.isProtected = true
    draft.hasProtected = true
  }
  // From here on the term may be used, by its own definition too.
  draft.terms.set(name, term)
  defined.set(name, true)
  if (term.iri === '@context' || term.iri === '@preserve') throw new Beyond('an alias of @context')

  setType(term, value, defining)
  setContainer(term, value)
  if (value['@context'] !== undefined) term.scoped = { context: value['@context'], isPinned }
  setLanguage(term, value)
  setPrefix(term, value)

  if (before?.isProtected === true && !overrides) {
    term.isProtected = true
    draft.hasProtected = true
    if (!isSame(before, term)) throw new Beyond('redefines a protected term')
  }
}

function setIri(term: Mutable, name: string, value: JsonObject, isSimple: boolean, defining: Defining): void {
  const id = value['@id']
  if (id === null) return
  if (id !== undefined && id !== name) {
    if (typeof id !== 'string' || id === '') throw new Beyond('@id is no text')
    const iri = expandWith(id, defining)
    if (iri === null || !(isAbsolute(iri) || isKeyword(iri))) throw new Beyond('@id is not absolute')
    term.iri = iri
    term.isPrefix = isSimple && /[:/?#[\]@]$/.test(iri)
    return
  }
  if (defining.draft.vocab === undefined) throw new Beyond('a term without @id')
  term.iri = defining.draft.vocab + name
}

/** Expands within a context that is being processed: what the text needs is defined first. */
function expandWith(text: string, defining: Defining): string | null {
  if (isKeyword(text)) return text
  if (looksLikeKeyword(text)) return null
  const { context, defined, draft } = defining
  // Needed terms are defined without the right to override, as the library has it.
  if (Object.hasOwn(context, text) && defined.get(text) !== true) defineTerm(text, defining, false)
  if (!draft.terms.has(text)) {
    const colon = text.indexOf(':')
    const prefix = text.slice(0, Math.max(colon, 0))
    if (colon > 0 && prefix !== '_' && !text.startsWith('//', colon + 1) && Object.hasOwn(context, prefix))
      defineTerm(prefix, defining, false)
  }
  return expandIri(draft as ActiveContext, text, true)
}

function setType(term: Mutable, value: JsonObject, defining: Defining): void {
  const type = value['@type']
  if (type === undefined) return
  if (typeof type !== 'string') throw new Beyond('@type is no text')
  if (['@json', '@none', '@id', '@vocab'].includes(type)) {
    term.type = type
    return
  }
  const iri = expandWith(type, defining)
  if (iri === null || !isAbsolute(iri) || iri.startsWith('_:')) throw new Beyond('@type is not absolute')
  term.type = iri
}

function setContainer(term: Mutable, value: JsonObject): void {
  const given = value['@container']
  if (given === undefined) return
  const container = typeof given === 'string' ? [given] : given
  if (!isTexts(container)) throw new Beyond('@container is no text')
  const others = container.filter((entry) => entry !== '@set')
  const [other] = others
  const isKnown = others.length <= 1 && container.length - others.length <= 1
  if (!isKnown || (other !== undefined && !CONTAINERS.has(other))) throw new Beyond('an unusual @container')
  if (other === '@list' && container.length > 1) throw new Beyond('a list that is a set')
  if (other === '@type') {
    term.type ??= '@id'
    if (term.type !== '@id' && term.type !== '@vocab') throw new Beyond('types that are no references')
  }
  term.container = container
}

const isTexts = (value: Json): value is readonly string[] =>
  isJsonArray(value) && value.every((entry) => typeof entry === 'string')

function setLanguage(term: Mutable, value: JsonObject): void {
  const { '@language': language, '@direction': direction } = value
  if (language !== undefined && value['@type'] === undefined) {
    if (language !== null && !(typeof language === 'string' && isLanguageTag(language)))
      throw new Beyond('@language is no language')
    term.language = language === null ? null : language.toLowerCase()
  }
  if (direction !== undefined) {
    if (direction !== null && direction !== 'ltr' && direction !== 'rtl')
      throw new Beyond('@direction is none')
    term.direction = direction
  }
}

function setPrefix(term: Mutable, value: JsonObject): void {
  const prefix = value['@prefix']
  if (prefix === undefined) return
  if (typeof prefix !== 'boolean' || term.iri === null || isKeyword(term.iri))
    throw new Beyond('an unusual @prefix')
  term.isPrefix = prefix
}

/** Whether two definitions are the same to the letter, apart from the order of containers. */
function isSame(one: Term, other: Term): boolean {
  return (
    one.iri === other.iri &&
    one.isPrefix === other.isPrefix &&
    one.type === other.type &&
    one.language === other.language &&
    one.direction === other.direction &&
    sortedContainer(one) === sortedContainer(other) &&
    isSameScoped(one, other)
  )
}

const sortedContainer = ({ container }: Term): string => container?.toSorted().join(' ') ?? 'none'

const isSameScoped = ({ scoped: one }: Term, { scoped: other }: Term): boolean =>
  one?.context === other?.context ||
  (one !== undefined && other !== undefined && canonicalJson(one.context) === canonicalJson(other.context))
