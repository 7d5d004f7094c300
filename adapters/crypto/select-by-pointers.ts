import { isJsonArray, isJsonObject, type Json, type JsonObject } from '#engine/shared/json.ts'

/**
 * The part of a document to which JSON pointers lead (RFC 6901), with the ids and types of all objects on the way and
 * the contexts of the document (vc-di-ecdsa 1.0, section 3.4.13). Undefined when one of them leads nowhere.
 */
export function selectByPointers(document: JsonObject, pointers: readonly string[]): JsonObject | undefined {
  const whole: Part = { value: document, members: new Map(), isWhole: false }
  for (const pointer of pointers) {
    if (!select(whole, pointer)) return undefined
  }
  const selected = built(whole) as JsonObject
  return '@context' in document ? { ...selected, '@context': document['@context'] ?? null } : selected
}

/** One value of the document and which of its members are wanted. */
interface Part {
  readonly value: Json
  readonly members: Map<string, Part>
  isWhole: boolean
}

function select(whole: Part, pointer: string): boolean {
  const [root, ...tokens] = pointer.split('/')
  if (root !== '') return false
  let part = whole
  for (const token of tokens) {
    const name = token.replaceAll('~1', '/').replaceAll('~0', '~')
    const value = memberOf(part.value, name)
    if (value === undefined) return false
    const next = part.members.get(name) ?? { value, members: new Map(), isWhole: false }
    part.members.set(name, next)
    part = next
  }
  part.isWhole = true
  return true
}

function memberOf(value: Json, name: string): Json | undefined {
  if (isJsonArray(value)) return /^(?:0|[1-9]\d{0,8})$/.test(name) ? value[Number(name)] : undefined
  return isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined
}

function built({ value, members, isWhole }: Part): Json {
  if (isWhole) return value
  if (isJsonArray(value)) {
    return value.flatMap((_, index) => {
      const member = members.get(String(index))
      return member === undefined ? [] : [built(member)]
    })
  }
  const entries = Object.entries(value as JsonObject).flatMap(([name, member]): [string, Json][] => {
    if (isAlwaysThere(name, member)) return [[name, member]]
    const part = members.get(name)
    return part === undefined ? [] : [[name, built(part)]]
  })
  return Object.fromEntries(entries)
}

const isAlwaysThere = (name: string, value: Json): boolean =>
  name === 'type' ||
  name === '@type' ||
  ((name === 'id' || name === '@id') && !String(value).startsWith('_:'))
