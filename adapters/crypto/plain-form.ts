import { isJsonArray, isJsonObject, type Json, type JsonObject } from '#engine/shared/json.ts'
import { secondPlaceIn } from './described-once.ts'
import { PINNED } from './document-loader.ts'
import { harmIn, knownTermsOf } from './own-context.ts'

/*
 * A canonical graph is what an RDFC signature covers, and one graph has many JSON forms. Whoever holds a badge could
 * rewrite `validUntil` or `credentialStatus` to its full address, or to a name that a context of their own gives it:
 * the signature would still hold, and everybody who reads the member by its name would find no end and no status.
 * So a document counts in its plain form only: pinned contexts by address, members by the terms of these contexts, and
 * what is read in it described in one place (`described-once.ts`). A context of its own may stand beside them that names only what they do not know
 * (`own-context.ts`). That is the form in which VC Data Model 2.0 (section 1.3, conforming documents are
 * compacted) and Open Badges 3.0 have it anyway.
 */

/** Members of a text with a language or direction (VC Data Model 2.0, section 11.1); `@type` is not among them. */
const TEXT_MEMBERS = ['@value', '@language', '@direction']

/** Says in which way a document is not in plain form; undefined when it is. */
export function disguiseIn(document: JsonObject): string | undefined {
  if (countContexts(document) > MAX_CONTEXTS) return `sets its contexts in more than ${MAX_CONTEXTS} places`
  const disguise = disguiseOf(document, true)
  if (disguise !== undefined) return disguise
  const second = secondPlaceIn(document)
  return second === undefined ? undefined : `describes ${second.slice(0, 80)} in a second place`
}

/** One for the document and one for each credential inside. Every further one costs a millisecond or more. */
const MAX_CONTEXTS = 33

function countContexts(value: Json): number {
  if (typeof value !== 'object' || value === null) return 0
  const own = isJsonObject(value) && value['@context'] !== undefined ? 1 : 0
  return Object.values(value).reduce((sum: number, member: Json) => sum + countContexts(member), own)
}

function disguiseOf(value: Json, isRoot: boolean): string | undefined {
  if (isJsonArray(value)) return firstOf(value, (item) => disguiseOf(item, false))
  if (!isJsonObject(value)) return undefined
  const names = Object.keys(value)
  if (names.includes('@value')) {
    return names.every((name) => TEXT_MEMBERS.includes(name)) ? undefined : 'has a typed value written out'
  }
  return firstOf(names, (name) => {
    const member = value[name] ?? null
    if (name === '@context') return disguiseOfContext(member, isRoot)
    if (name.startsWith('@') || name.includes(':'))
      return `has the member ${name.slice(0, 80)}, which is no term of its contexts`
    return disguiseOf(member, false)
  })
}

/** Addresses, of which the loader knows only pinned ones, and at the root harmless names of its own besides. */
const disguiseOfContext = (context: Json, isRoot: boolean): string | undefined =>
  firstOf(isJsonArray(context) ? context : [context], (entry) => {
    if (typeof entry === 'string') return undefined
    return isRoot ? harmIn(entry, KNOWN_TERMS) : 'has a context of its own, and only pinned ones count'
  })

const KNOWN_TERMS = knownTermsOf(PINNED.values())

function firstOf<T>(items: readonly T[], of: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const found = of(item)
    if (found !== undefined) return found
  }
  return undefined
}
