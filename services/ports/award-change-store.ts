import type { ChangeAction, SeenAward } from '#engine/awards/award-change.ts'
import type { AwardChangeId, AwardId, JobId, OrganisationId, SubjectId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { Page, PageRequest } from './page.ts'

export interface AwardChange {
  readonly organisationId: OrganisationId
  readonly id: AwardChangeId
  readonly kind: 'revocation' | 'repair'
  /** By what its awards were chosen. */
  readonly selection: JsonObject
  /** Told to earners and verifiers. */
  readonly reason: string
  /** For the organisation alone. */
  readonly note?: string
  readonly digest: Uint8Array
  readonly state: 'prepared' | 'confirmed' | 'withdrawn'
  readonly preparedBy: string
  readonly createdAt: Instant
  /** Nobody confirms it from then on. */
  readonly expiresAt: Instant
  readonly decidedBy?: string
  readonly decidedAt?: Instant
  readonly jobId?: JobId
}

export interface AwardChangeItem extends SeenAward {
  readonly subjectId: SubjectId
  /** `left`: it has changed since it was seen. Absent: not yet. */
  readonly outcome?: 'done' | 'left'
}

/** How many awards, by what is to become of them and by what came of it. */
export interface AwardChangeCounts {
  readonly actions: Readonly<Record<ChangeAction, number>>
  readonly done: number
  readonly left: number
  readonly open: number
}

export interface AwardChangeStore {
  insert(change: AwardChange, items: readonly AwardChangeItem[]): Promise<void>
  find(id: AwardChangeId): Promise<AwardChange | undefined>
  /** Finds it, and lets nobody else decide about it until the transaction ends. */
  lock(id: AwardChangeId): Promise<AwardChange | undefined>
  list(
    organisationId: OrganisationId,
    page: PageRequest,
    filter: { readonly state?: AwardChange['state'] },
  ): Promise<Page<AwardChange>>
  decide(
    id: AwardChangeId,
    to: {
      readonly state: 'confirmed' | 'withdrawn'
      readonly by: string
      readonly at: Instant
      readonly jobId?: JobId
    },
  ): Promise<void>
  counts(ids: readonly AwardChangeId[]): Promise<ReadonlyMap<AwardChangeId, AwardChangeCounts>>
  /** By the ids of their awards. */
  items(id: AwardChangeId, page: PageRequest): Promise<Page<AwardChangeItem>>
  allItems(id: AwardChangeId): Promise<readonly AwardChangeItem[]>
  /** What is left to do of these people's awards, by the ids of the awards. */
  openItems(id: AwardChangeId, subjectIds: readonly SubjectId[]): Promise<readonly AwardChangeItem[]>
  countSubjects(id: AwardChangeId): Promise<number>
  finish(id: AwardChangeId, awardId: AwardId, outcome: 'done' | 'left'): Promise<void>
}
