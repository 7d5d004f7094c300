import * as z from 'zod'
import { assertOwnPage, endSessionCookie, startSessionCookie } from '#api/http/cookies.ts'
import { defineRoute, type Route } from '#api/http/route.ts'
import { NewSession, Session, SignedOut, SignInRequest } from '#api/schemas/access.ts'
import type { Principal } from '#engine/access/rights.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { SESSION_MS } from '#services/access/sign-in.ts'
import type { RouteNeeds } from './route-needs.ts'

const tags = ['sign-in']

export const accessRoutes = ({
  signIn,
  signInByProvider,
  organisations,
  publicUrl,
}: RouteNeeds): readonly Route[] => {
  const show = async (
    principal: Extract<Principal, { kind: 'session' }>,
  ): Promise<z.input<typeof Session>> => ({
    accountId: principal.accountId,
    scope: principal.scope ?? 'full',
    identities: (await signIn.identities(principal)).map(({ type, value }) => ({ type, value })),
    organisations: (await organisations.mine(principal)).map(({ id, slug, name, sample }) => ({
      id,
      slug,
      name,
      sample,
    })),
  })
  return [
    defineRoute({
      method: 'post',
      path: '/v1/sign-in-links',
      operationId: 'requestSignInLink',
      tags,
      summary: 'Mail a link that signs in once',
      description:
        'Answers the same whether or not anybody knows the address. The link works for 15 minutes.',
      access: 'public',
      request: { body: SignInRequest },
      responses: { 202: z.strictObject({}) },
      handler: async ({ body }) => {
        await signIn.request(body.email.toLowerCase(), body.language)
        return { status: 202, body: {} }
      },
    }),
    defineRoute({
      method: 'post',
      path: '/v1/session',
      operationId: 'signIn',
      tags,
      summary: 'Sign in with the token of a link',
      access: 'public',
      request: { body: NewSession },
      responses: { 201: Session },
      problems: [errors.signInLinkInvalid, errors.crossOriginRefused],
      handler: async ({ body, rawHeaders }) => {
        assertOwnPage(rawHeaders, publicUrl)
        const { accountId, token } = await signIn.signIn(body.token)
        const headers = { 'Set-Cookie': startSessionCookie(publicUrl, token, SESSION_MS / 1000) }
        const grants = await signIn.grants(accountId)
        return {
          status: 201,
          headers,
          body: await show({ kind: 'session', accountId, sessionId: '', grants }),
        }
      },
    }),
    defineRoute({
      method: 'get',
      path: '/v1/session',
      operationId: 'getSession',
      tags,
      summary: 'Who is signed in',
      description: 'Null when nobody is: every page asks, and that is no error.',
      access: 'public',
      responses: { 200: Session.nullable() },
      handler: async ({ principal }) => ({
        status: 200,
        body: principal?.kind === 'session' ? await show(principal) : null,
      }),
    }),
    defineRoute({
      method: 'post',
      path: '/v1/session/end',
      operationId: 'endSession',
      tags,
      summary: 'Sign out, here and at the provider',
      description:
        'The session is over here, whatever follows. Where a sign-in provider opened it and offers to sign out there (OpenID Connect RP-Initiated Logout), the answer says where the browser goes for that.',
      access: 'any-session',
      responses: { 200: SignedOut },
      handler: async ({ principal }) => {
        const providerUrl = (await signInByProvider.signOut(principal.sessionId)) ?? null
        return {
          status: 200,
          body: { providerUrl },
          headers: { 'Set-Cookie': endSessionCookie(publicUrl) },
        }
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/v1/session',
      operationId: 'signOut',
      tags,
      summary: 'Sign out, here only',
      access: 'any-session',
      responses: { 204: { empty: true } },
      handler: async ({ principal }) => {
        await signIn.signOut(principal.sessionId)
        return { status: 204, headers: { 'Set-Cookie': endSessionCookie(publicUrl) } }
      },
    }),
  ]
}
