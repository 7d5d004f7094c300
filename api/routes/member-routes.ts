import * as z from 'zod'
import { versionTag } from '#api/http/etag.ts'
import { pageBody, pageRequest } from '#api/http/pagination.ts'
import { defineRoute, type Route } from '#api/http/route.ts'
import { Id, OrganisationQuery, pageOf } from '#api/schemas/common.ts'
import { Member, MemberQuery, NewGrant } from '#api/schemas/members.ts'
import type { Principal } from '#engine/access/rights.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { MembershipId, UnitId } from '#engine/shared/ids.ts'
import { formatInstant } from '#engine/shared/instant.ts'
import { organisationFor } from '#services/access/authorise.ts'
import type { Member as FoundMember } from '#services/members/manage-members.ts'
import { readGrant } from './read-grant.ts'
import type { RouteNeeds } from './route-needs.ts'

const tags = ['members']
const params = z.strictObject({ id: Id })

export const memberRoutes = ({ members }: RouteNeeds): readonly Route[] => [
  defineRoute({
    method: 'get',
    path: '/v1/members',
    operationId: 'listMembers',
    tags,
    summary: 'Who belongs to an organisation, newest first',
    description:
      'Of the units that the caller administers. A person with rights on several units stands there once for each. With `unitId` of an achievement it tells who holds rights on it: directly, and by inheritance from its issuer, its groups and the organisation, as far up as the caller administers them.',
    access: { right: 'administer' },
    request: { query: MemberQuery },
    responses: { 200: pageOf(Member) },
    problems: [errors.notFound],
    handler: async ({ principal, query }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const page = await members.list(
        principal,
        organisationId,
        pageRequest(query),
        query.unitId as UnitId | undefined,
      )
      return { status: 200, body: pageBody(page, (member) => showMember(member, principal)) }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/members/{id}',
    operationId: 'getMember',
    tags,
    summary: 'One membership',
    access: { right: 'administer' },
    request: { params, query: OrganisationQuery },
    responses: { 200: Member },
    problems: [errors.notFound],
    handler: async ({ principal, query, params }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const member = await members.find(principal, organisationId, params.id as MembershipId)
      return {
        status: 200,
        body: showMember(member, principal),
        headers: { ETag: versionTag(member.membership.revision) },
      }
    },
  }),
  defineRoute({
    method: 'patch',
    path: '/v1/members/{id}',
    operationId: 'changeMember',
    tags,
    summary: 'Give a member another role, or other rights',
    description:
      'It counts from their next request on. Nobody can hand out rights that they do not hold, and somebody always administers the organisation.',
    access: { right: 'administer' },
    request: { params, query: OrganisationQuery, body: NewGrant },
    responses: { 200: Member },
    problems: [errors.notFound, errors.rightsExceedOwn, errors.lastAdministrator],
    ifMatch: true,
    handler: async ({ principal, query, params, body, expectedVersion }) => {
      const member = await members.change(
        principal,
        organisationFor(principal, query.organisation),
        params.id as MembershipId,
        expectedVersion,
        readGrant(body),
      )
      return {
        status: 200,
        body: showMember(member, principal),
        headers: { ETag: versionTag(member.membership.revision) },
      }
    },
  }),
  defineRoute({
    method: 'delete',
    path: '/v1/members/{id}',
    operationId: 'removeMember',
    tags,
    summary: 'End a membership',
    description:
      'The person stays signed in and reaches nothing by it from their next request on. Open invitations that they made and could not make any more are withdrawn.',
    access: { right: 'administer' },
    request: { params, query: OrganisationQuery },
    responses: { 204: { empty: true } },
    problems: [errors.notFound, errors.lastAdministrator],
    ifMatch: 'optional',
    handler: async ({ principal, query, params, expectedVersion: seen }) => {
      const organisationId = organisationFor(principal, query.organisation)
      await members.remove(principal, organisationId, params.id as MembershipId, seen)
      return { status: 204 }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/organisations/leave',
    operationId: 'leaveOrganisation',
    tags,
    summary: 'Leave an organisation',
    description: 'Ends all memberships of the one who is signed in. The last administrator cannot leave.',
    access: 'session',
    request: { query: OrganisationQuery },
    responses: { 204: { empty: true } },
    problems: [errors.lastAdministrator],
    handler: async ({ principal, query }) => {
      await members.leave(principal, organisationFor(principal, query.organisation))
      return { status: 204 }
    },
  }),
]

const showMember = ({ membership, emails }: FoundMember, principal: Principal): z.input<typeof Member> => ({
  id: membership.id,
  accountId: membership.accountId,
  emails: [...emails],
  unitId: membership.unitId,
  roleId: membership.roleId ?? null,
  rights: [...membership.rights],
  since: formatInstant(membership.createdAt),
  you: principal.kind === 'session' && principal.accountId === membership.accountId,
  revision: membership.revision,
})
