import type { Holding, NewDecision } from '#engine/rules/evaluate/evaluation.ts'
import { type Hex, utf8 } from '#engine/shared/bytes.ts'
import { canonicalJson } from '#engine/shared/canonical-json.ts'
import type { AchievementId, DecisionId, EventId } from '#engine/shared/ids.ts'
import { formatInstant, type Instant, parseInstant } from '#engine/shared/instant.ts'
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '#engine/shared/json.ts'
import { parseStrictJson } from '#engine/shared/strict-json.ts'
import { shownTrace } from './shown-trace.ts'

export const DECISION_SCHEMA = 'waarmerk-decision/1'

/** An event that a decision rests on, as whoever holds the event finds it again: its own document says the rest. */
export interface EvidenceEvent {
  readonly id: EventId
  readonly source: string
  readonly sourceId: string
  /** SHA-256 of the JCS of the event's document. */
  readonly digest: Hex
}

/** A badge that a decision took to be held, and since when in event time. */
export interface UsedHolding {
  readonly achievement: AchievementId
  readonly since: Instant
  readonly until?: Instant
}

/** What a replay needs beside the decision itself, so that it needs no database of ours. */
export interface DecisionGrounds {
  readonly id: DecisionId
  /** The clock of the decision: what was not known then does not count. */
  readonly decidedAt: Instant
  /** SHA-256 of the resolved rule version. */
  readonly ruleDigest: Hex
  readonly events: readonly EvidenceEvent[]
  readonly holdings: readonly UsedHolding[]
}

/**
 * The document of a decision: its JCS is stored, and the SHA-256 of that anchored (docs/replay.md). Members of a
 * decision that this file does not know are taken over as they are. It names people and events by id only: nothing that
 * a person is called or did stands in it but what the rule itself lists.
 */
export function decisionDocument(decision: NewDecision, grounds: DecisionGrounds): string {
  const { ruleId, ruleVersionId, achievementId, subjectId, occurrence, outcome, metAt, trace, ...more } =
    decision
  return canonicalJson({
    ...(more as unknown as JsonObject),
    schema: DECISION_SCHEMA,
    id: grounds.id,
    rule: ruleId,
    ruleVersion: ruleVersionId,
    ruleDigest: grounds.ruleDigest,
    achievement: achievementId,
    subject: subjectId,
    occurrence,
    outcome,
    metAt: formatInstant(metAt),
    decidedAt: formatInstant(grounds.decidedAt),
    trace: shownTrace(trace),
    events: [...grounds.events]
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .map(({ id, source, sourceId, digest }) => ({ id, source, sourceId, digest })),
    holdings: grounds.holdings.map(({ achievement, since, until }) => ({
      achievement,
      since: formatInstant(since),
      ...(until === undefined ? {} : { until: formatInstant(until) }),
    })),
  })
}

export const usedHolding = (
  { achievementId, until }: Pick<Holding, 'achievementId' | 'until'>,
  since: Instant,
): UsedHolding => ({ achievement: achievementId, since, ...(until === undefined ? {} : { until }) })

/** A decision document as a replay reads it. `document` is all of it, with members that are not known here. */
export interface ReadDecision {
  readonly document: JsonObject
  readonly rule: string
  readonly ruleVersion: string
  readonly ruleDigest: string
  readonly achievement: string
  readonly subject: string
  readonly occurrence: string
  readonly outcome: string
  readonly metAt: Instant
  readonly decidedAt: Instant
  readonly trace: JsonObject
  readonly events: readonly EvidenceEvent[]
  readonly holdings: readonly UsedHolding[]
}

export type DecisionReading =
  | { readonly ok: true; readonly decision: ReadDecision }
  /** `member` is the one at fault; empty where the whole is no such document. */
  | { readonly ok: false; readonly member: string }

const LIMITS = { maxBytes: 10_000_000, maxDepth: 64, maxNodes: 1_000_000, maxKeys: 500_000 }

/** Reads the text of a decision document. Every member that a replay rests on must be there, in its one form. */
export function parseDecisionDocument(text: string): DecisionReading {
  const parsed = parseStrictJson(utf8(text), LIMITS)
  if (!parsed.ok || !isJsonObject(parsed.value)) return { ok: false, member: '' }
  const document = parsed.value
  if (document['schema'] !== DECISION_SCHEMA) return { ok: false, member: 'schema' }
  const missing = TEXTS.find((name) => typeof document[name] !== 'string')
  if (missing !== undefined) return { ok: false, member: missing }
  const { metAt, decidedAt } = {
    metAt: momentOf(document['metAt']),
    decidedAt: momentOf(document['decidedAt']),
  }
  if (metAt === undefined) return { ok: false, member: 'metAt' }
  if (decidedAt === undefined) return { ok: false, member: 'decidedAt' }
  const { trace } = document
  if (!isJsonObject(trace)) return { ok: false, member: 'trace' }
  const events = listOf(document['events'], readEvidence)
  if (events === undefined) return { ok: false, member: 'events' }
  const holdings = listOf(document['holdings'], readHolding)
  if (holdings === undefined) return { ok: false, member: 'holdings' }
  const texts = document as unknown as Record<(typeof TEXTS)[number], string>
  const { rule, ruleVersion, ruleDigest, achievement, subject, occurrence, outcome } = texts
  return {
    ok: true,
    decision: {
      document,
      ...{ rule, ruleVersion, ruleDigest, achievement, subject, occurrence, outcome },
      ...{ metAt, decidedAt, trace, events, holdings },
    },
  }
}

const TEXTS = [
  'id',
  'rule',
  'ruleVersion',
  'ruleDigest',
  'achievement',
  'subject',
  'occurrence',
  'outcome',
] as const

const momentOf = (value: Json | undefined): Instant | undefined =>
  typeof value === 'string' ? parseInstant(value) : undefined

function listOf<T>(
  value: Json | undefined,
  read: (item: JsonObject) => T | undefined,
): readonly T[] | undefined {
  if (value === undefined || !isJsonArray(value)) return undefined
  const items = value.map((item) => (isJsonObject(item) ? read(item) : undefined))
  return items.some((item) => item === undefined) ? undefined : (items as readonly T[])
}

function readEvidence({ id, source, sourceId, digest }: JsonObject): EvidenceEvent | undefined {
  if (typeof id !== 'string' || typeof source !== 'string' || typeof sourceId !== 'string') return undefined
  if (typeof digest !== 'string' || !/^0x[0-9a-f]{64}$/.test(digest)) return undefined
  return { id: id as EventId, source, sourceId, digest: digest as Hex }
}

function readHolding({ achievement, since, until }: JsonObject): UsedHolding | undefined {
  const [from, to] = [momentOf(since), momentOf(until)]
  if (typeof achievement !== 'string' || from === undefined) return undefined
  if (until !== undefined && to === undefined) return undefined
  return {
    achievement: achievement as AchievementId,
    since: from,
    ...(to === undefined ? {} : { until: to }),
  }
}
