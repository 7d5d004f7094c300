import * as z from 'zod'
import { versionTag } from '#api/http/etag.ts'
import { defineRoute, type Route } from '#api/http/route.ts'
import {
  ApiKey,
  CreatedApiKey,
  NewApiKey,
  NewOrganisation,
  NewUnit,
  Organisation,
  Unit,
} from '#api/schemas/access.ts'
import { Id, listOf, OrganisationQuery } from '#api/schemas/common.ts'
import { OrganisationSettings, SettingsChange } from '#api/schemas/rule-life-cycle.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { KeyId, UnitId } from '#engine/shared/ids.ts'
import { formatInstant } from '#engine/shared/instant.ts'
import { organisationFor } from '#services/access/authorise.ts'
import type { ApiKey as StoredKey } from '#services/ports/access-store.ts'
import type { Unit as StoredUnit } from '#services/ports/organisation-store.ts'
import type { OrganisationSettings as StoredSettings } from '#services/ports/setting-store.ts'
import type { RouteNeeds } from './route-needs.ts'
import { given, readTime, timeOrNull } from './shown.ts'

const tags = ['organisations']

export const organisationRoutes = ({ organisations, settings, apiKeys }: RouteNeeds): readonly Route[] => [
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
            secondPersonApprovesAchievement: body.secondPerson?.approveAchievement,
            deadRuleDays: body.deadRuleDays,
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
    access: { right: 'read' },
    request: { query: OrganisationQuery },
    responses: { 200: listOf(Unit) },
    handler: async ({ principal, query }) => {
      const units = await organisations.units(principal, organisationFor(principal, query.organisation))
      return { status: 200, body: { items: units.map(showUnit) } }
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
    idempotent: true,
    handler: async ({ principal, query, body }) => {
      const wanted = given({ name: body.name, parentId: body.parentId as UnitId | undefined })
      const unit = await organisations.createUnit(
        principal,
        organisationFor(principal, query.organisation),
        wanted,
      )
      return { status: 201, body: showUnit(unit) }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/api-keys',
    operationId: 'listApiKeys',
    tags,
    summary: 'The API keys of an organisation',
    access: { right: 'administer' },
    request: { query: OrganisationQuery },
    responses: { 200: listOf(ApiKey) },
    handler: async ({ principal, query }) => {
      const keys = await apiKeys.list(principal, organisationFor(principal, query.organisation))
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
      const { key, text } = await apiKeys.create(
        principal,
        organisationFor(principal, query.organisation),
        given({
          name: body.name,
          rights: body.rights,
          unitId: body.unitId as UnitId | undefined,
          expiresAt: readTime(body.expiresAt, '/expiresAt'),
        }),
      )
      return { status: 201, body: { apiKey: showKey(key), secret: text } }
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

const showSettings = ({
  secondPersonActivatesRule,
  secondPersonApprovesAchievement,
  deadRuleDays,
  eventRetention,
}: StoredSettings) => ({
  secondPerson: {
    activateRule: secondPersonActivatesRule,
    approveAchievement: secondPersonApprovesAchievement,
  },
  deadRuleDays,
  eventRetention: eventRetention ?? null,
})

const showUnit = ({ id, parentId, kind, name }: StoredUnit) => ({
  id,
  parentId: parentId ?? null,
  kind,
  name,
})

const showKey = (key: StoredKey): z.input<typeof ApiKey> => ({
  id: key.id,
  name: key.name,
  prefix: key.prefix,
  unitId: key.unitId,
  rights: [...key.rights],
  createdAt: formatInstant(key.createdAt),
  expiresAt: timeOrNull(key.expiresAt),
  revokedAt: timeOrNull(key.revokedAt),
})
