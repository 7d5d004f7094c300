import type { Identifier } from '#engine/events/identifier.ts'
import type { AccountId, OrganisationId, SubjectId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'

export interface Subject {
  readonly id: SubjectId
  readonly canonicalId: SubjectId
  readonly identifiers: readonly Identifier[]
}

export interface SubjectStore {
  /** Canonical subjects by `identifierText`; identifiers that nobody has are missing from the map. */
  byIdentifiers(
    organisationId: OrganisationId,
    identifiers: readonly Identifier[],
  ): Promise<ReadonlyMap<string, SubjectId>>
  /** Makes subjects for identifiers; where another transaction was faster, theirs is returned. By `identifierText`. */
  create(
    organisationId: OrganisationId,
    wanted: readonly { readonly id: SubjectId; readonly identifier: Identifier }[],
  ): Promise<ReadonlyMap<string, SubjectId>>
  find(organisationId: OrganisationId, id: SubjectId): Promise<Subject | undefined>
  identifiers(organisationId: OrganisationId, id: SubjectId): Promise<readonly Identifier[]>
  /** The same of many; none of whom nobody has any. */
  identifiersOfMany(
    organisationId: OrganisationId,
    ids: readonly SubjectId[],
  ): Promise<ReadonlyMap<SubjectId, readonly Identifier[]>>
  /** Who an account is to the organisations whose badges it claimed: canonical subjects. */
  linkedTo(
    accountId: AccountId,
  ): Promise<readonly { readonly organisationId: OrganisationId; readonly subjectId: SubjectId }[]>
  /** The canonical subjects that an account was linked to, the first link first. */
  ofAccount(organisationId: OrganisationId, accountId: AccountId): Promise<readonly SubjectId[]>
  /**
   * The organisations that know an account as one of their people: linked to it, or by an identity that it has proven.
   * Across organisations: for a worker.
   */
  organisationsOf(accountId: AccountId, identities: readonly Identifier[]): Promise<readonly OrganisationId[]>
  linkAccount(
    organisationId: OrganisationId,
    subjectId: SubjectId,
    accountId: AccountId,
    at: Instant,
  ): Promise<void>
}
