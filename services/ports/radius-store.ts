import type { AwardId, EventId, KeyId, OrganisationId, RuleVersionId, SourceId } from '#engine/shared/ids.ts'
import type { Award } from './award-store.ts'
import type { Page, PageRequest } from './page.ts'

/** What awards may rest on. */
export type RadiusCause =
  | { readonly kind: 'event'; readonly id: EventId }
  | { readonly kind: 'source'; readonly id: SourceId }
  | { readonly kind: 'rule_version'; readonly id: RuleVersionId }
  /** Who approved: `account:ID`, `operator` or `key:ID`, as approvals name them, or an account that has become it. */
  | { readonly kind: 'assessor'; readonly id: string }
  /** The issuing key that signed the edition that counts. */
  | { readonly kind: 'key'; readonly id: KeyId }

export interface RadiusStore {
  /** Whether the organisation has such a thing. Somebody who approved nothing is nobody here. */
  isThere(organisationId: OrganisationId, cause: RadiusCause): Promise<boolean>
  /** Every award that rests on it, newest first. Looks through the decisions of the people concerned. */
  awards(organisationId: OrganisationId, cause: RadiusCause, page: PageRequest): Promise<Page<Award>>
  /** How many, by state. */
  counts(organisationId: OrganisationId, cause: RadiusCause): Promise<Readonly<Record<string, number>>>
  /** Of these awards: the events of this cause that their decisions name as evidence. */
  events(
    organisationId: OrganisationId,
    cause: RadiusCause,
    awardIds: readonly AwardId[],
  ): Promise<ReadonlyMap<AwardId, readonly EventId[]>>
}
