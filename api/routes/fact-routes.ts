import type * as z from 'zod'
import { pageBody, pageRequest } from '#api/http/pagination.ts'
import { defineRoute, type Route } from '#api/http/route.ts'
import { OrganisationQuery, PageQuery, pageOf } from '#api/schemas/common.ts'
import { Fact, FactChange, FactParams, NewCompetency, SubjectParams } from '#api/schemas/facts.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { EventId, SubjectId } from '#engine/shared/ids.ts'
import { formatInstant } from '#engine/shared/instant.ts'
import { organisationFor } from '#services/access/authorise.ts'
import type { FactRow } from '#services/ports/fact-log.ts'
import type { RouteNeeds } from './route-needs.ts'
import { given, readTime } from './shown.ts'

const tags = ['facts']

export const factRoutes = ({ facts, recordCompetency }: RouteNeeds): readonly Route[] => [
  defineRoute({
    method: 'get',
    path: '/v1/subjects/{id}/facts',
    operationId: 'listFacts',
    tags,
    summary: 'Everything that was fed about a person, newest first',
    access: { right: 'read' },
    request: { params: SubjectParams, query: PageQuery },
    responses: { 200: pageOf(Fact) },
    problems: [errors.notFound],
    handler: async ({ principal, query, params }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const page = await facts.list(principal, organisationId, params.id as SubjectId, pageRequest(query))
      return { status: 200, body: pageBody(page, showFact) }
    },
  }),
  defineRoute({
    method: 'delete',
    path: '/v1/facts/{id}',
    operationId: 'takeBackFact',
    tags,
    summary: 'Take a wrong fact back, as if it had never been said',
    description:
      'Awards that stood on it are retracted as their rules say. Taking it back again changes nothing.',
    access: { right: 'award' },
    request: { params: FactParams, query: OrganisationQuery },
    responses: { 204: { empty: true } },
    problems: [errors.notFound],
    handler: async ({ principal, query, params }) => {
      const organisationId = organisationFor(principal, query.organisation)
      await facts.takeBack(principal, organisationId, params.id as EventId)
      return { status: 204 }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/subjects/{id}/competencies',
    operationId: 'recordCompetency',
    tags,
    summary: 'Record that a person reached a level of a competency',
    description: 'Reaching it again later is another fact; the same level at the same moment is one.',
    access: { right: 'award' },
    request: { params: SubjectParams, query: OrganisationQuery, body: NewCompetency },
    responses: { 200: FactChange, 201: FactChange },
    problems: [errors.notFound, errors.factsInvalid],
    idempotent: true,
    handler: async ({ principal, query, params, body }) => {
      const { framework, item, level } = body
      const { eventId, isNew } = await recordCompetency(
        principal,
        organisationFor(principal, query.organisation),
        params.id as SubjectId,
        { framework, item, level, ...given({ at: readTime(body.at, '/at') }) },
      )
      const change: z.input<typeof FactChange> = { changed: isNew, eventIds: [eventId] }
      return isNew ? { status: 201, body: change } : { status: 200, body: change }
    },
  }),
]

const showFact = ({ id, event, receivedAt, takenBack }: FactRow): z.input<typeof Fact> => ({
  id,
  type: event.type,
  activity: event.activity ?? '',
  data: { ...event.data },
  time: formatInstant(event.time),
  receivedAt: formatInstant(receivedAt),
  takenBack,
})
