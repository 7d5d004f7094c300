import { concat, toHex, utf8 } from '#engine/shared/bytes.ts'
import { canonicalJson } from '#engine/shared/canonical-json.ts'
import type { Hash } from '#engine/shared/hash.ts'
import { formatInstant, type Instant } from '#engine/shared/instant.ts'

/** What the chain says of an entry of the audit trail: no words and no personal detail, but their salted digest. */
export interface ChainedEntry {
  readonly id: string
  readonly at: Instant
  readonly actor: string
  readonly action: string
  readonly targetType: string
  readonly targetId?: string
  readonly detailDigest?: Uint8Array
}

/** An end of a chain: how many entries stand in it, and the hash over all of them. */
export interface AuditHead {
  /** Of the newest entry; the first has 1. */
  readonly sequence: number
  readonly hash: Uint8Array
}

/** What the first entry is linked to. */
export const BEFORE_THE_FIRST: AuditHead = { sequence: 0, hash: new Uint8Array(32) }

/**
 * Links an entry to all before it: SHA-256 of (previous hash ‖ SHA-256 of the JCS of the entry with its sequence). Whoever
 * changes, drops or moves an entry changes every hash after it.
 */
export function linkEntry(previous: AuditHead, entry: ChainedEntry, sha256: Hash): AuditHead {
  const sequence = previous.sequence + 1
  const { id, at, actor, action, targetType, targetId, detailDigest } = entry
  const text = canonicalJson({
    action,
    actor,
    at: formatInstant(at),
    id,
    sequence,
    targetType,
    ...(targetId === undefined ? {} : { targetId }),
    ...(detailDigest === undefined ? {} : { detailDigest: toHex(detailDigest) }),
  })
  return { sequence, hash: sha256(concat(previous.hash, sha256(utf8(text)))) }
}

/** Digest of an end as it is anchored (leaf kind 7): SHA-256 of the JCS of `{"hash": "0x…", "sequence": n}`. */
export const auditHeadDigest = ({ sequence, hash }: AuditHead, sha256: Hash): Uint8Array =>
  sha256(utf8(canonicalJson({ hash: toHex(hash), sequence })))

/** SHA-256 of salt and detail: with the salt erased, the digest tells nothing. */
export const auditDetailDigest = (
  salt: Uint8Array,
  detail: Parameters<typeof canonicalJson>[0],
  sha256: Hash,
): Uint8Array => sha256(concat(salt, utf8(canonicalJson(detail))))
