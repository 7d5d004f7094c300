import type { OrganisationId, RuleId, RuleVersionId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'

/** What is counted of a rule version; latencies by the buckets of engine/shared/latency.ts. */
export interface RuleCounts {
  readonly matched: number
  readonly nearMisses: number
  readonly awarded: number
  readonly needsReview: number
  readonly blocked: number
  readonly retracted: number
  readonly wouldAward: number
  readonly errors: number
  /** Entries of events where the rule looks for people, and that led to nobody. */
  readonly leftOut: number
  readonly latency: readonly number[]
  readonly lastMatchAt?: Instant
  readonly lastAwardAt?: Instant
}

export interface RuleHealthDelta extends RuleCounts {
  readonly organisationId: OrganisationId
  readonly ruleId: RuleId
  readonly ruleVersionId: RuleVersionId
}

export interface EventCounts {
  readonly seen: number
  readonly errors: number
  readonly latency: readonly number[]
}

export interface EventHealthDelta extends EventCounts {
  readonly organisationId: OrganisationId
}

/** A rule in force that no event has matched since `silentSince`: its activation, its resumption or its last match. */
export interface SilentRule {
  readonly organisationId: OrganisationId
  readonly ruleId: RuleId
  readonly name: string
  readonly silentSince: Instant
  readonly days: number
}

export interface HealthStore {
  /**
   * Adds to the counters of the day, in two statements at most. `slot` names the loop that counts: two loops that run
   * at the same time have different ones, so that neither waits for the other's row.
   */
  add(
    slot: number,
    at: Instant,
    counts: { readonly rules: readonly RuleHealthDelta[]; readonly events: readonly EventHealthDelta[] },
  ): Promise<void>
  /** The sums since a day (inclusive), by version; versions of which nothing was counted are missing. */
  ofRules(organisationId: OrganisationId, since: Instant): Promise<ReadonlyMap<RuleVersionId, RuleCounts>>
  /** When an event last matched, and when it last awarded, over all days. */
  lastOf(
    organisationId: OrganisationId,
  ): Promise<ReadonlyMap<RuleVersionId, Pick<RuleCounts, 'lastMatchAt' | 'lastAwardAt'>>>
  ofEvents(
    organisationId: OrganisationId,
    since: Instant,
  ): Promise<readonly (EventCounts & { readonly day: Instant })[]>
  parked(organisationId: OrganisationId): Promise<number>
  /** Active rules that are silent for longer than their organisation allows. */
  silentRules(now: Instant, organisationId?: OrganisationId): Promise<readonly SilentRule[]>
  /** True once per silence: whoever gets it tells people. */
  tellSilence(rule: SilentRule, at: Instant): Promise<boolean>
}
