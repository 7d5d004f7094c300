import type { StoredEvent } from '#engine/events/learning-event.ts'
import { type Holding, isStanding, type NewDecision } from '#engine/rules/evaluate/evaluation.ts'
import { type Simulation, simulate } from '#engine/rules/evaluate/simulate.ts'
import { progress } from '#engine/rules/explain/explain.ts'
import type { Trace } from '#engine/rules/explain/trace.ts'
import { explainInWords } from '#engine/rules/explain/words.ts'
import { toHex, utf8 } from '#engine/shared/bytes.ts'
import type { Hash } from '#engine/shared/hash.ts'
import type { JobId, RuleId, SubjectId } from '#engine/shared/ids.ts'
import { asInstant, formatInstant, type Instant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import { type AchievementTitles, titlesFor } from '#services/achievements/achievement-titles.ts'
import { findRecipients } from '#services/events/find-recipients.ts'
import type { JobKindSteps } from '#services/job-control/job-kind.ts'
import type { Hashes } from '#services/ports/hashes.ts'
import type { Job } from '#services/ports/job-store.ts'
import type { Stores } from '#services/ports/stores.ts'
import { type DraftRule, draftRule } from './draft-rule-set.ts'
import { readResolvedRule } from './rule-catalogue.ts'
import { traceLeaves } from './trace-leaves.ts'

/** What the row of a dry run holds: documents that were resolved when it was asked for, so that it tells one story. */
export interface DryRunInput {
  /** Whose lineage: an award that it gave does not count as one by another road. */
  readonly ruleId: string
  readonly draft: string
  readonly active?: { readonly version: number; readonly resolved: string }
  readonly titles: AchievementTitles
  /** Milliseconds: events from then on and up to then. */
  readonly from?: number
  readonly until: number
}

export interface DryRunPerson {
  /** Null of somebody whom nobody knows yet: nobody could be looked up by it. */
  readonly subjectId: string | null
  readonly outcome: string | null
  readonly metAt: string | null
  readonly trace: Trace
  readonly words: { readonly en: readonly string[]; readonly nl: readonly string[] }
}

export interface DryRunResult {
  readonly events: number
  readonly wouldAward: number
  /** Of those, who holds an award of this rule already, and gets nothing new by it. */
  readonly alreadyAwarded: number
  /** Of those who would, people whom nobody knows yet, and whom the rule in force would make known. */
  readonly notKnown: number
  /** Entries of events where the rule looks for people, and that lead to nobody. */
  readonly leftOut: number
  readonly sample: readonly DryRunPerson[]
  readonly nearMisses: readonly NearMiss[]
  readonly difference: DryRunDifference | null
}

export interface NearMiss {
  readonly leaf: string
  readonly path: string
  readonly conjunct: string
  readonly people: number
}

/** Beside what the active version decides on the same events. */
export interface DryRunDifference {
  readonly version: number
  readonly wouldAward: number
  readonly wouldNoLongerAward: number
  readonly sample: {
    readonly wouldAward: readonly DryRunPerson[]
    readonly wouldNoLongerAward: readonly DryRunPerson[]
  }
}

const SAMPLE = 20
/** Different conditions on which events failed: an author looks at the first few. */
const NEAR_MISSES = 100
/** In how many of a person's newest events near misses are looked for. */
const RECENT_EVENTS = 200

/**
 * Goes through everybody's past events with a rule that is not in force. Writes nothing but the job itself.
 * Where a rule awards those whom events name, it goes through everybody twice: a person may be named in events of many
 * others. First it notes with the job whom the events name, then it looks at each person with all of theirs. Who is not
 * known goes by an id that this job makes up, and is forgotten with it.
 */
export const createDryRunJob = ({ hashes }: { readonly hashes: Hashes }): JobKindSteps => {
  let kept: { readonly id: JobId; readonly sides: Sides } | undefined
  const sidesOf = (job: Job): Sides => {
    if (kept?.id !== job.id) kept = { id: job.id, sides: readSides(job, hashes) }
    return kept.sides
  }
  return {
    stop: async () => undefined,
    chunk: async (stores, job, subjectIds) => {
      const sides = sidesOf(job)
      if (job.round < job.rounds) {
        const result = await noteNamed(stores, job, sides, subjectIds, hashes)
        return { result: { ...job.result, ...(result as unknown as JsonObject) }, hasDecided: false }
      }
      const people = await readPeople(stores, job, sides, subjectIds)
      const result = addChunk(readResult(job, sides), sides, people, subjectIds)
      return { result: { ...job.result, ...(result as unknown as JsonObject) }, hasDecided: false }
    },
  }
}

interface Sides {
  readonly draft: DraftRule
  readonly active: { readonly version: number; readonly rule: DraftRule } | undefined
  readonly titles: AchievementTitles
  readonly from: Instant | undefined
  readonly until: Instant
}

function readSides({ input: stored }: Job, hashes: Hashes): Sides {
  const input = stored as unknown as DryRunInput
  const rule = (resolved: string) =>
    draftRule(input.ruleId as RuleId, readResolvedRule(utf8(resolved)), hashes)
  return {
    draft: rule(input.draft),
    active: input.active && { version: input.active.version, rule: rule(input.active.resolved) },
    titles: input.titles,
    from: input.from === undefined ? undefined : asInstant(input.from),
    until: asInstant(input.until),
  }
}

function readResult({ result }: Job, { active }: Sides): DryRunResult {
  const none = { wouldAward: 0, wouldNoLongerAward: 0, sample: { wouldAward: [], wouldNoLongerAward: [] } }
  return {
    events: 0,
    wouldAward: 0,
    alreadyAwarded: 0,
    notKnown: 0,
    leftOut: 0,
    sample: [],
    nearMisses: [],
    difference: active === undefined ? null : { version: active.version, ...none },
    ...result,
  }
}

/** The first of two rounds: whom the events of these people name, by the paths of both rules. */
async function noteNamed(
  stores: Stores,
  job: Job,
  sides: Sides,
  subjectIds: readonly SubjectId[],
  { sha256 }: Hashes,
): Promise<DryRunResult> {
  const histories = await stores.evaluation.historiesFor(job, subjectIds)
  const events = [...histories.values()].flat().filter((event) => isInTime(sides, event))
  const ruleSets = [sides.draft, ...(sides.active === undefined ? [] : [sides.active.rule])].map(
    ({ ruleSet }) => ruleSet,
  )
  const { known, strangers, leftOut } = await findRecipients(stores, job.organisationId, ruleSets, events)
  await stores.jobs.note(job, [
    ...known.map(({ event, path, subjectId, isNearMiss }) => ({
      ...{ eventId: event.id, path, subjectId },
      ...{ isKnown: true, isMet: !isNearMiss },
    })),
    ...strangers.map(({ event, path, text, isNearMiss }) => ({
      ...{ eventId: event.id, path, subjectId: strangerId(job.id, text, sha256) },
      ...{ isKnown: false, isMet: !isNearMiss },
    })),
  ])
  const before = readResult(job, sides)
  const { recipient } = sides.draft.document
  const more = [...leftOut.values()].flat().filter(({ path }) => path === recipient)
  return { ...before, leftOut: before.leftOut + more.reduce((sum, { count }) => sum + count, 0) }
}

/** An id that means somebody within one job and nobody beyond it: a UUID of version 8 (RFC 9562). */
function strangerId(jobId: JobId, text: string, sha256: Hash): SubjectId {
  const bytes = sha256(utf8(`${jobId}\n${text}`)).slice(0, 16)
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  view.setUint8(6, (view.getUint8(6) & 0x0f) | 0x80)
  view.setUint8(8, (view.getUint8(8) & 0x3f) | 0x80)
  const hex = toHex(bytes).slice(2)
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)]
  return parts.join('-') as SubjectId
}

const isInTime = ({ from, until }: Sides, { time }: StoredEvent): boolean =>
  (from === undefined || time >= from) && time <= until

interface People {
  readonly events: readonly StoredEvent[]
  readonly eventsOf: ReadonlyMap<SubjectId, readonly StoredEvent[]>
  /** What they hold by other roads than this rule. */
  readonly holdings: ReadonlyMap<SubjectId, readonly Holding[]>
  readonly awarded: ReadonlySet<SubjectId>
  readonly strangers: ReadonlySet<SubjectId>
}

async function readPeople(
  stores: Stores,
  job: Job,
  sides: Sides,
  subjectIds: readonly SubjectId[],
): Promise<People> {
  const { until } = sides
  const { ruleId } = sides.draft
  const histories = await stores.evaluation.historiesFor(job, subjectIds)
  const { holdings } = await stores.evaluation.knowledge(job.organisationId, subjectIds)
  const eventsOf = new Map(
    [...histories].map(([id, events]) => [id, events.filter((event) => isInTime(sides, event))]),
  )
  return {
    events: [...eventsOf.values()].flat(),
    eventsOf,
    holdings: new Map(
      [...holdings].map(([id, held]) => [
        id,
        held.filter(({ by, since }) => by !== ruleId && since <= until),
      ]),
    ),
    awarded: new Set(
      [...holdings].filter(([, held]) => held.some(({ by }) => by === ruleId)).map(([id]) => id),
    ),
    strangers: job.rounds === 1 ? new Set() : await stores.jobs.strangers(job, subjectIds),
  }
}

function addChunk(
  before: DryRunResult,
  sides: Sides,
  people: People,
  subjectIds: readonly SubjectId[],
): DryRunResult {
  const { draft, active, until } = sides
  const setting = { until, holdings: people.holdings }
  const simulation = simulate(draft.ruleSet, people.events, setting)
  const would = standing(simulation)
  const without = subjectIds.filter((id) => !would.has(id))
  const looked = new Map(
    without.flatMap((id) => {
      const trace = traceOf(draft, simulation, people, id, until)
      return trace === undefined ? [] : [[id, trace] as const]
    }),
  )
  const nameOf = (id: SubjectId) => (people.strangers.has(id) ? null : id)
  const told = (decision: NewDecision) =>
    tell(sides, nameOf(decision.subjectId), decision.trace, decision.outcome, decision.metAt)

  const result: DryRunResult = {
    // Each once, in the history of whoever did it, however many it names.
    events: before.events + people.events.filter(({ recipient }) => recipient === undefined).length,
    wouldAward: before.wouldAward + would.size,
    alreadyAwarded: before.alreadyAwarded + [...would.keys()].filter((id) => people.awarded.has(id)).length,
    notKnown: before.notKnown + [...would.keys()].filter((id) => people.strangers.has(id)).length,
    leftOut: before.leftOut,
    sample: sampled(before.sample, [...would.values()], told),
    nearMisses: addNearMisses(before.nearMisses, [...looked.values()]),
    difference: before.difference,
  }
  if (active === undefined || before.difference === null) return result

  const does = standing(simulate(active.rule.ruleSet, people.events, setting))
  const gained = [...would.values()].filter(({ subjectId }) => !does.has(subjectId))
  const lost = without.filter((id) => does.has(id))
  const { sample } = before.difference
  return {
    ...result,
    difference: {
      version: active.version,
      wouldAward: before.difference.wouldAward + gained.length,
      wouldNoLongerAward: before.difference.wouldNoLongerAward + lost.length,
      sample: {
        wouldAward: sampled(sample.wouldAward, gained, told),
        wouldNoLongerAward: sampled(sample.wouldNoLongerAward, lost, (id) => {
          const trace = looked.get(id)
          return trace === undefined ? undefined : tell(sides, nameOf(id), trace)
        }),
      },
    },
  }
}

/** Who would have an award, one that waits for a person, or one that is suggested to a person, when all is told. */
function standing({ decisions }: Simulation): ReadonlyMap<SubjectId, NewDecision> {
  const last = new Map(decisions.map((each) => [`${each.subjectId} ${each.occurrence}`, each]))
  return new Map(
    [...last.values()].filter(({ outcome }) => isStanding(outcome)).map((each) => [each.subjectId, each]),
  )
}

function traceOf(
  { ruleSet, ruleId }: DraftRule,
  { states, holdings }: Simulation,
  people: People,
  subjectId: SubjectId,
  now: Instant,
): Trace | undefined {
  const events = (people.eventsOf.get(subjectId) ?? []).slice(-RECENT_EVENTS)
  return progress(ruleSet, ruleId, {
    now,
    subjectId,
    states,
    holdings: holdings.get(subjectId) ?? [],
    events,
  })?.trace
}

function tell(
  { draft, titles }: Sides,
  subjectId: SubjectId | null,
  trace: Trace,
  outcome?: string,
  metAt?: Instant,
): DryRunPerson {
  const lines = (language: 'en' | 'nl') =>
    explainInWords(trace, draft.document, language, titlesFor(titles, language)).map(
      ({ depth, text }) => `${'  '.repeat(depth)}${text}`,
    )
  return {
    subjectId,
    outcome: outcome ?? null,
    metAt: metAt === undefined ? null : formatInstant(metAt),
    trace,
    words: { en: lines('en'), nl: lines('nl') },
  }
}

function sampled<T>(
  before: readonly DryRunPerson[],
  more: readonly T[],
  tellOne: (each: T) => DryRunPerson | undefined,
): readonly DryRunPerson[] {
  const room = more.slice(0, SAMPLE - before.length).map(tellOne)
  return [...before, ...room.filter((person) => person !== undefined)]
}

/** Counts people, not events: of each person and leaf the nearest miss. The most frequent come first. */
function addNearMisses(before: readonly NearMiss[], traces: readonly Trace[]): readonly NearMiss[] {
  const counts = new Map(before.map((each) => [`${each.path} ${each.conjunct}`, each]))
  for (const trace of traces)
    for (const { path, trace: leaf } of traceLeaves(trace)) {
      if (leaf.nearMiss === undefined) continue
      const { conjunct } = leaf.nearMiss
      const key = `${path} ${conjunct}`
      const known = counts.get(key)
      counts.set(key, { leaf: leaf.id ?? path, path, conjunct, people: (known?.people ?? 0) + 1 })
    }
  return [...counts.values()].sort((a, b) => b.people - a.people).slice(0, NEAR_MISSES)
}
