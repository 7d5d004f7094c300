/**
 * What anybody can learn from the contract with nothing but an endpoint. The *whole* record of a batch is read, so that
 * the endpoint does not learn which leaf it is about; `contractVerify` is for whoever does not mind.
 */
import { isError } from 'ethers'
import type { AnchoringKey, AnchorVerdict } from '#engine/anchoring/anchor-verdict.ts'
import { anchoringErrors } from '#engine/anchoring/anchoring-errors.ts'
import { type BatchRecord, revocationWordCount } from '#engine/anchoring/batch-record.ts'
import { WaarmerkError } from '#engine/errors/define-error.ts'
import type { Hex } from '#engine/shared/bytes.ts'
import { asInstant, type Instant } from '#engine/shared/instant.ts'
import type { AnchorReader } from '#services/ports/verification-sources.ts'
import { badgeAnchor } from './badge-anchor.ts'
import { requireTrustedBadgeAnchor } from './contract-identity.ts'
import { askBytes, askObject, type Eip1193, whole } from './eip1193.ts'

/** The verdicts in the order of `IBadgeAnchor.Verdict`. */
const VERDICTS = ['unknown_batch', 'unauthorised', 'not_in_batch', 'revoked', 'valid'] as const
/** Words of revocation bits read at once: 1,024 are 262,144 leaves. */
const WORDS_A_CALL = 1024

interface DecodedBatch {
  readonly size: bigint
  readonly anchoredAt: bigint
  readonly kind: bigint
  readonly revoked: boolean
}

interface DecodedKey {
  readonly issuer: Hex
  readonly validFrom: bigint
  readonly validUntil: bigint
  readonly roles: bigint
}

/** The whole record of a batch, or undefined if the signer anchored no such root. Two calls, or more for vast batches. */
export async function readBatchRecord(
  provider: Eip1193,
  contract: Hex,
  signer: Hex,
  root: Hex,
): Promise<BatchRecord | undefined> {
  const { size, anchoredAt, kind, revoked } = await readBatch(provider, contract, signer, root)
  if (size === 0n) return undefined
  const words: bigint[] = []
  for (const count = revocationWordCount(Number(size)); words.length < count; ) {
    const wanted = Math.min(WORDS_A_CALL, count - words.length)
    const [read] = await view(provider, contract, 'revocationWords', [signer, root, words.length, wanted])
    const answered = read as readonly bigint[]
    if (answered.length !== wanted)
      throw anchoringErrors.chainUnavailable({
        method: 'revocationWords',
        reason: `its answer has ${answered.length} words of ${wanted}`,
      })
    words.push(...answered)
  }
  return {
    size: Number(size),
    anchoredAt: asInstant(Number(anchoredAt) * 1000),
    kind: Number(kind),
    revoked,
    revocationWords: words,
  }
}

/** Size and time of a batch, or undefined if the signer anchored no such root. One call. */
export async function readAnchoring(
  provider: Eip1193,
  contract: Hex,
  signer: Hex,
  root: Hex,
): Promise<{ readonly size: number; readonly anchoredAt: Instant } | undefined> {
  const { size, anchoredAt } = await readBatch(provider, contract, signer, root)
  return size === 0n ? undefined : { size: Number(size), anchoredAt: asInstant(Number(anchoredAt) * 1000) }
}

async function readBatch(provider: Eip1193, contract: Hex, signer: Hex, root: Hex): Promise<DecodedBatch> {
  const [batch] = await view(provider, contract, 'batch', [signer, root])
  return batch as DecodedBatch
}

/** What a key may do, or undefined if it was never granted. */
export async function readKey(provider: Eip1193, contract: Hex, key: Hex): Promise<AnchoringKey | undefined> {
  const [answer] = await view(provider, contract, 'keyOf', [key])
  const held = answer as DecodedKey
  if (held.validFrom === 0n) return undefined
  return {
    issuerId: held.issuer,
    validFrom: asInstant(Number(held.validFrom) * 1000),
    validUntil: asInstant(Number(held.validUntil) * 1000),
    roles: Number(held.roles),
  }
}

/** Asks the contract itself about one leaf. */
export async function contractVerify(
  provider: Eip1193,
  contract: Hex,
  question: {
    readonly issuerId: Hex
    readonly signer: Hex
    readonly root: Hex
    readonly leaf: Hex
    readonly index: number
    readonly proof: readonly Hex[]
  },
): Promise<AnchorVerdict> {
  const { issuerId, signer, root, leaf, index, proof } = question
  const [verdict] = await view(provider, contract, 'verify', [issuerId, signer, root, leaf, index, proof])
  const word = VERDICTS[Number(verdict)]
  if (word === undefined)
    throw anchoringErrors.chainUnavailable({ method: 'verify', reason: 'its answer is unknown' })
  return word
}

export interface AnchorReaderNeeds {
  readonly provider: Eip1193
  readonly chainId: number
  readonly independent: boolean
  /** Contracts at addresses of their own that the reader knows: `requireTrustedBadgeAnchor`. */
  readonly contracts?: readonly string[]
}

/**
 * Reads the records of any BadgeAnchor on one chain. A question about another chain, a chain that does not answer and
 * an address that holds something else are `unavailable`: no reason to believe, and none to disbelieve.
 */
export function createAnchorReader({
  provider,
  chainId,
  independent,
  contracts,
}: AnchorReaderNeeds): AnchorReader {
  const known = new Set<string>()
  return {
    async read(question) {
      if (question.chainId !== chainId) return 'unavailable'
      const { contract, signer, root } = question
      try {
        if (!known.has(contract.toLowerCase()))
          await requireTrustedBadgeAnchor(provider, { chainId, contract }, contracts)
        known.add(contract.toLowerCase())
        const asOf = await readNewestBlock(provider)
        const [record, key] = [
          await readBatchRecord(provider, contract, signer, root),
          await readKey(provider, contract, signer),
        ]
        return record === undefined ? 'unknown_batch' : { record, key, independent, asOf }
      } catch (error) {
        if (error instanceof WaarmerkError) return 'unavailable'
        throw error
      }
    },
  }
}

/** Read before the record, which is then of this block or a newer one. */
async function readNewestBlock(
  provider: Eip1193,
): Promise<{ readonly block: number; readonly time: Instant }> {
  const method = 'eth_getBlockByNumber'
  const found = await askObject(provider, method, ['latest', false])
  return {
    block: whole(found?.['number'], method),
    time: asInstant(whole(found?.['timestamp'], method) * 1000),
  }
}

/** Calls a view. An answer that does not decode, as from an address without the contract, is `chain-unavailable`. */
async function view(
  provider: Eip1193,
  contract: Hex,
  method: string,
  values: readonly unknown[],
): Promise<readonly unknown[]> {
  const data = badgeAnchor.encodeFunctionData(method, values)
  const answer = await askBytes(provider, 'eth_call', [{ to: contract, data }, 'latest'])
  try {
    return badgeAnchor.decodeFunctionResult(method, answer).toArray()
  } catch (error) {
    if (!isError(error, 'BAD_DATA') && !isError(error, 'BUFFER_OVERRUN')) throw error
    throw anchoringErrors.chainUnavailable({ method, reason: 'its answer does not decode' }, error)
  }
}
