import type { Hex } from '#engine/shared/bytes.ts'

/** A signature on secp256k1 as Ethereum wants it: `s` in the lower half. */
export interface RecoverableSignature {
  readonly r: Hex
  readonly s: Hex
  readonly yParity: 0 | 1
}

/** The key of the account that pays, wherever it is kept. It signs transactions and nothing else. */
export interface RelayerKey {
  /** Checksummed. */
  readonly address: Hex
  /** Signs 32 bytes as they are. Throws `relayer-key-unavailable`. */
  sign(digest: Hex): Promise<RecoverableSignature>
}
