import type { Json, JsonObject } from './json.ts'
import { isJsonObject } from './json.ts'

/** One place in which two JSON values differ: `before` is missing where something was added, `after` where it went. */
export interface JsonDifference {
  /** JSON pointer (RFC 6901): of what went into the earlier value, else into the later one. */
  readonly path: string
  readonly before?: Json
  readonly after?: Json
}

/**
 * Where two values differ, as deep as it goes: members by name, items of arrays by place. Putting every `after` where
 * its `before` was makes the later value of the earlier one. Cost: the size of both.
 */
export function jsonDifference(before: Json, after: Json, path = ''): readonly JsonDifference[] {
  if (isJsonObject(before) && isJsonObject(after)) return betweenObjects(before, after, path)
  if (Array.isArray(before) && Array.isArray(after)) return betweenArrays(before, after, path)
  return isSame(before, after) ? [] : [{ path, before, after }]
}

function betweenObjects(before: JsonObject, after: JsonObject, path: string): readonly JsonDifference[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
  return names.flatMap((name) =>
    between(
      own(before, name),
      own(after, name),
      `${path}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`,
    ),
  )
}

function betweenArrays(
  before: readonly Json[],
  after: readonly Json[],
  path: string,
): readonly JsonDifference[] {
  const length = Math.max(before.length, after.length)
  return Array.from({ length }, (_, at) => between(before[at], after[at], `${path}/${at}`)).flat()
}

function between(before: Json | undefined, after: Json | undefined, path: string): readonly JsonDifference[] {
  if (before === undefined) return after === undefined ? [] : [{ path, after }]
  return after === undefined ? [{ path, before }] : jsonDifference(before, after, path)
}

const own = (object: JsonObject, name: string): Json | undefined =>
  Object.hasOwn(object, name) ? object[name] : undefined

/** Of what is not two objects or two arrays: equal texts, numbers, and so on. */
const isSame = (before: Json, after: Json): boolean => before === after
