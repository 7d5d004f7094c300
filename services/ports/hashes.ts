import type { Hash } from '#engine/shared/hash.ts'

/** The hash functions that the engine is handed. */
export interface Hashes {
  readonly sha256: Hash
  readonly keccak256: Hash
}
