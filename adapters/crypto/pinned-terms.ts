import { isJsonArray, isJsonObject, type Json, type JsonObject } from '#engine/shared/json.ts'

/** Which names the pinned contexts give to which addresses, wherever in them. */
export interface PinnedTerms {
  /** Whether a pinned context has this name at all, or this address. */
  knows(nameOrAddress: string): boolean
  /** Whether one of them gives this name to this address. */
  gives(name: string, address: string): boolean
}

/** Walks the contexts once, scoped ones included. Costs a few milliseconds, so keep the answer. */
export function pinnedTerms(contexts: Iterable<object>): PinnedTerms {
  const known = new Set<string>()
  const pairs = new Set<string>()
  const walk = (context: Json | undefined, prefixes: ReadonlyMap<string, string>): void => {
    if (isJsonArray(context)) for (const each of context) walk(each, prefixes)
    if (!isJsonObject(context)) return
    const inner = new Map([...prefixes, ...prefixesOf(context)])
    for (const [name, definition] of Object.entries(context)) {
      if (name.startsWith('@')) continue
      const id = isJsonObject(definition) ? definition['@id'] : definition
      const address = typeof id === 'string' ? expand(id, inner) : undefined
      known.add(name)
      if (address !== undefined) {
        known.add(address)
        pairs.add(`${name} ${address}`)
      }
      if (isJsonObject(definition)) walk(definition['@context'], inner)
    }
  }
  for (const document of contexts) walk((document as JsonObject)['@context'], new Map())
  return { knows: (text) => known.has(text), gives: (name, address) => pairs.has(`${name} ${address}`) }
}

const prefixesOf = (context: JsonObject): readonly (readonly [string, string])[] =>
  Object.entries(context).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value] as const] : [],
  )

function expand(id: string, prefixes: ReadonlyMap<string, string>): string {
  const [, prefix = '', rest = ''] = /^([^:]+):(?!\/\/)(.*)$/s.exec(id) ?? []
  const address = prefixes.get(prefix)
  return address === undefined ? id : `${address}${rest}`
}
