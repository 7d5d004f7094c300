import type { AccountId, KeyId, OrganisationId, UnitId } from '#engine/shared/ids.ts'

/** What one may do on a unit and on everything below it. Roles and API-key scopes are named sets of these. */
export type Right = 'create' | 'read' | 'update' | 'delete' | 'award' | 'sign' | 'administer'

/** Rights on one unit of one organisation. That they hold for units below it too is the services' to apply. */
export interface Grant {
  readonly organisationId: OrganisationId
  readonly unitId: UnitId
  readonly rights: readonly Right[]
}

/** A program that showed an API key. It belongs to one organisation. */
export interface KeyPrincipal {
  readonly kind: 'api-key'
  readonly keyId: KeyId
  readonly organisationId: OrganisationId
  readonly grants: readonly Grant[]
}

/** A person who signed in. May be of several organisations, or of none (an earner). */
export interface SessionPrincipal {
  readonly kind: 'session'
  readonly accountId: AccountId
  readonly grants: readonly Grant[]
}

export type Principal = KeyPrincipal | SessionPrincipal

/** What a request shows of who it is; nothing of it has been checked. */
export interface ShownCredentials {
  /** `Authorization: Bearer …` */
  readonly bearer?: string
  /** `Authorization: Basic …`, as xAPI clients send a key and its secret. */
  readonly basic?: { readonly user: string; readonly password: string }
  /** The value of the session cookie. */
  readonly session?: string
}

/** Says who shows these credentials; undefined for wrong, revoked or expired ones. Compares in constant time. */
export type Authenticate = (shown: ShownCredentials) => Promise<Principal | undefined>

/** One text per principal, for idempotency scopes, rate limits and logs. */
export const principalName = (principal: Principal | undefined): string =>
  principal === undefined
    ? 'anonymous'
    : principal.kind === 'api-key'
      ? `key:${principal.keyId}`
      : `account:${principal.accountId}`

/** Whether the right is held on any unit at all: the first gate. On which unit it counts is for the service to say. */
export const holdsSomewhere = (principal: Principal, right: Right): boolean =>
  principal.grants.some((grant) => grant.rights.includes(right))
