import * as z from 'zod'
import { pageBody, pageRequest } from '#api/http/pagination.ts'
import { defineRoute, type Route } from '#api/http/route.ts'
import { Award, AwardQuery, Reason } from '#api/schemas/awards.ts'
import { Id, OrganisationQuery, pageOf } from '#api/schemas/common.ts'
import { approvalStanding, endorsementStanding } from '#engine/awards/award-gate.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { AchievementId, AwardId, DecisionId, SubjectId } from '#engine/shared/ids.ts'
import { formatInstant } from '#engine/shared/instant.ts'
import { organisationFor } from '#services/access/authorise.ts'
import type { AwardOverview } from '#services/awards/manage-awards.ts'
import type { RouteNeeds } from './route-needs.ts'
import { given, timeOrNull } from './shown.ts'

const tags = ['awards']
const IdParams = z.strictObject({ id: Id })

export const awardRoutes = ({ awards, suggestions }: RouteNeeds): readonly Route[] => [
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
    summary: 'Say yes to an award that waits for people',
    description:
      'It goes on when as many different people agreed as its rule asks for. A key speaks for whoever made it; a second yes of the same person changes nothing.',
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
    summary: 'Say no to an award that waits for people',
    description: 'One refusal is enough. The reason is kept.',
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

const showApproval = ({ award, approvals }: AwardOverview): z.input<typeof Award>['approval'] => {
  const gate = award.gate?.approval
  if (gate === undefined && approvals.length === 0 && award.state !== 'awaiting_approval') return null
  const { have, need, needsOtherEyes } = approvalStanding(gate, approvals)
  return {
    quorum: need,
    have,
    fourEyes: gate?.fourEyes ?? false,
    needsOtherEyes,
    said: approvals.map(({ by, decision, reason, hadAHand, at }) => ({
      by,
      decision,
      reason: reason ?? null,
      hadAHand,
      at: formatInstant(at),
    })),
  }
}

const showEndorsement = ({ award, endorsements }: AwardOverview): z.input<typeof Award>['endorsement'] => {
  const gate = award.gate?.endorsement
  if (gate === undefined) return null
  const { have, need } = endorsementStanding(gate, endorsements)
  const of = [...new Set(gate.of)].map((did) => {
    const newest = endorsements.filter(({ endorserDid }) => endorserDid === did).at(-1)
    return { did, endorsementId: newest?.id ?? null, state: newest?.state ?? 'unasked' }
  })
  return { quorum: need, have, of }
}

const showAward = (shown: AwardOverview): z.input<typeof Award> => {
  const { award, achievementName, credential, claim, anchor } = shown
  return {
    id: award.id,
    achievementId: award.achievementId,
    achievementVersionId: award.achievementVersionId,
    achievementName,
    subjectId: award.subjectId,
    state: award.state,
    origin: award.byRule === undefined ? 'direct' : 'rule',
    ruleId: award.byRule?.ruleId ?? null,
    decisionId: award.byRule?.decisionId ?? null,
    occurrence: award.byRule?.occurrence ?? null,
    awardedAt: formatInstant(award.awardedAt),
    grantedAt: formatInstant(award.grantedAt),
    issuedAt: timeOrNull(award.issuedAt),
    endedAt: timeOrNull(award.endedAt),
    reason: award.reason ?? null,
    validUntil: timeOrNull(award.validUntil),
    approval: showApproval(shown),
    endorsement: showEndorsement(shown),
    results: (award.results ?? []).map((result) => ({ ...result })),
    narrative: award.narrative ?? null,
    evidence: (award.evidence ?? []).flatMap((each) =>
      'on' in each ? [{ type: each.type, on: each.on, activity: each.activity ?? null }] : [],
    ),
    givenEvidence: (award.evidence ?? []).flatMap((each) => ('on' in each ? [] : [{ ...each }])),
    credentialId: credential?.id ?? null,
    claim: claim?.state ?? null,
    anchor: anchor ?? null,
  }
}
