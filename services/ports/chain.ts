import type { AnchoringKey, AnchorVerdict } from '#engine/anchoring/anchor-verdict.ts'
import type { BatchRecord } from '#engine/anchoring/batch-record.ts'
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
  /** The chain knows nothing of it: never sent, dropped, or reorganised away. Sending it again is right. */
  | { readonly state: 'unknown' }
  | { readonly state: 'pending' }
  | {
      readonly state: 'mined'
      readonly blockNumber: number
      readonly blockTime: Instant
      readonly final: boolean
    }
  | { readonly state: 'reverted'; readonly blockNumber: number; readonly final: boolean }

/** A batch that the contract holds. */
export interface LandedBatch {
  readonly size: number
  readonly blockNumber: number
  readonly blockTime: Instant
  readonly final: boolean
}

/** A call to the contract that the relayer may send; built by the contract client, opaque to the services. */
export interface ContractCall {
  readonly to: Hex
  readonly data: Hex
}

/**
 * Reads and writes of the chain. Every method that asks the chain may throw `chain-unavailable` (503, retry).
 * A call holds a signature with a deadline (a day): build it anew each time a transaction is signed, keep it never.
 */
export interface Chain {
  readonly address: ChainAddress
  /** Who runs the chain: an embedded one proves nothing to outsiders. */
  readonly independent: boolean
  readonly relayer: Hex

  /** The id on chain that follows from DID and first anchoring key: 20 bytes. */
  issuerId(issuer: { readonly did: string; readonly firstKey: Hex }): Uint8Array

  /** EIP-712 consent of an anchoring key to act for an issuer, and the call that registers both. Idempotent on chain. Throws `issuer-id-mismatch`. */
  registerIssuerCall(issuer: {
    readonly id: Hex
    readonly did: string
    readonly anchoringKey: Uint8Array
  }): Promise<ContractCall>
  /** Publishes with which key the issuer signs credentials, and when, so that these verify when its site is gone. Statements only ever shorten. */
  publishIssuingKeyCall(statement: {
    readonly issuerId: Hex
    readonly verificationMethod: string
    readonly validFrom: Instant
    readonly validUntil?: Instant
    readonly anchoringKey: Uint8Array
  }): Promise<ContractCall>
  /** Gives a key to an issuer, without end: signed by a key that may administrate, and by the new one, which consents. */
  grantKeyCall(grant: {
    readonly issuerId: Hex
    readonly roles: number
    readonly newKey: Uint8Array
    readonly anchoringKey: Uint8Array
  }): Promise<ContractCall>
  /** Takes roles or time from a key, backwards in time too: the way to cut off a stolen one. */
  narrowKeyCall(narrowing: {
    readonly issuerId: Hex
    readonly key: Hex
    readonly roles: number
    readonly validFrom: Instant
    readonly validUntil: Instant
    readonly anchoringKey: Uint8Array
  }): Promise<ContractCall>
  /** The call that anchors a root in the name of the key: relayed, EIP-712 signed. "Exists with equal size" is success. */
  anchorCall(batch: {
    readonly issuerId: Hex
    readonly root: Hex
    readonly size: number
    /** 0 mixed, 2 endorsements only. */
    readonly kind: number
    readonly anchoringKey: Uint8Array
  }): Promise<ContractCall>
  /** The call that sets the revocation bits of some leaves of a batch: relayed, EIP-712 signed. Bits only grow. */
  revokeCall(revocation: {
    readonly issuerId: Hex
    /** The key that anchored the batch. The key that revokes may be another one of the issuer. */
    readonly signer?: Hex
    readonly root: Hex
    readonly leafIndexes: readonly number[]
    readonly anchoringKey: Uint8Array
  }): Promise<ContractCall>
  /** The call that revokes a whole batch. */
  revokeBatchCall(revocation: {
    readonly issuerId: Hex
    readonly signer?: Hex
    readonly root: Hex
    readonly anchoringKey: Uint8Array
  }): Promise<ContractCall>

  /** The next nonce that the chain expects of the relayer, pending transactions included. */
  nextNonce(): Promise<number>
  /** How many transactions of the relayer are in blocks: the nonce of the one that everything else waits for. */
  minedNonce(): Promise<number>
  /** Signs a transfer of nothing to the relayer itself: all that it does is to use up the nonce. */
  signFiller(nonce: number, replaces?: SignedTransaction): Promise<SignedTransaction>
  /**
   * Signs and prices a call for one nonce; sends nothing. With `replaces`, the earlier transaction of the same nonce,
   * it pays at least 12.5 % more than that. Throws `contract-refused` (the contract would revert, and why),
   * `fee-cap-reached`, `relayer-out-of-funds`.
   */
  sign(call: ContractCall, nonce: number, replaces?: SignedTransaction): Promise<SignedTransaction>
  /**
   * Sends a stored transaction; sending it again is harmless. Throws `nonce-taken`, `fee-too-low`,
   * `relayer-out-of-funds`, `transaction-refused`, `chain-mismatch`, `contract-missing`.
   */
  send(transaction: SignedTransaction): Promise<void>
  status(hash: Hex): Promise<TransactionStatus>

  /** Where a batch stands on chain, whoever brought it there: also what no transaction that we know of has done. */
  landed(signer: Hex, root: Hex): Promise<LandedBatch | undefined>
  /** The whole record of a batch, or undefined if the signer anchored no such root. */
  batch(signer: Hex, root: Hex): Promise<BatchRecord | undefined>
  /** What a key may do, or undefined if it was never granted. */
  key(address: Hex): Promise<AnchoringKey | undefined>
  /** Asks the contract itself (`verify`): one of its verdicts, as words. */
  verify(question: {
    readonly issuerId: Hex
    readonly signer: Hex
    readonly root: Hex
    readonly leaf: Hex
    readonly index: number
    readonly proof: readonly Hex[]
  }): Promise<AnchorVerdict>
}
