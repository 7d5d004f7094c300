import type { AchievementId, OrganisationId, UnitId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { Page, PageRequest } from './page.ts'

export interface Organisation {
  readonly id: OrganisationId
  readonly slug: string
  readonly name: string
  /** Made by the product itself to show what it does; its credentials are marked TEST. */
  readonly sample: boolean
}

export interface Unit {
  readonly organisationId: OrganisationId
  readonly id: UnitId
  readonly parentId?: UnitId
  readonly kind: 'organisation' | 'group' | 'issuer' | 'achievement'
  readonly name: string
  readonly revision: number
}

/** What still hangs on a unit: what is over does not count. */
export interface UnitUse {
  readonly units: number
  readonly members: number
  readonly invitations: number
  readonly apiKeys: number
  readonly webhooks: number
}

export interface OrganisationStore {
  /** False, and no change, when the slug was ever taken before. */
  takeSlug(slug: string, kind: 'organisation' | 'issuer'): Promise<boolean>
  insert(organisation: Organisation): Promise<void>
  find(id: OrganisationId): Promise<Organisation | undefined>
  findMany(ids: readonly OrganisationId[]): Promise<readonly Organisation[]>
  count(): Promise<number>

  /**
   * Lets one transaction at a time change who belongs to an organisation, what its roles say, how its units stand and
   * what stands on them: what is checked over all of them (its last administrator, no circle of units, an empty group)
   * stays so until the commit.
   */
  lockPeople(organisationId: OrganisationId): Promise<void>
  rename(id: OrganisationId, name: string): Promise<void>

  insertUnit(unit: Omit<Unit, 'revision'>): Promise<void>
  findUnit(organisationId: OrganisationId, id: UnitId): Promise<Unit | undefined>
  /** Compare and set by the revision of `unit`. */
  replaceUnit(unit: Unit, to: { readonly name: string; readonly parentId?: UnitId }): Promise<boolean>
  unitUse(organisationId: OrganisationId, id: UnitId, now: Instant): Promise<UnitUse>
  /** Deletes a unit that is not used; what is over goes to the unit above. */
  deleteUnit(unit: Unit, parentId: UnitId): Promise<void>
  /** The tree down to its issuers: of achievements there may be ten thousand. */
  units(organisationId: OrganisationId): Promise<readonly Unit[]>
  findUnits(organisationId: OrganisationId, ids: readonly UnitId[]): Promise<readonly Unit[]>
  /** The units of achievements, newest first. */
  achievementUnits(
    organisationId: OrganisationId,
    page: PageRequest,
    filter: {
      readonly parentId?: UnitId
      /** Part of the name; capitals do not matter. */
      readonly name?: string
      readonly among?: readonly AchievementId[] | undefined
    },
  ): Promise<Page<Unit>>
  /** Those of achievements on which somebody is a member, or was invited. */
  achievementUnitsWithPeople(organisationId: OrganisationId): Promise<readonly Unit[]>
  /** Those whose units are these or stand below them. */
  achievementsBelow(
    organisationId: OrganisationId,
    units: readonly UnitId[],
  ): Promise<readonly AchievementId[]>
  /** The unit and everything above it, nearest first; empty when there is no such unit. */
  unitPath(organisationId: OrganisationId, unitId: UnitId): Promise<readonly UnitId[]>
  rootUnit(organisationId: OrganisationId): Promise<UnitId | undefined>
}
