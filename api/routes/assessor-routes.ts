import * as z from 'zod'
import { defineRoute, type Route } from '#api/http/route.ts'
import { Reason } from '#api/schemas/achievements.ts'
import { Mandate, NameShown, NewMandate } from '#api/schemas/assessors.ts'
import { Id, listOf, OrganisationQuery } from '#api/schemas/common.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { AchievementId, AssessorMandateId, MembershipId } from '#engine/shared/ids.ts'
import { formatInstant } from '#engine/shared/instant.ts'
import { organisationFor } from '#services/access/authorise.ts'
import type { ShownMandate } from '#services/achievements/manage-assessors.ts'
import type { RouteNeeds } from './route-needs.ts'
import { given, readTime, timeOrNull } from './shown.ts'

const tags = ['achievements']
const IdParams = z.strictObject({ id: Id })
const MandateParams = z.strictObject({ id: Id, mandateId: Id })

export const assessorRoutes = ({ assessors }: RouteNeeds): readonly Route[] => [
  defineRoute({
    method: 'get',
    path: '/v1/achievements/{id}/assessors',
    operationId: 'listAssessors',
    tags,
    summary: 'Who may assess for an achievement, and who might',
    description:
      'All mandates that were ever given, oldest first. While one of them is not ended by a person, nobody else approves or refuses awards of the achievement, also when it has run out.',
    access: { right: 'read' },
    request: { params: IdParams, query: OrganisationQuery },
    responses: { 200: listOf(Mandate) },
    problems: [errors.notFound],
    handler: async ({ principal, params, query }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const all = await assessors.list(principal, organisationId, params.id as AchievementId)
      return { status: 200, body: { items: all.map(showMandate) } }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/achievements/{id}/assessors',
    operationId: 'giveMandate',
    tags,
    summary: 'Give somebody a mandate to assess',
    description:
      'To a member who may read, or by e-mail: who is none yet gets an invitation, and the mandate is `invited` until it is accepted, or `expired` once nobody accepted in time. The mandate is enough to approve and refuse; no other right is needed.',
    access: { right: 'administer' },
    request: { params: IdParams, query: OrganisationQuery, body: NewMandate },
    responses: { 201: Mandate },
    problems: [errors.notFound, errors.criterionUnknown, errors.assessorUnfit, errors.rightsExceedOwn],
    idempotent: true,
    handler: async ({ principal, params, query, body }) => {
      const { memberId, email = '', from, until, evidenceUrl, name, qualification, criteria, language } = body
      const organisationId = organisationFor(principal, query.organisation)
      const period = given({ from: readTime(from, '/from'), until: readTime(until, '/until') })
      const made = await assessors.give(principal, organisationId, params.id as AchievementId, {
        who: memberId === undefined ? { address: email } : { memberId: memberId as MembershipId },
        name,
        qualification,
        criteria,
        language,
        ...given({ evidenceUrl }),
        ...period,
      })
      return { status: 201, body: showMandate(made) }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/achievements/{id}/assessors/{mandateId}/resend',
    operationId: 'resendMandate',
    tags,
    summary: 'Invite an assessor again by mail',
    description:
      'While the mandate is `invited`, at most ten times. With a fresh link and a fresh end of the invitation; the link of the mail before opens nothing any more.',
    access: { right: 'administer' },
    request: { params: MandateParams, query: OrganisationQuery },
    responses: { 200: Mandate },
    problems: [
      errors.notFound,
      errors.mandateClosed,
      errors.rightsExceedOwn,
      errors.sentTooOften,
      errors.conflict,
    ],
    idempotent: true,
    handler: async ({ principal, params, query }) => {
      const organisationId = organisationFor(principal, query.organisation)
      return {
        status: 200,
        body: showMandate(await assessors.sendAgain(principal, organisationId, named(params))),
      }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/achievements/{id}/assessors/{mandateId}/end',
    operationId: 'endMandate',
    tags,
    summary: 'End a mandate',
    description:
      'The reason is kept. What was assessed by it stays. When the last one that was not ended is, the right `award` decides again.',
    access: { right: 'administer' },
    request: { params: MandateParams, query: OrganisationQuery, body: Reason },
    responses: { 200: Mandate },
    problems: [errors.notFound, errors.mandateClosed],
    idempotent: true,
    handler: async ({ principal, params, query, body }) => {
      const organisationId = organisationFor(principal, query.organisation)
      return {
        status: 200,
        body: showMandate(await assessors.end(principal, organisationId, named(params), body.reason)),
      }
    },
  }),
  defineRoute({
    method: 'put',
    path: '/v1/achievements/{id}/assessors/{mandateId}/name',
    operationId: 'showAssessorName',
    tags,
    summary: 'Be named on the public page, or not',
    description: 'By the assessor, signed in, and by nobody else.',
    access: 'session',
    request: { params: MandateParams, query: OrganisationQuery, body: NameShown },
    responses: { 200: Mandate },
    problems: [errors.notFound, errors.mandateNeeded, errors.forbidden],
    handler: async ({ principal, params, query, body }) => {
      const organisationId = organisationFor(principal, query.organisation)
      return {
        status: 200,
        body: showMandate(await assessors.showName(principal, organisationId, named(params), body.showsName)),
      }
    },
  }),
]

const named = ({ id, mandateId }: z.output<typeof MandateParams>) => ({
  achievementId: id as AchievementId,
  id: mandateId as AssessorMandateId,
})

const showMandate = ({ mandate, state }: ShownMandate): z.input<typeof Mandate> => ({
  id: mandate.id,
  achievementId: mandate.achievementId,
  accountId: mandate.accountId ?? null,
  invitationId: mandate.invitationId ?? null,
  email: mandate.address,
  name: mandate.name,
  qualification: mandate.qualification,
  evidenceUrl: mandate.evidenceUrl ?? null,
  criteria: [...mandate.criteria],
  from: formatInstant(mandate.from),
  until: timeOrNull(mandate.until),
  state,
  showsName: mandate.showsName,
  givenBy: mandate.givenBy,
  givenAt: formatInstant(mandate.givenAt),
  end:
    mandate.end === undefined
      ? null
      : { at: formatInstant(mandate.end.at), by: mandate.end.by, reason: mandate.end.reason },
})
