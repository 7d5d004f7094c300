import * as z from 'zod'
import { pageBody, pageRequest } from '#api/http/pagination.ts'
import { defineRoute, type Route } from '#api/http/route.ts'
import { Id, listOf, OrganisationQuery, pageOf } from '#api/schemas/common.ts'
import {
  Event,
  EventQuery,
  EventWithRecipients,
  IncomingEvents,
  IngestReport,
  NewSource,
  ReplayRequest,
  Source,
  SourceChange,
} from '#api/schemas/events.ts'
import { RetryReport, RetryRequest } from '#api/schemas/rule-life-cycle.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { EventId, SourceId, SubjectId } from '#engine/shared/ids.ts'
import { formatInstant } from '#engine/shared/instant.ts'
import { organisationFor } from '#services/access/authorise.ts'
import type { EventRow, Source as StoredSource } from '#services/ports/event-store.ts'
import { EVENTS_PER_BATCH, readIncomingEvents } from './read-incoming-events.ts'
import type { RouteNeeds } from './route-needs.ts'
import { given, timeOrNull } from './shown.ts'

const tags = ['events']

export const eventRoutes = ({ ingestEvents, events }: RouteNeeds): readonly Route[] => [
  defineRoute({
    method: 'post',
    path: '/v1/events',
    operationId: 'sendEvents',
    tags,
    summary: 'Send learning events',
    description: [
      `One event or an array of up to ${EVENTS_PER_BATCH}, each a CloudEvent 1.0 or an xAPI statement;`,
      'or a CloudEvent in binary mode (`ce-…` headers).',
      'All are stored or none. Sending an event again is harmless: it is told to be a duplicate.',
      'The same id with other content is refused with `event-conflict`.',
    ].join(' '),
    access: { right: 'create' },
    request: {
      query: OrganisationQuery,
      body: IncomingEvents,
      bodyKinds: ['json', 'cloudevent', 'cloudevents'],
      bodyLimit: 'events',
    },
    responses: { 202: IngestReport },
    problems: [errors.eventInvalid, errors.eventConflict],
    idempotent: true,
    handler: async ({ principal, query, raw, rawHeaders }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const sender = principal.kind === 'api-key' ? `urn:uuid:${principal.keyId}` : 'urn:waarmerk:console'
      const ingested = await ingestEvents(
        principal,
        organisationId,
        readIncomingEvents(raw, rawHeaders, sender),
      )
      const count = (outcome: string) => ingested.filter((each) => each.outcome === outcome).length
      return {
        status: 202,
        body: {
          accepted: count('accepted'),
          duplicates: count('duplicate'),
          quarantined: count('quarantined'),
          items: ingested.map(({ id, outcome, code }, index) => ({ index, outcome, id, code: code ?? null })),
        },
      }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/events',
    operationId: 'listEvents',
    tags,
    summary: 'The events of an organisation, newest first',
    access: { right: 'read' },
    request: { query: EventQuery },
    responses: { 200: pageOf(Event) },
    handler: async ({ principal, query }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const filter = given({
        state: query.state,
        subjectId: query.subjectId as SubjectId | undefined,
        parked: query.parked,
      })
      const page = await events.list(principal, organisationId, pageRequest(query), filter)
      return { status: 200, body: pageBody(page, showEvent) }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/events/{id}',
    operationId: 'getEvent',
    tags,
    summary: 'An event and what became of it',
    access: { right: 'read' },
    request: { params: z.strictObject({ id: Id }), query: OrganisationQuery },
    responses: { 200: EventWithRecipients },
    problems: [errors.notFound],
    handler: async ({ principal, query, params }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const found = await events.find(principal, organisationId, params.id as EventId)
      const recipients = found.recipients.map((each) => ({ ...each }))
      const leftOut = found.leftOut.map((each) => ({ ...each, examples: [...each.examples] }))
      return { status: 200, body: { ...showEvent(found), recipients, leftOut } }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/events/{id}/replay',
    operationId: 'replayEvent',
    tags,
    summary: 'Let a quarantined event go on',
    access: { right: 'update' },
    request: { params: z.strictObject({ id: Id }), query: OrganisationQuery, body: ReplayRequest },
    responses: { 200: Event },
    problems: [errors.notFound, errors.conflict],
    handler: async ({ principal, query, params, body }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const event = await events.replay(principal, organisationId, params.id as EventId, body.createSubject)
      return { status: 200, body: showEvent(event) }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/events/{id}/retry',
    operationId: 'retryEvent',
    tags,
    summary: 'Try a parked event again',
    access: { right: 'update' },
    request: { params: z.strictObject({ id: Id }), query: OrganisationQuery },
    responses: { 200: Event },
    problems: [errors.notFound, errors.conflict],
    handler: async ({ principal, query, params }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const event = await events.retry(principal, organisationId, params.id as EventId)
      return { status: 200, body: showEvent(event) }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/events/retry',
    operationId: 'retryEvents',
    tags,
    summary: 'Try parked events again',
    description: 'All of them, or those of one error or one type: up to 10,000 a call, the newest first.',
    access: { right: 'update' },
    request: { query: OrganisationQuery, body: RetryRequest },
    responses: { 200: RetryReport },
    handler: async ({ principal, query, body }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const retried = await events.retryParked(principal, organisationId, given(body ?? {}))
      return { status: 200, body: { retried } }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/sources',
    operationId: 'listSources',
    tags,
    summary: 'The sources that have sent events',
    access: { right: 'read' },
    request: { query: OrganisationQuery },
    responses: { 200: listOf(Source) },
    handler: async ({ principal, query }) => {
      const all = await events.sources(principal, organisationFor(principal, query.organisation))
      return { status: 200, body: { items: all.map(showSource) } }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/sources',
    operationId: 'createSource',
    tags,
    summary: 'Make a source known before its first event',
    access: { right: 'administer' },
    request: { query: OrganisationQuery, body: NewSource },
    responses: { 201: Source },
    problems: [errors.alreadyExists],
    idempotent: true,
    handler: async ({ principal, query, body }) => {
      const source = await events.createSource(
        principal,
        organisationFor(principal, query.organisation),
        body,
      )
      return { status: 201, body: showSource(source) }
    },
  }),
  defineRoute({
    method: 'patch',
    path: '/v1/sources/{id}',
    operationId: 'changeSource',
    tags,
    summary: 'Rename a source, or say whether it may make people known',
    access: { right: 'administer' },
    request: { params: z.strictObject({ id: Id }), query: OrganisationQuery, body: SourceChange },
    responses: { 200: Source },
    problems: [errors.notFound],
    handler: async ({ principal, query, params, body }) => {
      const organisationId = organisationFor(principal, query.organisation)
      return {
        status: 200,
        body: showSource(
          await events.changeSource(principal, organisationId, params.id as SourceId, given(body)),
        ),
      }
    },
  }),
]

const showSource = ({ id, uri, name, createsSubjects }: StoredSource) => ({ id, uri, name, createsSubjects })

const showEvent = (row: EventRow): z.input<typeof Event> => ({
  id: row.id,
  receivedAt: formatInstant(row.receivedAt),
  state: row.state,
  quarantineCode: row.quarantineCode ?? null,
  subjectId: row.subjectId ?? null,
  source: row.event.source,
  sourceId: row.event.sourceId,
  type: row.event.type,
  time: formatInstant(row.event.time),
  actor: { type: row.event.actor.type, value: row.event.actor.value },
  activity: row.event.activity ?? null,
  score: row.event.score ?? null,
  parked: row.parkedAt !== undefined,
  failure:
    row.failure === undefined
      ? null
      : {
          code: row.failure.code,
          attempts: row.failure.attempts,
          parkedAt: timeOrNull(row.parkedAt),
          nextAttemptAt: timeOrNull(row.failure.nextAt),
        },
})
