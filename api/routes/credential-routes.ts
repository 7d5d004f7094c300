import * as z from 'zod'
import { downloadHeaders, foreignFileHeaders } from '#api/http/file-headers.ts'
import { defineRoute, type Route } from '#api/http/route.ts'
import { Id, listOf } from '#api/schemas/common.ts'
import {
  BackpackItem,
  CreatedShareLink,
  CredentialView,
  EditionQuery,
  JsonDocument,
  NewShareLink,
  ReadQuery,
  Receipt,
  ShareLink,
  Visibility,
} from '#api/schemas/credentials.ts'
import type { Principal } from '#engine/access/rights.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { fromHex } from '#engine/shared/bytes.ts'
import type { CredentialId } from '#engine/shared/ids.ts'
import { formatInstant } from '#engine/shared/instant.ts'
import type { ShareLink as StoredLink } from '#services/ports/credential-store.ts'
import { credentialState, showCredential } from './credential-view.ts'
import type { RouteNeeds } from './route-needs.ts'
import { given, readTime, timeOrNull } from './shown.ts'

const tags = ['credentials']
const IdParams = z.strictObject({ id: Id })
const VC = 'application/vc+ld+json'

export const credentialRoutes = ({ credentials, publicUrl }: RouteNeeds): readonly Route[] => [
  defineRoute({
    method: 'get',
    path: '/credentials/{id}',
    operationId: 'getCredentialDocument',
    tags: ['public'],
    summary: 'The signed credential, exactly as it was signed',
    description:
      'For whoever may read it: everybody when its earner made it public, else with a share link or signed in.',
    access: 'public',
    request: { params: IdParams, query: ReadQuery },
    responses: { 200: { bytes: [VC], holds: JsonDocument } },
    problems: [errors.notFound],
    page: true,
    handler: async ({ params, query, principal }) => {
      const bytes = await credentials.document(
        params.id as CredentialId,
        reader(principal, query.share),
        'json',
      )
      return { status: 200, bytes, mediaType: VC, headers: { 'X-Robots-Tag': 'noindex' } }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/credentials/{id}',
    operationId: 'getCredential',
    tags,
    summary: 'A credential as its page shows it',
    access: 'public',
    request: { params: IdParams, query: ReadQuery },
    responses: { 200: CredentialView },
    problems: [errors.notFound],
    handler: async ({ params, query, principal }) => {
      const page = await credentials.view(params.id as CredentialId, reader(principal, query.share))
      return { status: 200, body: showCredential(page, publicUrl) }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/credentials/{id}/document',
    operationId: 'downloadCredential',
    tags,
    summary: 'Download a credential: JSON, or baked into a PNG or SVG',
    description:
      'The edition that counts, unless an earlier one is named by its number or digest. Whoever verifies an earlier one is told that it was superseded.',
    access: 'public',
    request: {
      params: IdParams,
      query: EditionQuery.extend({ format: z.enum(['json', 'png', 'svg']).default('json') }),
    },
    responses: { 200: { bytes: [VC, 'image/png', 'image/svg+xml'] } },
    problems: [errors.notFound, errors.imageUnfit],
    handler: async ({ params, query, principal }) => {
      const { format } = query
      const bytes = await credentials.document(
        params.id as CredentialId,
        { ...reader(principal, query.share), ...editionOf(query) },
        format,
      )
      const name = `badge-${params.id}.${format}`
      if (format === 'json') return { status: 200, bytes, mediaType: VC, headers: downloadHeaders(name) }
      return {
        status: 200,
        bytes,
        mediaType: format === 'png' ? 'image/png' : 'image/svg+xml',
        headers: foreignFileHeaders(name),
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
    problems: [errors.notFound, errors.receiptNotReady],
    handler: async ({ params, query, principal }) => {
      const receipt = await credentials.receipt(params.id as CredentialId, {
        ...reader(principal, query.share),
        ...editionOf(query),
      })
      const headers = downloadHeaders(`receipt-${params.id}.json`)
      return { status: 200, body: receipt as unknown as Record<string, unknown>, headers }
    },
  }),
  defineRoute({
    method: 'put',
    path: '/v1/credentials/{id}/visibility',
    operationId: 'setVisibility',
    tags,
    summary: 'Make a badge public or private',
    description: 'For its earner. A document that somebody has downloaded stays with them.',
    access: 'session',
    request: { params: IdParams, body: Visibility },
    responses: { 200: CredentialView },
    problems: [errors.notFound],
    handler: async ({ params, body, principal }) => {
      const page = await credentials.setVisibility(principal, params.id as CredentialId, body.visibility)
      return { status: 200, body: showCredential(page, publicUrl) }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/credentials/{id}/share-links',
    operationId: 'listShareLinks',
    tags,
    summary: 'The share links of a badge',
    access: 'session',
    request: { params: IdParams },
    responses: { 200: listOf(ShareLink) },
    problems: [errors.notFound],
    handler: async ({ params, principal }) => {
      const links = await credentials.shareLinks(principal, params.id as CredentialId)
      return { status: 200, body: { items: links.map(showLink) } }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/credentials/{id}/share-links',
    operationId: 'createShareLink',
    tags,
    summary: 'Make a link that shows a badge to whoever holds it',
    access: 'session',
    request: { params: IdParams, body: NewShareLink },
    responses: { 201: CreatedShareLink },
    problems: [errors.notFound],
    idempotent: { secrets: ['url', 'verifyUrl'] },
    handler: async ({ params, body, principal }) => {
      const link = await credentials.share(
        principal,
        params.id as CredentialId,
        readTime(body.expiresAt, '/expiresAt'),
      )
      return { status: 201, body: { ...showLink(link), url: link.url, verifyUrl: link.verifyUrl } }
    },
  }),
  defineRoute({
    method: 'delete',
    path: '/v1/credentials/{id}/share-links/{linkId}',
    operationId: 'revokeShareLink',
    tags,
    summary: 'End a share link',
    access: 'session',
    request: { params: z.strictObject({ id: Id, linkId: Id }) },
    responses: { 204: { empty: true } },
    problems: [errors.notFound],
    handler: async ({ params, principal }) => {
      await credentials.unshare(principal, params.id as CredentialId, params.linkId)
      return { status: 204 }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/backpack',
    operationId: 'getBackpack',
    tags,
    summary: 'The badges that the caller has claimed',
    access: 'session',
    responses: { 200: listOf(BackpackItem) },
    handler: async ({ principal }) => {
      const pages = await credentials.backpack(principal.accountId)
      return {
        status: 200,
        body: {
          items: pages.map((page) => ({
            credentialId: page.credential.id,
            page: `${publicUrl}/credentials/${page.credential.id}`,
            achievementName: page.achievementName,
            issuerName: page.issuer.name,
            image: page.image ?? null,
            awardedAt: formatInstant(page.award.awardedAt),
            state: credentialState(page),
            visibility: page.credential.visibility,
            test: page.test,
          })),
        },
      }
    },
  }),
]

const reader = (principal: Principal | undefined, share: string | undefined) => given({ principal, share })

const editionOf = ({
  edition,
  digest,
}: {
  readonly edition?: number | undefined
  readonly digest?: string | undefined
}) => given({ edition: edition ?? (digest === undefined ? undefined : fromHex(digest)) })

const showLink = (link: StoredLink) => ({
  id: link.id,
  createdAt: formatInstant(link.createdAt),
  expiresAt: timeOrNull(link.expiresAt),
  revokedAt: timeOrNull(link.revokedAt),
})
