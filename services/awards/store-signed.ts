import { errors } from '#engine/errors/catalogue.ts'
import type { KeyId, LeafId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { AddLeaf, WantedLeaf } from '#services/anchoring/add-leaf.ts'
import type { CredentialEdition, SignedEdition } from '#services/ports/credential-store.ts'
import type { Issuer } from '#services/ports/issuer-store.ts'
import type { Random } from '#services/ports/random.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { Signed } from './sign-prepared.ts'

export interface StoreSignedNeeds {
  readonly random: Random
  readonly addLeaf: AddLeaf
}

/** An edition with what was signed of it. */
export interface ToStore extends Signed {
  readonly issuer: Issuer
  readonly edition: CredentialEdition
}

/**
 * Stores the signed bytes of editions and their leaves, in the caller's transaction. False where another worker signed one of
 * them meanwhile: nothing of the caller's may be kept then, the leaves included. Throws `conflict` where a key is
 * compromised: the next attempt signs with another.
 */
export async function storeSigned(
  { random, addLeaf }: StoreSignedNeeds,
  stores: Stores,
  all: readonly ToStore[],
  at: Instant,
): Promise<boolean> {
  for (const keyId of new Set(all.map(({ edition }) => edition.keyId))) await requireKey(stores, keyId)
  const editions: SignedEdition[] = []
  const leaves: WantedLeaf[] = []
  for (const { issuer, edition, signed, digest } of all) {
    const leafId = random.rowId() as LeafId
    editions.push({ ...edition, state: 'signed', signed, digest, leafId, signedAt: at })
    leaves.push({ issuer, kind: 'credential', id: leafId, targetId: edition.credentialId, digest, at })
  }
  await addLeaf(stores, ...leaves)
  return (await stores.credentials.signEditions(editions)) === editions.length
}

/** Between reading the key and storing what it signed, somebody may have said that it is in wrong hands. */
async function requireKey(stores: Stores, keyId: KeyId): Promise<void> {
  if ((await stores.issuers.holdKey(keyId)) === 'compromised')
    throw errors.conflict({ what: 'credential', reason: 'the key that signed it was compromised meanwhile' })
}
