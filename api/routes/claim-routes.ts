import * as z from 'zod'
import { assertOwnPage, startSessionCookie } from '#api/http/cookies.ts'
import { defineRoute, type Route } from '#api/http/route.ts'
import { ClaimAccepted, ClaimView } from '#api/schemas/credentials.ts'
import type { Principal } from '#engine/access/rights.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { formatInstant } from '#engine/shared/instant.ts'
import { SESSION_MS } from '#services/access/sign-in.ts'
import { maskedIdentifier } from '#services/claims/masked-identifier.ts'
import type { RouteNeeds } from './route-needs.ts'

const tags = ['claims']
const TokenParams = z.strictObject({ token: z.string().min(20).max(100) })

export const claimRoutes = ({ claims, publicUrl }: RouteNeeds): readonly Route[] => [
  defineRoute({
    method: 'get',
    path: '/v1/claims/{token}',
    operationId: 'getClaim',
    tags,
    summary: 'What a claim link offers',
    access: 'public',
    request: { params: TokenParams },
    responses: { 200: ClaimView },
    problems: [errors.claimInvalid],
    handler: async ({ params, principal }) => {
      const offer = await claims.offer(params.token, visitor(principal))
      return {
        status: 200,
        body: {
          state: offer.claim.state,
          identifier: maskedIdentifier(offer.claim.identifier),
          achievementName: offer.achievementName,
          achievementDescription: offer.achievementDescription,
          achievementId: offer.award.achievementId,
          issuerName: offer.issuerName,
          issuerDomain: offer.issuerDomain,
          image: offer.image ?? null,
          awardedAt: formatInstant(offer.award.awardedAt),
          byRule: offer.award.byRule !== undefined,
          test: offer.test,
          expiresAt: formatInstant(offer.claim.expiresAt),
          credentialId: offer.credentialId ?? null,
          matches: offer.matches ?? null,
          parts:
            offer.parts === undefined
              ? null
              : {
                  narrative: offer.parts.narrative ?? null,
                  ...(offer.parts.particulars === undefined
                    ? {}
                    : { particulars: { ...offer.parts.particulars } }),
                  results: offer.parts.results.map((each) => ({ ...each })),
                  evidence: offer.parts.evidence.map((each) => ({ ...each })),
                },
        },
      }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/claims/{token}/accept',
    operationId: 'acceptClaim',
    tags,
    summary: 'Take the badge home',
    description:
      'A link that was mailed proves the address, so it also lets in whoever is not signed in: to this badge, and nothing else of that person. A link that was used lets nobody in (claim-over). Somebody who is signed in as somebody else is told so (claim-mismatch). The badge stays private until its earner shares it.',
    access: 'public',
    request: { params: TokenParams },
    responses: { 200: ClaimAccepted },
    problems: [errors.claimInvalid, errors.claimOver, errors.claimMismatch, errors.crossOriginRefused],
    handler: async ({ params, principal, rawHeaders }) => {
      assertOwnPage(rawHeaders, publicUrl)
      const { credentialId, session } = await claims.accept(params.token, visitor(principal))
      const body = { credentialId, page: `${publicUrl}/credentials/${credentialId}` }
      if (session === undefined) return { status: 200, body }
      const cookie = startSessionCookie(publicUrl, session.token, SESSION_MS / 1000)
      return { status: 200, body, headers: { 'Set-Cookie': cookie } }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/claims/{token}/reject',
    operationId: 'rejectClaim',
    tags,
    summary: 'Say no to a badge',
    description:
      'For good. Somebody who is signed in as somebody else is told so (claim-mismatch), as where it is accepted.',
    access: 'public',
    request: { params: TokenParams },
    responses: { 204: { empty: true } },
    problems: [errors.claimInvalid, errors.claimOver, errors.claimMismatch],
    handler: async ({ params, principal }) => {
      await claims.reject(params.token, visitor(principal))
      return { status: 204 }
    },
  }),
]

const visitor = (principal: Principal | undefined) => (principal?.kind === 'session' ? principal : undefined)
