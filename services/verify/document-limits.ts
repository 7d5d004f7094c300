import { isJsonArray, type Json, type JsonObject } from '#engine/shared/json.ts'
import { verificationErrors } from '#engine/verification/verification-errors.ts'

/** Bounds that hold before any JSON-LD is touched: canonicalising takes more than linear time. */
export interface DocumentLimits {
  /** Characters of JSON text, which are at most its bytes. */
  readonly bytes: number
  readonly depth: number
  /** Values of every kind, objects and arrays included. */
  readonly nodes: number
}

export const DOCUMENT_LIMITS: DocumentLimits = { bytes: 1024 * 1024, depth: 64, nodes: 4000 }

/** Whether it is within the bounds. */
export function isWithin(document: Json, limits: DocumentLimits): boolean {
  try {
    refuseLarge(document, limits)
    return true
  } catch {
    return false
  }
}

/** A document with more characters takes milliseconds at each step: others have their turn between two of them. */
export const LONG_DOCUMENT = 64 * 1024

/** How many characters it has. Throws `document-too-large` (413). Walks without recursion and stops at the first bound. */
export function refuseLarge(document: Json, limits: DocumentLimits): number {
  /** Values that hold others, and how deep these lie. */
  const open: object[] = []
  const depths: number[] = []
  let nodes = 0
  let characters = 0
  const look = (value: Json, depth: number): void => {
    nodes += 1
    if (nodes > limits.nodes) throw verificationErrors.documentTooLarge({ limit: `${limits.nodes} values` })
    if (depth > limits.depth) throw verificationErrors.documentTooLarge({ limit: `depth ${limits.depth}` })
    if (typeof value === 'string') characters += value.length
    if (typeof value === 'object' && value !== null) {
      open.push(value)
      depths.push(depth)
    }
    if (characters > limits.bytes)
      throw verificationErrors.documentTooLarge({ limit: `${limits.bytes} bytes` })
  }
  look(document, 1)
  for (let holder = open.pop(); holder !== undefined; holder = open.pop()) {
    const inside = (depths.pop() ?? 0) + 1
    if (isJsonArray(holder as Json)) {
      for (const item of holder as readonly Json[]) look(item, inside)
      continue
    }
    const members = holder as JsonObject
    for (const name of Object.keys(members)) {
      characters += name.length
      look(members[name] ?? null, inside)
    }
  }
  return characters
}
