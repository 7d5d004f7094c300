import type * as z from 'zod'
import { defineRoute, type Route } from '#api/http/route.ts'
import { listOf, OrganisationQuery } from '#api/schemas/common.ts'
import {
  Attribute,
  AttributeChange,
  AttributeOfPerson,
  AttributeParams,
  AttributeRows,
  type AttributeValue,
  AttributeValues,
  BulkReport,
  FactChange,
  NewAttribute,
  SubjectParams,
} from '#api/schemas/facts.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { SubjectId } from '#engine/shared/ids.ts'
import { formatInstant } from '#engine/shared/instant.ts'
import { organisationFor } from '#services/access/authorise.ts'
import type { AttributeValues as ValuesByName } from '#services/facts/manage-attributes.ts'
import type { AttributeDefinition } from '#services/ports/attribute-store.ts'
import { readAttributeRows, showRows } from './read-fact-rows.ts'
import type { RouteNeeds } from './route-needs.ts'
import { readTime } from './shown.ts'

const tags = ['attributes']

export const attributeRoutes = ({ attributes }: RouteNeeds): readonly Route[] => [
  defineRoute({
    method: 'get',
    path: '/v1/attributes',
    operationId: 'listAttributes',
    tags,
    summary: 'The attributes that an organisation has declared',
    access: { right: 'read' },
    request: { query: OrganisationQuery },
    responses: { 200: listOf(Attribute) },
    handler: async ({ principal, query }) => {
      const all = await attributes.list(principal, organisationFor(principal, query.organisation))
      return { status: 200, body: { items: all.map(showAttribute) } }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/attributes',
    operationId: 'declareAttribute',
    tags,
    summary: 'Declare an attribute of people, with its type',
    description:
      'Rules that ask for it are checked by its type, and so are values. Name and type stay for ever.',
    access: { right: 'update' },
    request: { query: OrganisationQuery, body: NewAttribute },
    responses: { 201: Attribute },
    problems: [errors.alreadyExists],
    idempotent: true,
    handler: async ({ principal, query, body }) => {
      const organisationId = organisationFor(principal, query.organisation)
      return { status: 201, body: showAttribute(await attributes.declare(principal, organisationId, body)) }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/attributes/{name}',
    operationId: 'getAttribute',
    tags,
    summary: 'An attribute that was declared',
    access: { right: 'read' },
    request: { params: AttributeParams, query: OrganisationQuery },
    responses: { 200: Attribute },
    problems: [errors.notFound],
    handler: async ({ principal, query, params }) => {
      const organisationId = organisationFor(principal, query.organisation)
      return {
        status: 200,
        body: showAttribute(await attributes.find(principal, organisationId, params.name)),
      }
    },
  }),
  defineRoute({
    method: 'patch',
    path: '/v1/attributes/{name}',
    operationId: 'describeAttribute',
    tags,
    summary: 'Describe an attribute anew; name and type stay',
    access: { right: 'update' },
    request: { params: AttributeParams, query: OrganisationQuery, body: AttributeChange },
    responses: { 200: Attribute },
    problems: [errors.notFound],
    handler: async ({ principal, query, params, body }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const changed = await attributes.describe(principal, organisationId, params.name, body.description)
      return { status: 200, body: showAttribute(changed) }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/subjects/{id}/attributes',
    operationId: 'getAttributesOfSubject',
    tags,
    summary: 'The attributes of a person now',
    access: { right: 'read' },
    request: { params: SubjectParams, query: OrganisationQuery },
    responses: { 200: listOf(AttributeOfPerson) },
    problems: [errors.notFound],
    handler: async ({ principal, query, params }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const all = await attributes.of(principal, organisationId, params.id as SubjectId)
      return {
        status: 200,
        body: {
          items: all.map(({ name, value, since, eventId }) => ({
            name,
            value: value as z.input<typeof AttributeValue>,
            since: formatInstant(since),
            eventId,
          })),
        },
      }
    },
  }),
  defineRoute({
    method: 'put',
    path: '/v1/subjects/{id}/attributes',
    operationId: 'setAttributesOfSubject',
    tags,
    summary: 'Set attributes of a person, several at once',
    description:
      'All or none; those that are not named stay. A value that is so already records nothing, `null` unsets.',
    access: { right: 'award' },
    request: { params: SubjectParams, query: OrganisationQuery, body: AttributeValues },
    responses: { 200: FactChange },
    problems: [errors.notFound, errors.factsInvalid],
    handler: async ({ principal, query, params, body }) => {
      const eventIds = await attributes.set(
        principal,
        organisationFor(principal, query.organisation),
        params.id as SubjectId,
        body.values as ValuesByName,
        readTime(body.at, '/at'),
      )
      const change: z.input<typeof FactChange> = { changed: eventIds.length > 0, eventIds: [...eventIds] }
      return { status: 200, body: change }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/attribute-values',
    operationId: 'setAttributesOfMany',
    tags,
    summary: 'Set attributes of up to 1,000 people',
    description: [
      'JSON: a list of `{ subject, values, at }`.',
      'CSV (`text/csv`): the columns `subject`, `at` where it is needed, and one for each attribute; items of a list are',
      'apart by `|`, and an empty cell says nothing.',
      'Each row is answered for itself; rows at fault keep none of the others from being recorded.',
    ].join(' '),
    access: { right: 'award' },
    request: {
      query: OrganisationQuery,
      body: AttributeRows,
      bodyKinds: ['json', 'csv'],
      examples: {
        csv: 'subject,programme,year\nmailto:ann@example.org,nursing,2\nmailto:ben@example.org,nursing,1',
      },
      bodyLimit: 'events',
    },
    responses: { 200: BulkReport },
    problems: [errors.tableInvalid],
    idempotent: true,
    handler: async ({ principal, query, body, raw }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const results = await attributes.setMany(principal, organisationId, readAttributeRows(raw, body))
      return { status: 200, body: showRows(results) }
    },
  }),
]

const showAttribute = ({
  name,
  type,
  description,
  createdAt,
}: AttributeDefinition): z.input<typeof Attribute> => ({
  name,
  type,
  description,
  createdAt: formatInstant(createdAt),
})
