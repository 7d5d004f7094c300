import type { CaseEvent, CaseState } from '#engine/attested-awards/attested-case.ts'
import type { AttestedAct, AttestedWord, TypedData } from '#engine/attested-awards/attested-messages.ts'
import type { Hex } from '#engine/shared/bytes.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { ChainAddress, ContractCall } from './chain.ts'

/** An event of the contract and of which case it is. */
export type ChainCaseEvent = CaseEvent & {
  readonly rule: Hex
  readonly subject: Hex
  readonly block: number
}

/**
 * The contract AttestedAward, where it stands. What asks the chain may throw `chain-unavailable` (503, retry).
 * Only the relayer sends: what is built here goes into a chain task.
 */
export interface AttestedChain {
  readonly address: ChainAddress
  /** Who delivers. The contract takes its word without a signature, so it must be nobody's attester. */
  readonly relayer: Hex
  /** Throws `attested-contract-missing` where the contract is not there. */
  require(): Promise<void>
  /** The call that delivers what was signed. */
  call(act: AttestedAct, word: AttestedWord, signature: Uint8Array): ContractCall
  /** Asks the contract whether it would take a call in the next block. Throws `contract-refused` with the contract's own error. */
  tryCall(call: ContractCall): Promise<void>
  /** Signs with a key of ours, as a wallet would. */
  sign(key: Uint8Array, data: TypedData): Uint8Array
  /** Up to when an attester has taken back what it said; undefined where nothing is. */
  withdrawnUpTo(rule: Hex, subject: Hex, seat: number): Promise<Instant | undefined>

  /** The last block that is final; undefined where none is. */
  lastFinal(): Promise<{ readonly block: number; readonly time: Instant } | undefined>
  /** How a case stands after a block. */
  caseAt(rule: Hex, subject: Hex, block: number): Promise<CaseState>
  /** All events of the contract from one block up to and with another, in the order of the chain. */
  events(from: number, to: number): Promise<readonly ChainCaseEvent[]>
}
