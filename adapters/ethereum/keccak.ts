import { getBytes, keccak256 as ofHex } from 'ethers'
import type { Hash } from '#engine/shared/hash.ts'

/** The hash of the chain, as the engine wants it. */
export const keccak256: Hash = (bytes) => getBytes(ofHex(bytes))
