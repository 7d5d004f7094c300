import { keyRoles } from '#engine/anchoring/anchor-verdict.ts'
import { anchoringErrors } from '#engine/anchoring/anchoring-errors.ts'
import type { Hex } from '#engine/shared/bytes.ts'
import { asInstant, type Instant } from '#engine/shared/instant.ts'
import { readKey } from './anchor-reader.ts'
import { badgeAnchor } from './badge-anchor.ts'
import { ask, askObject, askQuantity, bytes, type Eip1193, whole } from './eip1193.ts'

/** What an issuer has said about itself on chain: enough to check its badges when its site is gone. */
export interface IssuerHistory {
  readonly did: string
  readonly firstKey: Hex
  readonly metadata: readonly string[]
  readonly issuingKeys: readonly PublishedIssuingKey[]
}

/** The window in which a verification method signed for the issuer: the intersection of all that was said about it. */
export interface PublishedIssuingKey {
  readonly verificationMethod: string
  readonly validFrom: Instant
  readonly validUntil: Instant
}

export interface HistoryOptions {
  /** The block that deployed the contract, or any before it. */
  readonly fromBlock?: number
  /** Blocks asked for at once; public endpoints have limits. */
  readonly blocksACall?: number
}

/**
 * Reads the history of an issuer from the contract's events; undefined if it was never registered. What a key said
 * outside of the window that it has *now* does not count, so a stolen key is cut off here too.
 */
export async function readIssuerHistory(
  provider: Eip1193,
  contract: Hex,
  issuerId: Hex,
  { fromBlock = 0, blocksACall = 10_000 }: HistoryOptions = {},
): Promise<IssuerHistory | undefined> {
  const last = Number(await askQuantity(provider, 'eth_blockNumber'))
  let registered: { readonly did: string; readonly firstKey: Hex } | undefined
  const metadata = new Set<string>()
  const keys = new Map<string, PublishedIssuingKey>()
  for (let from = fromBlock; from <= last; from += blocksACall) {
    const to = Math.min(last, from + blocksACall - 1)
    for (const event of await readEvents(provider, contract, issuerId, from, to)) {
      const { name, args, block } = event
      if (name === 'IssuerRegistered') registered = { did: args.did, firstKey: args.key }
      else if (!(await couldSpeak(provider, contract, event.by, block))) continue
      else if (name === 'MetadataAdded') metadata.add(args.metadata)
      else keys.set(args.verificationMethod, narrowed(keys.get(args.verificationMethod), args))
    }
  }
  return registered && { ...registered, metadata: [...metadata], issuingKeys: [...keys.values()] }
}

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

async function readEvents(
  provider: Eip1193,
  contract: Hex,
  issuerId: Hex,
  from: number,
  to: number,
): Promise<IssuerEvent[]> {
  const method = 'eth_getLogs'
  const names = ['IssuerRegistered', 'IssuingKeyPublished', 'MetadataAdded']
  const topics = [
    names.map((name) => badgeAnchor.getEvent(name)?.topicHash),
    issuerId.toLowerCase().padEnd(66, '0'),
  ]
  const range = { fromBlock: `0x${from.toString(16)}`, toBlock: `0x${to.toString(16)}` }
  const logs = await ask(provider, method, [{ address: contract, topics, ...range }])
  if (!Array.isArray(logs))
    throw anchoringErrors.chainUnavailable({ method, reason: 'its answer is not a list' })
  return logs.flatMap((log) => {
    const parsed = badgeAnchor.parseLog({ topics: log.topics, data: bytes(log.data, method) })
    // A node may send more than it was asked for.
    if (parsed === null || !names.includes(parsed.name) || parsed.args['issuer'] !== issuerId.toLowerCase())
      return []
    const args = parsed.args.toObject() as unknown as Decoded
    return [
      {
        name: parsed.name,
        args,
        by: args.publishedBy ?? args.addedBy ?? args.key,
        block: whole(log.blockNumber, method),
      },
    ]
  })
}

async function couldSpeak(provider: Eip1193, contract: Hex, key: Hex, block: number): Promise<boolean> {
  const held = await readKey(provider, contract, key)
  if (held === undefined || (held.roles & keyRoles.admin) === 0) return false
  const found = await askObject(provider, 'eth_getBlockByNumber', [`0x${block.toString(16)}`, false])
  const at = whole(found?.['timestamp'], 'eth_getBlockByNumber') * 1000
  return held.validFrom <= at && at < held.validUntil
}

function narrowed(before: PublishedIssuingKey | undefined, args: Decoded): PublishedIssuingKey {
  const [from, until] = [Number(args.validFrom) * 1000, Number(args.validUntil) * 1000]
  return {
    verificationMethod: args.verificationMethod,
    validFrom: asInstant(Math.max(from, before?.validFrom ?? 0)),
    validUntil: asInstant(Math.min(until, before?.validUntil ?? Number.MAX_SAFE_INTEGER)),
  }
}
