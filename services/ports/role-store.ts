import type { BuiltInRole } from '#engine/access/built-in-roles.ts'
import type { Right } from '#engine/access/rights.ts'
import type { OrganisationId, RoleId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'

/** A named set of rights of an organisation. */
export interface Role {
  readonly organisationId: OrganisationId
  readonly id: RoleId
  readonly name: string
  readonly description: string
  readonly rights: readonly Right[]
  /** One of those that every organisation has, and that never change. */
  readonly builtIn?: BuiltInRole
  readonly revision: number
  readonly createdAt: Instant
}

/** By whom a role is named, by their ids: what is over does not count. */
export interface RoleUse {
  readonly members: readonly string[]
  readonly invitations: readonly string[]
  readonly apiKeys: readonly string[]
}

export interface RoleStore {
  insert(role: Role): Promise<void>
  /** The built-in ones first, then by name. */
  list(organisationId: OrganisationId): Promise<readonly Role[]>
  find(organisationId: OrganisationId, id: RoleId): Promise<Role | undefined>
  /** Capitals do not count. */
  findByName(organisationId: OrganisationId, name: string): Promise<Role | undefined>
  /** Compare and set by the revision of `role`. */
  replace(role: Role, to: Pick<Role, 'name' | 'description' | 'rights'>): Promise<boolean>
  use(organisationId: OrganisationId, id: RoleId, now: Instant): Promise<RoleUse>
  /** Deletes a role that nobody uses; what is over keeps the rights that the role had. */
  delete(role: Role): Promise<void>
}
