import type { IncomingHttpHeaders } from 'node:http'
import { parseCookie } from 'cookie'
import { actorOf, type Principal, type Right } from '#engine/access/rights.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { Access } from './route.ts'

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

/** Reads what the headers show. `sessionCookie` is the name of the cookie. An `Authorization` leaves no cookie to count. */
export function shownCredentials(headers: IncomingHttpHeaders, sessionCookie: string): ShownCredentials {
  const { authorization } = headers
  if (authorization !== undefined) {
    const [, scheme = '', value = ''] = /^(\S+) +(\S+)$/.exec(authorization) ?? []
    if (scheme.toLowerCase() === 'bearer') return { bearer: value }
    if (scheme.toLowerCase() !== 'basic') throw errors.unauthenticated({})
    const [user = '', ...password] = Buffer.from(value, 'base64').toString('utf8').split(':')
    return { basic: { user, password: password.join(':') } }
  }
  const session = headers.cookie === undefined ? undefined : parseCookie(headers.cookie)[sessionCookie]
  return session === undefined ? {} : { session }
}

/**
 * Says who calls, where the route lets them in.
 * A wrong key is refused even where none is needed; a session that is over is as good as none.
 * A session that a claim link opened is let in where that is said, and where anybody is.
 * Refuses with unauthenticated, session-required, full-session-required, forbidden.
 */
export async function admit(
  access: Access,
  shown: ShownCredentials,
  authenticate: Authenticate,
): Promise<Principal | undefined> {
  const showsSomething = Object.keys(shown).length > 0
  const principal = showsSomething ? await authenticate(shown) : undefined
  if (principal === undefined) {
    if (access !== 'public' || shown.bearer !== undefined || shown.basic !== undefined)
      throw errors.unauthenticated({})
    return undefined
  }
  const isForPeople = access === 'session' || access === 'any-session'
  if (isForPeople && principal.kind !== 'session') throw errors.sessionRequired({})
  const isLesser = principal.kind === 'session' && principal.scope === 'earner'
  if (isLesser && (access === 'session' || access === 'authenticated')) throw errors.fullSessionRequired({})
  if (typeof access === 'object' && !holdsSomewhere(principal, access.right))
    throw errors.forbidden({ right: access.right })
  return principal
}

/** One text per caller, for idempotency scopes, rate limits and logs. */
export const callerName = (principal: Principal | undefined): string =>
  principal === undefined ? 'anonymous' : actorOf(principal)

/** Whether the right is held on any unit at all: the first gate. On which unit it counts is for the service to say. */
const holdsSomewhere = (principal: Principal, right: Right): boolean =>
  principal.kind === 'operator' || principal.grants.some((grant) => grant.rights.includes(right))
