import type { LearningEvent } from '#engine/events/learning-event.ts'
import type { CompiledLeaf, CompiledRule } from '#engine/rules/compile/compiled-rule.ts'
import type { RuleSet } from '#engine/rules/compile/rule-set.ts'
import type { LeftOut } from '#engine/rules/evaluate/recipients.ts'
import { onlyFailure } from '#engine/rules/explain/near-miss.ts'
import type { EventId, OrganisationId, RuleId, RuleVersionId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import { countLatency, noLatencies } from '#engine/shared/latency.ts'
import type { ClaimedEvent, Decision } from '#services/ports/evaluation-store.ts'
import type { EventHealthDelta, HealthStore, RuleHealthDelta } from '#services/ports/health-store.ts'

type Changing<T> = { -readonly [K in keyof T]: T[K] }
type RuleTally = Changing<Omit<RuleHealthDelta, 'latency'>> & { readonly latency: number[] }
type EventTally = Changing<Omit<EventHealthDelta, 'latency'>> & { readonly latency: number[] }

type LeftOutOf = ReadonlyMap<EventId, readonly LeftOut[]>

/** What one pass learns about the health of rules: added up in memory, written once, at the end of its transaction. */
export interface HealthTally {
  /** Events that were evaluated, and by `at` decided on; and what of those whom they name was left out, by event. */
  seen(ruleSet: RuleSet, events: readonly ClaimedEvent[], at: Instant, leftOut: LeftOutOf): void
  decided(organisationId: OrganisationId, decisions: readonly Decision[], at: Instant): void
  /** An event that could not be evaluated. Which rules it would have met is told where that can be found out. */
  failed(organisationId: OrganisationId, ruleSet: RuleSet, event: LearningEvent): void
  readonly counts: () => Parameters<HealthStore['add']>[2]
}

export function createHealthTally(): HealthTally {
  const rules = new Map<RuleVersionId, RuleTally>()
  const events = new Map<OrganisationId, EventTally>()

  const ofRule = (
    organisationId: OrganisationId,
    ruleId: RuleId,
    ruleVersionId: RuleVersionId,
  ): RuleTally => {
    const known = rules.get(ruleVersionId)
    if (known !== undefined) return known
    const made = { ...NOTHING, organisationId, ruleId, ruleVersionId, latency: noLatencies() }
    rules.set(ruleVersionId, made)
    return made
  }
  const ofEvents = (organisationId: OrganisationId): EventTally => {
    const known = events.get(organisationId)
    if (known !== undefined) return known
    const made = { organisationId, seen: 0, errors: 0, latency: noLatencies() }
    events.set(organisationId, made)
    return made
  }

  return {
    seen(ruleSet, claimed, at, leftOut) {
      for (const { organisationId, receivedAt, event } of claimed) {
        const tally = ofEvents(organisationId)
        tally.seen++
        countLatency(tally.latency, at - receivedAt)
        const { matched, missed } = meetingRules(ruleSet, event)
        for (const { rule } of matched) {
          const met = ofRule(organisationId, rule.ruleId, rule.ruleVersionId)
          met.matched++
          met.lastMatchAt = at
          countLatency(met.latency, at - receivedAt)
          for (const { path, count } of leftOut.get(event.id) ?? [])
            if (path === rule.document.recipient) met.leftOut += count
        }
        for (const { rule } of missed) ofRule(organisationId, rule.ruleId, rule.ruleVersionId).nearMisses++
      }
    },
    decided(organisationId, decisions, at) {
      for (const { ruleId, ruleVersionId, outcome } of decisions) {
        const tally = ofRule(organisationId, ruleId, ruleVersionId)
        tally[COUNTED_AS[outcome]]++
        if (outcome === 'award') tally.lastAwardAt = at
      }
    },
    failed(organisationId, ruleSet, event) {
      ofEvents(organisationId).errors++
      try {
        const { matched } = meetingRules(ruleSet, event)
        for (const { rule } of matched) ofRule(organisationId, rule.ruleId, rule.ruleVersionId).errors++
      } catch {
        // It is the rules that fail on it: then the organisation's own count is all that can be said.
      }
    },
    counts: () => ({ rules: [...rules.values()], events: [...events.values()] }),
  }
}

/**
 * Which rules an event meets, and which it misses by one condition of a leaf: looked for among the leaves that the
 * tree offers, so the cost follows what the event may match, not the number of rules.
 */
function meetingRules(
  ruleSet: RuleSet,
  event: LearningEvent,
): { readonly matched: ReadonlySet<CompiledRule>; readonly missed: ReadonlySet<CompiledRule> } {
  const met: CompiledLeaf[] = []
  const candidates: CompiledLeaf[] = []
  ruleSet.tree.match(event, met)
  ruleSet.tree.candidates(event, candidates)
  const matched = new Set<CompiledRule>()
  const missed = new Set<CompiledRule>()
  const rulesOf = (leaf: CompiledLeaf) => ruleSet.byLeaf.get(leaf.hash) ?? []
  for (const leaf of met) for (const rule of rulesOf(leaf)) matched.add(rule)
  for (const leaf of candidates)
    if (onlyFailure(leaf, event) !== undefined) for (const rule of rulesOf(leaf)) missed.add(rule)
  for (const rule of matched) missed.delete(rule)
  return { matched, missed }
}

const NOTHING = {
  matched: 0,
  nearMisses: 0,
  awarded: 0,
  needsReview: 0,
  blocked: 0,
  retracted: 0,
  wouldAward: 0,
  errors: 0,
  leftOut: 0,
}

const COUNTED_AS = {
  award: 'awarded',
  needs_review: 'needsReview',
  blocked: 'blocked',
  retracted: 'retracted',
  would_award: 'wouldAward',
} as const
