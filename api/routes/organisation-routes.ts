import * as z from 'zod'
import { versionTag } from '#api/http/etag.ts'
import { pageBody, pageRequest } from '#api/http/pagination.ts'
import { defineRoute, type Route } from '#api/http/route.ts'
import {
  ApiKey,
  ApiKeyChange,
  ApiKeyQuery,
  CreatedApiKey,
  NewApiKey,
  NewOrganisation,
  NewUnit,
  Organisation,
  Unit,
  UnitChange,
  UnitQuery,
} from '#api/schemas/access.ts'
import { Id, listOf, OrganisationQuery, pageOf } from '#api/schemas/common.ts'
import { OrganisationSettings, SettingsChange } from '#api/schemas/rule-life-cycle.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { KeyId, UnitId } from '#engine/shared/ids.ts'
import { formatInstant } from '#engine/shared/instant.ts'
import { organisationFor } from '#services/access/authorise.ts'
import type { KeyWithState } from '#services/access/manage-api-keys.ts'
import type { UnitWithRights } from '#services/organisations/manage-units.ts'
import type { OrganisationSettings as StoredSettings } from '#services/ports/setting-store.ts'
import { readGrant } from './read-grant.ts'
import type { RouteNeeds } from './route-needs.ts'
import { given, readTime, timeOrNull } from './shown.ts'

const tags = ['organisations']

export const organisationRoutes = ({
  organisations,
  units,
  settings,
  apiKeys,
}: RouteNeeds): readonly Route[] => [
  defineRoute({
    method: 'get',
    path: '/v1/organisations',
    operationId: 'listOrganisations',
    tags,
    summary: 'The organisations of the caller',
    access: 'authenticated',
    responses: { 200: listOf(Organisation) },
    handler: async ({ principal }) => ({
      status: 200,
      body: { items: (await organisations.mine(principal)).map((each) => ({ ...each })) },
    }),
  }),
  defineRoute({
    method: 'post',
    path: '/v1/organisations',
    operationId: 'createOrganisation',
    tags,
    summary: 'Create an organisation',
    description: 'Whoever creates it gets every right on it.',
    access: 'session',
    request: { body: NewOrganisation },
    responses: { 201: Organisation },
    problems: [errors.slugTaken],
    idempotent: true,
    handler: async ({ principal, body }) => {
      const { organisation } = await organisations.create(principal, { ...body, owner: principal.accountId })
      return { status: 201, body: organisation }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/organisations/settings',
    operationId: 'getOrganisationSettings',
    tags,
    summary: 'What an organisation has decided about itself',
    access: { right: 'read' },
    request: { query: OrganisationQuery },
    responses: { 200: OrganisationSettings },
    handler: async ({ principal, query }) => {
      const found = await settings.find(principal, organisationFor(principal, query.organisation))
      return { status: 200, body: showSettings(found), headers: { ETag: versionTag(found.revision) } }
    },
  }),
  defineRoute({
    method: 'patch',
    path: '/v1/organisations/settings',
    operationId: 'changeOrganisationSettings',
    tags,
    summary: 'Change what an organisation has decided about itself',
    access: { right: 'administer' },
    request: { query: OrganisationQuery, body: SettingsChange },
    responses: { 200: OrganisationSettings },
    problems: [errors.durationInvalid, errors.retentionTooShort],
    ifMatch: true,
    handler: async ({ principal, query, body, expectedVersion }) => {
      const changed = await settings.change(
        principal,
        organisationFor(principal, query.organisation),
        expectedVersion,
        {
          ...given({
            secondPersonActivatesRule: body.secondPerson?.activateRule,
            secondPersonPublishesAchievement: body.secondPerson?.publishAchievement,
            secondPersonChangesKey: body.secondPerson?.changeKey,
            expertReviews: body.expertReviews?.all,
            expertReviewsOfMicroCredential: body.expertReviews?.microCredential,
            secondPersonRevokesMany: body.secondPerson?.bulkRevoke,
            deadRuleDays: body.deadRuleDays,
            expiryReminderDays: body.expiryReminderDays,
          }),
          ...(body.eventRetention === undefined ? {} : { eventRetention: body.eventRetention ?? undefined }),
        },
      )
      return { status: 200, body: showSettings(changed), headers: { ETag: versionTag(changed.revision) } }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/units',
    operationId: 'listUnits',
    tags,
    summary: 'The units of an organisation',
    description:
      'Those that the caller may read, each with what the caller may do there. The tree of groups and issuers comes whole, in one answer; `limit` and `cursor` count for achievements only. Achievements, of which there may be thousands, are left out unless asked for by `kind=achievement`, but for those on which rights were granted to the caller one by one.',
    access: { right: 'read' },
    request: { query: UnitQuery },
    responses: { 200: pageOf(Unit) },
    handler: async ({ principal, query }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const { kind, name } = query
      const filter = given({ name, parentId: query.parentId as UnitId | undefined })
      if (kind === 'achievement') {
        const page = await units.achievements(principal, organisationId, pageRequest(query), filter)
        return { status: 200, body: pageBody(page, showUnit) }
      }
      const items = await units.list(principal, organisationId, { ...filter, ...given({ kind }) })
      return { status: 200, body: pageBody({ items }, showUnit) }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/units',
    operationId: 'createUnit',
    tags,
    summary: 'Create a group of units',
    access: { right: 'administer' },
    request: { query: OrganisationQuery, body: NewUnit },
    responses: { 201: Unit },
    problems: [errors.notFound, errors.unitTooDeep, errors.unitOfAchievement],
    idempotent: true,
    handler: async ({ principal, query, body }) => {
      const wanted = given({ name: body.name, parentId: body.parentId as UnitId | undefined })
      const made = await units.create(principal, organisationFor(principal, query.organisation), wanted)
      return { status: 201, body: showUnit(made), headers: { ETag: versionTag(made.unit.revision) } }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/units/{id}',
    operationId: 'getUnit',
    tags,
    summary: 'A unit',
    access: { right: 'read' },
    request: { params: z.strictObject({ id: Id }), query: OrganisationQuery },
    responses: { 200: Unit },
    problems: [errors.notFound],
    handler: async ({ principal, query, params }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const found = await units.find(principal, organisationId, params.id as UnitId)
      return { status: 200, body: showUnit(found), headers: { ETag: versionTag(found.unit.revision) } }
    },
  }),
  defineRoute({
    method: 'patch',
    path: '/v1/units/{id}',
    operationId: 'changeUnit',
    tags,
    summary: 'Rename a unit, or move it',
    description:
      'To move it takes the right on the unit above it and on the one under which it goes. The root has the name of the organisation; the unit of an issuer keeps the name of its issuer. An achievement has the name of its newest published version and stays below its issuer (`unit-of-achievement`).',
    access: { right: 'administer' },
    request: { params: z.strictObject({ id: Id }), query: OrganisationQuery, body: UnitChange },
    responses: { 200: Unit },
    problems: [
      errors.notFound,
      errors.conflict,
      errors.unitCycle,
      errors.unitTooDeep,
      errors.unitOfAchievement,
    ],
    ifMatch: true,
    handler: async ({ principal, query, params, body, expectedVersion }) => {
      const changed = await units.change(
        principal,
        organisationFor(principal, query.organisation),
        params.id as UnitId,
        expectedVersion,
        given({ name: body.name, parentId: body.parentId as UnitId | undefined }),
      )
      return { status: 200, body: showUnit(changed), headers: { ETag: versionTag(changed.unit.revision) } }
    },
  }),
  defineRoute({
    method: 'delete',
    path: '/v1/units/{id}',
    operationId: 'deleteUnit',
    tags,
    summary: 'Delete an empty group',
    access: { right: 'administer' },
    request: { params: z.strictObject({ id: Id }), query: OrganisationQuery },
    responses: { 204: { empty: true } },
    problems: [errors.notFound, errors.conflict, errors.unitNotEmpty, errors.unitOfAchievement],
    ifMatch: 'optional',
    handler: async ({ principal, query, params, expectedVersion: seen }) => {
      await units.delete(principal, organisationFor(principal, query.organisation), params.id as UnitId, seen)
      return { status: 204 }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/api-keys',
    operationId: 'listApiKeys',
    tags,
    summary: 'The API keys of an organisation',
    description: 'All of them takes the right on the whole organisation; those of one unit, the right there.',
    access: { right: 'administer' },
    request: { query: ApiKeyQuery },
    responses: { 200: listOf(ApiKey) },
    problems: [errors.notFound],
    handler: async ({ principal, query }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const keys = await apiKeys.list(principal, organisationId, query.unitId as UnitId | undefined)
      return { status: 200, body: { items: keys.map(showKey) } }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/api-keys',
    operationId: 'createApiKey',
    tags,
    summary: 'Create an API key',
    description:
      'The key itself is shown this once; only its hash is kept. Nobody can hand out rights they do not hold.',
    access: { right: 'administer' },
    request: { query: OrganisationQuery, body: NewApiKey },
    responses: { 201: CreatedApiKey },
    problems: [errors.rightsExceedOwn],
    idempotent: { secrets: ['secret'] },
    handler: async ({ principal, query, body }) => {
      const { key, text } = await apiKeys.create(principal, organisationFor(principal, query.organisation), {
        ...readGrant(body),
        ...given({
          name: body.name,
          unitId: body.unitId as UnitId | undefined,
          expiresAt: readTime(body.expiresAt, '/expiresAt'),
        }),
      })
      return { status: 201, body: { apiKey: showKey(key), secret: text } }
    },
  }),
  defineRoute({
    method: 'patch',
    path: '/v1/api-keys/{id}',
    operationId: 'renameApiKey',
    tags,
    summary: 'Give an API key another name',
    access: { right: 'administer' },
    request: { params: z.strictObject({ id: Id }), query: OrganisationQuery, body: ApiKeyChange },
    responses: { 200: ApiKey },
    problems: [errors.notFound, errors.conflict],
    handler: async ({ principal, query, params, body }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const key = await apiKeys.rename(principal, organisationId, params.id as KeyId, body.name)
      return { status: 200, body: showKey(key) }
    },
  }),
  defineRoute({
    method: 'delete',
    path: '/v1/api-keys/{id}',
    operationId: 'revokeApiKey',
    tags,
    summary: 'Revoke an API key',
    description: 'It is refused from its next request on, in every process.',
    access: { right: 'administer' },
    request: { params: z.strictObject({ id: Id }), query: OrganisationQuery },
    responses: { 204: { empty: true } },
    problems: [errors.notFound],
    handler: async ({ principal, query, params }) => {
      await apiKeys.revoke(principal, organisationFor(principal, query.organisation), params.id as KeyId)
      return { status: 204 }
    },
  }),
]

const showSettings = (settings: StoredSettings) => ({
  secondPerson: {
    activateRule: settings.secondPersonActivatesRule,
    publishAchievement: settings.secondPersonPublishesAchievement,
    changeKey: settings.secondPersonChangesKey,
    bulkRevoke: settings.secondPersonRevokesMany,
  },
  expertReviews: { all: settings.expertReviews, microCredential: settings.expertReviewsOfMicroCredential },
  expiryReminderDays: [...settings.expiryReminderDays],
  deadRuleDays: settings.deadRuleDays,
  eventRetention: settings.eventRetention ?? null,
  revision: settings.revision,
})

const showUnit = ({ unit, rights }: UnitWithRights): z.input<typeof Unit> => ({
  id: unit.id,
  parentId: unit.parentId ?? null,
  kind: unit.kind,
  name: unit.name,
  rights: [...rights],
  revision: unit.revision,
})

const showKey = (key: KeyWithState): z.input<typeof ApiKey> => ({
  id: key.id,
  name: key.name,
  prefix: key.prefix,
  unitId: key.unitId,
  roleId: key.roleId ?? null,
  rights: [...key.rights],
  state: key.state,
  createdAt: formatInstant(key.createdAt),
  expiresAt: timeOrNull(key.expiresAt),
  revokedAt: timeOrNull(key.revokedAt),
  lastUsedAt: timeOrNull(key.lastUsedAt),
})
