import { isJsonArray, type Json } from './json.ts'

/** JSON-LD writes a set of one with or without brackets: its values, none where there is nothing. */
export function listOf(value: Json | undefined): readonly Json[] {
  if (value === undefined) return []
  return isJsonArray(value) ? value : [value]
}
