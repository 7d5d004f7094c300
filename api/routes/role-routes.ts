import * as z from 'zod'
import { versionTag } from '#api/http/etag.ts'
import { defineRoute, type Route } from '#api/http/route.ts'
import { Id, listOf, OrganisationQuery } from '#api/schemas/common.ts'
import { NewRole, Role, RoleChange, RoleWithUse } from '#api/schemas/members.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { RoleId } from '#engine/shared/ids.ts'
import { organisationFor } from '#services/access/authorise.ts'
import type { Role as StoredRole } from '#services/ports/role-store.ts'
import type { RouteNeeds } from './route-needs.ts'
import { given } from './shown.ts'

const tags = ['members']
const params = z.strictObject({ id: Id })

export const roleRoutes = ({ roles }: RouteNeeds): readonly Route[] => [
  defineRoute({
    method: 'get',
    path: '/v1/roles',
    operationId: 'listRoles',
    tags,
    summary: 'The roles of an organisation: named sets of rights',
    access: { right: 'read' },
    request: { query: OrganisationQuery },
    responses: { 200: listOf(Role) },
    handler: async ({ principal, query }) => {
      const all = await roles.list(principal, organisationFor(principal, query.organisation))
      return { status: 200, body: { items: all.map(showRole) } }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/roles',
    operationId: 'createRole',
    tags,
    summary: 'Create a role',
    access: { right: 'administer' },
    request: { query: OrganisationQuery, body: NewRole },
    responses: { 201: Role },
    problems: [errors.roleNameTaken, errors.rightsExceedOwn],
    idempotent: true,
    handler: async ({ principal, query, body }) => {
      const role = await roles.create(principal, organisationFor(principal, query.organisation), {
        ...body,
        description: body.description ?? '',
      })
      return { status: 201, body: showRole(role), headers: { ETag: versionTag(role.revision) } }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/roles/{id}',
    operationId: 'getRole',
    tags,
    summary: 'A role, and by whom it is used',
    access: { right: 'read' },
    request: { params, query: OrganisationQuery },
    responses: { 200: RoleWithUse },
    problems: [errors.notFound],
    handler: async ({ principal, query, params }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const { role, use } = await roles.find(principal, organisationId, params.id as RoleId)
      const usedBy = {
        members: [...use.members],
        invitations: [...use.invitations],
        apiKeys: [...use.apiKeys],
      }
      return {
        status: 200,
        body: { ...showRole(role), usedBy },
        headers: { ETag: versionTag(role.revision) },
      }
    },
  }),
  defineRoute({
    method: 'patch',
    path: '/v1/roles/{id}',
    operationId: 'changeRole',
    tags,
    summary: 'Change a role',
    description: 'It changes what everybody may do who has it, from their next request on.',
    access: { right: 'administer' },
    request: { params, query: OrganisationQuery, body: RoleChange },
    responses: { 200: Role },
    problems: [
      errors.notFound,
      errors.roleBuiltIn,
      errors.roleNameTaken,
      errors.rightsExceedOwn,
      errors.lastAdministrator,
    ],
    ifMatch: true,
    handler: async ({ principal, query, params, body, expectedVersion }) => {
      const role = await roles.change(
        principal,
        organisationFor(principal, query.organisation),
        params.id as RoleId,
        expectedVersion,
        given(body),
      )
      return { status: 200, body: showRole(role), headers: { ETag: versionTag(role.revision) } }
    },
  }),
  defineRoute({
    method: 'delete',
    path: '/v1/roles/{id}',
    operationId: 'deleteRole',
    tags,
    summary: 'Delete a role that nobody uses',
    access: { right: 'administer' },
    request: { params, query: OrganisationQuery },
    responses: { 204: { empty: true } },
    problems: [errors.notFound, errors.roleBuiltIn, errors.roleInUse],
    ifMatch: 'optional',
    handler: async ({ principal, query, params, expectedVersion: seen }) => {
      await roles.delete(principal, organisationFor(principal, query.organisation), params.id as RoleId, seen)
      return { status: 204 }
    },
  }),
]

const showRole = ({
  id,
  name,
  description,
  rights,
  builtIn,
  revision,
}: StoredRole): z.input<typeof Role> => ({
  id,
  name,
  description,
  rights: [...rights],
  builtIn: builtIn ?? null,
  revision,
})
