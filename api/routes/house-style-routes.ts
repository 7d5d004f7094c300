import type * as z from 'zod'
import { versionTag } from '#api/http/etag.ts'
import { defineRoute, type Route } from '#api/http/route.ts'
import { Image } from '#api/schemas/achievements.ts'
import { OrganisationQuery } from '#api/schemas/common.ts'
import { HouseStyle, NewHouseStyle, NewPicture } from '#api/schemas/house-style.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { organisationFor } from '#services/access/authorise.ts'
import type { StoredHouseStyle } from '#services/ports/house-style-store.ts'
import type { RouteNeeds } from './route-needs.ts'
import { given } from './shown.ts'

export const houseStyleRoutes = ({ houseStyles, publicUrl }: RouteNeeds): readonly Route[] => [
  defineRoute({
    method: 'get',
    path: '/v1/organisations/house-style',
    operationId: 'getHouseStyle',
    tags: ['organisations'],
    summary: 'How the badge pictures of an organisation look',
    description: 'That of the product, with revision 1, where nothing was ever decided.',
    access: { right: 'read' },
    request: { query: OrganisationQuery },
    responses: { 200: HouseStyle },
    handler: async ({ principal, query }) => {
      const found = await houseStyles.find(principal, organisationFor(principal, query.organisation))
      return { status: 200, body: showStyle(found), headers: { ETag: versionTag(found.revision) } }
    },
  }),
  defineRoute({
    method: 'put',
    path: '/v1/organisations/house-style',
    operationId: 'replaceHouseStyle',
    tags: ['organisations'],
    summary: 'Decide how the badge pictures of an organisation look',
    description:
      'Counts for pictures composed from then on: those that were made stay what they are. `contrast-too-low` says how far `text` and `primary` are apart; `image-unknown` is about the logo.',
    access: { right: 'administer' },
    request: { query: OrganisationQuery, body: NewHouseStyle },
    responses: { 200: HouseStyle },
    problems: [errors.contrastTooLow, errors.imageUnknown],
    ifMatch: true,
    handler: async ({ principal, query, body, expectedVersion }) => {
      const changed = await houseStyles.replace(
        principal,
        organisationFor(principal, query.organisation),
        expectedVersion,
        given({ ...body, logo: body.logo ?? undefined }),
      )
      return { status: 200, body: showStyle(changed), headers: { ETag: versionTag(changed.revision) } }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/images/compose',
    operationId: 'composeImage',
    tags: ['achievements'],
    summary: 'Draw a badge image in the house style',
    description:
      'Answers as the upload of an image does: a PNG of 512 × 512 pixels whose id is its SHA-256. The same words in the same style get the same id. `level-word-unknown`: the style has fewer level words. `letter-unknown` names what the font cannot draw: it has Latin, Greek and Cyrillic.',
    access: { right: 'create' },
    request: { query: OrganisationQuery, body: NewPicture },
    responses: { 201: Image },
    problems: [errors.levelWordUnknown, errors.letterUnknown, errors.imageUnknown],
    idempotent: true,
    handler: async ({ principal, query, body }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const id = await houseStyles.compose(principal, organisationId, given(body))
      return { status: 201, body: { id, url: `${publicUrl}/images/${id}.png`, mediaType: 'image/png' } }
    },
  }),
]

const showStyle = ({ style, revision }: StoredHouseStyle): z.input<typeof HouseStyle> => ({
  colours: { ...style.colours },
  shape: style.shape,
  levels: style.levels.map(({ name, accent }) => ({
    name: { nl: name['nl'] ?? '', en: name['en'] ?? '' },
    accent,
  })),
  logo: style.logo ?? null,
  revision,
})
