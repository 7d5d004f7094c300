import type { CredentialId, KeyId, OrganisationId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'

/** An edition signed once more in another form, besides the document with its proof. */
export interface EditionForm {
  readonly organisationId: OrganisationId
  readonly credentialId: CredentialId
  readonly edition: number
  /** From 1 on, without gaps. The first one whose key is not compromised counts. */
  readonly number: number
  readonly keyId: KeyId
  readonly bytes: Uint8Array
  readonly signedAt: Instant
}

/** The forms of one kind: compact JWS, or documents with a base proof. */
export interface EditionFormStore {
  /** By their numbers. */
  ofEdition(id: CredentialId, edition: number): Promise<readonly EditionForm[]>
  /** False where one with that number is there already, or one under that key. */
  insert(signed: EditionForm): Promise<boolean>
}
