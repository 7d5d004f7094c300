import type pg from 'pg'
import { keccak256, sha256 } from '#adapters/crypto/hashes.ts'
import { createSecretBox } from '#adapters/keys/secret-box.ts'
import { systemClock } from '#adapters/system/system-clock.ts'
import { createSystemRandom } from '#adapters/system/system-random.ts'
import { evaluate } from '#engine/rules/evaluate/evaluate.ts'
import { type DecisionOutcome, outcomeKey } from '#engine/rules/evaluate/evaluation.ts'
import type { OrganisationId } from '#engine/shared/ids.ts'
import { asInstant } from '#engine/shared/instant.ts'
import type { LeafState } from '#engine/state/leaf-state.ts'
import { createAddLeaf } from '#services/anchoring/add-leaf.ts'
import { createAuditTrail } from '#services/audit/audit-trail.ts'
import { createEndEditions } from '#services/awards/end-editions.ts'
import { createGrantAwards } from '#services/awards/grant-awards.ts'
import { createMailEarner } from '#services/awards/mail-earner.ts'
import { createRevokeIssued } from '#services/awards/revoke-issued.ts'
import { createEvaluateEvents } from '#services/events/evaluate-events.ts'
import { createEvaluateSubjects } from '#services/events/evaluate-subjects.ts'
import { createIngestEvents } from '#services/events/ingest-events.ts'
import { createTellLapses } from '#services/events/tell-lapses.ts'
import { createRuleSets } from '#services/rules/rule-sets.ts'
import { type BenchDatabase, requireDurable, withBenchDatabase } from '../bench-database.ts'
import type { Benchmark, Pace, Table } from '../benchmark.ts'
import { compare } from '../compare.ts'
import { COMPARISON_COLUMNS, comparisonCells, whole } from '../table.ts'
import { type WaitingEvent, writeAll, writesOf } from './bare-decisions.ts'
import { catalogueOfRules } from './catalogue.ts'
import { countAwards } from './count-awards.ts'
import { type BenchEvent, historyOf } from './history.ts'
import { createSchool, incomingOf } from './school.ts'

const PASSES = [1, 10, 100, 500]
const RULES = 20
const PEOPLE = 5000
const EVENTS = 200_000
const random = createSystemRandom()
const hashes = { sha256, keccak256 }
const wakeUps = { wake: async () => {} }
const log = { debug() {}, info() {}, warn() {}, error() {} }

/** Durable evaluation: from a stored event to its decision, one transaction after the other. */
export const evaluationBenchmark: Benchmark = {
  name: 'evaluation',
  about: 'stored events decided a second, beside a bare write of the same rows',
  run: async (pace) => [await withBenchDatabase((bench) => measure(bench, pace))],
}

async function measure(bench: BenchDatabase, pace: Pace): Promise<Table> {
  const { database, client, disk } = bench
  const catalogue = catalogueOfRules('sparse', RULES)
  const history = historyOf({ rules: RULES, events: EVENTS, people: PEOPLE, minutes: 1 })
  const ingest = createIngestEvents({ database, clock: systemClock, random, hashes, wakeUps })
  const school = async (slug: string) => ({
    ...(await createSchool(database, client, slug, catalogue)),
    taken: [] as BenchEvent[],
  })
  const [ours, peer] = [await school('ours'), await school('peer')]
  const decide = await createMemory(bench, peer.id)

  const rows: string[][] = []
  for (const size of PASSES) {
    pace.progress(`${size} a pass`)
    const receive = async ({ id, taken }: typeof ours) => {
      const events = history.slice(taken.length, taken.length + size)
      if (events.length < size) throw new Error('There are not enough events.')
      taken.push(...events)
      await ingest({ kind: 'operator' }, id, events.map(incomingOf))
    }
    const step = evaluateStep(bench, size)
    const sides = {
      ours: async () => {
        await receive(ours)
        return timed(size, () => step.events())
      },
      peer: async () => {
        await receive(peer)
        const waiting = await waitingOf(client, peer.id)
        const { rules, result } = decide(waiting)
        const writes = writesOf(waiting, result, {
          organisationId: peer.id,
          issuerId: peer.issuerId,
          achievementVersionOf: rules.achievementVersionOf,
        })
        return timed(size, () => writeAll(client, writes))
      },
    }
    rows.push([String(size), ...comparisonCells(await compare(sides, pace))])
  }
  for (const { id, taken } of [ours, peer])
    await requireDecided(client, id, countAwards(catalogue, taken).size)
  await requireDurable(client)
  return {
    title: 'evaluation: stored events decided a second',
    columns: ['events a pass', ...COMPARISON_COLUMNS],
    rows,
    notes: [
      'Ours: `services/events/evaluate-events.ts`, from `received` to the commit of its decision: claim, locks, rules in force, states, what is held, evaluation, then states, decisions, awards, their leaves and the event’s new state.',
      'Peer: the same rows (`leaf_state`, `decision`, `occurrence_key`, `award`, `leaf`, and the update of `event`), made before the clock starts, written by `pg` in one transaction of prepared multi-row statements that read and check nothing.',
      `${RULES} rules, ${whole(PEOPLE)} people, an event in two matches and one in seven or so awards. One connection and one transaction at a time, PostgreSQL with \`fsync\` and \`synchronous_commit\` on, ${disk}. The awards of both sides were counted in the table afterwards and compared with an independent count.`,
    ],
  }
}

function evaluateStep({ database }: BenchDatabase, passSize: number) {
  const secretBox = createSecretBox([new Uint8Array(32)])
  const audit = createAuditTrail({ random, hashes })
  const ruleSets = createRuleSets({ hashes })
  return createEvaluateEvents({
    database,
    clock: systemClock,
    ruleSets,
    evaluateSubjects: createEvaluateSubjects({
      clock: systemClock,
      random,
      ruleSets,
      grantAwards: createGrantAwards({
        random,
        hashes,
        addLeaf: createAddLeaf({ random, hashes, secretBox }),
        revokeIssued: createRevokeIssued({
          audit,
          endEditions: createEndEditions({ random }),
          mailEarner: createMailEarner({ random, origin: 'http://localhost:3000' }),
        }),
        log,
      }),
      tellLapses: createTellLapses({ audit }),
    }),
    healthSlot: 0,
    wakeUps,
    log,
    passSize,
  })
}

async function timed(units: number, act: () => Promise<unknown>) {
  const from = performance.now()
  await act()
  return { units, ms: performance.now() - from }
}

/** What the peer's rows say: decided by the same engine, with all states in memory. */
async function createMemory({ database }: BenchDatabase, organisationId: OrganisationId) {
  const rules = await database.asWorker((stores) => createRuleSets({ hashes })(stores, organisationId))
  const states = new Map<string, LeafState>()
  const outcomes = new Map<string, DecisionOutcome>()
  return (waiting: readonly WaitingEvent[]) => {
    const result = evaluate(rules.ruleSet, {
      now: asInstant(Date.now()),
      events: waiting.map(({ event }) => event),
      reconsider: [],
      states,
      outcomes,
      holdings: new Map(),
    })
    for (const [key, { state }] of result.states) states.set(key, state)
    for (const { ruleId, subjectId, occurrence, outcome } of result.decisions)
      outcomes.set(outcomeKey(ruleId, subjectId, occurrence), outcome)
    return { rules, result }
  }
}

async function waitingOf(
  client: pg.Client,
  organisationId: OrganisationId,
): Promise<readonly WaitingEvent[]> {
  const { rows } = await client.query(
    `SELECT received_at, id::text, subject_id::text, normal FROM event WHERE organisation_id = $1 AND state = 'received'`,
    [organisationId],
  )
  return rows.map(({ received_at, id, subject_id: subjectId, normal }) => ({
    receivedAt: received_at.getTime(),
    event: { ...normal, id, subjectId },
  }))
}

async function requireDecided(
  client: pg.Client,
  organisationId: OrganisationId,
  awards: number,
): Promise<void> {
  const { rows } = await client.query(
    `SELECT (SELECT count(*) FROM event WHERE organisation_id = $1 AND state = 'received')::int AS waiting,
            (SELECT count(*) FROM award WHERE organisation_id = $1)::int AS awards,
            (SELECT count(*) FROM decision WHERE organisation_id = $1)::int AS decisions,
            (SELECT count(*) FROM occurrence_key WHERE organisation_id = $1)::int AS keys,
            (SELECT count(*) FROM leaf WHERE organisation_id = $1)::int AS leaves`,
    [organisationId],
  )
  const { waiting, ...counts } = rows[0]
  if (waiting !== 0 || awards === 0 || Object.values(counts).some((count) => count !== awards))
    throw new Error(`There should be ${awards} awards and nothing waiting: ${JSON.stringify(rows[0])}`)
}
