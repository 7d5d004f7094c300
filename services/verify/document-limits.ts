import type { Json } from '#engine/shared/json.ts'
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

/** Throws `document-too-large` (413). Walks without recursion and stops at the first bound. */
export function refuseLarge(document: Json, limits: DocumentLimits): void {
  const open: { readonly value: Json; readonly depth: number }[] = [{ value: document, depth: 1 }]
  let nodes = 0
  let characters = 0
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, depth } = next
    nodes += 1
    if (nodes > limits.nodes) throw verificationErrors.documentTooLarge({ limit: `${limits.nodes} values` })
    if (depth > limits.depth) throw verificationErrors.documentTooLarge({ limit: `depth ${limits.depth}` })
    if (typeof value === 'string') characters += value.length
    if (typeof value === 'object' && value !== null) {
      for (const [name, child] of Object.entries(value)) {
        characters += name.length
        open.push({ value: child, depth: depth + 1 })
      }
    }
    if (characters > limits.bytes)
      throw verificationErrors.documentTooLarge({ limit: `${limits.bytes} bytes` })
  }
}
