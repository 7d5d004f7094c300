import * as z from 'zod'
import { versionTag } from '#api/http/etag.ts'
import { defineRoute, type Route } from '#api/http/route.ts'
import { DrawnImage } from '#api/schemas/achievements.ts'
import { OrganisationQuery } from '#api/schemas/common.ts'
import { HouseStyle, NewHouseStyle, NewPicture, PictureDesign } from '#api/schemas/house-style.ts'
import { badgeContrast } from '#engine/achievements/badge-contrast.ts'
import type { LevelWord } from '#engine/achievements/house-style.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { organisationFor } from '#services/access/authorise.ts'
import type { StoredHouseStyle } from '#services/ports/house-style-store.ts'
import type { RouteNeeds } from './route-needs.ts'
import { given } from './shown.ts'

export const houseStyleRoutes = ({ houseStyles, badgeDesigns, publicUrl }: RouteNeeds): readonly Route[] => [
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
      'Counts for pictures composed from then on: those that were made stay what they are. `contrast-too-low` says which colours are too near, how far they are apart, and what would do; `image-unknown` is about the logo.',
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
    summary: 'Draw a badge image',
    description:
      'In the house style, but for what `shape`, `colours` and `logo` say. Answers as the upload of an image does: a PNG of 512 × 512 pixels whose id is its SHA-256. The same words and looks get the same id. `contrast-too-low` proposes a colour; `level-word-unknown`: the style has fewer level words; `letter-unknown` names what the font cannot draw: it has Latin, Greek and Cyrillic. What it was made of is kept: GET /v1/images/{id}/design.',
    access: { right: 'create' },
    request: { query: OrganisationQuery, body: NewPicture },
    responses: { 201: DrawnImage },
    problems: [errors.contrastTooLow, errors.levelWordUnknown, errors.letterUnknown, errors.imageUnknown],
    idempotent: true,
    handler: async ({ principal, query, body }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const { id, design, fits } = await badgeDesigns.compose(principal, organisationId, given(body))
      const [text, graphics] = badgeContrast(design.colours)
      return {
        status: 201,
        body: {
          id,
          url: `${publicUrl}/images/${id}.png`,
          mediaType: 'image/png',
          textFits: fits,
          contrast: { text: text.ratio, graphics: graphics.ratio },
        },
      }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/images/{id}/design',
    operationId: 'getImageDesign',
    tags: ['achievements'],
    summary: 'What a drawn badge image was made of',
    description:
      'For who wants to change it: send it to POST /v1/images/compose with another word or colour, and another picture comes of it. The picture itself never changes. 404 for one that was uploaded, or drawn by another organisation.',
    access: { right: 'read' },
    request: { params: z.strictObject({ id: z.string().regex(/^[0-9a-f]{64}$/) }), query: OrganisationQuery },
    responses: { 200: PictureDesign },
    problems: [errors.notFound],
    handler: async ({ principal, params, query }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const { colours, level, logo, symbol, ...design } = await badgeDesigns.find(
        principal,
        organisationId,
        params.id,
      )
      return {
        status: 200,
        body: {
          ...design,
          language: design.language === 'nl' ? 'nl' : 'en',
          colours: { ...colours },
          symbol: symbol ?? null,
          logo: logo ?? null,
          level: level === undefined ? null : showLevel(level),
        },
      }
    },
  }),
]

const showStyle = ({ style, revision }: StoredHouseStyle): z.input<typeof HouseStyle> => ({
  colours: { ...style.colours },
  shape: style.shape,
  levels: style.levels.map(showLevel),
  logo: style.logo ?? null,
  revision,
})

const showLevel = ({ name, accent }: LevelWord) => ({
  name: { nl: name['nl'] ?? '', en: name['en'] ?? '' },
  accent,
})
