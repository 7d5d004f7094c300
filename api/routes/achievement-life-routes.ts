import * as z from 'zod'
import { versionTag } from '#api/http/etag.ts'
import { defineRoute, type Route } from '#api/http/route.ts'
import {
  AchievementStep,
  AchievementVersion,
  Comment,
  Note,
  OptionalReason,
  Reason,
} from '#api/schemas/achievements.ts'
import { Id, listOf, OrganisationQuery } from '#api/schemas/common.ts'
import type { Principal } from '#engine/access/rights.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { AchievementId, OrganisationId } from '#engine/shared/ids.ts'
import { organisationFor } from '#services/access/authorise.ts'
import type { NamedVersion } from '#services/achievements/review-achievements.ts'
import type { AchievementVersion as StoredVersion } from '#services/ports/achievement-store.ts'
import { showStep, showVersion } from './achievement-view.ts'
import type { RouteNeeds } from './route-needs.ts'

const tags = ['achievements']
const VersionParams = z.strictObject({ id: Id, version: z.coerce.number().int().min(1).max(100_000) })
const request = { params: VersionParams, query: OrganisationQuery } as const

export const achievementLifeRoutes = ({
  reviewAchievements,
  endAchievements,
}: RouteNeeds): readonly Route[] => [
  defineRoute({
    method: 'post',
    path: '/v1/achievements/{id}/versions/{version}/submit',
    operationId: 'submitAchievementVersion',
    tags,
    summary: 'Hand a draft in for review',
    description: 'From then on it is not edited, until somebody gives it back.',
    access: { right: 'update' },
    request: { ...request, body: Note },
    responses: { 200: AchievementVersion },
    problems: [errors.notFound, errors.versionStateWrong, errors.achievementIncomplete],
    ifMatch: true,
    handler: async ({ body, expectedVersion: revision, ...call }) =>
      answer(await reviewAchievements.submit(...named(call), { revision, note: body?.note })),
  }),
  defineRoute({
    method: 'post',
    path: '/v1/achievements/{id}/versions/{version}/approve',
    operationId: 'approveAchievementVersion',
    tags,
    summary: 'Approve a version in review',
    description:
      'Where the organisation wants a second person: by one who signed in and has not written on it or handed it in.',
    access: { right: 'award' },
    request: { ...request, body: Note },
    responses: { 200: AchievementVersion },
    problems: [errors.notFound, errors.versionStateWrong, errors.secondPersonNeeded],
    ifMatch: true,
    handler: async ({ body, expectedVersion: revision, ...call }) =>
      answer(await reviewAchievements.approve(...named(call), { revision, note: body?.note })),
  }),
  defineRoute({
    method: 'post',
    path: '/v1/achievements/{id}/versions/{version}/return',
    operationId: 'returnAchievementVersion',
    tags,
    summary: 'Give a version back to its authors',
    description: 'From review or approval back to draft.',
    access: { right: 'award' },
    request: { ...request, body: Reason },
    responses: { 200: AchievementVersion },
    problems: [errors.notFound, errors.versionStateWrong],
    idempotent: true,
    ifMatch: 'optional',
    handler: async ({ body, expectedVersion: revision, ...call }) =>
      answer(await reviewAchievements.sendBack(...named(call), { revision, reason: body.reason })),
  }),
  defineRoute({
    method: 'post',
    path: '/v1/achievements/{id}/versions/{version}/retire',
    operationId: 'retireAchievementVersion',
    tags,
    summary: 'Give no new badges of a version',
    description: 'Those that were given stay valid. Refused while an active rule awards it.',
    access: { right: 'delete' },
    request: { ...request, body: OptionalReason },
    responses: { 200: AchievementVersion },
    problems: [errors.notFound, errors.versionStateWrong, errors.achievementInUse],
    idempotent: true,
    ifMatch: 'optional',
    handler: async ({ body, expectedVersion: seen, ...call }) =>
      answer(await endAchievements.retire(...named(call), { seen, reason: body?.reason })),
  }),
  defineRoute({
    method: 'post',
    path: '/v1/achievements/{id}/versions/{version}/withdraw',
    operationId: 'withdrawAchievementVersion',
    tags,
    summary: 'Stand no longer behind a version',
    description:
      'As retiring, and the reason is public: the page of the achievement and every verification of a badge of it tell it. Badges stay valid; revoke those that are wrong.',
    access: { right: 'delete' },
    request: { ...request, body: Reason },
    responses: { 200: AchievementVersion },
    problems: [errors.notFound, errors.versionStateWrong, errors.achievementInUse],
    idempotent: true,
    ifMatch: 'optional',
    handler: async ({ body, expectedVersion: seen, ...call }) =>
      answer(await endAchievements.withdraw(...named(call), { seen, reason: body.reason })),
  }),
  defineRoute({
    method: 'post',
    path: '/v1/achievements/{id}/versions/{version}/comments',
    operationId: 'commentAchievementVersion',
    tags,
    summary: 'Say something of a version',
    access: { right: 'update' },
    request: { ...request, body: Comment },
    responses: { 201: AchievementStep },
    problems: [errors.notFound],
    idempotent: true,
    handler: async ({ body, ...call }) => ({
      status: 201,
      body: showStep(await reviewAchievements.comment(...named(call), body.text)),
    }),
  }),
  defineRoute({
    method: 'get',
    path: '/v1/achievements/{id}/versions/{version}/steps',
    operationId: 'listAchievementSteps',
    tags,
    summary: 'What was done with a version and said of it',
    access: { right: 'read' },
    request,
    responses: { 200: listOf(AchievementStep) },
    problems: [errors.notFound],
    handler: async (call) => {
      const steps = await reviewAchievements.steps(...named(call))
      return { status: 200, body: { items: steps.map(showStep) } }
    },
  }),
]

/** Who asks, in which organisation, for which version. */
const named = ({
  principal,
  params,
  query,
}: {
  readonly principal: Principal
  readonly params: z.output<typeof VersionParams>
  readonly query: z.output<typeof OrganisationQuery>
}): [Principal, OrganisationId, NamedVersion] => [
  principal,
  organisationFor(principal, query.organisation),
  { id: params.id as AchievementId, version: params.version },
]

const answer = (version: StoredVersion) => ({
  status: 200 as const,
  body: showVersion(version),
  headers: { ETag: versionTag(version.revision) },
})
