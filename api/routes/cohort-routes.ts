import type * as z from 'zod'
import { pageBody, pageRequest } from '#api/http/pagination.ts'
import { defineRoute, type Route } from '#api/http/route.ts'
import { OrganisationQuery, PageQuery, pageOf } from '#api/schemas/common.ts'
import {
  BulkReport,
  Cohort,
  CohortChange,
  CohortMember,
  FactChange,
  MemberParams,
  MemberRows,
  NewCohort,
  SinceBody,
  SinceQuery,
  SlugParams,
} from '#api/schemas/facts.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { EventId, SubjectId } from '#engine/shared/ids.ts'
import { formatInstant } from '#engine/shared/instant.ts'
import { organisationFor } from '#services/access/authorise.ts'
import type { CountedCohort } from '#services/facts/manage-cohorts.ts'
import { readMemberRows, showRows } from './read-fact-rows.ts'
import type { RouteNeeds } from './route-needs.ts'
import { given, readTime } from './shown.ts'

const tags = ['cohorts']

export const cohortRoutes = ({ cohorts }: RouteNeeds): readonly Route[] => [
  defineRoute({
    method: 'get',
    path: '/v1/cohorts',
    operationId: 'listCohorts',
    tags,
    summary: 'The cohorts of an organisation, newest first',
    access: { right: 'read' },
    request: { query: PageQuery },
    responses: { 200: pageOf(Cohort) },
    handler: async ({ principal, query }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const page = await cohorts.list(principal, organisationId, pageRequest(query))
      return { status: 200, body: pageBody(page, showCohort) }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/cohorts',
    operationId: 'createCohort',
    tags,
    summary: 'Make a cohort: a group of people that rules may ask for',
    access: { right: 'update' },
    request: { query: OrganisationQuery, body: NewCohort },
    responses: { 201: Cohort },
    problems: [errors.alreadyExists],
    idempotent: true,
    handler: async ({ principal, query, body }) => {
      const organisationId = organisationFor(principal, query.organisation)
      return { status: 201, body: showCohort(await cohorts.create(principal, organisationId, body)) }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/cohorts/{slug}',
    operationId: 'getCohort',
    tags,
    summary: 'A cohort, and how many are in it',
    access: { right: 'read' },
    request: { params: SlugParams, query: OrganisationQuery },
    responses: { 200: Cohort },
    problems: [errors.notFound],
    handler: async ({ principal, query, params }) => {
      const organisationId = organisationFor(principal, query.organisation)
      return { status: 200, body: showCohort(await cohorts.find(principal, organisationId, params.slug)) }
    },
  }),
  defineRoute({
    method: 'patch',
    path: '/v1/cohorts/{slug}',
    operationId: 'renameCohort',
    tags,
    summary: 'Rename a cohort; its slug stays',
    access: { right: 'update' },
    request: { params: SlugParams, query: OrganisationQuery, body: CohortChange },
    responses: { 200: Cohort },
    problems: [errors.notFound],
    handler: async ({ principal, query, params, body }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const renamed = await cohorts.rename(principal, organisationId, params.slug, body.name)
      return { status: 200, body: showCohort(renamed) }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/cohorts/{slug}/members',
    operationId: 'listCohortMembers',
    tags,
    summary: 'Who is in a cohort now, the last change first',
    access: { right: 'read' },
    request: { params: SlugParams, query: PageQuery },
    responses: { 200: pageOf(CohortMember) },
    problems: [errors.notFound],
    handler: async ({ principal, query, params }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const page = await cohorts.members(principal, organisationId, params.slug, pageRequest(query))
      return {
        status: 200,
        body: pageBody(page, ({ subjectId, since }) => ({ subjectId, since: formatInstant(since) })),
      }
    },
  }),
  defineRoute({
    method: 'put',
    path: '/v1/cohorts/{slug}/members/{subjectId}',
    operationId: 'addCohortMember',
    tags,
    summary: 'Say that somebody is in a cohort',
    description: 'Saying it again changes nothing: no second event is recorded.',
    access: { right: 'award' },
    request: { params: MemberParams, query: OrganisationQuery, body: SinceBody },
    responses: { 200: FactChange },
    problems: [errors.notFound, errors.factsInvalid],
    handler: async ({ principal, query, params, body }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const event = await cohorts.setMember(
        principal,
        organisationId,
        params.slug,
        params.subjectId as SubjectId,
        { member: true, ...given({ at: readTime(body?.at, '/at') }) },
      )
      return { status: 200, body: showChange(event) }
    },
  }),
  defineRoute({
    method: 'delete',
    path: '/v1/cohorts/{slug}/members/{subjectId}',
    operationId: 'removeCohortMember',
    tags,
    summary: 'Say that somebody is in a cohort no more',
    description: [
      'They were until then: until now, or until `at` in the query. To say that they never were, take the fact back:',
      'DELETE /v1/facts/{id}.',
    ].join(' '),
    access: { right: 'award' },
    request: { params: MemberParams, query: SinceQuery },
    responses: { 200: FactChange },
    problems: [errors.notFound, errors.factsInvalid],
    handler: async ({ principal, query, params }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const event = await cohorts.setMember(
        principal,
        organisationId,
        params.slug,
        params.subjectId as SubjectId,
        { member: false, ...given({ at: readTime(query.at, '/at') }) },
      )
      return { status: 200, body: showChange(event) }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/cohorts/{slug}/members',
    operationId: 'setCohortMembers',
    tags,
    summary: 'Say of up to 1,000 people whether they are in a cohort',
    description: [
      'JSON: a list of persons, or of `{ subject, member, at }`.',
      'CSV (`text/csv`): the columns `subject`, and `member` (true or false) and `at` where they are needed.',
      'Each row is answered for itself; rows at fault keep none of the others from being recorded.',
    ].join(' '),
    access: { right: 'award' },
    request: {
      params: SlugParams,
      query: OrganisationQuery,
      body: MemberRows,
      bodyKinds: ['json', 'csv'],
      examples: { csv: 'subject,member\nmailto:ann@example.org,true\nmailto:ben@example.org,false' },
      bodyLimit: 'events',
    },
    responses: { 200: BulkReport },
    problems: [errors.notFound, errors.tableInvalid],
    idempotent: true,
    handler: async ({ principal, query, params, body, raw }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const rows = readMemberRows(raw, body)
      const results = await cohorts.setMembers(principal, organisationId, params.slug, rows)
      return { status: 200, body: showRows(results) }
    },
  }),
]

const showCohort = ({ cohort, members }: CountedCohort): z.input<typeof Cohort> => ({
  id: cohort.id,
  slug: cohort.slug,
  name: { ...cohort.name },
  members,
  createdAt: formatInstant(cohort.createdAt),
})

const showChange = (event: EventId | undefined): z.input<typeof FactChange> => ({
  changed: event !== undefined,
  eventIds: event === undefined ? [] : [event],
})
