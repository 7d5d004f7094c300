import * as z from 'zod'
import { downloadHeaders, foreignFileHeaders } from '#api/http/file-headers.ts'
import { defineRoute, type Route } from '#api/http/route.ts'
import { Id, listOf } from '#api/schemas/common.ts'
import {
  BackpackItem,
  CreatedShareLink,
  CredentialView,
  CredentialViews,
  EditionQuery,
  JsonDocument,
  LanguageQuery,
  NewShareLink,
  ReadQuery,
  Receipt,
  ShareLink,
  ViewQuery,
  Visibility,
} from '#api/schemas/credentials.ts'
import type { Principal } from '#engine/access/rights.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { fromHex } from '#engine/shared/bytes.ts'
import type { CollectionId, CredentialId } from '#engine/shared/ids.ts'
import { formatInstant } from '#engine/shared/instant.ts'
import { textWithLanguage } from '#engine/shared/localised-text.ts'
import type { BackpackBadge } from '#services/credentials/serve-credentials.ts'
import type { CountedShareLink } from '#services/ports/credential-store.ts'
import { backpackState, robotsHeaders, showCredential } from './credential-view.ts'
import type { RouteNeeds } from './route-needs.ts'
import { given, readTime, timeOrNull } from './shown.ts'

const tags = ['credentials']
const IdParams = z.strictObject({ id: Id })
const VC = 'application/vc+ld+json'
const MEDIA_TYPES = {
  jwt: 'application/jwt',
  png: 'image/png',
  svg: 'image/svg+xml',
  pdf: 'application/pdf',
} as const
/** Of files always: what is found is the page, which its earner makes public and private. */
const NO_INDEX = { 'X-Robots-Tag': 'noindex' }

export const credentialRoutes = ({
  credentials,
  sharing,
  exportBackpack,
  publicUrl,
}: RouteNeeds): readonly Route[] => [
  defineRoute({
    method: 'get',
    path: '/credentials/{id}',
    operationId: 'getCredentialDocument',
    tags: ['public'],
    summary: 'The signed credential, exactly as it was signed',
    description:
      'For whoever may read it: everybody when its earner made it public, else with a share link or signed in. Not (404) where the page leaves something out: see `form` of GET /v1/credentials/{id}.',
    access: 'public',
    request: { params: IdParams, query: ReadQuery },
    responses: { 200: { bytes: [VC], holds: JsonDocument } },
    problems: [errors.notFound, errors.credentialNotSigned],
    page: true,
    handler: async ({ params, query, principal }) => {
      const bytes = await credentials.document(params.id as CredentialId, reader(principal, query), 'json')
      return { status: 200, bytes, mediaType: VC, headers: NO_INDEX }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/credentials/{id}',
    operationId: 'getCredential',
    tags,
    summary: 'A credential as its page shows it',
    description:
      'The whole document, or, where its earner leaves something out of what they share, an attested view without it: `form` says which. A stranger’s GET counts as one view; HEAD, the earner and the issuer’s people do not. A link that is over, was revoked or never was answers 404.',
    access: 'public',
    request: { params: IdParams, query: ViewQuery },
    responses: { 200: CredentialView },
    problems: [errors.notFound, errors.credentialNotSigned],
    handler: async ({ params, query, principal, isHead }) => {
      const page = await credentials.view(params.id as CredentialId, reader(principal, query), {
        counts: !isHead && !query.again,
      })
      const body = showCredential(page, publicUrl, query.language)
      return { status: 200, body, headers: robotsHeaders(page) }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/credentials/{id}/document',
    operationId: 'downloadCredential',
    tags,
    summary: 'Download a credential: JSON, JWT, baked into a PNG or SVG, or as PDF for people',
    description:
      '`json` is the document that was issued and anchored; PNG, SVG and PDF have it inside, byte for byte. `jwt` is the same badge signed once more as a compact JWS (Open Badges 3.0, section 8.2): signed when somebody first asks, and the same from then on; no receipt is about it. The edition that counts, unless an earlier one is named by its number or digest. Whoever verifies an earlier one is told that it was superseded.',
    access: 'public',
    request: {
      params: IdParams,
      query: EditionQuery.extend({ format: z.enum(['json', 'jwt', 'png', 'svg', 'pdf']).default('json') }),
    },
    responses: { 200: { bytes: [VC, 'application/jwt', 'image/png', 'image/svg+xml', 'application/pdf'] } },
    problems: [
      errors.notFound,
      errors.credentialNotSigned,
      errors.imageUnfit,
      errors.conflict,
      errors.unavailable,
    ],
    handler: async ({ params, query, principal }) => {
      const { format } = query
      const bytes = await credentials.document(
        params.id as CredentialId,
        { ...reader(principal, query), ...editionOf(query) },
        format,
      )
      const name = `badge-${params.id}.${format}`
      if (format === 'json')
        return { status: 200, bytes, mediaType: VC, headers: { ...downloadHeaders(name), ...NO_INDEX } }
      return {
        status: 200,
        bytes,
        mediaType: MEDIA_TYPES[format],
        headers: { ...foreignFileHeaders(name), ...NO_INDEX },
      }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/credentials/{id}/receipt',
    operationId: 'getReceipt',
    tags,
    summary: 'The receipt: proof that the credential is in an anchored batch',
    description:
      'It holds the salt of the leaf, so it goes only to whoever may read the credential. Each edition has its own.',
    access: 'public',
    request: { params: IdParams, query: EditionQuery },
    responses: { 200: Receipt },
    problems: [errors.notFound, errors.credentialNotSigned, errors.receiptNotReady],
    handler: async ({ params, query, principal }) => {
      const receipt = await credentials.receipt(params.id as CredentialId, {
        ...reader(principal, query),
        ...editionOf(query),
      })
      const headers = { ...downloadHeaders(`receipt-${params.id}.json`), ...NO_INDEX }
      return { status: 200, body: receipt as unknown as Record<string, unknown>, headers }
    },
  }),
  defineRoute({
    method: 'put',
    path: '/v1/credentials/{id}/visibility',
    operationId: 'setVisibility',
    tags,
    summary: 'Make a badge public or private',
    description:
      'For its earner. `omits`: what the public page leaves out; it then shows no document. A document that somebody has downloaded stays with them.',
    access: 'any-session',
    request: { params: IdParams, body: Visibility },
    responses: { 200: CredentialView },
    problems: [errors.notFound, errors.credentialNotSigned],
    handler: async ({ params, body, principal }) => {
      const id = params.id as CredentialId
      const page = await sharing.setVisibility(principal, id, body.visibility, body.omits)
      return { status: 200, body: showCredential(page, publicUrl) }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/credentials/{id}/share-links',
    operationId: 'listShareLinks',
    tags,
    summary: 'The share links of a badge',
    description: 'The newest first: those that are open (100 at most), and the last hundred that are over.',
    access: 'any-session',
    request: { params: IdParams },
    responses: { 200: listOf(ShareLink) },
    problems: [errors.notFound],
    handler: async ({ params, principal }) => {
      const links = await sharing.shareLinks(principal, params.id as CredentialId)
      return { status: 200, body: { items: links.map(showLink) } }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/credentials/{id}/share-links',
    operationId: 'createShareLink',
    tags,
    summary: 'Make a link that shows a badge to whoever holds it',
    description:
      'For its earner. The address is in this answer only. After its end the link answers like one that never was. Where it leaves something out, its page shows no document, and neither document nor receipt can be had through it.',
    access: 'any-session',
    request: { params: IdParams, body: NewShareLink },
    responses: { 201: CreatedShareLink },
    problems: [errors.notFound, errors.endInPast, errors.tooManyShareLinks],
    idempotent: { secrets: ['url', 'verifyUrl'] },
    handler: async ({ params, body, principal }) => {
      const expiresAt = readTime(body.expiresAt, '/expiresAt')
      const link = await sharing.share(principal, params.id as CredentialId, {
        label: body.label ?? '',
        omits: body.omits,
        ...given({ expiresAt }),
      })
      return { status: 201, body: { ...showLink(link), url: link.url, verifyUrl: link.verifyUrl ?? null } }
    },
  }),
  defineRoute({
    method: 'delete',
    path: '/v1/credentials/{id}/share-links/{linkId}',
    operationId: 'revokeShareLink',
    tags,
    summary: 'End a share link',
    access: 'any-session',
    request: { params: z.strictObject({ id: Id, linkId: Id }) },
    responses: { 204: { empty: true } },
    problems: [errors.notFound],
    handler: async ({ params, principal }) => {
      await sharing.unshare(principal, params.id as CredentialId, params.linkId)
      return { status: 204 }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/credentials/{id}/views',
    operationId: 'getCredentialViews',
    tags,
    summary: 'How often a badge was looked at',
    description:
      'For its earner: numbers by day and channel. Who looked is not kept. Views through one link stand in the list of links.',
    access: 'any-session',
    request: { params: IdParams },
    responses: { 200: CredentialViews },
    problems: [errors.notFound],
    handler: async ({ params, principal }) => {
      const { total, days } = await sharing.views(principal, params.id as CredentialId)
      return { status: 200, body: { total, days: days.map((day) => ({ ...day })) } }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/backpack',
    operationId: 'getBackpack',
    tags,
    summary: 'The badges that the caller has claimed',
    description:
      'Also what was claimed and is still being issued (`state` is `issuing`): it has no document yet, and its page answers `credential-not-signed` until then. What was revoked before it was signed is `revoked`, with `signed` false for good.',
    access: 'any-session',
    request: { query: LanguageQuery },
    responses: { 200: listOf(BackpackItem) },
    handler: async ({ principal, query }) => {
      const pages = await credentials.backpack(principal)
      return {
        status: 200,
        body: {
          items: pages.map((page) => ({
            credentialId: page.credential.id,
            page: `${publicUrl}/credentials/${page.credential.id}`,
            ...named(page, query.language),
            issuerName: page.issuer.name,
            image: page.image ?? null,
            awardedAt: formatInstant(page.award.awardedAt),
            state: backpackState(page),
            visibility: page.credential.visibility,
            signed: page.edition !== undefined,
            views: page.views,
            test: page.test,
          })),
        },
      }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/backpack/export',
    operationId: 'exportBackpack',
    tags,
    summary: 'Download everything: a ZIP file with all badges',
    description:
      'Each badge as JSON, JWT, PNG, SVG and PDF, with its receipt where it is anchored; badges from elsewhere as they came; collections; and a list for people in Dutch and English. What is not signed yet stands in that list alone. The file is made while it is sent, so its length is not known before, and a connection that ends early has brought a part of it.',
    access: 'session',
    responses: { 200: { stream: ['application/zip'] } },
    handler: ({ principal }) => ({
      status: 200,
      chunks: exportBackpack(principal),
      mediaType: 'application/zip',
      headers: downloadHeaders('backpack.zip'),
    }),
  }),
]

const reader = (principal: Principal | undefined, { share, collection }: z.output<typeof ReadQuery>) =>
  given({ principal, share, collection: collection as CollectionId | undefined })

const editionOf = ({
  edition,
  digest,
}: {
  readonly edition?: number | undefined
  readonly digest?: string | undefined
}) => given({ edition: edition ?? (digest === undefined ? undefined : fromHex(digest)) })
function named({ version: { definition } }: BackpackBadge, wanted: string | undefined) {
  const { name, language: documentLanguage } = definition
  const { text, language } = textWithLanguage(name, wanted ?? documentLanguage, documentLanguage)
  return { achievementName: text, language, documentLanguage }
}

const showLink = (link: CountedShareLink) => ({
  id: link.id,
  label: link.label,
  omits: [...link.omits],
  views: link.views,
  createdAt: formatInstant(link.createdAt),
  expiresAt: timeOrNull(link.expiresAt),
  revokedAt: timeOrNull(link.revokedAt),
})
