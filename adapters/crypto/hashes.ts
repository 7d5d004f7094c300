import { sha256 as nobleSha256 } from '@noble/hashes/sha2'
import { keccak_256 } from '@noble/hashes/sha3'
import type { Hash } from '#engine/shared/hash.ts'

export const sha256: Hash = (bytes) => nobleSha256(bytes)

/** Ethereum's Keccak-256, which is not SHA3-256. */
export const keccak256: Hash = (bytes) => keccak_256(bytes)
