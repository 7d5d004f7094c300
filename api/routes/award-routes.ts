import * as z from 'zod'
import { versionTag } from '#api/http/etag.ts'
import { pageBody, pageRequest } from '#api/http/pagination.ts'
import { defineRoute, type Route } from '#api/http/route.ts'
import { Award, AwardQuery, Reason, Why } from '#api/schemas/awards.ts'
import { Id, OrganisationQuery, pageOf } from '#api/schemas/common.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { AchievementId, AwardId, DecisionId, SubjectId } from '#engine/shared/ids.ts'
import { organisationFor } from '#services/access/authorise.ts'
import type { AwardOverview } from '#services/awards/manage-awards.ts'
import { showAward } from './award-view.ts'
import type { RouteNeeds } from './route-needs.ts'
import { given } from './shown.ts'

const tags = ['awards']
const IdParams = z.strictObject({ id: Id })

export const awardRoutes = ({ awards, suggestions, resendClaim }: RouteNeeds): readonly Route[] => [
  defineRoute({
    method: 'get',
    path: '/v1/awards',
    operationId: 'listAwards',
    tags,
    summary: 'The awards of an organisation, newest first',
    access: { right: 'read' },
    request: { query: AwardQuery },
    responses: { 200: pageOf(Award) },
    handler: async ({ principal, query }) => {
      const page = await awards.list(
        principal,
        organisationFor(principal, query.organisation),
        pageRequest(query),
        given({
          state: query.state,
          subjectId: query.subjectId as SubjectId | undefined,
          achievementId: query.achievementId as AchievementId | undefined,
        }),
      )
      return { status: 200, body: pageBody(page, showAward) }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/awards/{id}',
    operationId: 'getAward',
    tags,
    summary: 'An award',
    access: { right: 'read' },
    request: { params: IdParams, query: OrganisationQuery },
    responses: { 200: Award },
    problems: [errors.notFound],
    handler: async ({ principal, query, params }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const found = await awards.find(principal, organisationId, params.id as AwardId)
      return answer(found)
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/awards/{id}/approve',
    operationId: 'approveAward',
    tags,
    summary: 'Say yes to an award that waits for people',
    description:
      'It goes on when as many different people agreed as its rule asks for. A key speaks for whoever made it; a second yes of the same person changes nothing. Of an achievement with assessors only they approve, each within their mandate, and each criterion must have been assessed; else it takes the right `award`.',
    access: 'authenticated',
    request: { params: IdParams, query: OrganisationQuery },
    responses: { 200: Award },
    problems: [errors.notFound, errors.awardState, errors.mandateNeeded, errors.forbidden],
    ifMatch: 'optional',
    handler: async ({ principal, query, params, expectedVersion: seen }) => {
      const organisationId = organisationFor(principal, query.organisation)
      return answer(await awards.approve(principal, organisationId, params.id as AwardId, seen))
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/awards/{id}/refuse',
    operationId: 'refuseAward',
    tags,
    summary: 'Say no to an award that waits for people',
    description: 'One refusal is enough. The reason is kept. Who may approve may refuse.',
    access: 'authenticated',
    request: { params: IdParams, query: OrganisationQuery, body: Reason },
    responses: { 200: Award },
    problems: [errors.notFound, errors.awardState, errors.mandateNeeded, errors.forbidden],
    ifMatch: 'optional',
    handler: async ({ principal, query, params, body, expectedVersion: seen }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const why = given({ reason: body.reason, seen })
      return answer(await awards.refuse(principal, organisationId, params.id as AwardId, why))
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/awards/{id}/revoke',
    operationId: 'revokeAward',
    tags,
    summary: 'Take an award back',
    description:
      'Sets its bit in the status list at once and on chain with the next transaction. The reason is shown to verifiers and told to the earner; the note stays in the organisation.',
    access: { right: 'award' },
    request: { params: IdParams, query: OrganisationQuery, body: Why },
    responses: { 200: Award },
    problems: [errors.notFound, errors.awardState],
    ifMatch: 'optional',
    handler: async ({ principal, query, params, body, expectedVersion: seen }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const why = given({ ...body, seen })
      return answer(await awards.revoke(principal, organisationId, params.id as AwardId, why))
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/awards/{id}/resend-claim',
    operationId: 'resendClaim',
    tags,
    summary: 'Mail the claim of an award once more',
    description:
      'Of an issued award that nobody has claimed or rejected (claim-over), also when the time for it is over. With a new link, which has all the time that the first one had; the earlier link is over. Ten mails at most (sent-too-often). What goes to something other than an address is not mailed (conflict): its earner signs in with it.',
    access: { right: 'award' },
    request: { params: IdParams, query: OrganisationQuery },
    responses: { 200: Award },
    problems: [errors.notFound, errors.awardState, errors.conflict, errors.claimOver, errors.sentTooOften],
    handler: async ({ principal, query, params }) => {
      const organisationId = organisationFor(principal, query.organisation)
      return {
        status: 200,
        body: showAward(await resendClaim(principal, organisationId, params.id as AwardId)),
      }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/decisions/{id}/award',
    operationId: 'awardSuggestion',
    tags: ['decisions'],
    summary: 'Award what a rule in mode `suggest` suggests',
    description:
      'Once for each suggestion, while it stands and its rule version is active. Whoever does it has approved: where the rule asks for more people, the award waits for them.',
    access: { right: 'award' },
    request: { params: IdParams, query: OrganisationQuery },
    responses: { 201: Award },
    problems: [errors.notFound, errors.conflict],
    idempotent: true,
    handler: async ({ principal, query, params }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const awarded = await suggestions.award(principal, organisationId, params.id as DecisionId)
      return { status: 201, body: showAward(awarded) }
    },
  }),
]

const answer = (shown: AwardOverview) => ({
  status: 200 as const,
  body: showAward(shown),
  headers: { ETag: versionTag(shown.award.revision) },
})
