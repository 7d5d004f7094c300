import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { parseCookie, stringifySetCookie } from 'cookie'
import { errors } from '#engine/errors/catalogue.ts'

const isHttps = (publicUrl: string): boolean => publicUrl.startsWith('https:')

/** `__Host-` binds the cookie to this host and to https; browsers refuse it on plain http. */
export const sessionCookieName = (publicUrl: string): string =>
  isHttps(publicUrl) ? '__Host-waarmerk-session' : 'waarmerk-session'

/** The Set-Cookie that starts a session; the token goes nowhere else. */
export const startSessionCookie = (publicUrl: string, token: string, maxAgeSeconds: number): string =>
  sessionCookie(publicUrl, token, maxAgeSeconds)

/** The Set-Cookie that ends the session in the browser. */
export const endSessionCookie = (publicUrl: string): string => sessionCookie(publicUrl, '', 0)

const sessionCookie = (publicUrl: string, value: string, maxAge: number): string =>
  ownCookie(publicUrl, sessionCookieName(publicUrl), value, maxAge)

const tripCookieName = (publicUrl: string): string =>
  isHttps(publicUrl) ? '__Host-waarmerk-trip' : 'waarmerk-trip'

/** The Set-Cookie that marks the browser in which somebody went off to a sign-in provider. */
export const startTripCookie = (publicUrl: string, secret: string, maxAgeSeconds: number): string =>
  ownCookie(publicUrl, tripCookieName(publicUrl), secret, maxAgeSeconds)

/** The mark of this browser, where it has one. */
export const readTripCookie = ({ cookie }: IncomingHttpHeaders, publicUrl: string): string | undefined =>
  cookie === undefined ? undefined : parseCookie(cookie)[tripCookieName(publicUrl)]

function ownCookie(publicUrl: string, name: string, value: string, maxAge: number): string {
  const secure = isHttps(publicUrl)
  return stringifySetCookie({
    name,
    value,
    maxAge,
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure,
  })
}

/**
 * What a session may change, it may change from our own pages only.
 * SameSite=Lax keeps other sites out; this keeps out other ports and subdomains of the same site.
 * Refuses with cross-origin-refused.
 */
export function assertSameOrigin(request: IncomingMessage, publicUrl: string): void {
  if (request.method === 'GET' || request.method === 'HEAD') return
  const { origin } = request.headers
  const isOurs =
    origin === undefined
      ? request.headers['sec-fetch-site'] === 'same-origin'
      : origin === new URL(publicUrl).origin
  if (!isOurs) throw errors.crossOriginRefused({})
}

/**
 * Nobody's page but ours may sign a browser in: a stranger's could make somebody work in the stranger's account.
 * Programs send no Origin and are let through. Refuses with cross-origin-refused.
 */
export function assertOwnPage({ origin }: IncomingHttpHeaders, publicUrl: string): void {
  if (origin !== undefined && origin !== new URL(publicUrl).origin) throw errors.crossOriginRefused({})
}
