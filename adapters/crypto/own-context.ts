import { isJsonArray, isJsonObject, type Json } from '#engine/shared/json.ts'

/** Which names the pinned contexts give to which addresses, and the other way round. */
export interface KnownTerms {
  readonly addressesOf: ReadonlyMap<string, ReadonlySet<string>>
  readonly namesOf: ReadonlyMap<string, ReadonlySet<string>>
}

/**
 * Says what is wrong with a context that a document brings along; undefined when it can do no harm.
 *
 * It may name things of its own and nothing else. Whatever a pinned context knows must keep its name, or `validUntil` could be
 * written under another name that nobody reads; and a name that a pinned context knows must keep its address, or something
 * else could pass for `validUntil`. So each entry is one plain name for one whole address: no coercions, containers, scoped
 * contexts, keywords, default vocabularies or bases, and no address that could be the beginning of others.
 */
export function harmIn(context: Json, known: KnownTerms): string | undefined {
  const entries = isJsonObject(context) ? context : undefined
  if (entries === undefined) return 'has a context that is neither an address nor an object'
  const inner = entries['@context']
  if (inner !== undefined && Object.keys(entries).length === 1) return harmIn(inner, known)
  for (const [name, address] of Object.entries(entries)) {
    const told = name.slice(0, 80)
    if (!PLAIN_NAME.test(name) || typeof address !== 'string' || !WHOLE_ADDRESS.test(address))
      return `has a context of its own in which ${told} is more than a name for an address, and only pinned ones may do that`
    if (known.addressesOf.get(name)?.has(address) === false)
      return `has a context of its own in which ${told} means something else than in the pinned ones`
    if (known.namesOf.get(address)?.has(name) === false)
      return `has a context of its own in which ${told} is another name for what the pinned ones know`
  }
  return undefined
}

/** No colon, no leading `@`. */
const PLAIN_NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]*$/

/** Absolute, and not ending in a character after which JSON-LD 1.1 would take it for a prefix (RFC 3986, gen-delims). */
const WHOLE_ADDRESS = /^(?:https?:\/\/|urn:)[^\s<>"{}|\\^`]*[^\s<>"{}|\\^`:/?#[\]@]$/

/** Reads every definition of the contexts given, those in scoped contexts included. */
export function knownTermsOf(contexts: Iterable<object>): KnownTerms {
  const addressesOf = new Map<string, Set<string>>()
  const namesOf = new Map<string, Set<string>>()
  const add = (map: Map<string, Set<string>>, from: string, to: string) =>
    map.set(from, (map.get(from) ?? new Set()).add(to))

  const read = (context: Json, prefixes: ReadonlyMap<string, string>): void => {
    if (isJsonArray(context)) {
      for (const part of context) read(part, prefixes)
      return
    }
    if (!isJsonObject(context)) return
    const inScope = new Map(prefixes)
    for (const [name, definition] of Object.entries(context)) {
      const id = isJsonObject(definition) ? definition['@id'] : definition
      if (typeof id === 'string' && !name.startsWith('@')) inScope.set(name, id)
    }
    for (const [name, definition] of Object.entries(context)) {
      const id = isJsonObject(definition) ? definition['@id'] : definition
      if (!name.startsWith('@') && typeof id === 'string') {
        const address = whole(id, inScope)
        add(addressesOf, name, address)
        add(namesOf, address, name)
      }
      if (isJsonObject(definition) && definition['@context'] !== undefined)
        read(definition['@context'], inScope)
    }
  }
  for (const document of contexts) read((document as { '@context'?: Json })['@context'] ?? null, new Map())
  return { addressesOf, namesOf }
}

/** `sec:proof` as its whole address, where the context defines `sec`. */
function whole(id: string, prefixes: ReadonlyMap<string, string>): string {
  const [prefix = '', ...rest] = id.split(':')
  const base = rest.length > 0 ? prefixes.get(prefix) : undefined
  return base === undefined || base === id ? id : whole(`${base}${rest.join(':')}`, new Map())
}
