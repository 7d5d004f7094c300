import { WaarmerkError } from '#engine/errors/define-error.ts'
import type { Hex } from '#engine/shared/bytes.ts'
import { askBytes, type Eip1193 } from './eip1193.ts'
import { quantityOf } from './read-logs.ts'

/**
 * The block that brought the contract, found by halving: some 25 questions on the longest chain. 0 where the node does
 * not keep old states, as most do not: then nothing is known to be skipped.
 */
export async function firstBlockOf(provider: Eip1193, contract: Hex, last: number): Promise<number> {
  let [without, holding] = [-1, last]
  try {
    while (holding - without > 1) {
      const middle = without + Math.floor((holding - without) / 2)
      const code = await askBytes(provider, 'eth_getCode', [contract, quantityOf(middle)])
      if (code === '0x') without = middle
      else holding = middle
    }
    return holding
  } catch (error) {
    if (error instanceof WaarmerkError) return 0
    throw error
  }
}
