import { concat, equalBytes } from '#engine/shared/bytes.ts'
import type { Hash } from '#engine/shared/hash.ts'
import { anchoringErrors } from './anchoring-errors.ts'

/** The largest batch: its size is 24 bits on chain. */
export const MAX_BATCH_SIZE = 0xff_ff_ff

/** Of every node, leaves included. */
const HASH_BYTES = 32

/** A Merkle tree in the shape of RFC 9162, section 2.1.1. */
export interface MerkleTree {
  readonly size: number
  readonly root: Uint8Array
  /**
   * The first is the leaves, the last the root alone. The nodes of each stand one behind the other, 32 bytes a node: as an
   * object each, those of a large batch would take eight times that.
   */
  readonly levels: readonly Uint8Array[]
}

/**
 * Builds the tree over leaf hashes, level by level: a node without a right neighbour is carried up as it is, which gives
 * the same tree as the recursion of the standard. O(n) hashes. Refuses none and too many leaves (`batch-size-impossible`).
 */
export function buildTree(
  leaves: Iterable<Uint8Array> & { readonly length: number },
  keccak256: Hash,
): MerkleTree {
  const size = leaves.length
  if (size === 0 || size > MAX_BATCH_SIZE) {
    throw anchoringErrors.batchSize({ leaves: size, most: MAX_BATCH_SIZE })
  }
  let level = new Uint8Array(size * HASH_BYTES)
  let end = 0
  for (const leaf of leaves) {
    level.set(leaf, end)
    end += HASH_BYTES
  }
  const levels = [level]
  while (level.length > HASH_BYTES) {
    level = levelAbove(level, keccak256)
    levels.push(level)
  }
  return { size, root: level, levels }
}

function levelAbove(level: Uint8Array, keccak256: Hash): Uint8Array<ArrayBuffer> {
  const width = level.length / HASH_BYTES
  const above = new Uint8Array(Math.ceil(width / 2) * HASH_BYTES)
  for (let at = 0; at < width; at += 2) {
    const left = nodeOf(level, at)
    const right = at + 1 < width ? nodeOf(level, at + 1) : undefined
    above.set(right === undefined ? left : nodeHash(left, right, keccak256), (at / 2) * HASH_BYTES)
  }
  return above
}

const nodeOf = (level: Uint8Array, at: number): Uint8Array =>
  level.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES)

/**
 * The siblings on the way from a leaf to the root, lowest first (RFC 9162, section 2.1.3.1).
 * Refuses an index that the tree does not have (`leaf-out-of-range`).
 */
export function inclusionProof(tree: MerkleTree, index: number): Uint8Array[] {
  if (!Number.isInteger(index) || index < 0 || index >= tree.size) {
    throw anchoringErrors.leafOutOfRange({ index, size: tree.size })
  }
  const proof: Uint8Array[] = []
  let at = index
  for (const level of tree.levels) {
    const sibling = nodeOf(level, at ^ 1)
    // Past the end of the level there is none.
    if (sibling.length > 0) proof.push(sibling)
    at >>= 1
  }
  return proof
}

export interface InclusionQuestion {
  readonly root: Uint8Array
  readonly size: number
  readonly index: number
  readonly leaf: Uint8Array
  readonly proof: readonly Uint8Array[]
}

/** Whether a leaf stands at this index of a tree of this size and root. The contract's `verify` asks the same. */
export function verifyInclusion(question: InclusionQuestion, keccak256: Hash): boolean {
  const root = rootFromProof(question, keccak256)
  return root !== undefined && equalBytes(root, question.root)
}

/**
 * The root to which a proof leads (RFC 9162, section 2.1.3.2), or undefined if its length does not suit size and index.
 * Index and size say on which side each sibling stands, so a proof for one place never passes for another.
 */
export function rootFromProof(
  { size, index, leaf, proof }: Omit<InclusionQuestion, 'root'>,
  keccak256: Hash,
): Uint8Array | undefined {
  if (!Number.isInteger(size) || size < 1 || size > MAX_BATCH_SIZE) return undefined
  if (!Number.isInteger(index) || index < 0 || index >= size) return undefined
  if (leaf.length !== 32 || proof.some((sibling) => sibling.length !== 32)) return undefined
  let at = index
  let last = size - 1
  let node = leaf
  for (const sibling of proof) {
    if (last === 0) return undefined
    if (at % 2 === 1 || at === last) {
      node = nodeHash(sibling, node, keccak256)
      while (at % 2 === 0) {
        at >>= 1
        last >>= 1
      }
    } else {
      node = nodeHash(node, sibling, keccak256)
    }
    at >>= 1
    last >>= 1
  }
  return last === 0 ? node : undefined
}

/** keccak256(0x01 ‖ left ‖ right). */
export const nodeHash = (left: Uint8Array, right: Uint8Array, keccak256: Hash): Uint8Array =>
  keccak256(concat(Uint8Array.of(0x01), left, right))
