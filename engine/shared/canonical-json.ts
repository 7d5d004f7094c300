import type { Json } from './json.ts'

/**
 * The JSON Canonicalization Scheme (RFC 8785): keys sorted by UTF-16 code units, ECMAScript numbers, no white space.
 * Takes what the strict parser lets through; members that are undefined are left out. O(n log n).
 */
export function canonicalJson(value: Json): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  const object = value as { readonly [key: string]: Json | undefined }
  const members: string[] = []
  for (const key of Object.keys(object).sort()) {
    const member = object[key]
    if (member !== undefined) members.push(`${JSON.stringify(key)}:${canonicalJson(member)}`)
  }
  return `{${members.join(',')}}`
}
