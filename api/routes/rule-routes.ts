import * as z from 'zod'
import { defineRoute, type Route } from '#api/http/route.ts'
import { Id, listOf, OrganisationQuery } from '#api/schemas/common.ts'
import { ActivationRequest } from '#api/schemas/rule-life-cycle.ts'
import { NewRule, NewRuleVersion, Rule, RuleCheck, RuleVersion } from '#api/schemas/rules.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { RuleId } from '#engine/shared/ids.ts'
import type { Json } from '#engine/shared/json.ts'
import { organisationFor } from '#services/access/authorise.ts'
import type { RouteNeeds } from './route-needs.ts'
import { showRule, showVersion } from './rule-view.ts'

const tags = ['rules']
const IdParams = z.strictObject({ id: Id })
const VersionParams = z.strictObject({ id: Id, version: z.coerce.number().int().min(1).max(100_000) })

export const ruleRoutes = ({ rules }: RouteNeeds): readonly Route[] => [
  defineRoute({
    method: 'get',
    path: '/v1/rules',
    operationId: 'listRules',
    tags,
    summary: 'The rules of an organisation',
    access: { right: 'read' },
    request: { query: OrganisationQuery },
    responses: { 200: listOf(Rule) },
    handler: async ({ principal, query }) => {
      const all = await rules.list(principal, organisationFor(principal, query.organisation))
      return { status: 200, body: { items: all.map(showRule) } }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/rules/check',
    operationId: 'checkRule',
    tags,
    summary: 'Check a rule document without saving it',
    access: { right: 'read' },
    request: { query: OrganisationQuery, body: NewRuleVersion },
    responses: { 200: RuleCheck },
    handler: async ({ principal, query, body }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const { faults, warnings } = await rules.check(principal, organisationId, body.document as Json)
      return {
        status: 200,
        body: {
          faults: faults.map((each) => ({ ...each })),
          warnings: warnings.map((each) => ({ ...each })),
        },
      }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/rules',
    operationId: 'createRule',
    tags,
    summary: 'Create a rule with its first version, a draft',
    description:
      'A document with faults is refused whole: `rule-invalid` lists each fault with its code and place.',
    access: { right: 'update' },
    request: { query: OrganisationQuery, body: NewRule },
    responses: { 201: Rule },
    problems: [errors.ruleInvalid],
    idempotent: true,
    handler: async ({ principal, query, body }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const created = await rules.create(principal, organisationId, {
        name: body.name,
        document: body.document as Json,
      })
      const shown = showRule(created)
      const warnings = created.warnings.map((each) => ({ ...each }))
      return {
        status: 201,
        body: { ...shown, versions: shown.versions.map((version) => ({ ...version, warnings })) },
      }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/rules/{id}',
    operationId: 'getRule',
    tags,
    summary: 'A rule with its versions',
    access: { right: 'read' },
    request: { params: IdParams, query: OrganisationQuery },
    responses: { 200: Rule },
    problems: [errors.notFound],
    handler: async ({ principal, query, params }) => {
      const organisationId = organisationFor(principal, query.organisation)
      return { status: 200, body: showRule(await rules.find(principal, organisationId, params.id as RuleId)) }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/rules/{id}/versions',
    operationId: 'createRuleVersion',
    tags,
    summary: 'Add a version to a rule, as a draft',
    description: 'All versions of a rule award the same achievement: editing it never awards twice.',
    access: { right: 'update' },
    request: { params: IdParams, query: OrganisationQuery, body: NewRuleVersion },
    responses: { 201: RuleVersion },
    problems: [errors.notFound, errors.ruleInvalid, errors.conflict],
    idempotent: true,
    handler: async ({ principal, query, params, body }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const { version, warnings } = await rules.createVersion(
        principal,
        organisationId,
        params.id as RuleId,
        body.document as Json,
      )
      return {
        status: 201,
        body: { ...showVersion(version), warnings: warnings.map((each) => ({ ...each })) },
      }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/rules/{id}/versions/{version}/activate',
    operationId: 'activateRuleVersion',
    tags,
    summary: 'Bring a version into force',
    description:
      'Resolved, digested and anchored. A job looks at events from before too, unless `backfill` is false. The version that was in force retires.',
    access: { right: 'award' },
    request: { params: VersionParams, query: OrganisationQuery, body: ActivationRequest },
    responses: { 200: Rule },
    problems: [
      errors.notFound,
      errors.ruleInvalid,
      errors.conflict,
      errors.achievementNotPublished,
      errors.secondPersonNeeded,
      errors.achievementNotPublished,
    ],
    idempotent: true,
    handler: async ({ principal, query, params, body }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const { id, version } = params
      const activation = { backfill: body?.backfill ?? true }
      const rule = await rules.activate(principal, organisationId, id as RuleId, version, activation)
      return { status: 200, body: showRule(rule) }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/rules/{id}/pause',
    operationId: 'pauseRule',
    tags,
    summary: 'Stop a rule from deciding',
    access: { right: 'award' },
    request: { params: IdParams, query: OrganisationQuery },
    responses: { 200: Rule },
    problems: [errors.notFound, errors.conflict],
    handler: async ({ principal, query, params }) => {
      const organisationId = organisationFor(principal, query.organisation)
      return {
        status: 200,
        body: showRule(await rules.pause(principal, organisationId, params.id as RuleId)),
      }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/rules/{id}/resume',
    operationId: 'resumeRule',
    tags,
    summary: 'Let a paused rule decide again',
    description: 'What came meanwhile is looked at now.',
    access: { right: 'award' },
    request: { params: IdParams, query: OrganisationQuery },
    responses: { 200: Rule },
    problems: [errors.notFound, errors.conflict],
    handler: async ({ principal, query, params }) => {
      const organisationId = organisationFor(principal, query.organisation)
      return {
        status: 200,
        body: showRule(await rules.resume(principal, organisationId, params.id as RuleId)),
      }
    },
  }),
]
