import * as z from 'zod'
import { pageBody, pageRequest } from '#api/http/pagination.ts'
import { defineRoute, type Route } from '#api/http/route.ts'
import { Id, OrganisationQuery, PageQuery } from '#api/schemas/common.ts'
import { Job } from '#api/schemas/jobs.ts'
import {
  CompareQuery,
  DryRunRequest,
  HealthQuery,
  RollbackRequest,
  RuleComparison,
  RuleHealthReport,
  ShadowReport,
  ShadowRequest,
} from '#api/schemas/rule-life-cycle.ts'
import { Rule } from '#api/schemas/rules.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { RuleId } from '#engine/shared/ids.ts'
import { formatInstant } from '#engine/shared/instant.ts'
import type { Json } from '#engine/shared/json.ts'
import { organisationFor } from '#services/access/authorise.ts'
import type { RuleComparison as FoundComparison } from '#services/rules/compare-versions.ts'
import type { RuleHealthReport as FoundHealth, Latency, VersionHealth } from '#services/rules/rule-health.ts'
import type { ShadowReport as FoundShadow } from '#services/rules/try-rules.ts'
import { showJob } from './job-view.ts'
import type { RouteNeeds } from './route-needs.ts'
import { showRule } from './rule-view.ts'
import { given, readTime, timeOrNull } from './shown.ts'

const tags = ['rules']
const IdParams = z.strictObject({ id: Id })
const VersionParams = z.strictObject({ id: Id, version: z.coerce.number().int().min(1).max(100_000) })

/** Stands before the routes by id: `health` and `dry-runs` are no ids. */
export const ruleLifeCycleRoutes = ({ rules, tryRules, ruleHealth }: RouteNeeds): readonly Route[] => [
  defineRoute({
    method: 'post',
    path: '/v1/rules/dry-runs',
    operationId: 'startDryRun',
    tags,
    summary: 'Try a rule on past events',
    description:
      'Answers with a job, whose result says who would get the badge, with reasons, who came close, and what differs from the active version. Nothing is awarded.',
    access: { right: 'update' },
    request: { query: OrganisationQuery, body: DryRunRequest },
    responses: { 202: Job },
    problems: [errors.notFound, errors.ruleInvalid, errors.conflict],
    idempotent: true,
    handler: async ({ principal, query, body }) => {
      const job = await tryRules.dryRun(
        principal,
        organisationFor(principal, query.organisation),
        given({
          document: body.document as Json | undefined,
          ruleId: body.ruleId as RuleId | undefined,
          version: body.version,
          from: readTime(body.from, '/from'),
          to: readTime(body.to, '/to'),
        }),
      )
      return { status: 202, body: showJob(job) }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/rules/health',
    operationId: 'getRulesHealth',
    tags,
    summary: 'How all rules that look at events do',
    access: { right: 'read' },
    request: { query: HealthQuery },
    responses: { 200: RuleHealthReport },
    handler: async ({ principal, query }) => {
      const organisationId = organisationFor(principal, query.organisation)
      return { status: 200, body: showHealth(await ruleHealth.ofAll(principal, organisationId, query.days)) }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/rules/{id}/health',
    operationId: 'getRuleHealth',
    tags,
    summary: 'How one rule does: its active version, and those in shadow',
    access: { right: 'read' },
    request: { params: IdParams, query: HealthQuery },
    responses: { 200: RuleHealthReport },
    problems: [errors.notFound],
    handler: async ({ principal, query, params }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const found = await ruleHealth.ofOne(principal, organisationId, params.id as RuleId, query.days)
      return { status: 200, body: showHealth(found) }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/rules/{id}/compare',
    operationId: 'compareRuleVersions',
    tags,
    summary: 'What differs between two versions of a rule',
    description: 'As data and in words, and for each part whether it keeps its progress.',
    access: { right: 'read' },
    request: { params: IdParams, query: CompareQuery },
    responses: { 200: RuleComparison },
    problems: [errors.notFound, errors.ruleInvalid],
    handler: async ({ principal, query, params }) => {
      const { from, to } = query
      const found = await tryRules.compare(
        principal,
        organisationFor(principal, query.organisation),
        params.id as RuleId,
        { from, to },
      )
      return { status: 200, body: showComparison(from, to, found) }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/rules/{id}/rollback',
    operationId: 'rollBackRule',
    tags,
    summary: 'Bring back what an earlier version said',
    description: 'A new version with the document of the earlier one, brought into force in one step.',
    access: { right: 'award' },
    request: { params: IdParams, query: OrganisationQuery, body: RollbackRequest },
    responses: { 201: Rule },
    problems: [
      errors.notFound,
      errors.conflict,
      errors.ruleInvalid,
      errors.secondPersonNeeded,
      errors.achievementNotPublished,
    ],
    idempotent: true,
    handler: async ({ principal, query, params, body: { version, backfill } }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const id = params.id as RuleId
      const rule = await rules.rollBack(principal, organisationId, id, version, { backfill })
      return { status: 201, body: showRule(rule) }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/rules/{id}/versions/{version}/shadow',
    operationId: 'startRuleShadow',
    tags,
    summary: 'Let a draft look at live events without awarding',
    access: { right: 'update' },
    request: { params: VersionParams, query: OrganisationQuery, body: ShadowRequest },
    responses: { 200: Rule },
    problems: [errors.notFound, errors.conflict, errors.ruleInvalid, errors.achievementNotPublished],
    idempotent: true,
    handler: async ({ principal, query, params, body }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const { id, version } = params
      const backfill = body?.backfill ?? false
      const rule = await tryRules.startShadow(principal, organisationId, id as RuleId, version, backfill)
      return { status: 200, body: showRule(rule) }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/rules/{id}/versions/{version}/unshadow',
    operationId: 'endRuleShadow',
    tags,
    summary: 'Make a version in shadow a draft again',
    access: { right: 'update' },
    request: { params: VersionParams, query: OrganisationQuery },
    responses: { 200: Rule },
    problems: [errors.notFound, errors.conflict],
    handler: async ({ principal, query, params }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const rule = await tryRules.endShadow(principal, organisationId, params.id as RuleId, params.version)
      return { status: 200, body: showRule(rule) }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/rules/{id}/versions/{version}/shadow',
    operationId: 'getRuleShadow',
    tags,
    summary: 'What a version in shadow decided, beside the active version',
    access: { right: 'read' },
    request: { params: VersionParams, query: PageQuery },
    responses: { 200: ShadowReport },
    problems: [errors.notFound, errors.conflict],
    handler: async ({ principal, query, params }) => {
      const report = await tryRules.shadowReport(
        principal,
        organisationFor(principal, query.organisation),
        params.id as RuleId,
        params.version,
        pageRequest(query),
      )
      return { status: 200, body: showShadow(report) }
    },
  }),
]

const showComparison = (
  from: number,
  to: number,
  { differences, leaves, words }: FoundComparison,
): z.input<typeof RuleComparison> => ({
  from,
  to,
  differences: differences.map((each) => ({ ...each })),
  leaves: leaves.map((each) => ({ ...each })),
  words: { en: [...words.en], nl: [...words.nl] },
})

const showShadow = ({
  version,
  since,
  comparison,
  decisions,
}: FoundShadow): z.input<typeof ShadowReport> => ({
  version: version.version,
  since: formatInstant(since),
  both: comparison.both,
  onlyShadow: comparison.onlyShadow,
  onlyActive: comparison.onlyActive,
  sample: {
    onlyShadow: [...comparison.sample.onlyShadow],
    onlyActive: [...comparison.sample.onlyActive],
  },
  ...pageBody(decisions, ({ id, subjectId, decidedAt, metAt }) => ({
    decisionId: id,
    subjectId,
    decidedAt: formatInstant(decidedAt),
    metAt: formatInstant(metAt),
  })),
})

const showHealth = ({ days, organisation, versions }: FoundHealth): z.input<typeof RuleHealthReport> => ({
  days,
  organisation: { ...organisation, latency: showLatency(organisation.latency) },
  items: versions.map(showVersionHealth),
})

const showVersionHealth = ({ rule, version, seen, counts, latency, deadSince, backfill }: VersionHealth) => {
  const { latency: _, lastMatchAt, lastAwardAt, ...numbers } = counts
  return {
    ruleId: rule.id,
    name: rule.name,
    versionId: version.id,
    version: version.version,
    state: version.state as 'active' | 'paused' | 'shadow',
    seen,
    ...numbers,
    latency: showLatency(latency),
    lastMatchAt: timeOrNull(lastMatchAt),
    lastAwardAt: timeOrNull(lastAwardAt),
    alarm: deadSince === undefined ? null : ('dead' as const),
    deadSince: timeOrNull(deadSince),
    backfillJobId: backfill?.id ?? null,
  }
}

const showLatency = ({ p50, p95 }: Latency) => ({ p50: p50 ?? null, p95: p95 ?? null })
