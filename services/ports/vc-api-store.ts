import type { IssuerId, KeyId, OrganisationId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'

/** A credential that other software had signed here over VC-API. It has no award, no page and no leaf. */
export interface VcApiCredential {
  readonly organisationId: OrganisationId
  readonly id: string
  readonly issuerId: IssuerId
  readonly keyId: KeyId
  /** The id that the document bears, where it bears one. */
  readonly credentialId?: string
  readonly status?: { readonly listId: string; readonly index: number }
  readonly actor: string
  readonly createdAt: Instant
  readonly revokedAt?: Instant
}

export interface VcApiStore {
  /** Before it is signed, so that its place in the status list is taken. */
  insert(credential: VcApiCredential): Promise<void>
  /** The secured document, byte for byte as it was handed out. */
  keepSigned(id: string, signed: Uint8Array, digest: Uint8Array): Promise<void>
  /** All that were signed under the id of a document, or the one with that entry in a list. Locked until the transaction ends. */
  named(name: {
    readonly credentialId: string
    readonly entry?: { readonly list: string; readonly index: number }
  }): Promise<readonly VcApiCredential[]>
  revoke(id: string, at: Instant): Promise<void>
}
