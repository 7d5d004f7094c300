import type { EditionCause, EditionEnd } from '#engine/awards/award-life.ts'
import type { Omission } from '#engine/credentials/attested-view.ts'
import type { StatusListPurpose } from '#engine/credentials/status-list.ts'
import type {
  AwardId,
  CredentialId,
  IssuerId,
  KeyId,
  LeafId,
  OrganisationId,
  SubjectId,
} from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'

export interface Credential {
  readonly organisationId: OrganisationId
  readonly id: CredentialId
  readonly awardId: AwardId
  readonly issuerId: IssuerId
  /** `urn:uuid:…`, fresh for this credential: credentials of one person cannot be joined by it. */
  readonly subjectUri: string
  readonly visibility: 'private' | 'public'
  /** What the public page leaves out. */
  readonly publicOmits: readonly Omission[]
  readonly createdAt: Instant
}

interface EditionBase {
  readonly organisationId: OrganisationId
  readonly credentialId: CredentialId
  /** From 1 on, without gaps. */
  readonly edition: number
  readonly cause: EditionCause
  /** Why it was made: for the organisation and the earner. */
  readonly reason?: string
  readonly keyId: KeyId
  readonly statusListId: string
  readonly statusIndex: number
  /** The unproofed document, canonical: what passed every check and will be signed. */
  readonly prepared: Uint8Array
  readonly preparedAt: Instant
}

export type CredentialEdition =
  | (EditionBase & {
      readonly state: 'prepared'
      /** Signing it failed too often. */
      readonly parkedAt?: Instant
    })
  | (EditionBase & {
      readonly state: 'signed'
      /** The secured document, byte for byte as it is served. */
      readonly signed: Uint8Array
      readonly digest: Uint8Array
      readonly leafId: LeafId
      readonly signedAt: Instant
      /** Since when its bit is set, and why. The reason is shown to whoever verifies it. */
      readonly endedBy?: EditionEnd
      readonly revokedAt?: Instant
      readonly revocationReason?: string
    })

export type SignedEdition = Extract<CredentialEdition, { state: 'signed' }>

export interface StatusList {
  readonly organisationId: OrganisationId
  readonly id: string
  readonly issuerId: IssuerId
  readonly number: number
  readonly purpose: StatusListPurpose
  readonly length: number
  readonly entries: number
  readonly bits: Uint8Array
  readonly revision: number
  /** The signed list credential and the revision of the bits that it shows. */
  readonly credential?: Uint8Array
  readonly signedRevision?: number
}

/** A link that shows a credential to whoever holds it. Its token is known to nobody here. */
export interface ShareLink {
  readonly id: string
  /** How its maker calls it; may be empty. Shown to nobody else. */
  readonly label: string
  /** What its page leaves out. */
  readonly omits: readonly Omission[]
  readonly createdAt: Instant
  readonly expiresAt?: Instant
  readonly revokedAt?: Instant
}

export interface CountedShareLink extends ShareLink {
  readonly views: number
}

/** By which way a page was reached. */
export type ViewChannel = 'public' | 'link' | 'embed' | 'collection'

export interface CredentialViewed {
  readonly organisationId: OrganisationId
  readonly credentialId: CredentialId
  readonly channel: ViewChannel
  readonly shareLinkId?: string
  readonly at: Instant
}

export interface DayOfViews {
  /** `2026-11-26`, UTC. */
  readonly day: string
  readonly channel: ViewChannel
  readonly views: number
}

export interface CredentialStore {
  /** The credential of an award; made when there is none. */
  ofAward(credential: Credential): Promise<Credential>
  /** The same of many, in their order. */
  ofAwards(credentials: readonly Credential[]): Promise<readonly Credential[]>
  find(id: CredentialId): Promise<Credential | undefined>
  findMany(ids: readonly CredentialId[]): Promise<readonly Credential[]>
  findByAward(awardId: AwardId): Promise<Credential | undefined>
  findByAwards(awardIds: readonly AwardId[]): Promise<readonly Credential[]>
  setVisibility(
    id: CredentialId,
    visibility: Credential['visibility'],
    publicOmits: readonly Omission[],
  ): Promise<void>

  insertEditions(editions: readonly CredentialEdition[]): Promise<void>
  editions(id: CredentialId): Promise<readonly CredentialEdition[]>
  /** All of these, in order, without their documents. */
  editionsOfMany(
    ids: readonly CredentialId[],
  ): Promise<readonly Pick<CredentialEdition, 'credentialId' | 'edition' | 'state'>[]>
  /** Of each the newest one that is signed; none of what is not signed yet. */
  currentEditions(ids: readonly CredentialId[]): Promise<readonly SignedEdition[]>
  editionByDigest(digest: Uint8Array): Promise<SignedEdition | undefined>
  /**
   * Puts the signed bytes beside the prepared ones; of how many. Fewer than given when another worker was faster, or some
   * were dropped.
   */
  signEditions(editions: readonly SignedEdition[]): Promise<number>
  /** Says that their bits are set, and why. What ended before keeps its moment. */
  endEditions(
    editions: readonly Pick<CredentialEdition, 'credentialId' | 'edition'>[],
    end: { readonly by: EditionEnd; readonly at: Instant; readonly reason?: string },
  ): Promise<void>
  /** Drops an edition after the first that was prepared and is not signed: nobody has it. */
  dropPrepared(id: CredentialId): Promise<boolean>
  /** Drops one that cannot be signed, the first included; false when it is not there any more, or signed. */
  dropUnfit(edition: Pick<CredentialEdition, 'credentialId' | 'edition'>): Promise<boolean>
  /**
   * Claims editions after the first that are to be signed (`FOR UPDATE SKIP LOCKED`) until a moment, in turns by
   * organisation and there the oldest first: a worker that dies meanwhile leaves them to the next one.
   */
  claimPrepared(limit: number, now: Instant, until: Instant): Promise<readonly CredentialEdition[]>
  /** Counts a failed attempt: tried again after the time that the number of failures gives, or parked. */
  failEdition(
    edition: Pick<CredentialEdition, 'credentialId' | 'edition'>,
    failure: {
      readonly error: string
      readonly at: Instant
      readonly next: (attempts: number) => Instant | undefined
    },
  ): Promise<void>

  /** The newest list of an issuer for that purpose, locked for allocation. */
  openList(issuerId: IssuerId, purpose: StatusListPurpose): Promise<StatusList | undefined>
  /** The number of the issuer's newest list, whatever it is for; 0 where there is none. */
  lastListNumber(issuerId: IssuerId): Promise<number>
  /** Waits for whoever takes the same number, and leaves it to them. */
  insertList(list: StatusList): Promise<void>
  takenIndexes(listId: string, indexes: readonly number[]): Promise<readonly number[]>
  countEntries(listId: string, entries: number): Promise<void>
  list(issuerId: IssuerId, number: number): Promise<StatusList | undefined>
  /** Locks the row until the transaction ends. */
  listForUpdate(id: string): Promise<StatusList | undefined>
  /** Sets bits and raises the revision. */
  saveBits(id: string, bits: Uint8Array): Promise<void>
  /** Keeps a signed list; ignored when the revision has moved on. */
  saveListCredential(id: string, revision: number, credential: Uint8Array): Promise<void>

  /** Lists of the issuer are signed anew when they are next asked for. */
  forgetSignedLists(issuerId: IssuerId): Promise<void>

  /** Awards that are issued, of these people, whose current edition the key signed; by their ids. */
  awardsUnderKey(keyId: KeyId, subjectIds: readonly SubjectId[]): Promise<readonly AwardId[]>
  /** How many people hold such awards. */
  countHoldersUnderKey(keyId: KeyId): Promise<number>

  insertShareLink(
    link: ShareLink & {
      readonly organisationId: OrganisationId
      readonly credentialId: CredentialId
      readonly tokenHash: Uint8Array
    },
  ): Promise<void>
  /** The newest first: those that are open, and the last hundred that are over. */
  shareLinks(credentialId: CredentialId, now: Instant): Promise<readonly CountedShareLink[]>
  countOpenShareLinks(credentialId: CredentialId, now: Instant): Promise<number>
  revokeShareLink(credentialId: CredentialId, id: string, at: Instant): Promise<boolean>
  /** The link of a token, while it shows this credential. */
  openShareLink(
    credentialId: CredentialId,
    tokenHash: Uint8Array,
    at: Instant,
  ): Promise<ShareLink | undefined>

  /** One view more, of the badge on that channel and of the link where it came by one. */
  countView(view: CredentialViewed): Promise<void>
  /** By day and channel, the newest day first. */
  views(credentialId: CredentialId, since: Instant): Promise<readonly DayOfViews[]>
  /** All there ever were. */
  viewTotals(credentialIds: readonly CredentialId[]): Promise<ReadonlyMap<CredentialId, number>>
}
