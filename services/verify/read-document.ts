import { assertionAt } from '#engine/open-badges-2/assertion.ts'
import { isJsonObject, type JsonObject } from '#engine/shared/json.ts'
import { parseStrictJson } from '#engine/shared/strict-json.ts'
import type { Unbake } from '#services/ports/badge-images.ts'
import { DOCUMENT_LIMITS, type DocumentLimits } from './document-limits.ts'

export type ReadDocument =
  | {
      readonly ok: true
      readonly document: JsonObject | string
      /** The image that it came in, as it was before. */
      readonly picture?: Uint8Array
    }
  | {
      readonly ok: false
      readonly code: 'document-too-large' | 'document-unreadable'
      readonly reason: string
    }

/**
 * Reads a badge file: JSON, a compact JWS, or a PNG or SVG with either of them inside. What it is shows in its
 * bytes; names and media types are not believed.
 */
export async function readDocument(
  bytes: Uint8Array,
  unbake: Unbake,
  limits: DocumentLimits = DOCUMENT_LIMITS,
): Promise<ReadDocument> {
  const unbaked = await unbake(bytes)
  if (unbaked === undefined) return readText(bytes, limits)
  if (!unbaked.ok) return unreadable(unbaked.reason)
  const { credential, picture } = unbaked
  const address = readAddress(credential)
  const read: ReadDocument =
    address === undefined ? readText(credential, limits) : { ok: true, document: assertionAt(address) }
  return read.ok && picture !== undefined ? { ...read, picture } : read
}

/** Pictures of Open Badges 1.1 and 2.0 may hold the address of their assertion and nothing else. */
function readAddress(bytes: Uint8Array): string | undefined {
  if (bytes.length > MAX_ADDRESS) return undefined
  const text = new TextDecoder().decode(bytes).trim()
  return /^https:\/\/\S+$/.test(text) && URL.canParse(text) ? text : undefined
}

const MAX_ADDRESS = 2000

function readText(bytes: Uint8Array, limits: DocumentLimits): ReadDocument {
  if (bytes.length > limits.bytes) return tooLarge(`more than ${limits.bytes} bytes`)
  const compact = readCompact(bytes)
  if (compact !== undefined) return { ok: true, document: compact }
  const parsed = parseStrictJson(bytes, {
    maxBytes: limits.bytes,
    maxDepth: limits.depth,
    maxNodes: limits.nodes,
    maxKeys: limits.nodes,
  })
  if (!parsed.ok) {
    const size =
      parsed.code === 'too-large' || parsed.code === 'too-deep' || parsed.code.startsWith('too-many')
    return size ? tooLarge(parsed.detail) : unreadable(`${parsed.detail} (at ${parsed.position})`)
  }
  if (typeof parsed.value === 'string') return readText(new TextEncoder().encode(parsed.value), limits)
  return isJsonObject(parsed.value)
    ? { ok: true, document: parsed.value }
    : unreadable('it is no JSON object')
}

/** A compact JWS: three parts of base64url, with nothing around them but white space. */
function readCompact(bytes: Uint8Array): string | undefined {
  const text = new TextDecoder().decode(bytes).trim()
  return /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*$/.test(text) ? text : undefined
}

const unreadable = (reason: string): ReadDocument => ({ ok: false, code: 'document-unreadable', reason })

const tooLarge = (reason: string): ReadDocument => ({ ok: false, code: 'document-too-large', reason })
