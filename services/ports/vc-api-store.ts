import type { StatusListPurpose } from '#engine/credentials/status-list.ts'
import type { IssuerId, KeyId, OrganisationId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { Page, PageRequest } from './page.ts'

/** An entry of what was signed over VC-API: at most one for each purpose. */
export interface VcApiStatus {
  readonly purpose: StatusListPurpose
  readonly listId: string
  readonly index: number
  /** Since when its bit is set. */
  readonly setAt?: Instant
}

/** A credential that other software had signed here over VC-API. It has no award, no page and no leaf. */
export interface VcApiCredential {
  readonly organisationId: OrganisationId
  readonly id: string
  readonly issuerId: IssuerId
  readonly keyId: KeyId
  /** The id that the document bears, where it bears one. */
  readonly credentialId?: string
  readonly statuses: readonly VcApiStatus[]
  readonly actor: string
  readonly createdAt: Instant
}

export interface VcApiStore {
  /** Before it is signed, so that its places in the status lists are taken. */
  insert(credential: VcApiCredential): Promise<void>
  /** The secured document, byte for byte as it was handed out. */
  keepSigned(id: string, signed: Uint8Array, digest: Uint8Array): Promise<void>
  /** All that were signed under the id of a document, or the one with that entry in a list. Locked until the transaction ends. */
  named(name: {
    readonly credentialId: string
    readonly entry?: { readonly list: string; readonly index: number }
  }): Promise<readonly VcApiCredential[]>
  /** Since when the bit of its entry for that purpose is set; undefined where it is not any more. */
  setStatus(id: string, purpose: StatusListPurpose, at: Instant | undefined): Promise<void>
  /** What a key signed, newest first. */
  underKey(keyId: KeyId, page: PageRequest): Promise<Page<VcApiCredential>>
  countUnderKey(keyId: KeyId): Promise<number>
}
