import { anchoringErrors } from '#engine/anchoring/anchoring-errors.ts'

/** Prices of EIP-1559, in wei per unit of gas. */
export interface Fees {
  readonly maxFeePerGas: bigint
  readonly maxPriorityFeePerGas: bigint
}

export interface FeeMarket {
  readonly baseFee: bigint
  readonly suggestedTip: bigint
}

/**
 * What a transaction offers: twice the base fee, so that it stays good while blocks are full, and the tip. One that
 * replaces another offers at least an eighth (12.5 %) more of both than that one, or nodes ignore it.
 * Throws `fee-cap-reached` where the cap is below the base fee or the bump would pass it.
 */
export function nextFees({ baseFee, suggestedTip }: FeeMarket, cap: bigint, replaced?: Fees): Fees {
  if (baseFee > cap) throw anchoringErrors.feeCapReached({ capWei: String(cap) })
  const tip = least(suggestedTip, cap)
  const market = { maxFeePerGas: least(baseFee * 2n + tip, cap), maxPriorityFeePerGas: tip }
  if (replaced === undefined) return market
  const maxFeePerGas = most(market.maxFeePerGas, bumped(replaced.maxFeePerGas))
  const maxPriorityFeePerGas = most(market.maxPriorityFeePerGas, bumped(replaced.maxPriorityFeePerGas))
  if (most(maxFeePerGas, maxPriorityFeePerGas) > cap)
    throw anchoringErrors.feeCapReached({ capWei: String(cap) })
  return { maxFeePerGas: most(maxFeePerGas, maxPriorityFeePerGas), maxPriorityFeePerGas }
}

/** At least 12.5 % more, and at least 1. */
const bumped = (fee: bigint): bigint => most((fee * 9n + 7n) / 8n, fee + 1n)
const least = (a: bigint, b: bigint): bigint => (a < b ? a : b)
const most = (a: bigint, b: bigint): bigint => (a > b ? a : b)
