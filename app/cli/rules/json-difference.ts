import { own } from '#engine/events/event-reader.ts'
import { canonicalJson } from '#engine/shared/canonical-json.ts'
import { isJsonArray, isJsonObject, type Json, type JsonArray, type JsonObject } from '#engine/shared/json.ts'

/** What differs between two documents, in words, each line with the JSON pointer of the place. Order of members does not count. */
export function jsonDifference(before: Json, after: Json, path = ''): readonly string[] {
  if (canonicalJson(before) === canonicalJson(after)) return []
  if (isJsonObject(before) && isJsonObject(after)) return membersOf(before, after, path)
  if (isJsonArray(before) && isJsonArray(after)) return itemsOf(before, after, path)
  return [`${path || '/'}: ${show(before)} becomes ${show(after)}`]
}

function membersOf(before: JsonObject, after: JsonObject, path: string): readonly string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return names.flatMap((name) => {
    const place = `${path}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
    const [old, now] = [own(before, name), own(after, name)]
    if (old === undefined) return now === undefined ? [] : [`${place}: ${show(now)} is added`]
    if (now === undefined) return [`${place}: ${show(old)} is removed`]
    return jsonDifference(old, now, place)
  })
}

/** Plain values as a set; parts of a rule by their `id` where all have one, else by their place. */
function itemsOf(before: JsonArray, after: JsonArray, path: string): readonly string[] {
  const all = [...before, ...after]
  if (all.every((item) => typeof item !== 'object' || item === null)) return valuesOf(before, after, path)
  if (all.every((item) => isJsonObject(item) && typeof item['id'] === 'string')) {
    const by = (list: JsonArray) =>
      Object.fromEntries(list.map((item) => [(item as { id: string }).id, item])) as JsonObject
    const [old, now] = [by(before), by(after)]
    const lines = membersOf(old, now, path)
    return lines.length > 0 ? lines : [`${path}: the order changes`]
  }
  return Array.from({ length: Math.max(before.length, after.length) }, (_, at) => {
    const [old, now] = [before[at], after[at]]
    if (old === undefined) return now === undefined ? [] : [`${path}/${at}: ${show(now)} is added`]
    if (now === undefined) return [`${path}/${at}: ${show(old)} is removed`]
    return jsonDifference(old, now, `${path}/${at}`)
  }).flat()
}

function valuesOf(before: JsonArray, after: JsonArray, path: string): readonly string[] {
  const added = after.filter((value) => !before.includes(value))
  const removed = before.filter((value) => !after.includes(value))
  const lines = [
    ...removed.map((value) => `${path}: ${show(value)} is removed`),
    ...added.map((value) => `${path}: ${show(value)} is added`),
  ]
  return lines.length > 0 ? lines : [`${path}: the order, or how often something stands there, changes`]
}

/** A long value is cut: the place says where to look. */
function show(value: Json): string {
  const text = JSON.stringify(value)
  return text.length > 120 ? `${text.slice(0, 117)}…` : text
}
