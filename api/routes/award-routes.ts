import * as z from 'zod'
import { pageBody, pageRequest } from '#api/http/pagination.ts'
import { defineRoute, type Route } from '#api/http/route.ts'
import { Award, AwardQuery, Reason } from '#api/schemas/awards.ts'
import { Id, OrganisationQuery, pageOf } from '#api/schemas/common.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { AchievementId, AwardId, SubjectId } from '#engine/shared/ids.ts'
import { formatInstant } from '#engine/shared/instant.ts'
import { organisationFor } from '#services/access/authorise.ts'
import type { AwardOverview } from '#services/awards/manage-awards.ts'
import type { RouteNeeds } from './route-needs.ts'
import { given, timeOrNull } from './shown.ts'

const tags = ['awards']
const IdParams = z.strictObject({ id: Id })

export const awardRoutes = ({ awards }: RouteNeeds): readonly Route[] => [
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
      return {
        status: 200,
        body: showAward(await awards.find(principal, organisationId, params.id as AwardId)),
      }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/awards/{id}/approve',
    operationId: 'approveAward',
    tags,
    summary: 'Let an award that waits for a person go on',
    access: { right: 'award' },
    request: { params: IdParams, query: OrganisationQuery },
    responses: { 200: Award },
    problems: [errors.notFound, errors.conflict],
    handler: async ({ principal, query, params }) => {
      const organisationId = organisationFor(principal, query.organisation)
      return {
        status: 200,
        body: showAward(await awards.approve(principal, organisationId, params.id as AwardId)),
      }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/awards/{id}/refuse',
    operationId: 'refuseAward',
    tags,
    summary: 'Say no to an award that waits for a person',
    access: { right: 'award' },
    request: { params: IdParams, query: OrganisationQuery, body: Reason },
    responses: { 200: Award },
    problems: [errors.notFound, errors.conflict],
    handler: async ({ principal, query, params, body }) => {
      const organisationId = organisationFor(principal, query.organisation)
      return {
        status: 200,
        body: showAward(await awards.refuse(principal, organisationId, params.id as AwardId, body.reason)),
      }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/awards/{id}/revoke',
    operationId: 'revokeAward',
    tags,
    summary: 'Take an award back',
    description:
      'Sets its bit in the status list at once and on chain with the next transaction. The reason is shown to verifiers.',
    access: { right: 'award' },
    request: { params: IdParams, query: OrganisationQuery, body: Reason },
    responses: { 200: Award },
    problems: [errors.notFound, errors.conflict],
    handler: async ({ principal, query, params, body }) => {
      const organisationId = organisationFor(principal, query.organisation)
      return {
        status: 200,
        body: showAward(await awards.revoke(principal, organisationId, params.id as AwardId, body.reason)),
      }
    },
  }),
]

const showAward = ({
  award,
  achievementName,
  credential,
  claim,
  anchor,
}: AwardOverview): z.input<typeof Award> => ({
  id: award.id,
  achievementId: award.achievementId,
  achievementVersionId: award.achievementVersionId,
  achievementName,
  subjectId: award.subjectId,
  state: award.state,
  origin: award.byRule === undefined ? 'direct' : 'rule',
  ruleId: award.byRule?.ruleId ?? null,
  decisionId: award.byRule?.decisionId ?? null,
  awardedAt: formatInstant(award.awardedAt),
  grantedAt: formatInstant(award.grantedAt),
  issuedAt: timeOrNull(award.issuedAt),
  endedAt: timeOrNull(award.endedAt),
  reason: award.reason ?? null,
  credentialId: credential?.id ?? null,
  claim: claim?.state ?? null,
  anchor: anchor ?? null,
})
