import { getAddress, zeroPadValue } from 'ethers'
import { anchoringErrors } from '#engine/anchoring/anchoring-errors.ts'
import type { Hex } from '#engine/shared/bytes.ts'
import type { AnchoredRoot, AnchorHistory } from '#services/ports/anchor-history.ts'
import { badgeAnchor } from './badge-anchor.ts'
import { ask, type Eip1193, whole } from './eip1193.ts'
import { firstBlockOf } from './first-block.ts'
import { type ChainLog, readLogs } from './read-logs.ts'

const ANCHORED = badgeAnchor.getEvent('BatchAnchored')?.topicHash as Hex

/** Reads `BatchAnchored` of one contract. */
export function createAnchorHistory(provider: Eip1193, contract: Hex): AnchorHistory {
  const latestBlock = async () => whole(await ask(provider, 'eth_blockNumber'), 'eth_blockNumber')
  const read = async (topics: readonly Hex[], from: number, to: number) =>
    (await readLogs(provider, { address: contract, topics }, { from, to })).map(toAnchoredRoot)
  return {
    latestBlock,
    anchoredBy: async (signer) => {
      const latest = await latestBlock()
      const topics = [ANCHORED, zeroPadValue(signer.toLowerCase(), 32) as Hex]
      return read(topics, await firstBlockOf(provider, contract, latest), latest)
    },
    anchoredBetween: (from, to) => read([ANCHORED], from, to),
  }
}

function toAnchoredRoot({ topics: [, signer, root], block }: ChainLog): AnchoredRoot {
  if (signer === undefined || root === undefined)
    throw anchoringErrors.chainUnavailable({ method: 'eth_getLogs', reason: 'a log does not decode' })
  return { signer: getAddress(`0x${signer.slice(26)}`) as Hex, root, blockNumber: block }
}
