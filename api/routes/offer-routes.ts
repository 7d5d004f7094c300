import * as z from 'zod'
import { defineRoute, type Route } from '#api/http/route.ts'
import { Id, listOf } from '#api/schemas/common.ts'
import { ClaimAccepted, OfferedBadge } from '#api/schemas/credentials.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { identifierText } from '#engine/events/identifier.ts'
import { formatInstant } from '#engine/shared/instant.ts'
import type { RouteNeeds } from './route-needs.ts'

const tags = ['claims']
const params = z.strictObject({ id: Id })

export const offerRoutes = ({ claims, publicUrl }: RouteNeeds): readonly Route[] => [
  defineRoute({
    method: 'get',
    path: '/v1/account/offers',
    operationId: 'listOffers',
    tags,
    summary: 'Badges that wait for you',
    description:
      'Whatever gave them (a rule, a renewal, somebody by hand): those that were sent to an identifier that you have proven, and that you can take home without a link. Newest first, a hundred of each kind.',
    access: 'session',
    responses: { 200: listOf(OfferedBadge) },
    problems: [errors.fullSessionRequired],
    handler: async ({ principal }) => ({
      status: 200,
      body: {
        items: (await claims.mine(principal)).map(({ id, kind, offer }) => ({
          id,
          kind,
          achievementId: offer.award.achievementId,
          achievementName: offer.achievementName,
          achievementDescription: offer.achievementDescription,
          issuerName: offer.issuerName,
          issuerDomain: offer.issuerDomain,
          image: offer.image ?? null,
          test: offer.test,
          identifier: identifierText(offer.claim.identifier),
          awardedAt: formatInstant(offer.award.awardedAt),
          expiresAt: formatInstant(offer.claim.expiresAt),
        })),
      },
    }),
  }),
  defineRoute({
    method: 'post',
    path: '/v1/account/offers/{id}/accept',
    operationId: 'acceptOffer',
    tags,
    summary: 'Take a badge home that waits for you',
    description: 'Pressing twice is harmless. The badge stays private until you share it.',
    access: 'session',
    request: { params },
    responses: { 200: ClaimAccepted },
    problems: [errors.notFound, errors.claimOver, errors.fullSessionRequired],
    handler: async ({ principal, params: { id } }) => {
      const credentialId = await claims.acceptMine(principal, id)
      return { status: 200, body: { credentialId, page: `${publicUrl}/credentials/${credentialId}` } }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/account/offers/{id}/reject',
    operationId: 'rejectOffer',
    tags,
    summary: 'Say no to a badge that waits for you',
    access: 'session',
    request: { params },
    responses: { 204: { empty: true } },
    problems: [errors.notFound, errors.claimOver, errors.fullSessionRequired],
    handler: async ({ principal, params: { id } }) => {
      await claims.rejectMine(principal, id)
      return { status: 204 }
    },
  }),
]
