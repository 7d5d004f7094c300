import { credentialBytes, credentialDigest } from '#engine/credentials/prepared-credential.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { LeafId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { AddLeaf } from '#services/anchoring/add-leaf.ts'
import type { CredentialEdition } from '#services/ports/credential-store.ts'
import type { Hashes } from '#services/ports/hashes.ts'
import type { Issuer } from '#services/ports/issuer-store.ts'
import type { Random } from '#services/ports/random.ts'
import type { Stores } from '#services/ports/stores.ts'

export interface StoreSignedNeeds {
  readonly random: Random
  readonly hashes: Hashes
  readonly addLeaf: AddLeaf
}

/**
 * Stores the signed bytes of an edition and their leaf, in the caller's transaction. False where another worker signed it
 * meanwhile: nothing of the caller's may be kept then, the leaf included. Throws `conflict` where its key is compromised: the next attempt signs with another.
 */
export async function storeSigned(
  { random, hashes, addLeaf }: StoreSignedNeeds,
  stores: Stores,
  { issuer, edition }: { readonly issuer: Issuer; readonly edition: CredentialEdition },
  { signed, at }: { readonly signed: JsonObject; readonly at: Instant },
): Promise<boolean> {
  // Between reading the key and storing what it signed, somebody may have said that it is in wrong hands.
  if ((await stores.issuers.holdKey(edition.keyId)) === 'compromised')
    throw errors.conflict({ what: 'credential', reason: 'the key that signed it was compromised meanwhile' })
  const leafId = random.rowId() as LeafId
  const digest = credentialDigest(signed, hashes.sha256)
  await addLeaf(stores, {
    issuer,
    kind: 'credential',
    id: leafId,
    targetId: edition.credentialId,
    digest,
    at,
  })
  return stores.credentials.signEdition({
    ...edition,
    state: 'signed',
    signed: credentialBytes(signed),
    digest,
    leafId,
    signedAt: at,
  })
}
