import { isJsonArray, isJsonObject, type Json, type JsonObject } from '#engine/shared/json.ts'
import {
  type ActiveContext,
  expandIri,
  INITIAL_CONTEXT,
  isAbsolute,
  isKeyword,
  type Term,
} from './active-context.ts'
import { Beyond } from './beyond.ts'
import { isLanguageTag } from './language-tag.ts'
import { type ContextNeeds, processContext } from './process-context.ts'

/** What a document comes to when its terms are expanded. */
export type Item = ValueItem | NodeItem | ListItem

export interface ValueItem {
  readonly kind: 'value'
  readonly value: Json
  readonly type?: string
  readonly language?: string
  readonly direction?: 'ltr' | 'rtl'
}

export interface NodeItem {
  readonly kind: 'node'
  readonly id?: string
  readonly types: readonly string[]
  /** By IRI. A member without items counts as one, and says nothing. */
  readonly members: ReadonlyMap<string, readonly Item[]>
  /** What stands in the graph that this node names. */
  readonly graph?: readonly Item[]
}

export interface ListItem {
  readonly kind: 'list'
  readonly items: readonly Item[]
}

/**
 * Expands a document (JSON-LD 1.1 API, section 5.1) in safe mode and without a base, in the way of the library. Throws
 * `Beyond` for whatever the library would drop or refuse, and for `@graph`, `@included`, `@index`, `@list`, `@nest`,
 * `@reverse` and `@set` as members, JSON literals that say so themselves, and maps by index, id or type.
 */
export function expandDocument(document: JsonObject, needs: ContextNeeds): NodeItem {
  const root = expandObject(INITIAL_CONTEXT, null, document, needs)
  if (root.kind !== 'node') throw new Beyond('the document is no node')
  return root
}

const NO_MEMBERS: ReadonlyMap<string, readonly Item[]> = new Map()

const reference = (id: string): NodeItem => ({ kind: 'node', id, types: [], members: NO_MEMBERS })

/** `null`: nothing. */
function expand(
  active: ActiveContext,
  property: string,
  element: Json,
  needs: ContextNeeds,
): Item | readonly Item[] | null {
  if (element === null) return null
  if (isJsonObject(element)) return expandObject(active, property, element, needs)
  if (!isJsonArray(element)) return expandScalar(active, property, element)
  const isInList = active.terms.get(property)?.container?.includes('@list') === true
  const items: Item[] = []
  for (const entry of element) {
    const item = expand(active, property, entry, needs)
    if (item === null) continue
    if (!isItems(item)) items.push(item)
    else if (isInList) throw new Beyond('a list in a list')
    else items.push(...item)
  }
  return items
}

const isItems = (item: Item | readonly Item[]): item is readonly Item[] => Array.isArray(item)

/** A text, a number or a truth under a property (section 5.3). */
function expandScalar(active: ActiveContext, property: string, value: string | number | boolean): Item {
  if (isKeyword(expandIri(active, property, true) ?? '')) throw new Beyond('a value of a keyword')
  const term = active.terms.get(property)
  const type = term?.type
  if (typeof value === 'string' && (type === '@id' || type === '@vocab')) {
    const id = expandIri(active, value, type === '@vocab')
    if (id === null || !isAbsolute(id)) throw new Beyond('a relative reference')
    return reference(id)
  }
  if (type === '@json') throw new Beyond('JSON by another context')
  if (type !== undefined && type !== '@id' && type !== '@vocab' && type !== '@none')
    return { kind: 'value', value, type }
  if (typeof value !== 'string') return { kind: 'value', value }
  const language = term?.language === undefined ? active.language : (term.language ?? undefined)
  const direction = term?.direction ?? undefined
  return textValue(value, language, direction)
}

const textValue = (
  value: string,
  language: string | undefined,
  direction: 'ltr' | 'rtl' | undefined,
): ValueItem => ({
  kind: 'value',
  value,
  ...(language === undefined ? {} : { language }),
  ...(direction === undefined ? {} : { direction }),
})

function expandObject(
  given: ActiveContext,
  property: string | null,
  element: JsonObject,
  needs: ContextNeeds,
): ValueItem | NodeItem {
  const names = Object.keys(element).sort()
  needs.work.spend(50 + 50 * names.length)
  // 1. Which context holds here: that of the property, then the object's own, then those of its types.
  const place = property === null ? undefined : given.terms.get(property)
  let active = keepsContext(given, names) ? given : (given.previous ?? given)
  if (place?.scoped !== undefined) active = scopedContext(active, place, needs)
  const own = element['@context']
  if (own !== undefined) {
    const scoped = { context: own, isPinned: false }
    active = processContext(active, scoped, { overrides: false, propagates: true }, needs)
  }
  const untyped = active
  for (const name of names) {
    if (expandIri(active, name, true) !== '@type') continue
    for (const type of typesOf(element[name]).toSorted()) {
      const scoped = untyped.terms.get(type)?.scoped
      if (scoped !== undefined)
        active = processContext(active, scoped, { overrides: false, propagates: false }, needs)
    }
  }

  // 2. What it says.
  const found: Found = { types: [], members: new Map() }
  for (const name of names)
    if (name !== '@context') readMember(found, active, untyped, name, element[name] ?? null, needs)

  // 3. What it is.
  const isGraph = property === null || active.terms.get(property)?.container?.includes('@graph') === true
  if (found.value !== undefined) {
    if (isGraph) throw new Beyond('a value instead of a node')
    return valueItem(found, found.value)
  }
  if (found.language !== undefined || found.direction !== undefined) throw new Beyond('a language of nothing')
  const { id, types, members } = found
  const node: NodeItem = { kind: 'node', ...(id === undefined ? {} : { id }), types, members }
  if (isGraph && saysNothing(node)) throw new Beyond('a node that says nothing')
  return node
}

const saysNothing = ({ types, members }: NodeItem): boolean => types.length === 0 && members.size === 0

/** The context of a type holds on in values and in references. */
function keepsContext(active: ActiveContext, names: readonly string[]): boolean {
  if (active.previous === undefined || names.length > 2 || names.includes('@context')) return false
  for (const name of names) {
    const iri = expandIri(active, name, true)
    if (iri === '@value' || (iri === '@id' && names.length === 1)) return true
  }
  return false
}

const scopedContext = (active: ActiveContext, { scoped }: Term, needs: ContextNeeds): ActiveContext =>
  scoped === undefined ? active : processContext(active, scoped, { overrides: true, propagates: true }, needs)

function typesOf(value: Json | undefined): readonly string[] {
  const types = isJsonArray(value) ? value : [value]
  if (!types.every((type) => typeof type === 'string')) throw new Beyond('a type that is no text')
  return types
}

interface Found {
  id?: string
  readonly types: string[]
  readonly members: Map<string, Item[]>
  value?: string | number | boolean
  language?: string
  direction?: 'ltr' | 'rtl'
}

function readMember(
  found: Found,
  active: ActiveContext,
  untyped: ActiveContext,
  name: string,
  value: Json,
  needs: ContextNeeds,
): void {
  // JSON.parse makes a member of it, and copying it makes a prototype.
  if (name === '__proto__') throw new Beyond('an unusual name of a member')
  const iri = expandIri(active, name, true)
  if (iri === null) throw new Beyond('a member that means nothing')
  if (isKeyword(iri)) {
    readKeyword(found, active, untyped, iri, value)
    return
  }
  if (!isAbsolute(iri) || iri.startsWith('_:')) throw new Beyond('a member that means nothing')
  const items = expandMember(active, name, value, needs)
  if (items === null) return
  const others = found.members.get(iri)
  if (others === undefined) found.members.set(iri, [...items])
  else others.push(...items)
}

function readKeyword(
  found: Found,
  active: ActiveContext,
  untyped: ActiveContext,
  iri: string,
  value: Json,
): void {
  switch (iri) {
    case '@id': {
      const id = typeof value === 'string' ? expandIri(active, value, false) : null
      if (id === null || !isAbsolute(id) || found.id !== undefined) throw new Beyond('an id that is none')
      found.id = id
      return
    }
    case '@type': {
      for (const type of typesOf(value)) {
        const expanded = expandIri(untyped, type, true)
        if (expanded === null || !isAbsolute(expanded) || expanded.startsWith('_:'))
          throw new Beyond('a type that means nothing')
        found.types.push(expanded)
      }
      return
    }
    case '@value':
      if (value === null || typeof value === 'object' || found.value !== undefined)
        throw new Beyond('no plain value')
      found.value = value
      return
    case '@language':
      if (typeof value !== 'string' || !isLanguageTag(value) || found.language !== undefined)
        throw new Beyond('a language that is none')
      found.language = value.toLowerCase()
      return
    case '@direction':
      if ((value !== 'ltr' && value !== 'rtl') || found.direction !== undefined)
        throw new Beyond('no direction')
      found.direction = value
      return
    default:
      throw new Beyond(`the member ${iri}`)
  }
}

function valueItem(found: Found, value: string | number | boolean): ValueItem {
  const { id, types, members, language, direction } = found
  const isTagged = language !== undefined || direction !== undefined
  if (id !== undefined || members.size > 0 || types.length > 1 || (types.length === 1 && isTagged))
    throw new Beyond('a value that says more')
  if (language !== undefined && typeof value !== 'string') throw new Beyond('a language of no text')
  const [type] = types
  return {
    kind: 'value',
    value,
    ...(type === undefined ? {} : { type }),
    ...(language === undefined ? {} : { language }),
    ...(direction === undefined ? {} : { direction }),
  }
}

/** The items of a member; `null`: the member does not count at all. */
function expandMember(
  active: ActiveContext,
  name: string,
  value: Json,
  needs: ContextNeeds,
): readonly Item[] | null {
  const term = active.terms.get(name)
  const inside = term === undefined ? active : scopedContext(active, term, needs)
  const container = term?.container ?? []
  if (isJsonObject(value)) {
    if (container.includes('@language')) return languageMap(value, inside, name)
    if (['@index', '@id', '@type'].some((kind) => container.includes(kind))) throw new Beyond('a map')
  }
  const expanded: Item | readonly Item[] | null =
    term?.type === '@json' ? { kind: 'value', value, type: '@json' } : expand(inside, name, value, needs)
  if (expanded === null) return null
  const items = isItems(expanded) ? expanded : [expanded]
  if (container.includes('@list')) return [{ kind: 'list', items }]
  if (!container.includes('@graph')) return items
  if (items.some((item) => item.kind !== 'node' || saysNothing(item)))
    throw new Beyond('a graph that says nothing')
  return items.length === 0
    ? null
    : items.map((item) => ({ kind: 'node', types: [], members: NO_MEMBERS, graph: [item] }))
}

function languageMap(map: JsonObject, active: ActiveContext, name: string): readonly Item[] {
  const direction = active.terms.get(name)?.direction ?? undefined
  return Object.keys(map)
    .sort()
    .flatMap((key) => {
      const isNone = expandIri(active, key, true) === '@none'
      if (!isNone && !isLanguageTag(key)) throw new Beyond('a language that is none')
      const values = map[key] ?? null
      return (isJsonArray(values) ? values : [values])
        .filter((text) => text !== null)
        .map((text) => {
          if (typeof text !== 'string') throw new Beyond('a language of no text')
          return textValue(text, isNone ? undefined : key.toLowerCase(), direction)
        })
    })
}
