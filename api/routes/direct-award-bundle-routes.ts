import * as z from 'zod'
import type { ReadBody } from '#api/http/body-reader.ts'
import { pageBody, pageRequest } from '#api/http/pagination.ts'
import { defineRoute, type Route } from '#api/http/route.ts'
import { Id, OrganisationQuery, PageQuery, pageOf } from '#api/schemas/common.ts'
import {
  Bundle,
  BundlePreview,
  BundleQuery,
  BundleRows,
  BundleRowsQuery,
  NewBundle,
} from '#api/schemas/direct-awards.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { AchievementId, DirectAwardBundleId } from '#engine/shared/ids.ts'
import { formatInstant } from '#engine/shared/instant.ts'
import { organisationFor } from '#services/access/authorise.ts'
import type { BundleOverview, WantedBundle } from '#services/direct-awards/manage-direct-award-bundles.ts'
import type { BundleRow } from '#services/ports/direct-award-bundle-store.ts'
import { showCounts } from './direct-award-view.ts'
import { readCsvRows, readJsonRows } from './read-bundle-rows.ts'
import type { RouteNeeds } from './route-needs.ts'
import { given, readTime, timeOrNull } from './shown.ts'

const tags = ['direct awards']
const params = z.strictObject({ id: Id })
const FORM = [
  'JSON: `{ achievementId, rows: [{ identifier, … }] }`. CSV (`text/csv`): the column `identifier`, and where wanted',
  '`narrative`, `language`, `message`, `evidence_url`, `evidence_name`, `evidence_description`, `evidence_narrative`,',
  '`evidence_audience`, `activity_start_date`, `activity_end_date`, `credits_earned`, `license_number`, `role`, `term` and',
  '`result:ID`; what holds for all stands in the query. At most 10,000 rows and 4 MB.',
].join(' ')

const CLASS_LIST = [
  'identifier,narrative,evidence_url,result:score',
  'cas@example.org,Led the drill.,https://example.org/drill,93',
  'eppn:ben@uni.example.edu,,,81',
].join('\n')

export const directAwardBundleRoutes = ({ directAwardBundles }: RouteNeeds): readonly Route[] => [
  defineRoute({
    method: 'post',
    path: '/v1/direct-award-bundles/preview',
    operationId: 'previewDirectAwardBundle',
    tags,
    summary: 'See what would become of a list of direct awards',
    description: `Writes nothing. Each row that would be refused says why, by column and code. ${FORM}`,
    access: { right: 'award' },
    request: {
      query: BundleQuery,
      body: NewBundle,
      bodyKinds: ['json', 'csv'],
      examples: { csv: CLASS_LIST },
      bodyLimit: 'events',
    },
    responses: { 200: BundlePreview },
    problems: [errors.notFound, errors.achievementNotPublished, errors.tableInvalid],
    handler: async ({ principal, query, body, raw }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const rows = await directAwardBundles.preview(principal, organisationId, readBundle(query, body, raw))
      const refused = rows.filter(({ state }) => state === 'refused').length
      return {
        status: 200,
        body: { total: rows.length, good: rows.length - refused, refused, rows: rows.map(showRow) },
      }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/direct-award-bundles',
    operationId: 'startDirectAwardBundle',
    tags,
    summary: 'Award a badge to many people',
    description: [
      'Rows at fault are refused at once and hold no other up; the others are awarded one after the other, each once, also',
      `where the product is killed in between. \`GET /v1/direct-award-bundles/{id}\` tells how far it is. ${FORM}`,
    ].join(' '),
    access: { right: 'award' },
    request: {
      query: BundleQuery,
      body: NewBundle,
      bodyKinds: ['json', 'csv'],
      examples: { csv: CLASS_LIST },
      bodyLimit: 'events',
    },
    responses: { 202: Bundle },
    problems: [errors.notFound, errors.achievementNotPublished, errors.tableInvalid],
    idempotent: true,
    handler: async ({ principal, query, body, raw }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const started = await directAwardBundles.start(principal, organisationId, readBundle(query, body, raw))
      return { status: 202, body: showBundle(started) }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/direct-award-bundles',
    operationId: 'listDirectAwardBundles',
    tags,
    summary: 'Lists of direct awards, newest first',
    access: { right: 'read' },
    request: { query: PageQuery },
    responses: { 200: pageOf(Bundle) },
    handler: async ({ principal, query }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const page = await directAwardBundles.list(principal, organisationId, pageRequest(query))
      return { status: 200, body: pageBody(page, showBundle) }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/direct-award-bundles/{id}',
    operationId: 'getDirectAwardBundle',
    tags,
    summary: 'How far a list is, and what became of its direct awards',
    access: { right: 'read' },
    request: { params, query: OrganisationQuery },
    responses: { 200: Bundle },
    problems: [errors.notFound],
    handler: async ({ principal, query, params }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const id = params.id as DirectAwardBundleId
      return { status: 200, body: showBundle(await directAwardBundles.find(principal, organisationId, id)) }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/direct-award-bundles/{id}/rows',
    operationId: 'listDirectAwardBundleRows',
    tags,
    summary: 'The rows of a list, in its order',
    description: 'With `state=refused`, what is wrong with which. Behind the row `after`, up to `limit`.',
    access: { right: 'read' },
    request: { params, query: BundleRowsQuery },
    responses: { 200: BundleRows },
    problems: [errors.notFound],
    handler: async ({ principal, query, params }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const { state, after, limit } = query
      const rows = await directAwardBundles.rows(
        principal,
        organisationId,
        params.id as DirectAwardBundleId,
        { after, limit, ...given({ state }) },
      )
      return { status: 200, body: { items: rows.map(showRow) } }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/direct-award-bundles/{id}/undo',
    operationId: 'undoDirectAwardBundle',
    tags,
    summary: 'Undo a whole list',
    description: [
      'As long as the last of its direct awards could be undone. Rows that wait are refused (`list-undone`); the others are',
      'taken away one after the other, as `undo` does with one, and a mail that waits is never sent. What was claimed stays, and so',
      'does what was awarded too long before: `GET …/rows` says of each row what became of it.',
    ].join(' '),
    access: { right: 'award' },
    request: { params, query: OrganisationQuery },
    responses: { 202: Bundle },
    problems: [errors.notFound, errors.bundleUndoOver, errors.bundleUndone],
    handler: async ({ principal, query, params }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const id = params.id as DirectAwardBundleId
      return { status: 202, body: showBundle(await directAwardBundles.undo(principal, organisationId, id)) }
    },
  }),
]

/** JSON says everything in its body; with CSV what holds for all rows stands in the query. */
function readBundle(
  query: z.output<typeof BundleQuery>,
  body: z.output<typeof NewBundle> | undefined,
  raw: ReadBody,
): WantedBundle {
  const reminders = query.reminderDays?.split(',').map(Number)
  const { achievementId, name, language, message, scheduledAt, expiryDays, reminderDays } = body ?? {
    ...query,
    reminderDays: reminders,
  }
  if (achievementId === undefined || reminders?.some((day, at) => at > 0 && day <= (reminders[at - 1] ?? 0)))
    throw errors.invalidRequest({
      errors: [
        {
          in: 'query',
          pointer: achievementId === undefined ? '/achievementId' : '/reminderDays',
          code: 'invalid',
          message: achievementId === undefined ? 'is needed with CSV' : 'rises, each day once',
        },
      ],
    })
  return {
    achievementId: achievementId as AchievementId,
    name: name ?? '',
    rows: body === undefined ? readCsvRows(raw) : readJsonRows(body.rows),
    policy: given({ expiryDays, reminderDays }),
    ...given({ language, message, scheduledAt: readTime(scheduledAt, '/scheduledAt') }),
  }
}

const showRow = (row: BundleRow) => ({
  row: row.number,
  state: row.state,
  directAwardId: row.state === 'awarded' ? row.directAwardId : null,
  undo: row.state === 'awarded' ? (row.undo ?? null) : null,
  faults: row.state === 'refused' ? row.faults.map((fault) => ({ ...fault })) : [],
})

const showBundle = ({ bundle, counts, undoUntil, undoCounts }: BundleOverview): z.input<typeof Bundle> => ({
  id: bundle.id,
  name: bundle.name,
  achievementId: bundle.achievementId,
  achievementVersionId: bundle.achievementVersionId,
  state: bundle.state,
  total: bundle.total,
  awarded: bundle.awarded,
  refused: bundle.refused,
  waiting: bundle.total - bundle.awarded - bundle.refused,
  directAwards: showCounts(counts),
  scheduledAt: timeOrNull(bundle.scheduledAt),
  createdBy: bundle.createdBy,
  createdAt: formatInstant(bundle.createdAt),
  finishedAt: timeOrNull(bundle.finishedAt),
  undoUntil: timeOrNull(undoUntil),
  undo:
    bundle.undo === undefined
      ? null
      : {
          state: bundle.undo.doneAt === undefined ? 'running' : 'done',
          askedBy: bundle.undo.askedBy,
          askedAt: formatInstant(bundle.undo.askedAt),
          doneAt: timeOrNull(bundle.undo.doneAt),
          undone: undoCounts?.undone ?? 0,
          tooLate: undoCounts?.too_late ?? 0,
          claimed: undoCounts?.claimed ?? 0,
          over: undoCounts?.over ?? 0,
        },
})
