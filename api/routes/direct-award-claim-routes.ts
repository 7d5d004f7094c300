import * as z from 'zod'
import { defineRoute, type Route } from '#api/http/route.ts'
import { Id, listOf } from '#api/schemas/common.ts'
import { ClaimAccepted } from '#api/schemas/credentials.ts'
import { ClaimByCode, OfferedDirectAward } from '#api/schemas/direct-awards.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { identifierText } from '#engine/events/identifier.ts'
import type { CredentialId, DirectAwardId } from '#engine/shared/ids.ts'
import { formatInstant } from '#engine/shared/instant.ts'
import type { RouteNeeds } from './route-needs.ts'

const tags = ['claims']
const params = z.strictObject({ id: Id })

export const directAwardClaimRoutes = ({ directAwardClaims, publicUrl }: RouteNeeds): readonly Route[] => {
  const accepted = (credentialId: CredentialId) => ({
    credentialId,
    page: `${publicUrl}/credentials/${credentialId}`,
  })
  return [
    defineRoute({
      method: 'post',
      path: '/v1/claims/by-code',
      operationId: 'claimByCode',
      tags,
      summary: 'Take a badge home by the code that was handed or mailed to you',
      description: [
        'For a person who signed in: the badge is theirs, whichever address it was sent to. What was sent to an eppn is for',
        'an account with that identity (claim-mismatch). Who tries too many wrong codes is stopped for a while.',
      ].join(' '),
      access: 'session',
      request: { body: ClaimByCode },
      responses: { 200: ClaimAccepted },
      problems: [errors.codeUnknown, errors.claimOver, errors.claimMismatch, errors.fullSessionRequired],
      wrongSecret: errors.codeUnknown,
      handler: async ({ principal, body }) => ({
        status: 200,
        body: accepted(await directAwardClaims.claimByCode(principal, body.code)),
      }),
    }),
    defineRoute({
      method: 'get',
      path: '/v1/account/direct-awards',
      operationId: 'listOfferedDirectAwards',
      tags,
      summary: 'Badges on offer to you',
      description:
        'Those that were sent to an identifier that you have proven, and that you can claim without a link.',
      access: 'session',
      responses: { 200: listOf(OfferedDirectAward) },
      problems: [errors.fullSessionRequired],
      handler: async ({ principal }) => {
        const offered = await directAwardClaims.mine(principal)
        return {
          status: 200,
          body: {
            items: offered.map(({ award, offer }) => ({
              id: award.id,
              achievementId: award.achievementId,
              achievementName: offer.achievementName,
              issuerName: offer.issuerName,
              image: offer.image ?? null,
              identifier: identifierText(award.identifier),
              awardedAt: formatInstant(offer.award.awardedAt),
              expiresAt: formatInstant(offer.claim.expiresAt),
            })),
          },
        }
      },
    }),
    defineRoute({
      method: 'post',
      path: '/v1/account/direct-awards/{id}/claim',
      operationId: 'claimOfferedDirectAward',
      tags,
      summary: 'Take a badge home that is on offer to you',
      access: 'session',
      request: { params },
      responses: { 200: ClaimAccepted },
      problems: [errors.notFound, errors.claimOver, errors.fullSessionRequired],
      handler: async ({ principal, params }) => ({
        status: 200,
        body: accepted(await directAwardClaims.claimMine(principal, params.id as DirectAwardId)),
      }),
    }),
    defineRoute({
      method: 'post',
      path: '/v1/account/direct-awards/{id}/reject',
      operationId: 'rejectOfferedDirectAward',
      tags,
      summary: 'Say no to a badge that is on offer to you',
      access: 'session',
      request: { params },
      responses: { 204: { empty: true } },
      problems: [errors.notFound, errors.claimOver, errors.fullSessionRequired],
      handler: async ({ principal, params }) => {
        await directAwardClaims.rejectMine(principal, params.id as DirectAwardId)
        return { status: 204 }
      },
    }),
  ]
}
