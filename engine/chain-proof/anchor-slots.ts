import type { AnchoringKey } from '#engine/anchoring/anchor-verdict.ts'
import { INLINE_LEAVES } from '#engine/anchoring/batch.ts'
import type { BatchRecord } from '#engine/anchoring/batch-record.ts'
import { concat, fromHex, type Hex } from '#engine/shared/bytes.ts'
import type { Hash } from '#engine/shared/hash.ts'
import { asInstant } from '#engine/shared/instant.ts'

/**
 * Where `BadgeAnchor` keeps what in its storage, and how it is packed: as the compiler lays it out, which
 * test/chain/anchor-proof.test.ts asks. A place is 32 bytes; a mapping's is keccak256(key ‖ place of the mapping).
 */
export const STORAGE_LAYOUT = { _keys: 2, _batches: 3, _words: 4 } as const

export const keySlot = (key: Hex, keccak256: Hash): Uint8Array =>
  inMapping(word(STORAGE_LAYOUT._keys), key, keccak256)

export const batchSlot = (signer: Hex, root: Hex, keccak256: Hash): Uint8Array =>
  inMapping(inMapping(word(STORAGE_LAYOUT._batches), signer, keccak256), root, keccak256)

/** Of word 1 and further of the revocation bits; word 0 stands in the batch's own slot. */
export function wordSlot(signer: Hex, root: Hex, at: number, keccak256: Hash): Uint8Array {
  const ofBatch = inMapping(inMapping(word(STORAGE_LAYOUT._words), signer, keccak256), root, keccak256)
  return keccak256(concat(word(at), ofBatch))
}

/** A key's slot, from the lowest bit: 160 bits of issuer, 40 of beginning, 40 of end, 8 of roles. */
export function readKeyWord(value: bigint): AnchoringKey | undefined {
  const validFrom = bits(value, 160, 40)
  if (validFrom === 0n) return undefined
  return {
    issuerId: `0x${bits(value, 0, 160).toString(16).padStart(40, '0')}`,
    validFrom: seconds(validFrom),
    validUntil: seconds(bits(value, 200, 40)),
    roles: Number(bits(value, 240, 8)),
  }
}

/** A batch's slot: see contracts/BatchWord.sol. Undefined for the word 0, which is no batch. */
export function readBatchWord(value: bigint, further: readonly bigint[]): BatchRecord | undefined {
  const size = Number(bits(value, INLINE_LEAVES, 24))
  if (size === 0) return undefined
  return {
    size,
    anchoredAt: seconds(bits(value, 208, 40)),
    kind: Number(bits(value, 248, 7)),
    revoked: bits(value, 255, 1) === 1n,
    revocationWords: [bits(value, 0, INLINE_LEAVES), ...further],
  }
}

const bits = (value: bigint, from: number, count: number): bigint =>
  (value >> BigInt(from)) & ((1n << BigInt(count)) - 1n)

const seconds = (value: bigint) => asInstant(Number(value) * 1000)

const inMapping = (place: Uint8Array, key: Hex, keccak256: Hash): Uint8Array =>
  keccak256(concat(padded(fromHex(key) ?? new Uint8Array()), place))

const word = (value: number): Uint8Array => fromHex(`0x${value.toString(16).padStart(64, '0')}`) as Uint8Array

const padded = (bytes: Uint8Array): Uint8Array => concat(new Uint8Array(32 - bytes.length), bytes)
