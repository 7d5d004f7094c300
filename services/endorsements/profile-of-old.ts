import { endorsableBytes } from '#engine/credentials/endorsable-bytes.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { Endorsement } from '#services/ports/endorsement-store.ts'
import type { Hashes } from '#services/ports/hashes.ts'
import type { Stores } from '#services/ports/stores.ts'
import { findEndorsable } from './endorsable.ts'
import { endorsementState } from './endorsement-state.ts'

/**
 * Whether it is about a profile that its issuer has changed since. A change makes such endorsements `stale`; one that was asked
 * for in the same moment is told by its digest.
 */
export const isOfOldProfile = (
  { target, prepared }: Pick<Endorsement, 'target' | 'prepared'>,
  document: JsonObject,
  sha256: Hashes['sha256'],
): boolean => {
  if (target !== 'issuer') return false
  const digest = `sha256-${Buffer.from(sha256(endorsableBytes(document))).toString('base64')}`
  return !new TextDecoder().decode(prepared).includes(JSON.stringify(digest))
}

/** Throws `conflict` where it is. */
export async function requireNewProfile(
  stores: Stores,
  endorsement: Pick<Endorsement, 'target' | 'targetId' | 'prepared'>,
  sha256: Hashes['sha256'],
): Promise<void> {
  if (endorsement.target !== 'issuer') return
  const { document } = await findEndorsable(stores, endorsement.target, endorsement.targetId)
  if (isOfOldProfile(endorsement, document, sha256)) throw endorsementState('stale')
}
