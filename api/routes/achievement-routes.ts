import * as z from 'zod'
import { versionTag } from '#api/http/etag.ts'
import { foreignFileHeaders } from '#api/http/file-headers.ts'
import { pageBody, pageRequest } from '#api/http/pagination.ts'
import { defineRoute, type Route } from '#api/http/route.ts'
import {
  Achievement,
  AchievementCheck,
  AchievementDefinition,
  AchievementName,
  AchievementNamesQuery,
  AchievementStanding,
  AchievementVersion,
  NewAchievement,
  UploadedImage,
} from '#api/schemas/achievements.ts'
import { Id, LanguageTag, OrganisationQuery, PageQuery, pageOf } from '#api/schemas/common.ts'
import { JsonDocument, PublicAchievement } from '#api/schemas/credentials.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { AchievementId, IssuerId } from '#engine/shared/ids.ts'
import type { StandingDocument } from '#engine/verification/achievement-standing.ts'
import { organisationFor } from '#services/access/authorise.ts'
import { documentInLanguage } from '#services/achievements/document-in-language.ts'
import type { AchievementWithVersions } from '#services/achievements/manage-achievements.ts'
import {
  readDefinition,
  showAbout,
  showAchievement,
  showAdvice,
  showEnd,
  showName,
  showVersion,
} from './achievement-view.ts'
import { showEndorsementSummary } from './credential-view.ts'
import type { RouteNeeds } from './route-needs.ts'

const tags = ['achievements']
const IdParams = z.strictObject({ id: Id })
const VersionParams = z.strictObject({ id: Id, version: z.coerce.number().int().min(1).max(100_000) })

export const achievementRoutes = ({
  achievements,
  publishedAchievements,
  tellStanding,
  images,
  publicUrl,
}: RouteNeeds): readonly Route[] => {
  const show = (found: AchievementWithVersions) => showAchievement(found, publicUrl)
  return [
    defineRoute({
      method: 'get',
      path: '/v1/achievements',
      operationId: 'listAchievements',
      tags,
      summary: 'The achievements of an organisation with all their versions, oldest first',
      description: 'To choose among them, or to name one by its id, GET /v1/achievement-names is lighter.',
      access: { right: 'read' },
      request: { query: PageQuery },
      responses: { 200: pageOf(Achievement) },
      handler: async ({ principal, query }) => {
        const organisationId = organisationFor(principal, query.organisation)
        const page = await achievements.list(principal, organisationId, pageRequest(query))
        return { status: 200, body: pageBody(page, show) }
      },
    }),
    defineRoute({
      method: 'get',
      path: '/v1/achievement-names',
      operationId: 'listAchievementNames',
      tags,
      summary: 'What the achievements of an organisation are called, oldest first',
      description:
        'Of each the name of its newest version, and which version is published. Up to 1,000 on a page, so that most organisations need one.',
      access: { right: 'read' },
      request: { query: AchievementNamesQuery },
      responses: { 200: pageOf(AchievementName) },
      handler: async ({ principal, query }) => {
        const organisationId = organisationFor(principal, query.organisation)
        const page = await achievements.names(principal, organisationId, pageRequest(query))
        return { status: 200, body: pageBody(page, showName) }
      },
    }),
    defineRoute({
      method: 'post',
      path: '/v1/achievements',
      operationId: 'createAchievement',
      tags,
      summary: 'Create an achievement with its first draft',
      access: { right: 'create' },
      request: { query: OrganisationQuery, body: NewAchievement },
      responses: { 201: Achievement },
      problems: [
        errors.achievementSlugTaken,
        errors.resultDescriptionUnfit,
        errors.languageMissing,
        errors.durationInvalid,
        errors.imageUnknown,
      ],
      idempotent: true,
      handler: async ({ principal, query, body }) => {
        const created = await achievements.create(principal, organisationFor(principal, query.organisation), {
          issuerId: body.issuerId as IssuerId,
          slug: body.slug,
          definition: readDefinition(body.definition),
        })
        return { status: 201, body: show(created) }
      },
    }),
    defineRoute({
      method: 'post',
      path: '/v1/achievements/check',
      operationId: 'checkAchievement',
      tags,
      summary: 'What a definition lacks',
      description:
        'Saves nothing. `missing` would stand in the way of publication; `advice` says what criteria lack of being SMART.',
      access: { right: 'read' },
      request: { query: OrganisationQuery, body: z.strictObject({ definition: AchievementDefinition }) },
      responses: { 200: AchievementCheck },
      problems: [
        errors.resultDescriptionUnfit,
        errors.languageMissing,
        errors.durationInvalid,
        errors.imageUnknown,
      ],
      handler: async ({ principal, query, body }) => {
        const organisationId = organisationFor(principal, query.organisation)
        const { missing, advice } = await achievements.check(
          principal,
          organisationId,
          readDefinition(body.definition),
        )
        return {
          status: 200,
          body: {
            publishable: missing.length === 0,
            missing: missing.map((member) => ({ ...member })),
            advice: advice.map(showAdvice),
          },
        }
      },
    }),
    defineRoute({
      method: 'get',
      path: '/v1/achievements/{id}',
      operationId: 'getAchievement',
      tags,
      summary: 'An achievement with its versions',
      access: { right: 'read' },
      request: { params: IdParams, query: OrganisationQuery },
      responses: { 200: Achievement },
      problems: [errors.notFound],
      handler: async ({ principal, query, params }) => {
        const organisationId = organisationFor(principal, query.organisation)
        return {
          status: 200,
          body: show(await achievements.find(principal, organisationId, params.id as AchievementId)),
        }
      },
    }),
    defineRoute({
      method: 'post',
      path: '/v1/achievements/{id}/versions',
      operationId: 'createAchievementVersion',
      tags,
      summary: 'Start the next version as a draft',
      access: { right: 'update' },
      request: {
        params: IdParams,
        query: OrganisationQuery,
        body: z.strictObject({ definition: AchievementDefinition }),
      },
      responses: { 201: AchievementVersion },
      problems: [errors.notFound, errors.draftExists, errors.resultDescriptionUnfit, errors.languageMissing],
      idempotent: true,
      handler: async ({ principal, query, params, body }) => {
        const organisationId = organisationFor(principal, query.organisation)
        const definition = readDefinition(body.definition)
        const version = await achievements.createVersion(
          principal,
          organisationId,
          params.id as AchievementId,
          definition,
        )
        return { status: 201, body: showVersion(version), headers: { ETag: versionTag(version.revision) } }
      },
    }),
    defineRoute({
      method: 'put',
      path: '/v1/achievements/{id}/versions/{version}',
      operationId: 'replaceAchievementDraft',
      tags,
      summary: 'Replace a draft',
      description: 'If-Match names the revision that the caller has seen.',
      access: { right: 'update' },
      request: {
        params: VersionParams,
        query: OrganisationQuery,
        body: z.strictObject({ definition: AchievementDefinition }),
      },
      responses: { 200: AchievementVersion },
      problems: [
        errors.notFound,
        errors.versionStateWrong,
        errors.resultDescriptionUnfit,
        errors.languageMissing,
      ],
      ifMatch: true,
      handler: async ({ principal, query, params, body, expectedVersion }) => {
        const version = await achievements.replaceDraft(
          principal,
          organisationFor(principal, query.organisation),
          params.id as AchievementId,
          { version: params.version, revision: expectedVersion, definition: readDefinition(body.definition) },
        )
        return { status: 200, body: showVersion(version), headers: { ETag: versionTag(version.revision) } }
      },
    }),
    defineRoute({
      method: 'post',
      path: '/v1/achievements/{id}/versions/{version}/publish',
      operationId: 'publishAchievementVersion',
      tags,
      summary: 'Publish a draft',
      description:
        'Fixes the Achievement document byte for byte; the version published before it retires. Where the organisation wants a second person, only what was approved is published; where it wants experts from outside to agree, after as many did.',
      access: { right: 'update' },
      request: { params: VersionParams, query: OrganisationQuery },
      responses: { 200: AchievementVersion },
      problems: [
        errors.notFound,
        errors.credentialUnfit,
        errors.resultDescriptionUnfit,
        errors.achievementIncomplete,
        errors.versionStateWrong,
        errors.secondPersonNeeded,
        errors.expertReviewsMissing,
      ],
      idempotent: true,
      ifMatch: 'optional',
      handler: async ({ principal, query, params, expectedVersion }) => {
        const organisationId = organisationFor(principal, query.organisation)
        const version = await achievements.publish(
          principal,
          organisationId,
          params.id as AchievementId,
          params.version,
          expectedVersion,
        )
        return { status: 200, body: showVersion(version), headers: { ETag: versionTag(version.revision) } }
      },
    }),
    defineRoute({
      method: 'post',
      path: '/v1/images',
      operationId: 'uploadImage',
      tags,
      summary: 'Upload a badge image',
      description:
        'A PNG, JPEG, WebP, GIF or SVG of at most 4096 × 4096 pixels; which of them shows in its bytes. It is kept as a PNG that has its pixels and nothing else (`removed` says what else there was): a PNG keeps every pixel, all others are drawn anew, at most 1024 pixels wide and high; of what moves, the first picture. What an SVG would do or fetch is refused (`image-active`). The id is the SHA-256 of what is kept: the same picture gets the same id.',
      access: { right: 'create' },
      request: {
        query: OrganisationQuery,
        bodyKinds: ['png', 'jpeg', 'webp', 'gif', 'svg'],
        bodyLimit: 'upload',
      },
      responses: { 201: UploadedImage },
      problems: [errors.imageUnfit, errors.imageTooLarge, errors.imageActive, errors.unavailable],
      idempotent: true,
      handler: async ({ principal, query, raw }) => {
        const organisationId = organisationFor(principal, query.organisation)
        const { id, removed } = await images.upload(principal, organisationId, raw.bytes)
        const url = `${publicUrl}/images/${id}.png`
        return { status: 201, body: { id, url, mediaType: 'image/png', removed: Array.from(removed) } }
      },
    }),
    defineRoute({
      method: 'get',
      path: '/images/{name}',
      operationId: 'getImage',
      tags: ['public'],
      summary: 'A badge image',
      access: 'public',
      request: { params: z.strictObject({ name: z.string().regex(/^[0-9a-f]{64}\.png$/) }) },
      responses: { 200: { bytes: ['image/png'] } },
      problems: [errors.notFound],
      cacheSeconds: 31_536_000,
      anyOrigin: true,
      handler: async ({ params }) => ({
        status: 200,
        bytes: await images.read(params.name.slice(0, 64)),
        mediaType: 'image/png',
        headers: foreignFileHeaders(params.name),
      }),
    }),
    defineRoute({
      method: 'get',
      path: '/achievements/{id}',
      operationId: 'getAchievementDocument',
      tags: ['public'],
      summary: 'The Achievement document (Open Badges 3.0)',
      description:
        'The newest published version, or the one asked for. Its bytes never change: endorsements name their digest. With `language`, the same in another language that its badges tell it in.',
      access: 'public',
      request: {
        params: IdParams,
        query: z.strictObject({
          version: z.coerce.number().int().min(1).optional(),
          language: LanguageTag.optional(),
        }),
      },
      responses: { 200: { bytes: ['application/ld+json'], holds: JsonDocument } },
      problems: [errors.notFound],
      cacheSeconds: 60,
      anyOrigin: true,
      page: true,
      handler: async ({ params, query }) => {
        const published = await publishedAchievements(params.id as AchievementId, query.version)
        const bytes = documentInLanguage(published, query.language)
        if (bytes === undefined)
          throw errors.notFound({ what: 'achievement in that language', id: params.id })
        return { status: 200, bytes, mediaType: 'application/ld+json' }
      },
    }),
    defineRoute({
      method: 'get',
      path: '/achievements/{id}/standing',
      operationId: 'getAchievementStanding',
      tags: ['public'],
      summary: 'Whether the issuer still stands behind an achievement',
      description:
        'Every version that was ever published, its state by now, and when and why a person ended it. Verifiers read it beside the Achievement document, whose bytes never change.',
      access: 'public',
      request: { params: IdParams },
      responses: { 200: AchievementStanding },
      problems: [errors.notFound],
      cacheSeconds: 60,
      anyOrigin: true,
      handler: async ({ params }) => ({
        status: 200,
        body: showStanding(await tellStanding(params.id as AchievementId)),
      }),
    }),
    defineRoute({
      method: 'get',
      path: '/v1/public/achievements/{id}',
      operationId: 'getPublicAchievement',
      tags: ['public'],
      summary: 'An achievement as its public page shows it',
      access: 'public',
      request: {
        params: IdParams,
        query: z.strictObject({ version: z.coerce.number().int().min(1).optional() }),
      },
      responses: { 200: PublicAchievement },
      problems: [errors.notFound],
      handler: async ({ params, query }) => {
        const found = await publishedAchievements(params.id as AchievementId, query.version)
        const { version, issuer, issuerDomain, test, image, imageLevels, endorsements, assessors } = found
        return {
          status: 200,
          body: {
            id: params.id,
            page: `${publicUrl}/achievements/${params.id}`,
            document: JSON.parse(new TextDecoder().decode(version.document)) as Record<string, unknown>,
            version: version.version,
            state: version.state,
            issuer: { name: issuer.name, did: issuer.did, slug: issuer.slug, domain: issuerDomain },
            image: image ?? null,
            ...(imageLevels.length === 0 ? {} : { imageLevels: imageLevels.map((each) => ({ ...each })) }),
            test,
            end: showEnd(version),
            about: showAbout(version.definition),
            endorsements: endorsements.map(showEndorsementSummary),
            assessors: assessors.map(({ qualification, evidenceUrl, name, showsName }) => ({
              qualification,
              evidenceUrl: evidenceUrl ?? null,
              name: showsName ? name : null,
            })),
          },
        }
      },
    }),
  ]
}

const showStanding = ({ versions, ...standing }: StandingDocument): z.input<typeof AchievementStanding> => ({
  ...standing,
  versions: versions.map((version) => ({ ...version })),
})
