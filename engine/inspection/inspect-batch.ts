import { headerDigest, NO_PREVIOUS_ROOT } from '#engine/anchoring/batch.ts'
import { type BatchRecord, isLeafRevoked } from '#engine/anchoring/batch-record.ts'
import { LEAF_KINDS, leafHash } from '#engine/anchoring/leaf.ts'
import { buildTree } from '#engine/anchoring/merkle-tree.ts'
import { equalBytes, toHex } from '#engine/shared/bytes.ts'
import type { Hash } from '#engine/shared/hash.ts'
import type { Instant } from '#engine/shared/instant.ts'
import { type Finding, finding, type OpenedLeaf } from './finding.ts'

/** A stored batch with what is sealed in it opened. */
export interface InspectedBatch {
  readonly id: string
  readonly sequence: number
  readonly previousRoot: Uint8Array
  readonly root: Uint8Array
  readonly size: number
  readonly realLeaves: number
  readonly headerSalt: Uint8Array
  /** 32 bytes each, in order. */
  readonly leafHashes: Uint8Array
}

/** The batch of the same issuer that comes before; undefined before the first. */
export type BatchBefore = Pick<InspectedBatch, 'sequence' | 'root'> | undefined

/** Whether a stored batch is what its own leaves, its header and the batch before say. Costs one tree. */
export function inspectBatch(
  batch: InspectedBatch,
  leaves: readonly OpenedLeaf[],
  before: BatchBefore,
  { keccak256, sha256 }: { readonly keccak256: Hash; readonly sha256: Hash },
): Finding[] {
  const { id, size, realLeaves } = batch
  if (batch.leafHashes.length !== size * 32)
    return [finding('batch-root-wrong', id, `${batch.leafHashes.length} bytes of ${size} leaves`)]
  const hashAt = (at: number) => batch.leafHashes.subarray(at * 32, at * 32 + 32)
  const findings: Finding[] = []

  const { root } = buildTree(
    Array.from({ length: size }, (_, at) => hashAt(at)),
    keccak256,
  )
  if (!equalBytes(root, batch.root)) findings.push(finding('batch-root-wrong', id, toHex(root)))

  const { previousRoot, sequence } = batch
  const digest = headerDigest({ previousRoot, sequence, count: realLeaves }, sha256)
  const header = leafHash({ kind: LEAF_KINDS.header, salt: batch.headerSalt, digest }, keccak256)
  if (!equalBytes(header, hashAt(0))) findings.push(finding('batch-header-wrong', id))

  const follows =
    sequence === (before === undefined ? 0 : before.sequence + 1) &&
    equalBytes(previousRoot, before?.root ?? NO_PREVIOUS_ROOT)
  if (!follows) findings.push(finding('batch-log-broken', id, `sequence ${sequence}`))

  if (leaves.length !== realLeaves)
    findings.push(finding('batch-leaves-lost', id, `${leaves.length} of ${realLeaves}`))
  for (const leaf of leaves) {
    const about = `${id}/${leaf.position}`
    if (!equalBytes(leafHash(leaf.preimage, keccak256), leaf.hash))
      findings.push(finding('leaf-hash-wrong', about, leaf.id))
    if (!equalBytes(hashAt(leaf.position), leaf.hash))
      findings.push(finding('leaf-misplaced', about, leaf.id))
  }
  return findings
}

export interface AnchoredBatch {
  readonly id: string
  readonly size: number
  /** Since when it is said to be in a block; undefined while it is on its way. */
  readonly blockTime?: Instant
  /** It should have been in a block for long. */
  readonly isOverdue: boolean
  /** Positions whose edition is over, and of these the ones whose revocation is still on its way. */
  readonly revoked: ReadonlySet<number>
  readonly revocationsUnderWay: ReadonlySet<number>
}

/** Whether the chain says of a batch what the database says. `authorised`: whether the signer may anchor for its issuer. */
export function compareWithChain(
  batch: AnchoredBatch,
  record: BatchRecord | undefined,
  authorised: boolean,
): Finding[] {
  const { id, size, blockTime, isOverdue } = batch
  if (record === undefined)
    return blockTime === undefined && !isOverdue ? [] : [finding('chain-batch-missing', id)]
  const findings: Finding[] = []
  if (record.size !== size)
    findings.push(finding('chain-batch-differs', id, `size ${record.size} on chain, ${size} here`))
  if (blockTime !== undefined && record.anchoredAt !== blockTime)
    findings.push(finding('chain-batch-differs', id, `time ${record.anchoredAt} on chain, ${blockTime} here`))
  if (!authorised) findings.push(finding('chain-signer-unauthorised', id))
  for (let position = 0; position < size; position++) {
    const onChain = isLeafRevoked(record, position)
    const here = batch.revoked.has(position)
    if (onChain && !here) findings.push(finding('chain-revocation-unknown', `${id}/${position}`))
    if (here && !onChain && !batch.revocationsUnderWay.has(position))
      findings.push(finding('chain-revocation-missing', `${id}/${position}`))
  }
  return findings
}
