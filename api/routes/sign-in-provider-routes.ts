import type { IncomingHttpHeaders } from 'node:http'
import { assertOwnPage, readTripCookie, startSessionCookie, startTripCookie } from '#api/http/cookies.ts'
import { defineRoute, type Route } from '#api/http/route.ts'
import {
  NewSignInAttempt,
  SignInAnswer,
  SignInAttempt,
  SignInProvider,
  SignInResult,
} from '#api/schemas/accounts.ts'
import { listOf } from '#api/schemas/common.ts'
import type { Principal } from '#engine/access/rights.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { SESSION_MS } from '#services/access/sign-in.ts'
import { ATTEMPT_MS } from '#services/access/sign-in-by-provider.ts'
import { showMerge } from './account-view.ts'
import type { RouteNeeds } from './route-needs.ts'
import { given } from './shown.ts'

const tags = ['sign-in']

export const signInProviderRoutes = ({ signInByProvider, publicUrl }: RouteNeeds): readonly Route[] => {
  const browserOf = (headers: IncomingHttpHeaders) => readTripCookie(headers, publicUrl)
  return [
    defineRoute({
      method: 'get',
      path: '/v1/sign-in-providers',
      operationId: 'listSignInProviders',
      tags,
      summary: 'Where one can sign in besides by a mailed link',
      access: 'public',
      responses: { 200: listOf(SignInProvider) },
      handler: () => ({ status: 200, body: { items: signInByProvider.providers() } }),
    }),
    defineRoute({
      method: 'post',
      path: '/v1/sign-in-attempts',
      operationId: 'beginSignIn',
      tags,
      summary: 'Begin to sign in with a provider, or to add an identity that way',
      description:
        'Answers where the browser goes, and sets a cookie: the answer counts in this browser only, once, for 15 minutes.',
      access: 'public',
      request: { body: NewSignInAttempt },
      responses: { 201: SignInAttempt },
      problems: [
        errors.providerUnknown,
        errors.providerUnavailable,
        errors.unauthenticated,
        errors.fullSessionRequired,
        errors.crossOriginRefused,
      ],
      handler: async ({ body, principal, rawHeaders }) => {
        assertOwnPage(rawHeaders, publicUrl)
        const { provider, returnTo, language, purpose } = body
        const adding = purpose === 'add-identity' ? signedIn(principal) : undefined
        if (purpose === 'add-identity' && adding === undefined) throw errors.unauthenticated({})
        const { url, browser } = await signInByProvider.begin({
          provider,
          language,
          ...given({ returnTo, adding, browser: browserOf(rawHeaders) }),
        })
        const cookie = startTripCookie(publicUrl, browser, ATTEMPT_MS / 1000)
        return { status: 201, body: { url }, headers: { 'Set-Cookie': cookie } }
      },
    }),
    defineRoute({
      method: 'post',
      path: '/v1/sign-in-attempts/finish',
      operationId: 'finishSignIn',
      tags,
      summary: 'Finish with what the provider sent the browser back with',
      description: [
        'Signs in to the account that has an identity which the provider proved, or makes one; adds what else it proved.',
        'An identity of another account is left there: see `merges`.',
      ].join(' '),
      access: 'public',
      request: { body: SignInAnswer },
      responses: { 200: SignInResult },
      problems: [
        errors.providerUnknown,
        errors.signInAttemptInvalid,
        errors.providerUnavailable,
        errors.providerRefused,
        errors.providerAnswerInvalid,
        errors.signInNotAdmitted,
        errors.noUsableIdentity,
        errors.fullSessionRequired,
        errors.crossOriginRefused,
      ],
      handler: async ({ body, principal, rawHeaders }) => {
        assertOwnPage(rawHeaders, publicUrl)
        const finished = await signInByProvider.finish({
          provider: body.provider,
          query: body.query,
          browser: browserOf(rawHeaders),
          ...given({ signedIn: signedIn(principal) }),
        })
        const { session, returnTo, added, offers } = finished
        return {
          status: 200,
          body: {
            outcome: session === undefined ? 'identity-added' : 'signed-in',
            returnTo,
            added: added.map(({ type, value }) => ({ type, value })),
            merges: offers.map(showMerge),
          },
          ...(session === undefined
            ? {}
            : { headers: { 'Set-Cookie': startSessionCookie(publicUrl, session.token, SESSION_MS / 1000) } }),
        }
      },
    }),
  ]
}

const signedIn = (principal: Principal | undefined) =>
  principal?.kind === 'session'
    ? { accountId: principal.accountId, sessionId: principal.sessionId }
    : undefined
