import * as z from 'zod'
import { pageBody, pageRequest } from '#api/http/pagination.ts'
import { defineRoute, type Route } from '#api/http/route.ts'
import {
  ClaimConfirmation,
  ClaimConfirmationQuery,
  ClaimRefusal,
  NewClaimConfirmation,
  OwnClaimConfirmation,
} from '#api/schemas/claim-confirmations.ts'
import { Id, listOf, OrganisationQuery, pageOf } from '#api/schemas/common.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { formatInstant } from '#engine/shared/instant.ts'
import { organisationFor } from '#services/access/authorise.ts'
import type { ConfirmationView } from '#services/claims/confirm-claims.ts'
import { maskedIdentifier } from '#services/claims/masked-identifier.ts'
import type { RouteNeeds } from './route-needs.ts'
import { given, timeOrNull } from './shown.ts'

const tags = ['claims']
const IdParams = z.strictObject({ id: Id })

/** A badge was sent to one identifier and the learner signs in with another: the awarder is asked. */
export const claimConfirmationRoutes = ({ confirmClaims }: RouteNeeds): readonly Route[] => [
  defineRoute({
    method: 'post',
    path: '/v1/claims/{token}/confirmations',
    operationId: 'askClaimConfirmation',
    tags,
    summary: 'Ask the awarder whether a badge that was sent elsewhere is yours',
    description: [
      'Whoever may award the badge gets a mail and sees the identity that you show; so does, partly hidden, the address to',
      'which the badge was sent. They answer within 14 days, or the question expires.',
    ].join(' '),
    access: 'session',
    request: {
      params: z.strictObject({ token: z.string().min(20).max(100) }),
      body: NewClaimConfirmation,
    },
    responses: { 201: OwnClaimConfirmation },
    problems: [
      errors.claimInvalid,
      errors.claimOver,
      errors.claimMatches,
      errors.confirmationExists,
      errors.notFound,
      errors.fullSessionRequired,
    ],
    idempotent: true,
    handler: async ({ principal, params, body }) => {
      const asked = await confirmClaims.ask(principal, params.token, {
        identityId: body.identityId,
        ...given({ message: body.message }),
      })
      return { status: 201, body: showOwn(asked) }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/account/claim-confirmations',
    operationId: 'listOwnClaimConfirmations',
    tags,
    summary: 'Your questions to awarders, the newest first',
    access: 'session',
    responses: { 200: listOf(OwnClaimConfirmation) },
    handler: async ({ principal }) => ({
      status: 200,
      body: { items: (await confirmClaims.mine(principal)).map(showOwn) },
    }),
  }),
  defineRoute({
    method: 'post',
    path: '/v1/account/claim-confirmations/{id}/withdraw',
    operationId: 'withdrawClaimConfirmation',
    tags,
    summary: 'Take a question to an awarder back',
    access: 'session',
    request: { params: IdParams },
    responses: { 200: OwnClaimConfirmation },
    problems: [errors.notFound, errors.confirmationOver],
    handler: async ({ principal, params }) => ({
      status: 200,
      body: showOwn(await confirmClaims.withdraw(principal, params.id)),
    }),
  }),
  defineRoute({
    method: 'get',
    path: '/v1/claim-confirmations',
    operationId: 'listClaimConfirmations',
    tags,
    summary: 'Learners who ask for a badge that was sent to another identifier, the newest first',
    access: { right: 'award' },
    request: { query: ClaimConfirmationQuery },
    responses: { 200: pageOf(ClaimConfirmation) },
    handler: async ({ principal, query }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const filter = given({ state: query.state })
      const page = await confirmClaims.list(principal, organisationId, pageRequest(query), filter)
      return { status: 200, body: pageBody(page, show) }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/claim-confirmations/{id}/confirm',
    operationId: 'confirmClaim',
    tags,
    summary: 'Say that they are the same person: the badge goes to who asked',
    description:
      'Both addresses are told. A direct award goes to the identity that was shown, and is claimed for it. Nobody answers a question of their own.',
    access: { right: 'award' },
    request: { params: IdParams, query: OrganisationQuery },
    responses: { 200: ClaimConfirmation },
    problems: [
      errors.notFound,
      errors.forbidden,
      errors.confirmationOver,
      errors.claimOver,
      errors.secondPersonNeeded,
    ],
    handler: async ({ principal, params, query }) => {
      const organisationId = organisationFor(principal, query.organisation)
      return {
        status: 200,
        body: show(await confirmClaims.confirm(principal, organisationId, params.id)),
      }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/claim-confirmations/{id}/refuse',
    operationId: 'refuseClaim',
    tags,
    summary: 'Say that they are not the same person, and why',
    access: { right: 'award' },
    request: { params: IdParams, query: OrganisationQuery, body: ClaimRefusal },
    responses: { 200: ClaimConfirmation },
    problems: [errors.notFound, errors.forbidden, errors.confirmationOver, errors.secondPersonNeeded],
    handler: async ({ principal, params, query, body }) => {
      const organisationId = organisationFor(principal, query.organisation)
      return {
        status: 200,
        body: show(await confirmClaims.refuse(principal, organisationId, params.id, body.reason)),
      }
    },
  }),
]

const shared = ({ confirmation, state, achievementName, issuerName }: ConfirmationView) => ({
  id: confirmation.id,
  state,
  achievementName,
  issuerName,
  shown: { type: confirmation.identifier.type, value: confirmation.identifier.value },
  message: confirmation.message ?? null,
  askedAt: formatInstant(confirmation.askedAt),
  expiresAt: formatInstant(confirmation.expiresAt),
  decidedAt: confirmation.state === 'asked' ? null : timeOrNull(confirmation.decidedAt),
  reason: 'reason' in confirmation ? (confirmation.reason ?? null) : null,
})

const showOwn = (view: ConfirmationView): z.input<typeof OwnClaimConfirmation> => ({
  ...shared(view),
  sentTo: maskedIdentifier(view.sentTo),
})

const show = (view: ConfirmationView): z.input<typeof ClaimConfirmation> => ({
  ...shared(view),
  sentTo: { type: view.sentTo.type, value: view.sentTo.value },
  achievementId: view.achievementId,
  directAwardId: view.directAwardId ?? null,
  awardId: view.awardId ?? null,
  subjectId: view.subjectId ?? null,
  decidedBy: 'decidedBy' in view.confirmation ? view.confirmation.decidedBy : null,
})
