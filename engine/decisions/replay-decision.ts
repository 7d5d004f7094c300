import { assignSubjects, type GivenEvent } from '#engine/events/given-events.ts'
import { identifierText } from '#engine/events/identifier.ts'
import type { StoredEvent } from '#engine/events/learning-event.ts'
import type { NewDecision } from '#engine/rules/evaluation.ts'
import type { ResolvedRule } from '#engine/rules/rule-document.ts'
import { compileRules } from '#engine/rules/rule-set.ts'
import { simulate } from '#engine/rules/simulate.ts'
import type { Hash } from '#engine/shared/hash.ts'
import type { AchievementId, EventId, RuleId, RuleVersionId, SubjectId } from '#engine/shared/ids.ts'
import { formatInstant, type Instant } from '#engine/shared/instant.ts'
import type { EvidenceEvent, ReadDecision } from './decision-document.ts'
import { evidenceOf } from './shown-trace.ts'

/** What came out of a replay. Never that a decision was right: events can be false, or withheld. */
export type ReplayResult =
  | { readonly kind: 'same'; readonly events: number }
  | { readonly kind: 'different'; readonly events: number; readonly differences: readonly ReplayDifference[] }
  | { readonly kind: 'unknown'; readonly reasons: readonly ReplayGap[] }

export interface ReplayDifference {
  readonly part: 'outcome' | 'occurrence' | 'metAt' | 'evidence'
  readonly decided: string
  readonly replayed: string
}

/** Why it could not be told. */
export interface ReplayGap {
  /** An event that the decision rests on was not given; or one of that source and id was, with other content. */
  readonly code: 'event-missing' | 'event-altered'
  readonly event: EvidenceEvent
}

export interface ReplayInput {
  readonly decision: ReadDecision
  readonly rule: ResolvedRule
  readonly events: readonly GivenEvent[]
}

/**
 * Judges the events by the rule version of a decision, as of the moment of that decision, and compares. Pure.
 * Which of the events are the person's, an export says itself; of others those count whose person is named as in the
 * events that the decision rests on.
 */
export function replayDecision({ decision, rule, events }: ReplayInput, sha256: Hash): ReplayResult {
  const gaps = missingEvidence(decision, events)
  if (gaps.length > 0) return { kind: 'unknown', reasons: gaps }
  const tries = VIEWS.map((isKnown) => {
    const history = historyOf(decision, events, isKnown)
    return { history, differences: compare(decision, judgeAgain(decision, rule, history, sha256)) }
  })
  const same = tries.find(({ differences }) => differences.length === 0)
  if (same !== undefined) return { kind: 'same', events: same.history.length }
  const [{ history, differences } = { history: [], differences: [] }] = tries
  return { kind: 'different', events: history.length, differences }
}

function missingEvidence(decision: ReadDecision, events: readonly GivenEvent[]): readonly ReplayGap[] {
  const given = new Set(events.map(({ digest }) => digest))
  const keyOf = (event: { source: string; sourceId: string }) =>
    JSON.stringify([event.source, event.sourceId])
  const keys = new Set(events.map(({ event }) => keyOf(event)))
  return decision.events
    .filter(({ digest }) => !given.has(digest))
    .map((event) => ({ code: keys.has(keyOf(event)) ? 'event-altered' : 'event-missing', event }) as const)
}

type Exported = NonNullable<GivenEvent['exported']>

/**
 * What was known to a decision, by an export: the events that rules had looked at by then; or, where all was folded anew
 * (a rule came into force, an event was taken back), all that were received by then.
 */
const VIEWS: readonly ((exported: Exported, decidedAt: Instant) => boolean)[] = [
  ({ evaluatedAt }, decidedAt) => evaluatedAt !== undefined && evaluatedAt <= decidedAt,
  ({ receivedAt }, decidedAt) => receivedAt <= decidedAt,
]

/** The person's events as far as they were known, under the ids that the decision has for them; each once. */
function historyOf(
  decision: ReadDecision,
  events: readonly GivenEvent[],
  isKnown: (exported: Exported, decidedAt: Instant) => boolean,
): readonly StoredEvent[] {
  const subjectId = decision.subject as SubjectId
  const idOf = new Map(decision.events.map(({ digest, id }) => [digest as string, id]))
  const unique = [...new Map(events.map((each) => [each.digest as string, each])).values()]
  const known = unique.filter(
    ({ exported, digest }) =>
      exported === undefined || idOf.has(digest) || isKnown(exported, decision.decidedAt),
  )
  const people = new Set(
    known.filter(({ digest }) => idOf.has(digest)).map(({ event }) => identifierText(event.actor)),
  )
  const assigned = assignSubjects(
    known.map(({ event, digest, exported }) => ({
      event,
      id: idOf.get(digest) ?? exported?.id ?? (digest as string as EventId),
    })),
  )
  return assigned.flatMap((event, at) => {
    const { exported, digest } = known[at] ?? {}
    const isOwn =
      exported === undefined
        ? people.has(event.subjectId) || idOf.has(digest ?? '')
        : exported.subjectId === subjectId
    return isOwn ? [{ ...event, subjectId }] : []
  })
}

function judgeAgain(
  decision: ReadDecision,
  document: ResolvedRule,
  history: readonly StoredEvent[],
  sha256: Hash,
): readonly NewDecision[] {
  const subjectId = decision.subject as SubjectId
  const rule = {
    ruleId: decision.rule as RuleId,
    ruleVersionId: decision.ruleVersion as RuleVersionId,
    achievementId: decision.achievement as AchievementId,
    status: 'active' as const,
    document: withoutLimits(document),
  }
  const holdings = decision.holdings.map(({ achievement, since, until }) => ({
    achievementId: achievement,
    since,
    ...(until === undefined ? {} : { until }),
    // An own earlier award is what a renewal renews.
    ...(achievement === decision.achievement ? { by: rule.ruleId } : {}),
  }))
  const setting = { until: decision.decidedAt, holdings: new Map([[subjectId, holdings]]) }
  return simulate(compileRules([rule], sha256), history, setting).decisions
}

/** Limits depend on what was decided about others and before: an award was within them, or it was none. */
function withoutLimits({ limits: _, onePerPerson: __, ...document }: ResolvedRule): ResolvedRule {
  return document
}

function compare(decision: ReadDecision, made: readonly NewDecision[]): readonly ReplayDifference[] {
  const found = made.find(({ occurrence }) => occurrence === decision.occurrence) ?? made[0]
  if (found === undefined) return [{ part: 'outcome', decided: decision.outcome, replayed: 'not met' }]
  const evidence = (ids: readonly string[]) => [...ids].sort().join(' ')
  const parts: readonly ReplayDifference[] = [
    { part: 'outcome', decided: decision.outcome, replayed: found.outcome },
    { part: 'occurrence', decided: decision.occurrence, replayed: found.occurrence },
    { part: 'metAt', decided: formatInstant(decision.metAt), replayed: formatInstant(found.metAt) },
    {
      part: 'evidence',
      decided: evidence(evidenceOf(decision.trace)),
      replayed: evidence(evidenceOf(found.trace)),
    },
  ]
  return parts.filter(({ decided, replayed }) => decided !== replayed)
}
