import type { AccountId, KeyId, OrganisationId, UnitId } from '#engine/shared/ids.ts'

/** The seven rights. Granted on a unit, they hold for everything below it; nothing else is ever checked. */
export const RIGHTS = ['create', 'read', 'update', 'delete', 'award', 'sign', 'administer'] as const
export type Right = (typeof RIGHTS)[number]

export interface Grant {
  readonly organisationId: OrganisationId
  readonly unitId: UnitId
  readonly rights: readonly Right[]
}

/** Who calls: a machine by its API key, or a person by a session. */
export type Principal =
  | {
      readonly kind: 'api-key'
      readonly keyId: KeyId
      readonly organisationId: OrganisationId
      readonly grants: readonly Grant[]
    }
  | {
      readonly kind: 'session'
      readonly accountId: AccountId
      readonly sessionId: string
      /** A claim link opened the session: it reaches what it took home itself, and nothing else. */
      readonly scope?: 'earner'
      readonly grants: readonly Grant[]
    }
  | { readonly kind: 'operator' }

/** `key:ID`, `account:ID` or `operator`, as audit rows name the one who acted. */
export function actorOf(principal: Principal): string {
  if (principal.kind === 'api-key') return `key:${principal.keyId}`
  if (principal.kind === 'session') return `account:${principal.accountId}`
  return 'operator'
}

/**
 * Whether someone holds a right on a unit.
 * `path` is the unit itself and all units above it: a grant on any of them counts.
 */
export function holdsRight(principal: Principal, right: Right, path: readonly UnitId[]): boolean {
  if (principal.kind === 'operator') return true
  return principal.grants.some((grant) => grant.rights.includes(right) && path.includes(grant.unitId))
}

/** Whether someone holds a right on any unit of an organisation: the first gate, before it is known which unit counts. */
export function holdsRightSomewhere(
  principal: Principal,
  right: Right,
  organisationId: OrganisationId,
): boolean {
  if (principal.kind === 'operator') return true
  return principal.grants.some(
    (grant) => grant.organisationId === organisationId && grant.rights.includes(right),
  )
}

/** The organisations in which someone holds any right at all. */
export function organisationsOf(principal: Principal): readonly OrganisationId[] {
  if (principal.kind === 'operator') return []
  return [...new Set(principal.grants.map((grant) => grant.organisationId))]
}
