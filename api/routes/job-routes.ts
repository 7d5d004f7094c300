import * as z from 'zod'
import { pageBody, pageRequest } from '#api/http/pagination.ts'
import { defineRoute, type Route } from '#api/http/route.ts'
import { Id, OrganisationQuery, pageOf } from '#api/schemas/common.ts'
import { Job, JobQuery } from '#api/schemas/jobs.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { JobId, RuleId } from '#engine/shared/ids.ts'
import { organisationFor } from '#services/access/authorise.ts'
import { showJob, showListedJob } from './job-view.ts'
import type { RouteNeeds } from './route-needs.ts'
import { given } from './shown.ts'

const tags = ['jobs']
const IdParams = z.strictObject({ id: Id })

export const jobRoutes = ({ jobs }: RouteNeeds): readonly Route[] => [
  defineRoute({
    method: 'get',
    path: '/v1/jobs',
    operationId: 'listJobs',
    tags,
    summary: 'Dry runs and backfills, newest first',
    access: { right: 'read' },
    request: { query: JobQuery },
    responses: { 200: pageOf(Job) },
    handler: async ({ principal, query }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const filter = given({
        kind: query.kind,
        state: query.state,
        ruleId: query.ruleId as RuleId | undefined,
      })
      const page = await jobs.list(principal, organisationId, pageRequest(query), filter)
      return { status: 200, body: pageBody(page, showListedJob) }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/jobs/{id}',
    operationId: 'getJob',
    tags,
    summary: 'How far a job is, and what it has found so far',
    access: { right: 'read' },
    request: { params: IdParams, query: OrganisationQuery },
    responses: { 200: Job },
    problems: [errors.notFound],
    handler: async ({ principal, query, params }) => {
      const organisationId = organisationFor(principal, query.organisation)
      return { status: 200, body: showJob(await jobs.find(principal, organisationId, params.id as JobId)) }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/jobs/{id}/cancel',
    operationId: 'cancelJob',
    tags,
    summary: 'End a job where it is',
    description:
      'What it has done stays done. Takes effect after the few people that are being looked at. A backfill also needs the right `award`.',
    access: { right: 'update' },
    request: { params: IdParams, query: OrganisationQuery },
    responses: { 200: Job },
    problems: [errors.notFound, errors.conflict],
    handler: async ({ principal, query, params }) => {
      const organisationId = organisationFor(principal, query.organisation)
      return { status: 200, body: showJob(await jobs.cancel(principal, organisationId, params.id as JobId)) }
    },
  }),
]
