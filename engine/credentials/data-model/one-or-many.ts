import { isJsonArray, type Json } from '#engine/shared/json.ts'
import { pointerStep } from './model-fault.ts'

/** A value with the pointer to where it stands. */
export interface Placed {
  readonly value: Json
  readonly path: string
}

/** JSON-LD writes a set of one with or without brackets: each value of it, with its place. */
export function oneOrMany(value: Json | undefined, path: string): readonly Placed[] {
  if (value === undefined) return []
  if (!isJsonArray(value)) return [{ value, path }]
  return value.map((item, at) => ({ value: item, path: `${path}${pointerStep(at)}` }))
}
