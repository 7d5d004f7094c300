import * as z from 'zod'
import { defineRoute, type Route } from '#api/http/route.ts'
import { Id } from '#api/schemas/common.ts'
import { Elsewhere, ElsewhereQuery, EmbedQuery, OEmbed, OEmbedQuery } from '#api/schemas/embedding.ts'
import { markedName } from '#engine/credentials/achievement-document.ts'
import { linkedInUrl, mailtoUrl } from '#engine/credentials/profile-links.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { type CredentialId, isUuid } from '#engine/shared/ids.ts'
import { textIn } from '#engine/shared/localised-text.ts'
import { robotsHeaders } from './credential-view.ts'
import { EMBED_SIZE, embedHeaders, embedPage, embedSnippet } from './embed-page.ts'
import type { RouteNeeds } from './route-needs.ts'
import { given } from './shown.ts'

const IdParams = z.strictObject({ id: Id })

export const embedRoutes = ({ credentials, sharing, publicUrl }: RouteNeeds): readonly Route[] => {
  const address = (path: string, id: string, query: Readonly<Record<string, string>>) => {
    const asked = new URLSearchParams(query).toString()
    return `${publicUrl}${path}/credentials/${id}${asked === '' ? '' : `?${asked}`}`
  }
  const embedUrl = (id: string, query: Readonly<Record<string, string>>) => address('/embed', id, query)

  return [
    defineRoute({
      method: 'get',
      path: '/embed/credentials/{id}',
      operationId: 'embedCredential',
      tags: ['public'],
      summary: 'A badge as a small page to stand within pages of others',
      description:
        'HTML without script, the only page that may be framed. For a badge that is public, or with the token of a share link of it; who is signed in makes no difference. Counts as a view on the channel `embed`.',
      access: 'public',
      request: { params: IdParams, query: EmbedQuery },
      responses: { 200: { bytes: ['text/html; charset=utf-8'] } },
      problems: [errors.notFound],
      handler: async ({ params, query, isHead }) => {
        const shared = given({ share: query.share })
        const page = await credentials.embed(params.id as CredentialId, shared, { counts: !isHead })
        return {
          status: 200,
          bytes: embedPage(page, query.language, address('', params.id, shared)),
          mediaType: 'text/html; charset=utf-8',
          headers: { ...embedHeaders(page), ...robotsHeaders(page) },
        }
      },
    }),
    defineRoute({
      method: 'get',
      path: '/oembed',
      operationId: 'getOEmbed',
      tags: ['public'],
      summary: 'oEmbed for the address of a badge',
      description:
        'For a badge that is public, or whose address carries the token of a share link. All else is `not-found`.',
      access: 'public',
      request: { query: OEmbedQuery },
      responses: { 200: OEmbed },
      problems: [errors.notFound],
      anyOrigin: true,
      handler: async ({ query }) => {
        const url = new URL(query.url)
        const id = /^\/credentials\/([0-9a-f-]{36})$/.exec(url.pathname)?.[1]
        if (url.origin !== new URL(publicUrl).origin || id === undefined || !isUuid(id))
          throw errors.notFound({ what: 'credential of this server' })
        const shared = given({ share: url.searchParams.get('share') ?? undefined })
        const page = await credentials.embed(id as CredentialId, shared, { counts: false })
        const size = {
          width: Math.min(EMBED_SIZE.width, query.maxwidth ?? EMBED_SIZE.width),
          height: Math.min(EMBED_SIZE.height, query.maxheight ?? EMBED_SIZE.height),
        }
        const title = markedName(page.achievementName, page.test)
        return {
          status: 200,
          body: {
            version: '1.0',
            type: 'rich',
            title,
            author_name: page.issuer.name,
            author_url: `${publicUrl}/issuers/${page.issuer.slug}`,
            provider_name: 'Waarmerk',
            provider_url: publicUrl,
            html: embedSnippet(embedUrl(id, shared), title, size),
            ...size,
          },
          headers: robotsHeaders(page),
        }
      },
    }),
    defineRoute({
      method: 'get',
      path: '/v1/credentials/{id}/elsewhere',
      operationId: 'showElsewhere',
      tags: ['credentials'],
      summary: 'What shows a badge elsewhere: LinkedIn, a letter, a page of your own',
      description:
        'For its earner. Nothing is sent to anybody: these are addresses to follow and HTML to copy. A private badge wants `share`, the token of one of its links; without it the call is refused.',
      access: 'any-session',
      request: { params: IdParams, query: ElsewhereQuery },
      responses: { 200: Elsewhere },
      problems: [errors.notFound, errors.badgeNotVisible, errors.credentialNotSigned],
      handler: async ({ params, query, principal }) => {
        const { id } = params
        const { page, timeZone, ...shared } = await sharing.visiblePage(
          principal,
          id as CredentialId,
          query.share,
        )
        const { definition } = page.version
        const name = markedName(textIn(definition.name, query.language, definition.language), page.test)
        const url = address('', id, given(shared))
        const badge = {
          id,
          name,
          issuer: page.issuer.name,
          awardedAt: page.award.awardedAt,
          ...given({ validUntil: page.award.validUntil }),
          url,
        }
        return {
          status: 200,
          body: {
            url,
            linkedIn: linkedInUrl(badge, timeZone),
            mailto: mailtoUrl(badge, query.language),
            embed: embedSnippet(embedUrl(id, { ...given(shared), language: query.language }), name),
            oembed: `${publicUrl}/oembed?url=${encodeURIComponent(url)}`,
          },
        }
      },
    }),
  ]
}
