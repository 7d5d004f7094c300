import * as z from 'zod'
import { downloadHeaders } from '#api/http/file-headers.ts'
import { pageBody, pageRequest } from '#api/http/pagination.ts'
import { defineRoute, type Route } from '#api/http/route.ts'
import {
  AchievementName,
  Decision,
  DecisionQuery,
  OwnProgress,
  Progress,
  Subject,
  SubjectQuery,
} from '#api/schemas/awards.ts'
import { Id, listOf, OrganisationQuery, PageQuery, pageOf } from '#api/schemas/common.ts'
import { JsonDocument } from '#api/schemas/credentials.ts'
import { DecisionReceipt } from '#api/schemas/decision-receipts.ts'
import { ReceivedEvent } from '#api/schemas/events.ts'
import type { AnchoredText } from '#engine/decisions/decision-receipt.ts'
import { shownTrace } from '#engine/decisions/shown-trace.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { OccasionPart } from '#engine/rules/explain/occasion-progress.ts'
import { periodInWords } from '#engine/rules/explain/period-words.ts'
import type { Trace } from '#engine/rules/explain/trace.ts'
import { toHex } from '#engine/shared/bytes.ts'
import type { DecisionId, RuleId, SubjectId } from '#engine/shared/ids.ts'
import { formatInstant } from '#engine/shared/instant.ts'
import { organisationFor } from '#services/access/authorise.ts'
import type { ExplainedDecision } from '#services/decisions/explain-decisions.ts'
import type { Words } from '#services/decisions/explained-words.ts'
import type { RuleProgress, SubjectProgress } from '#services/decisions/subject-progress.ts'
import type { ReceivedEvent as StoredReceivedEvent } from '#services/ports/event-store.ts'
import type { RouteNeeds } from './route-needs.ts'
import { given, timeOrNull } from './shown.ts'

const tags = ['decisions']

export const decisionRoutes = ({ decisions, decisionReceipts, events }: RouteNeeds): readonly Route[] => [
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
    path: '/v1/decisions/{id}/document',
    operationId: 'getDecisionDocument',
    tags,
    summary: 'The bytes that are digested of a decision',
    description: [
      'Canonical JSON (RFC 8785), `waarmerk-decision/1`: what was decided, by which rule version, on which events.',
      'For the person whom it is about, and for whoever may read in the organisation.',
    ].join(' '),
    access: 'authenticated',
    request: { params: z.strictObject({ id: Id }), query: OrganisationQuery },
    responses: { 200: { bytes: ['application/json'], holds: JsonDocument } },
    problems: [errors.notFound],
    handler: async ({ principal, query, params }) => ({
      status: 200,
      bytes: await decisionReceipts.document(principal, query.organisation, params.id as DecisionId),
      mediaType: 'application/json',
    }),
  }),
  defineRoute({
    method: 'get',
    path: '/v1/decisions/{id}/receipt',
    operationId: 'getDecisionReceipt',
    tags,
    summary: 'What `waarmerk replay` needs to check a decision, but for the events',
    description:
      'The decision, the rule version that made it, and the receipts of both. It holds salts: give it to nobody else.',
    access: 'authenticated',
    request: { params: z.strictObject({ id: Id }), query: OrganisationQuery },
    responses: { 200: DecisionReceipt },
    problems: [errors.notFound, errors.receiptNotReady, errors.decisionNotAnchored],
    handler: async ({ principal, query, params }) => {
      const { format, issuer, decision, rule } = await decisionReceipts.receipt(
        principal,
        query.organisation,
        params.id as DecisionId,
      )
      const show = ({ document, receipt }: AnchoredText) => ({ document, receipt: { ...receipt } })
      return {
        status: 200,
        body: { format, issuer, decision: show(decision), rule: show(rule) },
        headers: downloadHeaders(`decision-${params.id}.json`),
      }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/subjects/{id}/events',
    operationId: 'listSubjectEvents',
    tags,
    summary: 'The history of a person as it was received: what a replay reads',
    description: [
      'Newest first; events that take others back are among them, quarantined ones are not.',
      'An event of somebody else that names the person by the path of a rule is theirs, too: `recipients` says how.',
      '`waarmerk replay --events FILE` reads the pages as they come.',
    ].join(' '),
    access: { right: 'read' },
    request: { params: z.strictObject({ id: Id }), query: PageQuery },
    responses: { 200: pageOf(ReceivedEvent) },
    problems: [errors.notFound],
    handler: async ({ principal, query, params }) => {
      const organisationId = organisationFor(principal, query.organisation)
      const page = await events.history(principal, organisationId, params.id as SubjectId, pageRequest(query))
      return { status: 200, body: pageBody(page, showReceived) }
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
    path: '/v1/subjects/{id}/progress/{achievement}',
    operationId: 'getProgress',
    tags,
    summary: 'How far somebody is with an achievement, and what is missing',
    description: [
      'By the rules that are in force now; a paused rule and a shadow say nothing. Computed on request, never stored.',
      'Of each rule the occasion that matters now: its one award or the renewal, the current period (and an earlier one',
      'that is still to be decided), each context, the way to the next award.',
    ].join(' '),
    access: { right: 'read' },
    request: {
      params: z.strictObject({ id: Id, achievement: AchievementName }),
      query: OrganisationQuery,
    },
    responses: { 200: Progress },
    problems: [errors.notFound],
    handler: async ({ principal, query, params }) => {
      const found = await decisions.progress(
        principal,
        organisationFor(principal, query.organisation),
        params.id as SubjectId,
        params.achievement,
      )
      return { status: 200, body: { ...showProgress(found), events: showMentions(found.events) } }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/me/progress/{achievement}',
    operationId: 'getOwnProgress',
    tags,
    summary: 'How far the caller is with an achievement, and what is missing',
    description:
      'With each organisation that knows the caller (a badge of it was claimed) and has an achievement of that id or slug.',
    access: 'session',
    request: { params: z.strictObject({ achievement: AchievementName }) },
    responses: { 200: listOf(OwnProgress) },
    problems: [errors.notFound],
    handler: async ({ principal, params }) => {
      const all = await decisions.own(principal.accountId, params.achievement)
      return { status: 200, body: { items: all.map(showProgress) } }
    },
  }),
]

const showProgress = ({ subjectId, achievementId, held, rules }: SubjectProgress) => ({
  subjectId,
  achievementId,
  held,
  rules: rules.map(showRule),
})

const showRule = ({
  ruleId,
  name,
  occasion,
  award,
  zone,
  words,
}: RuleProgress): z.input<typeof Progress>['rules'][number] => ({
  ruleId,
  name,
  occurrence: occasion.occurrence === '' ? null : occasion.occurrence,
  part: showPart(occasion.part),
  state: occasion.state,
  decided: occasion.decided
    ? { outcome: occasion.decided.outcome, metAt: timeOrNull(occasion.decided.metAt) }
    : null,
  award: award
    ? {
        id: award.id,
        state: award.state,
        awardedAt: formatInstant(award.awardedAt),
        endedAt: timeOrNull(award.endedAt),
      }
    : null,
  closes: occasion.closes ? { at: formatInstant(occasion.closes.at), by: occasion.closes.by } : null,
  limit: occasion.limit ? { reason: occasion.limit.reason, until: timeOrNull(occasion.limit.until) } : null,
  zone,
  ...explained(occasion.trace, words),
})

function showPart(part: OccasionPart): z.input<typeof Progress>['rules'][number]['part'] {
  switch (part.kind) {
    case 'renewal': {
      const { kind, since, until, from } = part
      return { kind, since: formatInstant(since), until: formatInstant(until), from: formatInstant(from) }
    }
    case 'period': {
      const { kind, unit, zone, name, start, end } = part
      const title = { en: periodInWords(part, 'en'), nl: periodInWords(part, 'nl') }
      return { kind, unit, zone, name, title, from: formatInstant(start), until: formatInstant(end) }
    }
    case 'context':
      return { kind: part.kind, value: part.value === undefined ? null : JSON.parse(part.value) }
    default:
      return { ...part }
  }
}

const showMentions = (mentions: SubjectProgress['events']) =>
  Object.fromEntries(
    [...mentions].map(([id, { type, time, activity, source }]) => [
      id,
      { type, time: formatInstant(time), activity: activity ?? null, source },
    ]),
  )

const showReceived = (row: StoredReceivedEvent): z.input<typeof ReceivedEvent> => ({
  id: row.id,
  subjectId: row.subjectId,
  recipients: [...row.recipients],
  receivedAt: formatInstant(row.receivedAt),
  evaluatedAt: timeOrNull(row.evaluatedAt),
  source: row.event.source,
  sourceId: row.event.sourceId,
  time: formatInstant(row.event.time),
  mediaType: row.mediaType,
  digest: toHex(row.digest),
  document: new TextDecoder().decode(row.raw),
})

const explained = (trace: Trace, words: Words) => ({
  trace: { ...shownTrace(trace) },
  words: { en: [...words.en], nl: [...words.nl] },
})

const showDecision = ({
  decision,
  words,
  events,
  blockedUntil,
}: ExplainedDecision): z.input<typeof Decision> => ({
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
  reason: decision.reason ?? null,
  blockedUntil: timeOrNull(blockedUntil),
  results: (decision.results ?? []).map((result) => ({ ...result })),
  evidence: [...(decision.evidence ?? [])],
  ...explained(decision.trace, words),
  events: showMentions(events),
})
