import * as z from 'zod'
import { pageBody, pageRequest } from '#api/http/pagination.ts'
import { defineRoute, type Route } from '#api/http/route.ts'
import { Decision, DecisionQuery, Progress, Subject, SubjectQuery } from '#api/schemas/awards.ts'
import { Id, OrganisationQuery, pageOf } from '#api/schemas/common.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { Trace } from '#engine/rules/trace.ts'
import type { AchievementId, DecisionId, RuleId, SubjectId } from '#engine/shared/ids.ts'
import { formatInstant } from '#engine/shared/instant.ts'
import { organisationFor } from '#services/access/authorise.ts'
import type { ExplainedDecision, Words } from '#services/decisions/explain-decisions.ts'
import type { RouteNeeds } from './route-needs.ts'
import { given } from './shown.ts'

const tags = ['decisions']

export const decisionRoutes = ({ decisions }: RouteNeeds): readonly Route[] => [
  defineRoute({
    method: 'get',
    path: '/v1/decisions',
    operationId: 'listDecisions',
    tags,
    summary: 'What the rules decided, newest first',
    description: 'A decision is written when an outcome changes. "Not yet" is no decision: ask for progress.',
    access: { right: 'read' },
    request: { query: DecisionQuery },
    responses: { 200: pageOf(Decision) },
    handler: async ({ principal, query }) => {
      const page = await decisions.list(
        principal,
        organisationFor(principal, query.organisation),
        pageRequest(query),
        given({
          ruleId: query.ruleId as RuleId | undefined,
          subjectId: query.subjectId as SubjectId | undefined,
          outcome: query.outcome,
        }),
      )
      return { status: 200, body: pageBody(page, showDecision) }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/decisions/{id}',
    operationId: 'getDecision',
    tags,
    summary: 'A decision and why',
    access: { right: 'read' },
    request: { params: z.strictObject({ id: Id }), query: OrganisationQuery },
    responses: { 200: Decision },
    problems: [errors.notFound],
    handler: async ({ principal, query, params }) => {
      const organisationId = organisationFor(principal, query.organisation)
      return {
        status: 200,
        body: showDecision(await decisions.find(principal, organisationId, params.id as DecisionId)),
      }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/subjects',
    operationId: 'findSubject',
    tags,
    summary: 'The person that an identifier names',
    access: { right: 'read' },
    request: { query: SubjectQuery },
    responses: { 200: Subject },
    problems: [errors.notFound],
    handler: async ({ principal, query }) => {
      const subject = await decisions.subject(
        principal,
        organisationFor(principal, query.organisation),
        query.identifier,
      )
      return {
        status: 200,
        body: { id: subject.canonicalId, identifiers: subject.identifiers.map((each) => ({ ...each })) },
      }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/subjects/{id}/progress/{achievementId}',
    operationId: 'getProgress',
    tags,
    summary: 'How far somebody is with an achievement, and what is missing',
    access: { right: 'read' },
    request: { params: z.strictObject({ id: Id, achievementId: Id }), query: OrganisationQuery },
    responses: { 200: Progress },
    problems: [errors.notFound],
    handler: async ({ principal, query, params }) => {
      const found = await decisions.progress(
        principal,
        organisationFor(principal, query.organisation),
        params.id as SubjectId,
        params.achievementId as AchievementId,
      )
      return {
        status: 200,
        body: {
          ...found,
          rules: found.rules.map((rule) => ({ ...rule, ...explained(rule.trace, rule.words) })),
        },
      }
    },
  }),
]

const explained = (trace: Trace, words: Words) => ({
  trace: trace as unknown as Record<string, unknown>,
  words: { en: [...words.en], nl: [...words.nl] },
})

const showDecision = ({ decision, words }: ExplainedDecision): z.input<typeof Decision> => ({
  id: decision.id,
  decidedAt: formatInstant(decision.decidedAt),
  ruleId: decision.ruleId,
  ruleVersionId: decision.ruleVersionId,
  achievementId: decision.achievementId,
  subjectId: decision.subjectId,
  occurrence: decision.occurrence,
  outcome: decision.outcome,
  metAt: formatInstant(decision.metAt),
  awardId: decision.awardId ?? null,
  ...explained(decision.trace, words),
})
