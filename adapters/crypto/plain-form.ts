import { isJsonArray, isJsonObject, type Json, type JsonObject } from '#engine/shared/json.ts'
import { termsOfPinned } from './document-loader.ts'

/*
 * A canonical graph is what an RDFC signature covers, and one graph has many JSON forms. Whoever holds a badge could
 * rewrite `validUntil` or `credentialStatus` to its full address, or to a name that a context of their own gives it:
 * the signature would still hold, and everybody who reads the member by its name would find no end and no status.
 * So a document counts in its plain form only: pinned contexts by address, members by the terms of these contexts, and
 * each node of it in one place. A context of its own may add words, as VC Data Model 2.0 lets it: names that no pinned context
 * has, for addresses that none has either. The names that a reader looks for, and what they stand for, are never among them. That is the form in which VC Data Model 2.0 (section 1.3, conforming documents are
 * compacted) and Open Badges 3.0 have it anyway.
 */

/** Members of a text with a language or direction (VC Data Model 2.0, section 11.1); `@type` is not among them. */
const TEXT_MEMBERS = ['@value', '@language', '@direction']

/** Credentials inside a credential have graphs of their own. */
const OWN_GRAPH = ['endorsement', 'verifiableCredential', 'proof']

/** Says in which way a document is not in plain form; undefined when it is. */
export function disguiseIn(document: JsonObject): string | undefined {
  if (countContexts(document) > MAX_CONTEXTS) return `sets its contexts in more than ${MAX_CONTEXTS} places`
  return disguiseOf(document, document['id'], true)
}

/** One for the document and one for each credential inside. Every further one costs a millisecond or more. */
const MAX_CONTEXTS = 33

function countContexts(value: Json): number {
  if (typeof value !== 'object' || value === null) return 0
  const own = isJsonObject(value) && value['@context'] !== undefined ? 1 : 0
  return Object.values(value).reduce((sum: number, member: Json) => sum + countContexts(member), own)
}

function disguiseOf(value: Json, rootId: Json | undefined, isRoot: boolean): string | undefined {
  if (isJsonArray(value)) return firstOf(value, (item) => disguiseOf(item, rootId, false))
  if (!isJsonObject(value)) return undefined
  const names = Object.keys(value)
  if (names.includes('@value')) {
    return names.every((name) => TEXT_MEMBERS.includes(name)) ? undefined : 'has a typed value written out'
  }
  if (!isRoot && rootId !== undefined && value['id'] === rootId && names.length > 1) {
    return 'describes itself in a second place'
  }
  return firstOf(names, (name) => {
    const member = value[name] ?? null
    if (name === '@context')
      return isPinned(member) ? undefined : 'has a context of its own, and only pinned ones count'
    if (name.startsWith('@') || name.includes(':'))
      return `has the member ${name.slice(0, 80)}, which is no term of its contexts`
    return disguiseOf(member, OWN_GRAPH.includes(name) ? undefined : rootId, false)
  })
}

/** An address, or an object that only adds words, or a list of these: the loader knows only pinned addresses. */
const isPinned = (context: Json): boolean =>
  (isJsonArray(context) ? context : [context]).every(
    (entry) => typeof entry === 'string' || (isJsonObject(entry) && addsOnly(entry)),
  )

/** Schemes that no document can make a prefix of, and so a disguise. */
const ABSOLUTE = /^(?:https?:\/\/|urn:|did:)[^\s]+$/
const SCHEMES = ['http', 'https', 'urn', 'did']

function addsOnly(context: JsonObject): boolean {
  const { '@context': inner, ...rest } = context
  if (inner !== undefined) return Object.keys(rest).length === 0 && isJsonObject(inner) && addsOnly(inner)
  return Object.entries(context).every(([name, definition]) => {
    if (name === '@protected' || name === '@version') return typeof definition !== 'object'
    if (name.startsWith('@') || name.includes(':') || SCHEMES.includes(name)) return false
    const address = addressOf(definition)
    if (address === undefined) return false
    const pinned = termsOfPinned()
    return pinned.gives(name, address) || !(pinned.knows(name) || pinned.knows(address))
  })
}

/** Of a definition that says nothing but an address, and of what type the value is. */
function addressOf(definition: Json): string | undefined {
  if (typeof definition === 'string') return ABSOLUTE.test(definition) ? definition : undefined
  if (!isJsonObject(definition)) return undefined
  const { '@id': id, '@type': type, ...more } = definition
  const isPlain = Object.keys(more).length === 0 && typeof id === 'string' && ABSOLUTE.test(id)
  const isTyped = type === undefined || type === '@id' || (typeof type === 'string' && ABSOLUTE.test(type))
  return isPlain && isTyped ? id : undefined
}

function firstOf<T>(items: readonly T[], of: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const found = of(item)
    if (found !== undefined) return found
  }
  return undefined
}
