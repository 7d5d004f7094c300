import * as z from 'zod'
import { pageBody, pageRequest } from '#api/http/pagination.ts'
import { defineRoute, type Route } from '#api/http/route.ts'
import {
  AwardChange,
  AwardChangeItem,
  AwardChangeQuery,
  ChangeConfirmation,
  NewRevocation,
} from '#api/schemas/award-changes.ts'
import { Id, OrganisationQuery, PageQuery, pageOf } from '#api/schemas/common.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { fromHex } from '#engine/shared/bytes.ts'
import type { AwardChangeId } from '#engine/shared/ids.ts'
import { organisationFor } from '#services/access/authorise.ts'
import type { AwardSelection } from '#services/ports/award-store.ts'
import { showAwardChange, showAwardChangeItem } from './award-change-view.ts'
import type { RouteNeeds } from './route-needs.ts'
import { given, readTime } from './shown.ts'

const tags = ['award changes']
const params = z.strictObject({ id: Id })

export const awardChangeRoutes = ({ changeAwards }: RouteNeeds): readonly Route[] => [
  defineRoute({
    method: 'post',
    path: '/v1/awards/revocations',
    operationId: 'prepareRevocation',
    tags,
    summary: 'Prepare to revoke many awards',
    description:
      'Nothing is revoked yet: look at the list (`GET /v1/award-changes/{id}/items`), and confirm it with its digest within seven days. Awards that cannot be revoked any more are left out. The reason is told to earners and verifiers, the note stays in the organisation. At most 10,000 at once.',
    access: { right: 'award' },
    request: { query: OrganisationQuery, body: NewRevocation },
    responses: { 201: AwardChange },
    problems: [errors.notFound, errors.awardSelection],
    idempotent: true,
    handler: async ({ principal, query, body }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const { awardIds, filter } = body
      const { grantedFrom, grantedBefore, ...ids } = filter ?? {}
      const selection = {
        ...given({ awardIds, ...ids }),
        ...given({
          grantedFrom: readTime(grantedFrom, '/filter/grantedFrom'),
          grantedBefore: readTime(grantedBefore, '/filter/grantedBefore'),
        }),
      } as unknown as AwardSelection
      const why = given({ reason: body.reason, note: body.note })
      const prepared = await changeAwards.prepareRevocation(principal, organisationId, selection, why)
      return { status: 201, body: showAwardChange(prepared) }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/award-changes',
    operationId: 'listAwardChanges',
    tags,
    summary: 'What was prepared for many awards at once, newest first',
    access: { right: 'read' },
    request: { query: AwardChangeQuery },
    responses: { 200: pageOf(AwardChange) },
    handler: async ({ principal, query }) => {
      const page = await changeAwards.list(
        principal,
        organisationFor(principal, query.organisation),
        pageRequest(query),
        given({ state: query.state }),
      )
      return { status: 200, body: pageBody(page, showAwardChange) }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/award-changes/{id}',
    operationId: 'getAwardChange',
    tags,
    summary: 'A change of many awards, and how far it is',
    access: { right: 'read' },
    request: { params, query: OrganisationQuery },
    responses: { 200: AwardChange },
    problems: [errors.notFound],
    handler: async ({ principal, query, params }) => {
      const organisationId = organisationFor(principal, query.organisation)
      return {
        status: 200,
        body: showAwardChange(await changeAwards.find(principal, organisationId, params.id as AwardChangeId)),
      }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/award-changes/{id}/items',
    operationId: 'listAwardChangeItems',
    tags,
    summary: 'The awards of a change, and what is to become of each',
    access: { right: 'read' },
    request: { params, query: PageQuery },
    responses: { 200: pageOf(AwardChangeItem) },
    problems: [errors.notFound],
    handler: async ({ principal, query, params }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const id = params.id as AwardChangeId
      const page = await changeAwards.items(principal, organisationId, id, pageRequest(query))
      return { status: 200, body: pageBody(page, showAwardChangeItem) }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/award-changes/{id}/confirm',
    operationId: 'confirmAwardChange',
    tags,
    summary: 'Let a prepared change be done',
    description:
      'A job does it, which can be cancelled: what it has done stays. Refused where an award has come, gone or changed since the list was made (`award-change-moved`); one that changes after this is left as it is. Where the organisation wants two (`secondPerson.bulkRevoke`) and anything is revoked, somebody else confirms than who prepared it.',
    access: { right: 'award' },
    request: { params, query: OrganisationQuery, body: ChangeConfirmation },
    responses: { 202: AwardChange },
    problems: [errors.notFound, errors.awardChangeOver, errors.awardChangeMoved, errors.secondPersonNeeded],
    handler: async ({ principal, query, params, body }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const digest = fromHex(body.digest) ?? new Uint8Array()
      const id = params.id as AwardChangeId
      const confirmed = await changeAwards.confirm(principal, organisationId, id, digest)
      return { status: 202, body: showAwardChange(confirmed) }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/award-changes/{id}/withdraw',
    operationId: 'withdrawAwardChange',
    tags,
    summary: 'Drop a prepared change',
    access: { right: 'award' },
    request: { params, query: OrganisationQuery },
    responses: { 200: AwardChange },
    problems: [errors.notFound, errors.awardChangeOver],
    handler: async ({ principal, query, params }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const id = params.id as AwardChangeId
      const withdrawn = await changeAwards.withdraw(principal, organisationId, id)
      return { status: 200, body: showAwardChange(withdrawn) }
    },
  }),
]
