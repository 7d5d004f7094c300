import type { Principal } from '#engine/access/rights.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { DAY_MS, type Duration } from '#engine/shared/duration.ts'
import type { OrganisationId, RuleId } from '#engine/shared/ids.ts'
import { asInstant, type Instant } from '#engine/shared/instant.ts'
import { latencyPercentile, noLatencies } from '#engine/shared/latency.ts'
import { requireRight } from '#services/access/authorise.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { EventCounts, RuleCounts } from '#services/ports/health-store.ts'
import type { Job } from '#services/ports/job-store.ts'
import type { Rule, RuleVersion } from '#services/ports/rule-store.ts'
import type { Stores } from '#services/ports/stores.ts'
import { ruleOf } from './manage-rules.ts'

/** From an event's receipt to the decision on it: half of the events, and 95 in 100, took this or less. */
export interface Latency {
  readonly p50?: Duration
  readonly p95?: Duration
}

/** How a version that looks at live events does: the active (or paused) one, and each in shadow. */
export interface VersionHealth {
  readonly rule: Rule
  readonly version: RuleVersion
  /** Events of the organisation since the day on which the version began, whether or not it can match them. */
  readonly seen: number
  readonly counts: RuleCounts
  readonly latency: Latency
  /** Since when no event has matched, where that is longer than the organisation allows. */
  readonly deadSince?: Instant
  readonly backfill?: Job
}

export interface OrganisationHealth {
  readonly seen: number
  readonly errors: number
  readonly parked: number
  readonly latency: Latency
}

export interface RuleHealthReport {
  readonly days: number
  readonly organisation: OrganisationHealth
  readonly versions: readonly VersionHealth[]
}

export const createRuleHealth = ({
  database,
  clock,
}: {
  readonly database: Database
  readonly clock: Clock
}) => ({
  ofAll: (principal: Principal, organisationId: OrganisationId, days: number): Promise<RuleHealthReport> =>
    database.inOrganisation(organisationId, async (stores) => {
      await requireRight(stores, principal, 'read', organisationId)
      const rules = await stores.rules.list(organisationId)
      return report(stores, organisationId, rules, { days, now: clock.now() })
    }),

  ofOne: (
    principal: Principal,
    organisationId: OrganisationId,
    id: RuleId,
    days: number,
  ): Promise<RuleHealthReport> =>
    database.inOrganisation(organisationId, async (stores) => {
      const rule = await ruleOf(stores, principal, 'read', id)
      if (rule.organisationId !== organisationId) throw errors.notFound({ what: 'rule', id })
      return report(stores, organisationId, [rule], { days, now: clock.now() })
    }),
})

async function report(
  stores: Stores,
  organisationId: OrganisationId,
  rules: readonly Rule[],
  { days, now }: { readonly days: number; readonly now: Instant },
): Promise<RuleHealthReport> {
  const since = asInstant(now - (days - 1) * DAY_MS)
  const events = await stores.health.ofEvents(organisationId, since)
  const counts = await stores.health.ofRules(organisationId, since)
  const last = await stores.health.lastOf(organisationId)
  const silent = new Map(
    (await stores.health.silentRules(now, organisationId)).map((each) => [each.ruleId, each]),
  )
  const running = await openBackfills(stores, organisationId)
  const versions = (await stores.rules.versionsOf(organisationId)).filter(({ state }) => LOOKING.has(state))

  const healthOf = (rule: Rule, version: RuleVersion): VersionHealth => {
    const own = { ...(counts.get(version.id) ?? NOTHING), ...last.get(version.id) }
    const began = version.state === 'shadow' ? version.shadowSince : version.activatedAt
    const fromDay = began === undefined ? 0 : Math.floor(began / DAY_MS) * DAY_MS
    const dead = version.state === 'active' ? silent.get(rule.id) : undefined
    const backfill = running.find(({ ruleVersionId }) => ruleVersionId === version.id)
    return {
      rule,
      version,
      seen: sum(events.filter(({ day }) => day >= fromDay)).seen,
      counts: own,
      latency: latencyOf(own.latency),
      ...(dead === undefined ? {} : { deadSince: dead.silentSince }),
      ...(backfill === undefined ? {} : { backfill }),
    }
  }
  const all = sum(events)
  return {
    days,
    organisation: {
      seen: all.seen,
      errors: all.errors,
      parked: await stores.health.parked(organisationId),
      latency: latencyOf(all.latency),
    },
    versions: rules.flatMap((rule) =>
      versions.filter(({ ruleId }) => ruleId === rule.id).map((version) => healthOf(rule, version)),
    ),
  }
}

const LOOKING: ReadonlySet<RuleVersion['state']> = new Set(['active', 'paused', 'shadow'])

async function openBackfills(stores: Stores, organisationId: OrganisationId): Promise<readonly Job[]> {
  const lists = await Promise.all(
    (['queued', 'running'] as const).map((state) =>
      stores.jobs.list(organisationId, { limit: 100 }, { kind: 'backfill', state }),
    ),
  )
  return lists.flatMap(({ items }) => items)
}

function sum(days: readonly EventCounts[]): EventCounts {
  const latency = noLatencies()
  for (const day of days)
    for (const [place, count] of day.latency.entries()) latency[place] = (latency[place] ?? 0) + count
  return {
    seen: days.reduce((total, { seen }) => total + seen, 0),
    errors: days.reduce((total, { errors: failed }) => total + failed, 0),
    latency,
  }
}

function latencyOf(counts: readonly number[]): Latency {
  const [p50, p95] = [latencyPercentile(counts, 0.5), latencyPercentile(counts, 0.95)]
  return { ...(p50 === undefined ? {} : { p50 }), ...(p95 === undefined ? {} : { p95 }) }
}

const NOTHING: RuleCounts = {
  matched: 0,
  nearMisses: 0,
  awarded: 0,
  needsReview: 0,
  blocked: 0,
  retracted: 0,
  wouldAward: 0,
  errors: 0,
  leftOut: 0,
  latency: noLatencies(),
}
