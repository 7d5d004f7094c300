import type { Instant } from '#engine/shared/instant.ts'
import { INLINE_LEAVES } from './batch.ts'

/** A batch as the contract holds it, whole: whoever reads it does not tell the chain which leaf they ask about. */
export interface BatchRecord {
  readonly size: number
  /** Time of the block, to the second. */
  readonly anchoredAt: Instant
  /** 0 mixed, 2 endorsements only. */
  readonly kind: number
  /** The whole batch was revoked. */
  readonly revoked: boolean
  /** Word 0: leaves 0 to 183, one bit each, lowest first; every further word 256 more. */
  readonly revocationWords: readonly bigint[]
}

/** Whether a leaf was revoked, alone or with its whole batch. */
export function isLeafRevoked(record: BatchRecord, index: number): boolean {
  if (record.revoked) return true
  const { word, bit } = revocationBit(index)
  return ((record.revocationWords[word] ?? 0n) & bit) !== 0n
}

/** Where the revocation bit of a leaf stands. */
export function revocationBit(index: number): { readonly word: number; readonly bit: bigint } {
  if (index < INLINE_LEAVES) return { word: 0, bit: 1n << BigInt(index) }
  const past = index - INLINE_LEAVES
  return { word: 1 + Math.floor(past / 256), bit: 1n << BigInt(past % 256) }
}

/** The fewest words of bits for some leaves, in order: one storage write each. */
export function revocationMasks(
  indexes: readonly number[],
): { readonly word: number; readonly bits: bigint }[] {
  const masks = new Map<number, bigint>()
  for (const index of indexes) {
    const { word, bit } = revocationBit(index)
    masks.set(word, (masks.get(word) ?? 0n) | bit)
  }
  return [...masks].sort(([a], [b]) => a - b).map(([word, bits]) => ({ word, bits }))
}

/** How many words of bits a batch of this size has. */
export const revocationWordCount = (size: number): number =>
  1 + Math.max(0, Math.ceil((size - INLINE_LEAVES) / 256))
