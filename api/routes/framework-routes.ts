import type * as z from 'zod'
import { defineRoute, type Route } from '#api/http/route.ts'
import { listOf, OrganisationQuery } from '#api/schemas/common.ts'
import { AlignmentTarget, Framework, ImportQuery, TargetQuery } from '#api/schemas/frameworks.ts'
import { Job } from '#api/schemas/jobs.ts'
import type { FrameworkFormat } from '#engine/achievements/frameworks/framework-format.ts'
import { needsBasis } from '#engine/credentials/alignment-basis.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { organisationFor } from '#services/access/authorise.ts'
import { showJob } from './job-view.ts'
import type { RouteNeeds } from './route-needs.ts'
import { given } from './shown.ts'

const tags = ['achievements']

const ESCO_FILE = [
  'conceptType,conceptUri,skillType,preferredLabel,description',
  'KnowledgeSkillCompetence,http://data.europa.eu/esco/skill/0001,skill/competence,eerste hulp verlenen,Eerste hulp verlenen tot er een arts is.',
].join('\n')

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
      'CASE 1.0 as JSON (`application/octet-stream`), ESCO or any other table as CSV, at most 60 MB and 200,000 rows. A job reads it: `getJob` tells how far it is, how many targets it has taken (`result.imported`) and which rows were left out and why (`result.faults`, the first thousand). All of it is seen when the job is done, and nothing of it when it is cancelled or fails (`framework-unreadable`, with `result.row` and `result.reason`). The same edition in another language adds names; a newer edition takes the place of the one before, whose targets stay only where an achievement is aligned to them (`result.dropped`, `result.kept`). One import of a framework runs at a time.',
    access: { right: 'update' },
    request: {
      query: ImportQuery,
      bodyKinds: ['csv', 'bytes'],
      examples: { csv: ESCO_FILE },
      bodyLimit: 'table',
      streamed: true,
    },
    responses: { 202: Job },
    problems: [errors.frameworkBundled, errors.frameworkImportRunning, errors.frameworkUnreadable],
    handler: async ({ principal, query, raw }) => {
      const { organisation, format, language, codeColumn, nameColumn, urlColumn, framework, ...described } =
        query
      const job = await importFramework(
        principal,
        organisationFor(principal, organisation),
        raw.chunks,
        formatOf({ format, language, codeColumn, nameColumn, urlColumn }),
        { slug: framework, ...described },
      )
      return { status: 202, body: showJob(job) }
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
