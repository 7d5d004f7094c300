import * as z from 'zod'
import { versionTag } from '#api/http/etag.ts'
import { downloadHeaders } from '#api/http/file-headers.ts'
import { pageBody, pageRequest } from '#api/http/pagination.ts'
import { defineRoute, type Route } from '#api/http/route.ts'
import { Id, OrganisationQuery, pageOf } from '#api/schemas/common.ts'
import {
  DirectAward,
  DirectAwardChange,
  DirectAwardQuery,
  DirectAwardReason,
  DirectAwardSettings,
  DirectAwardSettingsChange,
  DirectAwardStatistics,
  DirectAwardStatisticsQuery,
  MadeDirectAward,
  NewDirectAward,
  QrQuery,
} from '#api/schemas/direct-awards.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { AchievementId, DirectAwardBundleId, DirectAwardId } from '#engine/shared/ids.ts'
import { organisationFor } from '#services/access/authorise.ts'
import type { DirectAward as StoredDirectAward } from '#services/ports/direct-award-store.ts'
import { readRecipient, showCounts, showDirectAward, showMade } from './direct-award-view.ts'
import { readParticulars } from './profile-view.ts'
import type { RouteNeeds } from './route-needs.ts'
import { given, readTime } from './shown.ts'

const tags = ['direct awards']
const params = z.strictObject({ id: Id })
const STATES =
  'States: scheduled, unaccepted, then claimed, rejected, revoked, expired or deleted; a claimed one can still be revoked.'

export const directAwardRoutes = ({
  directAwards,
  directAwardSettings,
  publicUrl,
}: RouteNeeds): readonly Route[] => [
  defineRoute({
    method: 'post',
    path: '/v1/direct-awards',
    operationId: 'createDirectAward',
    tags,
    summary: 'Award a badge to somebody by hand',
    description: [
      'To an address, an eppn or a DID, before there is an account. An address is mailed a link. The code is shown this',
      'once, to be handed over. The credential is signed when it is claimed, with narrative, evidence, results and particulars inside.',
      'The same badge is on offer to the same identifier once at a time (direct-award-open). Takes the right `award` on',
      'the unit of the achievement.',
      STATES,
    ].join(' '),
    access: { right: 'award' },
    request: { query: OrganisationQuery, body: NewDirectAward },
    responses: { 201: MadeDirectAward },
    problems: [errors.notFound, errors.achievementNotPublished, errors.directAwardOpen],
    idempotent: { secrets: ['awardCode', 'claimUrl'] },
    handler: async ({ principal, query, body }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const {
        achievementId,
        identifier,
        scheduledAt,
        reminderDays,
        expiryDays,
        evidence,
        particulars,
        ...content
      } = body
      const made = await directAwards.create(principal, organisationId, {
        ...given({
          ...content,
          evidence: evidence?.map(given),
          particulars: particulars && readParticulars(particulars),
        }),
        achievementId: achievementId as AchievementId,
        identifier: readRecipient(identifier),
        policy: given({ reminderDays, expiryDays }),
        ...given({ scheduledAt: readTime(scheduledAt, '/scheduledAt') }),
      })
      const headers = { ETag: versionTag(made.award.revision) }
      return { status: 201, body: showMade(made, publicUrl), headers }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/direct-awards',
    operationId: 'listDirectAwards',
    tags,
    summary: 'Direct awards, newest first',
    description: `Also those in which nobody is named any more; asked for by identifier these are found too. ${STATES}`,
    access: { right: 'read' },
    request: { query: DirectAwardQuery },
    responses: { 200: pageOf(DirectAward) },
    handler: async ({ principal, query }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const { state, achievementId, bundleId, identifier } = query
      const filter = given({
        state,
        achievementId: achievementId as AchievementId | undefined,
        bundleId: bundleId as DirectAwardBundleId | undefined,
        identifier: identifier === undefined ? undefined : readRecipient(identifier, 'query'),
      })
      const page = await directAwards.list(principal, organisationId, pageRequest(query), filter)
      return { status: 200, body: pageBody(page, showDirectAward) }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/direct-awards/statistics',
    operationId: 'countDirectAwards',
    tags,
    summary: 'How many direct awards are in each state',
    description:
      'claimed + rejected + revoked + expired + deleted + open = sent, also long after nobody is named in them any more.',
    access: { right: 'read' },
    request: { query: DirectAwardStatisticsQuery },
    responses: { 200: DirectAwardStatistics },
    handler: async ({ principal, query }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const { achievementId, bundleId, identifier } = query
      const filter = given({
        achievementId: achievementId as AchievementId | undefined,
        bundleId: bundleId as DirectAwardBundleId | undefined,
        identifier: identifier === undefined ? undefined : readRecipient(identifier, 'query'),
      })
      const counts = await directAwards.statistics(principal, organisationId, filter)
      return { status: 200, body: showCounts(counts) }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/direct-awards/{id}',
    operationId: 'getDirectAward',
    tags,
    summary: 'A direct award',
    access: { right: 'read' },
    request: { params, query: OrganisationQuery },
    responses: { 200: DirectAward },
    problems: [errors.notFound],
    handler: async ({ principal, query, params }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const award = await directAwards.find(principal, organisationId, params.id as DirectAwardId)
      return answer(award)
    },
  }),
  defineRoute({
    method: 'patch',
    path: '/v1/direct-awards/{id}',
    operationId: 'changeDirectAward',
    tags,
    summary: 'Mend a direct award while it is open',
    description:
      'Another identifier gets a fresh offer, with a new link and code and all the time that the first one had.',
    access: { right: 'award' },
    request: { params, query: OrganisationQuery, body: DirectAwardChange },
    responses: { 200: MadeDirectAward },
    problems: [errors.notFound, errors.directAwardState, errors.directAwardOpen],
    ifMatch: true,
    handler: async ({ principal, query, params, body, expectedVersion }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const { identifier, scheduledAt, evidence, particulars, ...change } = body
      const made = await directAwards.change(
        principal,
        organisationId,
        params.id as DirectAwardId,
        expectedVersion,
        given({
          ...change,
          evidence: evidence?.map(given),
          particulars: particulars && readParticulars(particulars),
          identifier: identifier === undefined ? undefined : readRecipient(identifier),
          scheduledAt: readTime(scheduledAt, '/scheduledAt'),
        }),
      )
      const headers = { ETag: versionTag(made.award.revision) }
      return { status: 200, body: showMade(made, publicUrl), headers }
    },
  }),
  defineRoute({
    method: 'delete',
    path: '/v1/direct-awards/{id}',
    operationId: 'deleteDirectAward',
    tags,
    summary: 'Take an offer away that nobody has claimed',
    description: 'Its row stays, so that what is counted stays right, and names nobody after a while.',
    access: { right: 'award' },
    request: { params, query: OrganisationQuery },
    responses: { 200: DirectAward },
    problems: [errors.notFound, errors.directAwardState],
    ifMatch: 'optional',
    handler: async ({ principal, query, params, expectedVersion: seen }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const award = await directAwards.delete(principal, organisationId, params.id as DirectAwardId, seen)
      return answer(award)
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/direct-awards/{id}/resend',
    operationId: 'resendDirectAward',
    tags,
    summary: 'Mail a direct award once more',
    description: 'With the same link and code, and to the same end. Ten mails at most (sent-too-often).',
    access: { right: 'award' },
    request: { params, query: OrganisationQuery },
    responses: { 200: DirectAward },
    problems: [errors.notFound, errors.directAwardState, errors.sentTooOften, errors.conflict],
    ifMatch: 'optional',
    handler: async ({ principal, query, params, expectedVersion: seen }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const award = await directAwards.resend(principal, organisationId, params.id as DirectAwardId, seen)
      return answer(award)
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/direct-awards/{id}/undo',
    operationId: 'undoDirectAward',
    tags,
    summary: 'Undo a direct award that was just made',
    description: 'Until `undoUntil`. It is deleted, and a mail that has not gone yet never goes.',
    access: { right: 'award' },
    request: { params, query: OrganisationQuery },
    responses: { 200: DirectAward },
    problems: [errors.notFound, errors.directAwardState, errors.directAwardUndoOver],
    ifMatch: 'optional',
    handler: async ({ principal, query, params, expectedVersion: seen }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const award = await directAwards.undo(principal, organisationId, params.id as DirectAwardId, seen)
      return answer(award)
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/direct-awards/{id}/revoke',
    operationId: 'revokeDirectAward',
    tags,
    summary: 'Revoke a direct award, claimed or not',
    description: 'A claimed badge is revoked as any other: on the status list, on chain and on its page.',
    access: { right: 'award' },
    request: { params, query: OrganisationQuery, body: DirectAwardReason },
    responses: { 200: DirectAward },
    problems: [errors.notFound, errors.directAwardState, errors.conflict],
    ifMatch: 'optional',
    handler: async ({ principal, query, params, body, expectedVersion: seen }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const id = params.id as DirectAwardId
      const why = given({ reason: body.reason, seen })
      return answer(await directAwards.revoke(principal, organisationId, id, why))
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/direct-awards/{id}/qr',
    operationId: 'drawDirectAward',
    tags,
    summary: 'A QR code by which a direct award is claimed',
    description:
      'It leads to the page where the code is typed, with the code in it: whoever scans it signs in and claims the badge.',
    access: { right: 'award' },
    request: { params, query: QrQuery },
    responses: { 200: { bytes: ['image/png', 'image/svg+xml'] } },
    problems: [errors.notFound, errors.directAwardState],
    handler: async ({ principal, query, params }) => {
      const { format } = query
      const organisationId = organisationFor(principal, query.organisation)
      const bytes = await directAwards.draw(principal, organisationId, params.id as DirectAwardId, format)
      return {
        status: 200,
        bytes,
        mediaType: format === 'png' ? 'image/png' : 'image/svg+xml',
        headers: downloadHeaders(`direct-award.${format}`),
      }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/direct-award-settings',
    operationId: 'getDirectAwardSettings',
    tags,
    summary: 'When people are reminded of badges, and how long is waited',
    access: { right: 'read' },
    request: { query: OrganisationQuery },
    responses: { 200: DirectAwardSettings },
    handler: async ({ principal, query }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const { policy, revision } = await directAwardSettings.find(principal, organisationId)
      return { status: 200, body: showPolicy(policy), headers: { ETag: versionTag(revision) } }
    },
  }),
  defineRoute({
    method: 'patch',
    path: '/v1/direct-award-settings',
    operationId: 'changeDirectAwardSettings',
    tags,
    summary: 'Change when people are reminded, and how long is waited',
    description: 'Counts for what is awarded from then on: what is out keeps what it was made with.',
    access: { right: 'administer' },
    request: { query: OrganisationQuery, body: DirectAwardSettingsChange },
    responses: { 200: DirectAwardSettings },
    ifMatch: true,
    handler: async ({ principal, query, body, expectedVersion }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const changed = await directAwardSettings.change(
        principal,
        organisationId,
        expectedVersion,
        given(body),
      )
      const headers = { ETag: versionTag(changed.revision) }
      return { status: 200, body: showPolicy(changed.policy), headers }
    },
  }),
]

const answer = (award: StoredDirectAward) => ({
  status: 200 as const,
  body: showDirectAward(award),
  headers: { ETag: versionTag(award.revision) },
})

const showPolicy = ({
  reminderDays,
  ...rest
}: Awaited<ReturnType<RouteNeeds['directAwardSettings']['find']>>['policy']) => ({
  ...rest,
  reminderDays: [...reminderDays],
})
