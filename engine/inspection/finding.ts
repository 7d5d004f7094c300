import type { LeafPreimage } from '#engine/anchoring/leaf.ts'

/**
 * What an inspection may find. Stable: scripts may rely on the codes, `docs/fsck.md` says what each means and what to do.
 * Those that begin with `chain-` say that database and chain differ.
 */
export const FINDING_CODES = [
  'batch-root-wrong',
  'batch-header-wrong',
  'batch-log-broken',
  'batch-leaves-lost',
  'leaf-hash-wrong',
  'leaf-misplaced',
  'chain-batch-missing',
  'chain-batch-differs',
  'chain-batch-unknown',
  'chain-signer-unauthorised',
  'chain-revocation-missing',
  'chain-revocation-unknown',
  'credential-digest-wrong',
  'credential-altered',
  'credential-proof-wrong',
  'credential-leaf-wrong',
  'token-altered',
  'token-proof-wrong',
  'base-altered',
  'base-proof-wrong',
  'vc-api-digest-wrong',
  'vc-api-altered',
  'vc-api-proof-wrong',
  'endorsement-digest-wrong',
  'endorsement-leaf-wrong',
  'status-bit-missing',
  'status-bit-unknown',
  'status-list-proof-wrong',
  'status-list-differs',
  'audit-link-broken',
  'audit-detail-altered',
  'audit-end-differs',
  'audit-head-wrong',
  'unreadable',
] as const
export type FindingCode = (typeof FINDING_CODES)[number]

export interface Finding {
  readonly code: FindingCode
  /** What it is about: an id, with the place in it where that helps. */
  readonly about: string
  readonly detail?: string
}

export const finding = (code: FindingCode, about: string, detail?: string): Finding => ({
  code,
  about,
  ...(detail === undefined ? {} : { detail }),
})

/** A stored leaf with what it hides, opened. */
export interface OpenedLeaf {
  readonly id: string
  readonly hash: Uint8Array
  readonly position: number
  readonly preimage: LeafPreimage
}
