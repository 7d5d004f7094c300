import type * as z from 'zod'
import { defineRoute, type Route } from '#api/http/route.ts'
import { listOf, OrganisationQuery } from '#api/schemas/common.ts'
import {
  AlignmentTarget,
  Framework,
  FrameworkImport,
  ImportQuery,
  TargetQuery,
} from '#api/schemas/frameworks.ts'
import type { FrameworkFormat } from '#engine/achievements/frameworks/read-framework-file.ts'
import { needsBasis } from '#engine/credentials/alignment-basis.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { organisationFor } from '#services/access/authorise.ts'
import type { RouteNeeds } from './route-needs.ts'
import { given } from './shown.ts'

const tags = ['achievements']

export const frameworkRoutes = ({ alignmentTargets, importFramework }: RouteNeeds): readonly Route[] => [
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
          items: all.map(({ edition, ...framework }) => ({
            ...framework,
            edition: edition ?? null,
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
  defineRoute({
    method: 'post',
    path: '/v1/frameworks/imports',
    operationId: 'importFramework',
    tags,
    summary: 'Import a framework from its published file',
    description:
      'CASE 1.0 as JSON (`application/octet-stream`), ESCO or any other table as CSV, at most 10 MB and 20,000 targets. Rows that cannot be read are told and left out. The same edition in another language adds names; a newer edition takes the place of the one before, whose targets stay only where an achievement is aligned to them.',
    access: { right: 'update' },
    request: { query: ImportQuery, bodyKinds: ['csv', 'bytes'], bodyLimit: 'upload' },
    responses: { 201: FrameworkImport },
    problems: [errors.frameworkBundled, errors.frameworkUnreadable],
    handler: async ({ principal, query, raw }) => {
      const { organisation, format, language, codeColumn, nameColumn, urlColumn, framework, ...described } =
        query
      const done = await importFramework(
        principal,
        organisationFor(principal, organisation),
        raw.bytes,
        formatOf({ format, language, codeColumn, nameColumn, urlColumn }),
        { slug: framework, ...described },
      )
      return {
        status: 201,
        body: {
          framework: done.framework.slug,
          edition: done.framework.edition,
          imported: done.imported,
          refused: done.faults.length,
          faults: done.faults.slice(0, 100).map((fault) => ({ ...fault })),
          dropped: done.dropped,
          kept: done.kept,
        },
      }
    },
  }),
]

function formatOf({
  format: kind,
  language,
  codeColumn,
  nameColumn,
  urlColumn,
}: Pick<
  z.output<typeof ImportQuery>,
  'format' | 'language' | 'codeColumn' | 'nameColumn' | 'urlColumn'
>): FrameworkFormat {
  if (kind !== 'table') return { kind, language }
  return { kind, language, codeColumn, nameColumn, ...given({ urlColumn }) }
}
