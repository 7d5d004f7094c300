import type { Right } from '#engine/access/rights.ts'
import type { AccountId, OrganisationId, UnitId } from '#engine/shared/ids.ts'

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
  readonly kind: 'organisation' | 'group' | 'issuer'
  readonly name: string
}

export interface OrganisationStore {
  /** False, and no change, when the slug was ever taken before. */
  takeSlug(slug: string, kind: 'organisation' | 'issuer'): Promise<boolean>
  insert(organisation: Organisation): Promise<void>
  find(id: OrganisationId): Promise<Organisation | undefined>
  findMany(ids: readonly OrganisationId[]): Promise<readonly Organisation[]>
  count(): Promise<number>

  insertUnit(unit: Unit): Promise<void>
  units(organisationId: OrganisationId): Promise<readonly Unit[]>
  /** The unit and everything above it, nearest first; empty when there is no such unit. */
  unitPath(organisationId: OrganisationId, unitId: UnitId): Promise<readonly UnitId[]>
  rootUnit(organisationId: OrganisationId): Promise<UnitId | undefined>
  insertMembership(membership: {
    readonly organisationId: OrganisationId
    readonly id: string
    readonly unitId: UnitId
    readonly accountId: AccountId
    readonly rights: readonly Right[]
  }): Promise<void>
}
