import { keccak_256 } from '@noble/hashes/sha3'
import { concat } from '#engine/shared/bytes.ts'

/** RFC 9162 section 2.1.1, as it is written: recursive, slow, to check against. */
export function referenceRoot(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 1) return leaves[0] as Uint8Array
  const k = splitOf(leaves.length)
  return node(referenceRoot(leaves.slice(0, k)), referenceRoot(leaves.slice(k)))
}

/** RFC 9162 section 2.1.3.1, as it is written. */
export function referenceProof(index: number, leaves: readonly Uint8Array[]): Uint8Array[] {
  if (leaves.length === 1) return []
  const k = splitOf(leaves.length)
  return index < k
    ? [...referenceProof(index, leaves.slice(0, k)), referenceRoot(leaves.slice(k))]
    : [...referenceProof(index - k, leaves.slice(k)), referenceRoot(leaves.slice(0, k))]
}

/** The largest power of two smaller than n. */
function splitOf(n: number): number {
  let k = 1
  while (k * 2 < n) k *= 2
  return k
}

const node = (left: Uint8Array, right: Uint8Array): Uint8Array =>
  keccak_256(concat(Uint8Array.of(1), left, right))
