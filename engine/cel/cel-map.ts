import type { JsonObject } from '#engine/shared/json.ts'
import type { AnyMap, CelValue } from './value.ts'
import { CelObject, CelUint } from './value.ts'

/** A map that an expression made: its keys are texts, whole numbers or truth values, and know their kind. */
export class CelMap extends CelObject {
  readonly kind = 'map'
  readonly #entries: ReadonlyMap<string, readonly [CelValue, CelValue]>

  private constructor(entries: ReadonlyMap<string, readonly [CelValue, CelValue]>) {
    super()
    this.#entries = entries
  }

  /** Undefined when a key occurs twice, or is none. */
  static of(entries: Iterable<readonly [CelValue, CelValue]>): CelMap | undefined {
    const made = new Map<string, readonly [CelValue, CelValue]>()
    for (const entry of entries) {
      const key = typeof entry[0] === 'number' ? undefined : keyText(entry[0])
      if (key === undefined || made.has(key)) return undefined
      made.set(key, entry)
    }
    return new CelMap(made)
  }

  get size(): number {
    return this.#entries.size
  }

  find(key: CelValue): CelValue | undefined {
    const text = keyText(key)
    return text === undefined ? undefined : this.#entries.get(text)?.[1]
  }

  entries(): Iterable<readonly [CelValue, CelValue]> {
    return this.#entries.values()
  }
}

/** One text for all numbers of the same value: `1`, `1u` and `1.0` find each other. Undefined: no key of a map. */
function keyText(key: CelValue): string | undefined {
  switch (typeof key) {
    case 'string':
      return `s${key}`
    case 'boolean':
      return `b${key}`
    case 'bigint':
      return `n${key}`
    case 'number':
      return Number.isInteger(key) ? `n${BigInt(key)}` : 'none'
    default:
      return key instanceof CelUint ? `n${key.value}` : undefined
  }
}

export const isKey = (value: CelValue): boolean => keyText(value) !== undefined

export function memberOf(object: JsonObject, name: string): CelValue | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined
}

export function findInMap(map: AnyMap, key: CelValue): CelValue | undefined {
  if (map instanceof CelMap) return map.find(key)
  return typeof key === 'string' ? memberOf(map, key) : undefined
}

export const sizeOfMap = (map: AnyMap): number => (map instanceof CelMap ? map.size : Object.keys(map).length)

export function* entriesOf(map: AnyMap): Generator<readonly [CelValue, CelValue]> {
  if (map instanceof CelMap) yield* map.entries()
  else for (const name of Object.keys(map)) yield [name, map[name] ?? null]
}
