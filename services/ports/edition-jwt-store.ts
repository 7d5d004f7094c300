import type { CredentialId, KeyId, OrganisationId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'

/** An edition signed as a compact JWS, besides the document with its proof. */
export interface EditionJwt {
  readonly organisationId: OrganisationId
  readonly credentialId: CredentialId
  readonly edition: number
  /** From 1 on, without gaps. The first one whose key is not compromised counts. */
  readonly number: number
  readonly keyId: KeyId
  readonly jwt: Uint8Array
  readonly signedAt: Instant
}

export interface EditionJwtStore {
  /** By their numbers. */
  ofEdition(id: CredentialId, edition: number): Promise<readonly EditionJwt[]>
  /** False where one with that number is there already, or one under that key. */
  insert(signed: EditionJwt): Promise<boolean>
}
