import { fromHex, type Hex } from '#engine/shared/bytes.ts'
import type { Hash } from '#engine/shared/hash.ts'
import type { Instant } from '#engine/shared/instant.ts'
import { type BatchRecord, isLeafRevoked } from './batch-record.ts'
import { verifyInclusion } from './merkle-tree.ts'

/** What `BadgeAnchor.verify` answers, and `judgeAnchor` from the same record. */
export type AnchorVerdict = 'valid' | 'unknown_batch' | 'not_in_batch' | 'revoked' | 'unauthorised'

/** What a key may do for which issuer: `validFrom <= t < validUntil`. Roles are bits. */
export interface AnchoringKey {
  readonly issuerId: Hex
  readonly validFrom: Instant
  readonly validUntil: Instant
  readonly roles: number
}

/** Bits of `AnchoringKey.roles`. */
export const keyRoles = { admin: 1, anchor: 2, revoke: 4 } as const

export interface AnchorQuestion {
  readonly issuerId: Hex
  readonly root: Hex
  readonly leaf: Hex
  readonly index: number
  readonly proof: readonly Hex[]
}

/**
 * Judges a leaf as the contract does, from the record of its batch and the key of its signer, without telling anybody
 * which leaf it is. The authority of the key at the time of the batch is judged by what is known of the key *now*.
 */
export function judgeAnchor(
  question: AnchorQuestion,
  record: BatchRecord | undefined,
  key: AnchoringKey | undefined,
  keccak256: Hash,
): AnchorVerdict {
  if (record === undefined) return 'unknown_batch'
  if (!hadAuthority(question.issuerId, key, record.anchoredAt)) return 'unauthorised'
  if (!isIncluded(question, record.size, keccak256)) return 'not_in_batch'
  return isLeafRevoked(record, question.index) ? 'revoked' : 'valid'
}

function hadAuthority(issuerId: Hex, key: AnchoringKey | undefined, at: Instant): boolean {
  if (key === undefined || key.issuerId.toLowerCase() !== issuerId.toLowerCase()) return false
  return (key.roles & keyRoles.anchor) !== 0 && key.validFrom <= at && at < key.validUntil
}

function isIncluded({ root, leaf, index, proof }: AnchorQuestion, size: number, keccak256: Hash): boolean {
  const bytes = [root, leaf, ...proof].map(fromHex)
  const [rootBytes, leafBytes, ...proofBytes] = bytes
  if (rootBytes === undefined || leafBytes === undefined) return false
  if (!proofBytes.every((sibling) => sibling !== undefined)) return false
  return verifyInclusion({ root: rootBytes, size, index, leaf: leafBytes, proof: proofBytes }, keccak256)
}
