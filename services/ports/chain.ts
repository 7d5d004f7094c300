import type { Hex } from '#engine/shared/bytes.ts'
import type { Instant } from '#engine/shared/instant.ts'

/** Which contract on which chain a receipt speaks of. */
export interface ChainAddress {
  /** EIP-155 number. */
  readonly chainId: number
  /** Checksummed address of `BadgeAnchor`. */
  readonly contract: Hex
}

/** A signed transaction, ready to be stored first and sent after. */
export interface SignedTransaction {
  readonly hash: Hex
  readonly raw: Hex
  readonly nonce: number
  readonly sender: Hex
}

export type TransactionStatus =
  | { readonly state: 'unknown' }
  | { readonly state: 'pending' }
  | { readonly state: 'mined'; readonly blockNumber: number; readonly blockTime: Instant; readonly final: boolean }
  | { readonly state: 'reverted'; readonly blockNumber: number }

/** The record of a batch as the contract holds it. */
export interface BatchRecord {
  readonly size: number
  readonly anchoredAt: Instant
  readonly revoked: boolean
}

/** A call to the contract that the relayer may send; built by the contract client, opaque to the services. */
export interface ContractCall {
  readonly to: Hex
  readonly data: Hex
}

/** Reads and writes of the chain. Every method may throw `chain-unavailable` (503, retry). */
export interface Chain {
  readonly address: ChainAddress
  /** Who runs the chain: an embedded one proves nothing to outsiders. */
  readonly independent: boolean
  readonly relayer: Hex

  /** EIP-712 consent of an anchoring key to act for an issuer, and the call that registers both. Idempotent on chain. */
  registerIssuerCall(issuer: { readonly id: Hex; readonly metadata: string; readonly anchoringKey: Uint8Array }): Promise<ContractCall>
  /** The call that anchors a root in the name of the key: relayed, EIP-712 signed. "Exists with equal size" is success. */
  anchorCall(batch: { readonly issuerId: Hex; readonly root: Hex; readonly size: number; readonly kind: number; readonly anchoringKey: Uint8Array }): Promise<ContractCall>
  /** The call that sets the revocation bits of some leaves of a batch: relayed, EIP-712 signed. Bits only grow. */
  revokeCall(revocation: { readonly issuerId: Hex; readonly root: Hex; readonly leafIndexes: readonly number[]; readonly anchoringKey: Uint8Array }): Promise<ContractCall>

  /** The next nonce that the chain expects of the relayer, pending transactions included. */
  nextNonce(): Promise<number>
  /** Signs and prices a call for one nonce; sends nothing. `bump` counts earlier prices of the same nonce. */
  sign(call: ContractCall, nonce: number, bump: number): Promise<SignedTransaction>
  /** Sends a stored transaction; sending it again is harmless. */
  send(transaction: SignedTransaction): Promise<void>
  status(hash: Hex): Promise<TransactionStatus>

  batch(signer: Hex, root: Hex): Promise<BatchRecord | undefined>
  /** Asks the contract itself (`verify`): one of its verdicts, as words. */
  verify(question: {
    readonly issuerId: Hex
    readonly signer: Hex
    readonly root: Hex
    readonly leaf: Hex
    readonly index: number
    readonly proof: readonly Hex[]
  }): Promise<ContractVerdict>
}

/** What `BadgeAnchor.verify` answers. */
export type ContractVerdict = 'valid' | 'unknown_batch' | 'not_in_batch' | 'revoked' | 'unauthorised'
