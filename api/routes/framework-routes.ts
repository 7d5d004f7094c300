import { defineRoute, type Route } from '#api/http/route.ts'
import { listOf, OrganisationQuery } from '#api/schemas/common.ts'
import { AlignmentTarget, Framework, TargetQuery } from '#api/schemas/frameworks.ts'
import { needsBasis } from '#engine/credentials/alignment-basis.ts'
import { organisationFor } from '#services/access/authorise.ts'
import type { RouteNeeds } from './route-needs.ts'
import { given } from './shown.ts'

const tags = ['achievements']

export const frameworkRoutes = ({ alignmentTargets }: RouteNeeds): readonly Route[] => [
  defineRoute({
    method: 'get',
    path: '/v1/frameworks',
    operationId: 'listFrameworks',
    tags,
    summary: 'Frameworks that achievements can be aligned to',
    description: 'With their source and licence. Any other alignment may be written freely.',
    access: { right: 'read' },
    request: { query: OrganisationQuery },
    responses: { 200: listOf(Framework) },
    handler: async ({ principal, query }) => {
      const all = await alignmentTargets.frameworks(principal, organisationFor(principal, query.organisation))
      return {
        status: 200,
        body: {
          items: all.map(({ targets, ...framework }) => ({
            ...framework,
            targets: targets.length,
            needsBasis: needsBasis(framework.targetType),
          })),
        },
      }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/alignment-targets',
    operationId: 'findAlignmentTargets',
    tags,
    summary: 'Levels and competences by words of theirs',
    access: { right: 'read' },
    request: { query: TargetQuery },
    responses: { 200: listOf(AlignmentTarget) },
    handler: async ({ principal, query: { organisation, q: text, framework, language, limit } }) => {
      const found = await alignmentTargets.search(principal, organisationFor(principal, organisation), {
        text,
        language,
        limit,
        ...given({ frameworkId: framework }),
      })
      return {
        status: 200,
        body: {
          items: found.map(({ frameworkId, name, alignment }) => ({
            framework: frameworkId,
            name,
            alignment: { ...alignment },
            needsBasis: needsBasis(alignment.targetType),
          })),
        },
      }
    },
  }),
]
