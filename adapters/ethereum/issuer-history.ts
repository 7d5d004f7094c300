import { keyRoles } from '#engine/anchoring/anchor-verdict.ts'
import { anchoringErrors } from '#engine/anchoring/anchoring-errors.ts'
import {
  type IssuerHistory,
  narrowIssuingKey,
  type PublishedIssuingKey,
} from '#engine/anchoring/issuer-history.ts'
import { WaarmerkError } from '#engine/errors/define-error.ts'
import type { Hex } from '#engine/shared/bytes.ts'
import { asInstant, type Instant } from '#engine/shared/instant.ts'
import type { IssuerHistories } from '#services/ports/verification-sources.ts'
import { readKey } from './anchor-reader.ts'
import { badgeAnchor } from './badge-anchor.ts'
import { requireTrustedBadgeAnchor } from './contract-identity.ts'
import { ask, askObject, type Eip1193, whole } from './eip1193.ts'
import { firstBlockOf } from './first-block.ts'
import { type ChainLog, quantityOf, readLogs } from './read-logs.ts'

/** Blocks that every endpoint answers for at once: a younger contract is not searched for its beginning. */
const FEW_BLOCKS = 2000

/**
 * Reads the history of an issuer from the contract's events; undefined if it was never registered. What a key said
 * outside of the window that it has *now* does not count, so a stolen key is cut off here too.
 */
export async function readIssuerHistory(
  provider: Eip1193,
  contract: Hex,
  issuerId: Hex,
): Promise<IssuerHistory | undefined> {
  const last = whole(await ask(provider, 'eth_blockNumber'), 'eth_blockNumber')
  const first = last < FEW_BLOCKS ? 0 : await firstBlockOf(provider, contract, last)
  const logs = await readLogs(provider, filterOf(contract, issuerId), { from: first, to: last })
  const couldSpeak = createCouldSpeak(provider, contract, issuerId)

  let registered: { readonly did: string; readonly firstKey: Hex } | undefined
  const metadata = new Set<string>()
  const keys = new Map<string, PublishedIssuingKey>()
  for (const { name, args, by, block } of logs.flatMap(decode)) {
    if (name === 'IssuerRegistered') registered = { did: args.did, firstKey: args.key }
    else if (!(await couldSpeak(by, block))) continue
    else if (name === 'MetadataAdded') metadata.add(args.metadata)
    else {
      const { verificationMethod } = args
      keys.set(verificationMethod, narrowIssuingKey(keys.get(verificationMethod), saidIn(args)))
    }
  }
  return registered && { ...registered, metadata: [...metadata], issuingKeys: [...keys.values()] }
}

/** Histories of any BadgeAnchor on one chain. A chain that does not answer and another contract are `unavailable`. */
export function createIssuerHistories({
  provider,
  chainId,
  contracts,
}: {
  readonly provider: Eip1193
  readonly chainId: number
  readonly contracts?: readonly string[]
}): IssuerHistories {
  return {
    async readHistory(place) {
      if (place.chainId !== chainId) return 'unavailable'
      try {
        await requireTrustedBadgeAnchor(provider, place, contracts)
        return (await readIssuerHistory(provider, place.contract, place.issuerId)) ?? 'unknown_issuer'
      } catch (error) {
        if (error instanceof WaarmerkError) return 'unavailable'
        throw error
      }
    },
  }
}

const EVENTS = ['IssuerRegistered', 'IssuingKeyPublished', 'MetadataAdded'] as const

const filterOf = (contract: Hex, issuerId: Hex) => ({
  address: contract,
  topics: [
    EVENTS.map((name) => badgeAnchor.getEvent(name)?.topicHash as Hex),
    issuerId.toLowerCase().padEnd(66, '0') as Hex,
  ],
})

/** The members of the three events that are read. */
interface Decoded {
  readonly did: string
  readonly key: Hex
  readonly publishedBy?: Hex
  readonly addedBy?: Hex
  readonly metadata: string
  readonly verificationMethod: string
  readonly validFrom: bigint
  readonly validUntil: bigint
}

interface IssuerEvent {
  readonly name: string
  readonly args: Decoded
  readonly by: Hex
  readonly block: number
}

function decode({ topics, data, block }: ChainLog): IssuerEvent[] {
  try {
    const parsed = badgeAnchor.parseLog({ topics, data })
    if (parsed === null) return []
    const args = parsed.args.toObject() as unknown as Decoded
    return [{ name: parsed.name, args, by: args.publishedBy ?? args.addedBy ?? args.key, block }]
  } catch (error) {
    throw anchoringErrors.chainUnavailable({ method: 'eth_getLogs', reason: 'a log does not decode' }, error)
  }
}

/** Whether a key may administrate the issuer, as of now, at the time of a block. Each key and block is asked for once. */
function createCouldSpeak(provider: Eip1193, contract: Hex, issuerId: Hex) {
  const keys = new Map<Hex, ReturnType<typeof readKey>>()
  const times = new Map<number, Promise<Instant>>()
  return async (by: Hex, block: number): Promise<boolean> => {
    const asked = keys.get(by) ?? readKey(provider, contract, by)
    keys.set(by, asked)
    const held = await asked
    if (held?.issuerId.toLowerCase() !== issuerId.toLowerCase()) return false
    if ((held.roles & keyRoles.admin) === 0) return false
    const time = times.get(block) ?? timeOf(provider, block)
    times.set(block, time)
    const at = await time
    return held.validFrom <= at && at < held.validUntil
  }
}

async function timeOf(provider: Eip1193, block: number): Promise<Instant> {
  const found = await askObject(provider, 'eth_getBlockByNumber', [quantityOf(block), false])
  return asInstant(whole(found?.['timestamp'], 'eth_getBlockByNumber') * 1000)
}

const saidIn = ({ verificationMethod, validFrom, validUntil }: Decoded): PublishedIssuingKey => ({
  verificationMethod,
  validFrom: asInstant(Number(validFrom) * 1000),
  validUntil: asInstant(Number(validUntil) * 1000),
})
