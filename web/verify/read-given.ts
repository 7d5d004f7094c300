import { unbake } from '#adapters/crypto/unbake.ts'
import { RECEIPT_FORMAT } from '#engine/anchoring/receipt.ts'
import { ANCHOR_PROOF_FORMAT } from '#engine/chain-proof/anchor-proof.ts'
import { isJsonObject, type Json, type JsonObject } from '#engine/shared/json.ts'
import { parseStrictJson } from '#engine/shared/strict-json.ts'
import { TRUST_LIST_FORMAT } from '#engine/verification/trust-list.ts'
import { readDocument } from '#services/verify/read-document.ts'

/** A file that was handed in, by what it turned out to be: it shows in the bytes, never in a name. */
export type Given =
  | {
      readonly kind: 'badge'
      readonly name: string
      readonly document: JsonObject | string
      readonly picture?: Blob
      /** The image without the badge. */
      readonly bare?: Uint8Array
    }
  | { readonly kind: 'receipt'; readonly name: string; readonly json: Json }
  | { readonly kind: 'proof'; readonly name: string; readonly json: Json }
  | { readonly kind: 'list'; readonly name: string; readonly json: Json }
  | { readonly kind: 'did'; readonly name: string; readonly json: JsonObject }
  | { readonly kind: 'unreadable'; readonly name: string }

export async function readGiven(file: File): Promise<Given> {
  const { name } = file
  const bytes = new Uint8Array(await file.arrayBuffer())
  const parsed = parseStrictJson(bytes, LIMITS)
  if (parsed.ok) {
    const json = innermost(parsed.value)
    if (isJsonObject(json) && json['format'] === RECEIPT_FORMAT) return { kind: 'receipt', name, json }
    if (isJsonObject(json) && json['format'] === ANCHOR_PROOF_FORMAT) return { kind: 'proof', name, json }
    if (isJsonObject(json) && json['format'] === TRUST_LIST_FORMAT) return { kind: 'list', name, json }
    if (isJsonObject(json) && isDid(json)) return { kind: 'did', name, json }
  }
  const read = await readDocument(bytes, unbake)
  if (!read.ok) return { kind: 'unreadable', name }
  const isPicture =
    bytes[0] === 0x89 || new TextDecoder().decode(bytes.subarray(0, 200)).trimStart().startsWith('<')
  const picture = isPicture
    ? { picture: file.slice(0, file.size, bytes[0] === 0x89 ? 'image/png' : 'image/svg+xml') }
    : {}
  const bare = read.picture === undefined ? {} : { bare: read.picture }
  return { kind: 'badge', name, document: read.document, ...picture, ...bare }
}

const LIMITS = { maxBytes: 50_000_000, maxDepth: 64, maxNodes: 400_000, maxKeys: 200_000 }

/** A receipt may come as the API gives it, inside an object of its own. */
const innermost = (json: Json): Json =>
  isJsonObject(json) && isJsonObject(json['receipt']) ? json['receipt'] : json

const isDid = ({ id, verificationMethod }: JsonObject): boolean =>
  typeof id === 'string' && /^(?:did:|https:)/.test(id) && verificationMethod !== undefined
