import { isHistoryOf, type PublishedIssuingKey } from '#engine/anchoring/issuer-history.ts'
import { receiptPlace } from '#engine/anchoring/receipt.ts'
import type { Hex } from '#engine/shared/bytes.ts'
import type { Hash } from '#engine/shared/hash.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { MethodFinding } from '#services/ports/credential-suite.ts'
import type { IssuerHistories } from '#services/ports/verification-sources.ts'
import type { FindWitness } from './find-witness.ts'

/** An issuer as a chain records it, and when its key anchored the document at hand. */
export interface RecordedIssuer {
  /** Its number on chain: 20 bytes that commit to the DID and the first key. */
  readonly issuerId: Hex
  readonly issuingKeys: readonly PublishedIssuingKey[]
  readonly anchoredAt: Instant
}

/** The issuer of the document as the chain of its receipt records it; undefined where that says nothing of it. */
export type FindRecorded = () => Promise<RecordedIssuer | undefined>

/**
 * Follows the receipt to what the issuer said of its keys on chain, for when its DID document is gone. It counts only
 * where the receipt is of this document, the issuer on chain is of this DID, and a key of that issuer anchored it.
 * Asks nothing until it is called, and then once.
 */
export function createFindRecorded(
  did: string,
  needs: {
    readonly witness: FindWitness
    readonly histories: IssuerHistories | undefined
    readonly keccak256: Hash
  },
): FindRecorded {
  let found: ReturnType<FindRecorded> | undefined
  return () => {
    found ??= findRecorded(did, needs)
    return found
  }
}

async function findRecorded(
  ...[did, { witness, histories, keccak256 }]: Parameters<typeof createFindRecorded>
): Promise<RecordedIssuer | undefined> {
  if (histories === undefined) return undefined
  const seen = await witness()
  if (seen.kind !== 'anchored') return undefined
  const { receipt, at } = seen
  const { issuerId } = receipt
  const history = await histories.readHistory({ ...receiptPlace(receipt), issuerId })
  if (typeof history === 'string') return undefined
  if (!isHistoryOf(history, { did, issuerId }, keccak256)) return undefined
  return { issuerId, issuingKeys: history.issuingKeys, anchoredAt: at }
}

/** A key as the chain records it. Such a key is the fragment of its own name, so nothing else is needed. */
export function recordedKey(
  { issuingKeys, anchoredAt }: RecordedIssuer,
  did: string,
  verificationMethod: string,
): MethodFinding {
  const published = issuingKeys.find((key) => key.verificationMethod === verificationMethod)
  if (published === undefined) return { kind: 'not-recorded' }
  const { validFrom, validUntil } = published
  return {
    kind: 'found',
    method: {
      id: verificationMethod,
      type: 'Multikey',
      controller: did,
      publicKeyMultibase: verificationMethod.slice(did.length + 1),
    },
    forAssertion: true,
    recorded: { validFrom, validUntil, anchoredAt },
  }
}
