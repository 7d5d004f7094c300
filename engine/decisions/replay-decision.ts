import type { GivenEvent } from '#engine/events/given-events.ts'
import { identifierText } from '#engine/events/identifier.ts'
import type { LearningEvent, StoredEvent } from '#engine/events/learning-event.ts'
import { ACTOR } from '#engine/rules/compile/event-actor.ts'
import { compileRules } from '#engine/rules/compile/rule-set.ts'
import type { ResolvedRule } from '#engine/rules/document/rule-document.ts'
import type { NewDecision } from '#engine/rules/evaluate/evaluation.ts'
import { namedBy } from '#engine/rules/evaluate/recipients.ts'
import { simulate } from '#engine/rules/evaluate/simulate.ts'
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
export type ReplayGap =
  /** An event that the decision rests on was not given; or one of that source and id was, with other content. */
  | { readonly code: 'event-missing' | 'event-altered'; readonly event: EvidenceEvent }
  /** The events name several people together, and it depends on which of them the decision is about. */
  | { readonly code: 'person-unclear'; readonly people: number }

export interface ReplayInput {
  readonly decision: ReadDecision
  readonly rule: ResolvedRule
  readonly events: readonly GivenEvent[]
}

/**
 * Judges the events by the rule version of a decision, as of the moment of that decision, and compares. Pure.
 * Which of the events are the person's, and by which path, an export says itself; of others those count whose person is
 * named as in the events that the decision rests on.
 */
export function replayDecision({ decision, rule, events }: ReplayInput, sha256: Hash): ReplayResult {
  const gaps = missingEvidence(decision, events)
  if (gaps.length > 0) return { kind: 'unknown', reasons: gaps }
  const people = possiblePeople(decision, events, rule.recipient)
  const results = new Map<string, ReplayResult>()
  for (const person of people) {
    const result = replayFor(person, { decision, rule, events }, sha256)
    results.set(JSON.stringify({ ...result, events: 0 }), result)
  }
  const [only, other] = results.values()
  if (only !== undefined && other === undefined) return only
  return { kind: 'unknown', reasons: [{ code: 'person-unclear', people: people.length }] }
}

function replayFor(person: Person, { decision, rule, events }: ReplayInput, sha256: Hash): ReplayResult {
  const tries = VIEWS.map((isKnown) => {
    const history = historyOf(decision, events, { person, path: rule.recipient, isKnown })
    return { history, differences: compare(decision, judgeAgain(decision, rule, history, sha256)) }
  })
  const countOf = (history: readonly StoredEvent[]) => new Set(history.map(({ id }) => id)).size
  const same = tries.find(({ differences }) => differences.length === 0)
  if (same !== undefined) return { kind: 'same', events: countOf(same.history) }
  const [{ history, differences } = { history: [], differences: [] }] = tries
  return { kind: 'different', events: countOf(history), differences }
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

/** By which texts events that come from elsewhere may name the person of the decision. */
type Person = ReadonlySet<string>

/**
 * Who a decision may be about, where events do not say it. Of whom a rule judges by what they do, it is whoever did what
 * the decision rests on. Of those whom events name, it is one of whom all of these events name; where nobody is named by
 * all of them, they go by several names, and it may be none of the others or each.
 */
function possiblePeople(
  decision: ReadDecision,
  events: readonly GivenEvent[],
  path: string,
): readonly Person[] {
  if (events.every(({ exported }) => exported !== undefined)) return [new Set()]
  const digests = new Set<string>(decision.events.map(({ digest }) => digest))
  const evidence = events.filter(
    ({ digest, exported }) =>
      digests.has(digest) && (exported === undefined || exported.subjectId === decision.subject),
  )
  const naming = evidence.map(({ event }) => textsNamedBy(event, path)).filter(({ size }) => size > 0)
  const actors = evidence
    .filter(({ event }) => textsNamedBy(event, path).size === 0)
    .map(({ event }) => identifierText(event.actor))
  const [first, ...others] = naming
  if (first === undefined) return [new Set(actors)]
  const inAll = [...first].filter((text) => others.every((texts) => texts.has(text)))
  if (inAll.length > 0) return inAll.map((text) => new Set([text, ...actors]))
  return [new Set(actors), new Set([...naming.flatMap((texts) => [...texts]), ...actors])]
}

const textsNamedBy = (event: LearningEvent, path: string): ReadonlySet<string> =>
  new Set(path === ACTOR ? [] : namedBy(event, path).identifiers.map(identifierText))

interface View {
  readonly person: Person
  readonly path: string
  readonly isKnown: (exported: Exported, decidedAt: Instant) => boolean
}

/** The person's events as far as they were known, under the ids that the decision has for them; each once a path. */
function historyOf(
  decision: ReadDecision,
  events: readonly GivenEvent[],
  { person, path, isKnown }: View,
): readonly StoredEvent[] {
  const subjectId = decision.subject as SubjectId
  const idOf = new Map(decision.events.map(({ digest, id }) => [digest as string, id]))
  const isOwnExport = ({ exported }: GivenEvent) => exported?.subjectId === subjectId
  // What several files hold is taken from that which is about the person.
  const inOrder = [...events.filter((each) => !isOwnExport(each)), ...events.filter(isOwnExport)]
  const unique = [...new Map(inOrder.map((each) => [each.digest as string, each])).values()]
  const known = unique.filter(
    ({ exported, digest }) =>
      exported === undefined || idOf.has(digest) || isKnown(exported, decision.decidedAt),
  )
  const keyOf = (source: string, sourceId: string) => JSON.stringify([source, sourceId])
  const byKey = new Map(known.map((each) => [keyOf(each.event.source, each.event.sourceId), each]))
  const waysOf = ({ event, exported, digest }: GivenEvent): readonly string[] => {
    if (exported !== undefined)
      return exported.subjectId === subjectId ? (exported.recipients ?? [ACTOR]) : []
    const named = textsNamedBy(event, path)
    const isNamed = [...named].some((text) => person.has(text)) || (named.size > 0 && idOf.has(digest))
    const isActor = person.has(identifierText(event.actor)) || (named.size === 0 && idOf.has(digest))
    return [...(isActor ? [ACTOR] : []), ...(isNamed ? [path] : [])]
  }
  return known.flatMap((given) => {
    const { event, digest, exported } = given
    const voided = event.voids === undefined ? undefined : byKey.get(keyOf(event.source, event.voids))
    // Whoever takes an event back, it is the histories of that event's people that change.
    const ways = exported === undefined && voided !== undefined ? waysOf(voided) : waysOf(given)
    const id = idOf.get(digest) ?? exported?.id ?? (digest as string as EventId)
    return ways.map(
      (way): StoredEvent => ({ ...event, id, subjectId, ...(way === ACTOR ? {} : { recipient: way }) }),
    )
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
