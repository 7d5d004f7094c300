import type { Institution } from '#engine/credentials/issuer-profile.ts'
import type { IssuerId, KeyId, OrganisationId, UnitId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'

export interface Issuer extends Institution {
  readonly organisationId: OrganisationId
  readonly id: IssuerId
  readonly unitId: UnitId
  readonly slug: string
  /** The origin under which it was made; its DID and URLs keep it for ever. */
  readonly origin: string
  readonly did: string
  /** The id that the contract derives from DID and first anchoring key. */
  readonly onchainId?: Uint8Array
  readonly name: string
  readonly url: string
  readonly email?: string
  readonly description?: string
  readonly state: 'pending' | 'verified' | 'closed'
  /** Counts its changes, from 1 on. */
  readonly revision: number
}

/** `disclosing`: on P-256, beside an issuing key that is not. It signs what parts of badges are shown of. */
export type KeyPurpose = 'issuing' | 'disclosing' | 'anchoring'

export interface IssuerKey {
  readonly organisationId: OrganisationId
  readonly id: KeyId
  readonly issuerId: IssuerId
  readonly purpose: KeyPurpose
  /** Multikey (`z6Mk…`, `zDn…`) of a key that signs badges, checksummed address of an anchoring key. */
  readonly publicKey: string
  /** Sealed with the key's id; opened only where something is signed. */
  readonly sealedSecret: Uint8Array
  readonly state: 'active' | 'retired' | 'compromised'
  readonly createdAt: Instant
  readonly endedAt?: Instant
}

/** Four eyes: somebody asks for a new issuing key, so that another one may make it. */
export interface KeyChangeRequest {
  readonly organisationId: OrganisationId
  readonly id: string
  readonly issuerId: IssuerId
  readonly requestedBy: string
  readonly createdAt: Instant
}

/** What an issuer may say otherwise later. Its name and its address stand in achievements that are frozen. */
export type ChangeableProfile = Institution & Pick<Issuer, 'email' | 'description'>

export interface IssuerStore {
  insert(issuer: Issuer): Promise<void>
  list(organisationId: OrganisationId): Promise<readonly Issuer[]>
  find(id: IssuerId): Promise<Issuer | undefined>
  findMany(ids: readonly IssuerId[]): Promise<readonly Issuer[]>
  findBySlug(slug: string): Promise<Issuer | undefined>
  findByDid(did: string): Promise<Issuer | undefined>
  /**
   * Puts what it says of itself in the place of what it said; what is not named there is said no more. Undefined, and no
   * change, when its revision is not the one that was `seen`.
   */
  changeProfile(id: IssuerId, seen: number, profile: ChangeableProfile): Promise<Issuer | undefined>
  /** The one whose leaves have waited longest for a batch. */
  withOpenLeaves(organisationId: OrganisationId): Promise<Issuer | undefined>
  /** The one of the newest batch. */
  lastAnchored(organisationId: OrganisationId): Promise<Issuer | undefined>

  insertKey(key: IssuerKey): Promise<void>
  /** False, and nothing is written, where there is an active one of its purpose. */
  insertFirstKey(key: IssuerKey): Promise<boolean>
  /** All keys that it ever had, oldest first. */
  keys(issuerId: IssuerId): Promise<readonly IssuerKey[]>
  activeKey(issuerId: IssuerId, purpose: KeyPurpose): Promise<IssuerKey | undefined>
  /** Ends the active key of a purpose; false when another call was faster. */
  retireKey(id: KeyId, at: Instant): Promise<boolean>
  /** Its word counts for nothing from a moment on; waits for whoever stores what it has signed. */
  compromiseKey(id: KeyId, since: Instant): Promise<void>
  /** The state of a key that is signed with: nobody changes it until the transaction ends. */
  holdKey(id: KeyId): Promise<IssuerKey['state'] | undefined>
  /** A key that has ended was over earlier than it was said. */
  endEarlier(id: KeyId, at: Instant): Promise<void>

  /** The one that was not used; locked until the end of the transaction. */
  openKeyChange(issuerId: IssuerId): Promise<KeyChangeRequest | undefined>
  insertKeyChange(request: KeyChangeRequest): Promise<void>
  endKeyChange(request: KeyChangeRequest, at: Instant): Promise<boolean>
}
