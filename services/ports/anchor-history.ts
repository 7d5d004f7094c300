import type { Hex } from '#engine/shared/bytes.ts'

export interface AnchoredRoot {
  /** Checksummed. */
  readonly signer: Hex
  readonly root: Hex
  readonly blockNumber: number
}

/**
 * What the contract told when it was anchored. Costs as many questions as an endpoint's bounds on ranges of blocks ask
 * for. Throws `chain-unavailable`.
 */
export interface AnchorHistory {
  latestBlock(): Promise<number>
  /** Everything that one key has anchored, oldest first. */
  anchoredBy(signer: Hex): Promise<readonly AnchoredRoot[]>
  /** What anybody has anchored in these blocks, both included, oldest first. */
  anchoredBetween(from: number, to: number): Promise<readonly AnchoredRoot[]>
}
