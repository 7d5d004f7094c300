import type { ClaimCodeId, EventId, OrganisationId, SubjectId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { LocalisedText } from '#engine/shared/localised-text.ts'
import type { Page, PageRequest } from './page.ts'

export interface ClaimCode {
  readonly organisationId: OrganisationId
  readonly id: ClaimCodeId
  readonly slug: string
  readonly name: LocalisedText
  readonly validFrom?: Instant
  /** From this moment on it counts no more. */
  readonly validUntil?: Instant
  readonly maxUses?: number
  readonly uses: number
  readonly endedAt?: Instant
  readonly createdAt: Instant
}

export interface ClaimCodeUse {
  readonly organisationId: OrganisationId
  readonly id: string
  readonly codeId: ClaimCodeId
  readonly subjectId: SubjectId
  readonly eventId: EventId
  readonly usedAt: Instant
}

export interface ClaimCodeStore {
  /** False, and no change, when the organisation has a code of that slug. */
  insert(code: ClaimCode, hash: Uint8Array): Promise<boolean>
  find(organisationId: OrganisationId, slug: string): Promise<ClaimCode | undefined>
  /** Across organisations where the caller's transaction sees them: whoever shows a code need not say whose it is. */
  findByHash(hash: Uint8Array): Promise<ClaimCode | undefined>
  /** Lets nobody else use it until the transaction ends, and says how it stands now. */
  lock(organisationId: OrganisationId, id: ClaimCodeId): Promise<ClaimCode | undefined>
  list(organisationId: OrganisationId, page: PageRequest): Promise<Page<ClaimCode>>
  /** Ids by slug. */
  all(organisationId: OrganisationId): Promise<ReadonlyMap<string, ClaimCodeId>>
  /** Ends it; a second time changes nothing. */
  end(organisationId: OrganisationId, slug: string, at: Instant): Promise<ClaimCode | undefined>

  /** The use of a person that was not taken back. */
  useOf(codeId: ClaimCodeId, subjectId: SubjectId): Promise<ClaimCodeUse | undefined>
  /** Writes a use and counts it. The database refuses one more than `maxUses`. */
  use(use: ClaimCodeUse): Promise<void>
  /** Gives the use of an event back: the person may redeem the code again, and somebody else too. */
  giveBack(organisationId: OrganisationId, eventId: EventId, at: Instant): Promise<void>
}
