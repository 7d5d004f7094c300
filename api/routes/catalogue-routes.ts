import type * as z from 'zod'
import { pageBody, pageRequest } from '#api/http/pagination.ts'
import { defineRoute, type Route } from '#api/http/route.ts'
import { Catalogue, CatalogueQuery } from '#api/schemas/catalogue.ts'
import { isLoopbackHost } from '#engine/credentials/did-web.ts'
import { formatInstant } from '#engine/shared/instant.ts'
import { CATALOGUE_FACETS, type CatalogueEntry } from '#services/ports/catalogue-store.ts'
import type { RouteNeeds } from './route-needs.ts'
import { given } from './shown.ts'

export const catalogueRoutes = ({ catalogue, publicUrl }: RouteNeeds): readonly Route[] => {
  const show = (entry: CatalogueEntry): z.input<typeof Catalogue>['items'][number] => ({
    id: entry.id,
    page: `${publicUrl}/achievements/${entry.id}`,
    version: entry.version,
    publishedAt: formatInstant(entry.publishedAt),
    language: entry.language,
    name: entry.name,
    description: entry.description,
    image: entry.image === undefined ? null : `${entry.issuer.origin}/images/${entry.image}.png`,
    badgeType: entry.badgeType ?? null,
    recognises: [...entry.recognises],
    recognisedThrough: entry.recognisedThrough ?? null,
    workload: entry.workload === undefined ? null : { ...entry.workload },
    eqf: [...entry.eqf],
    nlqf: [...entry.nlqf],
    copyable: entry.isCopyable,
    test: entry.isSample || isLoopbackHost(new URL(entry.issuer.origin).hostname),
    issuer: { slug: entry.issuer.slug, name: entry.issuer.name },
  })
  return [
    defineRoute({
      method: 'get',
      path: '/v1/catalogue',
      operationId: 'browseCatalogue',
      tags: ['public'],
      summary: 'Achievements that organisations list for everybody, newest first',
      description:
        'The newest published version of each. Filters hold together; a parameter that stands several times names alternatives. `facets` counts what can be chosen besides.',
      access: 'public',
      request: { query: CatalogueQuery },
      responses: { 200: Catalogue },
      cacheSeconds: 30,
      anyOrigin: true,
      handler: async ({ query }) => {
        const { limit: _, cursor: __, q: text, hoursMin, hoursMax, ...chosen } = query
        const found = await catalogue({ chosen, ...given({ text, hoursMin, hoursMax }) }, pageRequest(query))
        return {
          status: 200,
          body: {
            ...pageBody(found, show),
            total: found.total,
            facets: CATALOGUE_FACETS.map((name) => ({
              name,
              values: found.facets
                .filter(({ facet }) => facet === name)
                .map(({ value, count }) => ({ value, count })),
            })),
          },
        }
      },
    }),
  ]
}
