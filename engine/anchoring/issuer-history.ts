import type { Hex } from '#engine/shared/bytes.ts'
import type { Hash } from '#engine/shared/hash.ts'
import { asInstant, type Instant } from '#engine/shared/instant.ts'
import { deriveIssuerId } from './issuer-id.ts'

/** What an issuer has said about itself on chain: enough to check its badges when its site is gone. */
export interface IssuerHistory {
  readonly did: string
  readonly firstKey: Hex
  readonly metadata: readonly string[]
  readonly issuingKeys: readonly PublishedIssuingKey[]
}

/**
 * The window in which a verification method signed for the issuer, `validFrom <= t < validUntil`: the latest beginning
 * and the earliest end of all that was said about it.
 */
export interface PublishedIssuingKey {
  readonly verificationMethod: string
  readonly validFrom: Instant
  readonly validUntil: Instant
}

/** Adds one statement about a key to those before it: none can prolong what another has ended. */
export function narrowIssuingKey(
  before: PublishedIssuingKey | undefined,
  said: PublishedIssuingKey,
): PublishedIssuingKey {
  if (before === undefined) return said
  return {
    verificationMethod: said.verificationMethod,
    validFrom: asInstant(Math.max(before.validFrom, said.validFrom)),
    validUntil: asInstant(Math.min(before.validUntil, said.validUntil)),
  }
}

/**
 * Whether the history is that of this DID under this id. The id commits to both the DID and the first key, so a node
 * cannot put another DID or key in their place; whether the DID was that key's to name, it cannot say.
 */
export const isHistoryOf = (
  { did, firstKey }: Pick<IssuerHistory, 'did' | 'firstKey'>,
  of: { readonly did: string; readonly issuerId: Hex },
  keccak256: Hash,
): boolean => did === of.did && deriveIssuerId(did, firstKey, keccak256) === of.issuerId.toLowerCase()
