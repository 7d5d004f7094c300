import { judgeAnchor } from '#engine/anchoring/anchor-verdict.ts'
import { parseReceipt, type Receipt, receiptPlace, verifyReceipt } from '#engine/anchoring/receipt.ts'
import type { Hash } from '#engine/shared/hash.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { Json } from '#engine/shared/json.ts'
import type { AnchorReader } from '#services/ports/verification-sources.ts'

/** Since when a block holds the document: nobody can make one into the past. */
export type Witness =
  | { readonly kind: 'anchored'; readonly at: Instant; readonly receipt: Receipt }
  /** No receipt, one of another document, or no batch of it that counts. */
  | { readonly kind: 'none' }
  /** There is a receipt, and the chain does not answer. */
  | { readonly kind: 'unavailable' }

export type FindWitness = () => Promise<Witness>

/** Follows a receipt to the block of its batch. Asks nothing until it is called, and the chain once. */
export function createFindWitness(
  given: Json | undefined,
  digest: Uint8Array,
  needs: { readonly anchors: AnchorReader; readonly keccak256: Hash },
): FindWitness {
  let found: Promise<Witness> | undefined
  return () => {
    found ??= findWitness(given, digest, needs)
    return found
  }
}

async function findWitness(
  ...[given, digest, { anchors, keccak256 }]: Parameters<typeof createFindWitness>
): Promise<Witness> {
  const reading = parseReceipt(given)
  if (!reading.ok) return { kind: 'none' }
  const { receipt } = reading
  const held = verifyReceipt(receipt, digest, keccak256)
  if (!held.ok) return { kind: 'none' }
  const { issuerId, signer, root, index, proof } = receipt
  const anchor = await anchors.read({ ...receiptPlace(receipt), issuerId, signer, root })
  if (anchor === 'unavailable') return { kind: 'unavailable' }
  if (typeof anchor === 'string' || 'kind' in anchor) return { kind: 'none' }
  const question = { issuerId, root, leaf: held.leaf, index, proof }
  const verdict = judgeAnchor(question, anchor.record, anchor.key, keccak256)
  return verdict === 'valid' || verdict === 'revoked'
    ? { kind: 'anchored', at: anchor.record.anchoredAt, receipt }
    : { kind: 'none' }
}
