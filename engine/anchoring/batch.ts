import { toHex, utf8 } from '#engine/shared/bytes.ts'
import { canonicalJson } from '#engine/shared/canonical-json.ts'
import type { Hash } from '#engine/shared/hash.ts'
import { anchoringErrors } from './anchoring-errors.ts'
import { LEAF_KINDS, type Leaf, type LeafPreimage, leafHash } from './leaf.ts'
import { buildTree, MAX_BATCH_SIZE, type MerkleTree } from './merkle-tree.ts'

/** Leaves whose revocation bits stand in the batch's own storage word; every further word holds 256. */
export const INLINE_LEAVES = 184
const LEAVES_PER_WORD = 256

/** Leaf 0 of every batch: with it, an issuer's batches form an append-only log at no cost on chain. */
export interface BatchHeader {
  /** Root of the issuer's batch before this one; 32 bytes of zero for the first. */
  readonly previousRoot: Uint8Array
  /** 0 for the first batch of the issuer. */
  readonly sequence: number
  /** How many leaves of the batch mean something: neither header nor padding. */
  readonly count: number
}

export interface SealedBatch {
  readonly root: Uint8Array
  readonly size: number
  /** Hashes in tree order. Keep them: proofs are made from them, and padding cannot be made again. */
  readonly leaves: readonly Leaf[]
  /** Where the given leaves came to stand: `positions[i]` is the index of leaf i. */
  readonly positions: readonly number[]
  readonly header: LeafPreimage
  readonly tree: MerkleTree
}

export interface SealingNeeds {
  readonly keccak256: Hash
  readonly sha256: Hash
  /** Cryptographically strong. */
  readonly randomBytes: (length: number) => Uint8Array
  /** A whole number from 0 up to and without `below`, evenly spread. */
  readonly randomInteger: (below: number) => number
}

/**
 * Seals a batch: the header at 0, the given leaves in random order among padding. The size tells only a range: 184, or
 * 184 and a multiple of 256, because that many leaves cost the same. A padding leaf hides random bytes like any other.
 * Refuses none and too many leaves (`batch-size-impossible`).
 */
export function sealBatch(
  previous: Omit<BatchHeader, 'count'>,
  given: readonly LeafPreimage[],
  { keccak256, sha256, randomBytes, randomInteger }: SealingNeeds,
): SealedBatch {
  const size = paddedSize(given.length)
  const header: LeafPreimage = {
    kind: LEAF_KINDS.header,
    salt: randomBytes(32),
    digest: headerDigest({ ...previous, count: given.length }, sha256),
  }
  const places = shuffled(size - 1, randomInteger)
  const positions = given.map((_, at) => 1 + (places[at] as number))
  const leaves = new Array<Leaf>(size)
  leaves[0] = leafHash(header, keccak256)
  given.forEach((preimage, at) => {
    leaves[positions[at] as number] = leafHash(preimage, keccak256)
  })
  for (let at = 0; at < size; at++) leaves[at] ??= paddingLeaf(randomBytes, keccak256)
  const tree = buildTree(leaves, keccak256)
  return { root: tree.root, size, leaves, positions, header, tree }
}

/** SHA-256 of the JCS of {count, previousRoot, sequence}, the root as `0x…`. */
export const headerDigest = ({ count, previousRoot, sequence }: BatchHeader, sha256: Hash): Uint8Array =>
  sha256(utf8(canonicalJson({ count, previousRoot: toHex(previousRoot), sequence })))

/** The size of a batch with this many leaves of its own: header and padding included. */
export function paddedSize(count: number): number {
  const words = Math.max(0, Math.ceil((count + 1 - INLINE_LEAVES) / LEAVES_PER_WORD))
  const size = INLINE_LEAVES + words * LEAVES_PER_WORD
  if (count < 1 || size > MAX_BATCH_SIZE) {
    throw anchoringErrors.batchSize({ leaves: count, most: MAX_BATCH_SIZE - LEAVES_PER_WORD })
  }
  return size
}

/** What the first batch of an issuer has for a `previousRoot`. */
export const NO_PREVIOUS_ROOT = new Uint8Array(32)

function paddingLeaf(randomBytes: (length: number) => Uint8Array, keccak256: Hash): Leaf {
  return leafHash({ kind: LEAF_KINDS.padding, salt: randomBytes(32), digest: randomBytes(32) }, keccak256)
}

/** The numbers below `length` in random order (Fisher and Yates). */
function shuffled(length: number, randomInteger: (below: number) => number): number[] {
  const numbers = Array.from({ length }, (_, at) => at)
  for (let last = length - 1; last > 0; last--) {
    const other = randomInteger(last + 1)
    const moved = numbers[other] as number
    numbers[other] = numbers[last] as number
    numbers[last] = moved
  }
  return numbers
}
