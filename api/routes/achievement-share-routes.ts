import * as z from 'zod'
import { pageBody, pageRequest } from '#api/http/pagination.ts'
import { defineRoute, type Route } from '#api/http/route.ts'
import { Achievement } from '#api/schemas/achievements.ts'
import { ListingChange, NewCopy, NewShare, Share, SharedAchievement } from '#api/schemas/catalogue.ts'
import { Id, listOf, OrganisationQuery, PageQuery, pageOf } from '#api/schemas/common.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { AchievementId, AchievementShareId, IssuerId } from '#engine/shared/ids.ts'
import { formatInstant } from '#engine/shared/instant.ts'
import { organisationFor } from '#services/access/authorise.ts'
import type { SharedAchievement as FoundShared } from '#services/achievements/read-shared-achievements.ts'
import type { AchievementShare } from '#services/ports/share-store.ts'
import { showAchievement, showDefinition } from './achievement-view.ts'
import type { RouteNeeds } from './route-needs.ts'
import { hex, timeOrNull } from './shown.ts'

const tags = ['achievements']
const IdParams = z.strictObject({ id: Id })
const VersionParams = z.strictObject({ id: Id, version: z.coerce.number().int().min(1).max(100_000) })
const ShareParams = z.strictObject({ id: Id, shareId: Id })

export const achievementShareRoutes = ({
  shareAchievements,
  sharedAchievements,
  copyAchievement,
  publicUrl,
}: RouteNeeds): readonly Route[] => [
  defineRoute({
    method: 'put',
    path: '/v1/achievements/{id}/listing',
    operationId: 'listAchievement',
    tags,
    summary: 'Show an achievement in the catalogue, or not',
    description:
      'An achievement begins as `unlisted`: who has the link of its page sees it once it is published. `listed`: the catalogue shows its published version. `copyable`: every organisation may copy that besides.',
    access: { right: 'update' },
    request: { params: IdParams, query: OrganisationQuery, body: ListingChange },
    responses: { 200: Achievement },
    problems: [errors.notFound],
    handler: async ({ principal, params, query, body }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const id = params.id as AchievementId
      const listed = await shareAchievements.setListing(principal, organisationId, id, body.listing)
      return { status: 200, body: showAchievement(listed, publicUrl) }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/achievements/{id}/versions/{version}/shares',
    operationId: 'shareAchievementVersion',
    tags,
    summary: 'Share a version with another organisation',
    description:
      'A published or retired one, to look at (`view`) or to make a draft of their own of (`copy`).',
    access: { right: 'update' },
    request: { params: VersionParams, query: OrganisationQuery, body: NewShare },
    responses: { 201: Share },
    problems: [errors.notFound, errors.versionNotShareable, errors.shareOpen],
    idempotent: true,
    handler: async ({ principal, params, query, body }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const named = { id: params.id as AchievementId, version: params.version }
      const share = await shareAchievements.share(principal, organisationId, named, body)
      return { status: 201, body: showShare(share) }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/achievements/{id}/shares',
    operationId: 'listShares',
    tags,
    summary: 'With whom an achievement is and was shared',
    access: { right: 'read' },
    request: { params: IdParams, query: OrganisationQuery },
    responses: { 200: listOf(Share) },
    problems: [errors.notFound],
    handler: async ({ principal, params, query }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const all = await shareAchievements.shares(principal, organisationId, params.id as AchievementId)
      return { status: 200, body: { items: all.map(showShare) } }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/achievements/{id}/shares/{shareId}/withdraw',
    operationId: 'withdrawShare',
    tags,
    summary: 'Share it no longer',
    description: 'Copies that were made stay: they belong to whoever made them.',
    access: { right: 'delete' },
    request: { params: ShareParams, query: OrganisationQuery },
    responses: { 200: Share },
    problems: [errors.notFound, errors.shareWithdrawn],
    handler: async ({ principal, params, query }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const share = await shareAchievements.withdraw(
        principal,
        organisationId,
        params.id as AchievementId,
        params.shareId as AchievementShareId,
      )
      return { status: 200, body: showShare(share) }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/shared-achievements',
    operationId: 'listSharedAchievements',
    tags,
    summary: 'What other organisations share with this one, newest first',
    access: { right: 'read' },
    request: { query: PageQuery },
    responses: { 200: pageOf(SharedAchievement) },
    handler: async ({ principal, query }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const { items, ...rest } = await sharedAchievements.list(principal, organisationId, pageRequest(query))
      return { status: 200, body: pageBody({ ...rest, items: items.flatMap(showShared) }, (shown) => shown) }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/shared-achievements/{id}',
    operationId: 'getSharedAchievement',
    tags,
    summary: 'One of them, by the id of its share',
    access: { right: 'read' },
    request: { params: IdParams, query: OrganisationQuery },
    responses: { 200: SharedAchievement },
    problems: [errors.notFound],
    handler: async ({ principal, params, query }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const found = await sharedAchievements.find(principal, organisationId, params.id as AchievementShareId)
      const [shown] = showShared(found)
      if (shown === undefined) throw errors.notFound({ what: 'share', id: params.id })
      return { status: 200, body: shown }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/achievements/copies',
    operationId: 'copyAchievement',
    tags,
    summary: 'Make a draft of one’s own of what another organisation shares or lists',
    description:
      'With its picture, and with where it comes from (`copiedFrom`). It follows no later change, and stays when the share is withdrawn.',
    access: { right: 'create' },
    request: { query: OrganisationQuery, body: NewCopy },
    responses: { 201: Achievement },
    problems: [
      errors.notFound,
      errors.copyNotAllowed,
      errors.versionNotShareable,
      errors.achievementSlugTaken,
    ],
    idempotent: true,
    handler: async ({ principal, query, body: { issuerId, slug, shareId, achievementId } }) => {
      const copy = await copyAchievement(principal, organisationFor(principal, query.organisation), {
        issuerId: issuerId as IssuerId,
        slug,
        from:
          shareId === undefined
            ? { achievementId: achievementId as AchievementId }
            : { shareId: shareId as AchievementShareId },
      })
      return { status: 201, body: showAchievement(copy, publicUrl) }
    },
  }),
]

const showShare = (share: AchievementShare): z.input<typeof Share> => ({
  id: share.id,
  achievementId: share.achievementId,
  versionId: share.versionId,
  withOrganisation: share.withOrganisation,
  kind: share.kind,
  sharedBy: share.sharedBy,
  sharedAt: formatInstant(share.sharedAt),
  withdrawnAt: timeOrNull(share.withdrawnAt),
})

const showShared = ({
  share,
  organisation,
  issuer,
  version,
}: FoundShared): z.input<typeof SharedAchievement>[] =>
  share === undefined
    ? []
    : [
        {
          shareId: share.id,
          kind: share.kind,
          sharedAt: formatInstant(share.sharedAt),
          organisationName: organisation.name,
          issuerName: issuer.name,
          achievementId: version.achievementId,
          version: version.version,
          state: version.state,
          digest: hex(version.digest),
          definition: showDefinition(version.definition),
        },
      ]
