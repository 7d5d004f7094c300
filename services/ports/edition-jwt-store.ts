import type { CredentialId, KeyId, OrganisationId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'

/** An edition signed as a compact JWS, besides the document with its proof. */
export interface EditionJwt {
  readonly organisationId: OrganisationId
  readonly credentialId: CredentialId
  readonly edition: number
  readonly keyId: KeyId
  readonly jwt: Uint8Array
  readonly signedAt: Instant
}

export interface EditionJwtStore {
  /** Oldest first. */
  ofEdition(id: CredentialId, edition: number): Promise<readonly EditionJwt[]>
  /** Keeps the first of a key: false where there is one already. */
  insert(signed: EditionJwt): Promise<boolean>
}
