import type { Right } from '#engine/access/rights.ts'
import type { AccountId, MembershipId, OrganisationId, RoleId, UnitId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { Page, PageRequest } from './page.ts'

/** What a person may do on a unit and below it. */
export interface Membership {
  readonly organisationId: OrganisationId
  readonly id: MembershipId
  readonly unitId: UnitId
  readonly accountId: AccountId
  /** Where the rights are those of a role. */
  readonly roleId?: RoleId
  /** Those of the role, or its own. */
  readonly rights: readonly Right[]
  readonly revision: number
  readonly createdAt: Instant
}

export interface MembershipStore {
  insert(membership: Membership): Promise<void>
  /** Of these units, newest first. */
  list(
    organisationId: OrganisationId,
    unitIds: readonly UnitId[],
    page: PageRequest,
  ): Promise<Page<Membership>>
  find(organisationId: OrganisationId, id: MembershipId): Promise<Membership | undefined>
  ofAccount(organisationId: OrganisationId, accountId: AccountId): Promise<readonly Membership[]>
  withRole(organisationId: OrganisationId, roleId: RoleId): Promise<readonly Membership[]>
  /** Compare and set by the revision of `membership`. */
  replace(membership: Membership, to: Pick<Membership, 'roleId' | 'rights'>): Promise<boolean>
  delete(organisationId: OrganisationId, id: MembershipId): Promise<boolean>
  /** How many people administer the whole organisation. */
  countAdministrators(organisationId: OrganisationId): Promise<number>
}
