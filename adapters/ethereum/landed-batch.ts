import type { Hex } from '#engine/shared/bytes.ts'
import { asInstant, type Instant } from '#engine/shared/instant.ts'
import type { LandedBatch } from '#services/ports/chain.ts'
import { readAnchoring } from './anchor-reader.ts'
import { askObject, type Eip1193, whole } from './eip1193.ts'
import { type Finality, lastFinal } from './transaction-status.ts'

const METHOD = 'eth_getBlockByNumber'

/**
 * Finds a batch by what the contract holds, not by a transaction. The record says when, to the second; the block is
 * looked for by halving: some 25 questions, and no search of logs, which many nodes refuse over long ranges.
 */
export async function findLanded(
  {
    provider,
    contract,
    finality,
  }: { readonly provider: Eip1193; readonly contract: Hex; readonly finality: Finality },
  signer: Hex,
  root: Hex,
): Promise<LandedBatch | undefined> {
  const record = await readAnchoring(provider, contract, signer, root)
  if (record === undefined) return undefined
  const blockNumber = await firstBlockAt(provider, record.anchoredAt)
  if (blockNumber === undefined) return undefined
  const final = blockNumber <= (await lastFinal(provider, finality))
  return { size: record.size, blockNumber, blockTime: record.anchoredAt, final }
}

/** The first block of exactly this time; undefined if the chain has changed meanwhile. */
async function firstBlockAt(provider: Eip1193, time: Instant): Promise<number | undefined> {
  const head = await askObject(provider, METHOD, ['latest', false])
  let high = whole(head?.['number'], METHOD)
  let low = 0
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const at = await timeOf(provider, middle)
    if (at === undefined) return undefined
    if (at < time) low = middle + 1
    else high = middle
  }
  return (await timeOf(provider, low)) === time ? low : undefined
}

async function timeOf(provider: Eip1193, number: number): Promise<Instant | undefined> {
  const block = await askObject(provider, METHOD, [`0x${number.toString(16)}`, false])
  return block === undefined ? undefined : asInstant(whole(block['timestamp'], METHOD) * 1000)
}
