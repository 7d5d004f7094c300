import type { Json } from '#engine/shared/json.ts'
import { isJsonArray, isJsonObject } from '#engine/shared/json.ts'
import { CEL_BOUNDS } from './cel-cost.ts'

/**
 * CEL's equality on JSON values: never an error, values of different types differ, NaN differs from itself.
 * Undefined where more than `CEL_BOUNDS.compared` values would have to be looked at.
 */
export function isDeeplyEqual(a: Json, b: Json): boolean | undefined {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b
  const budget = { left: CEL_BOUNDS.compared }
  const equal = compare(a, b, budget)
  return budget.left < 0 ? undefined : equal
}

function compare(a: Json, b: Json, budget: { left: number }): boolean {
  if (--budget.left < 0) return false
  if (isJsonArray(a))
    return (
      isJsonArray(b) && a.length === b.length && a.every((item, at) => compare(item, b[at] ?? null, budget))
    )
  if (!isJsonObject(a) || !isJsonObject(b)) return a === b
  const names = Object.keys(a)
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && compare(a[name] ?? null, b[name] ?? null, budget))
  )
}
