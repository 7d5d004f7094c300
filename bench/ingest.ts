import type pg from 'pg'
import { keccak256, sha256 } from '#adapters/crypto/hashes.ts'
import { systemClock } from '#adapters/system/system-clock.ts'
import { createSystemRandom } from '#adapters/system/system-random.ts'
import { identifierText } from '#engine/events/identifier.ts'
import type { OrganisationId } from '#engine/shared/ids.ts'
import { createIngestEvents, type IngestEvents } from '#services/events/ingest-events.ts'
import { insertRows, type RowContext, rowsOf } from './bare-insert.ts'
import {
  type BenchDatabase,
  createOrganisation,
  requireDurable,
  withBenchDatabase,
} from './bench-database.ts'
import type { Benchmark, Pace, Table } from './benchmark.ts'
import { compare, pass } from './compare.ts'
import { createLearners, type Learners } from './learners.ts'
import { COMPARISON_COLUMNS, comparisonCells, whole } from './table.ts'

const BATCHES = [1, 10, 100, 500]
const random = createSystemRandom()

/** Durable events a second into a real PostgreSQL, one transaction after the other. */
export const ingestBenchmark: Benchmark = {
  name: 'ingest',
  about: 'stored events a second, beside a bare multi-row INSERT of the same rows',
  run: async (pace) => [await withBenchDatabase((bench) => measure(bench, pace))],
}

async function measure({ database, client, disk }: BenchDatabase, pace: Pace): Promise<Table> {
  const organisationId = await createOrganisation(database, 'bench')
  const learners = createLearners()
  const ingest = createIngestEvents({
    database,
    clock: systemClock,
    random,
    hashes: { sha256, keccak256 },
    wakeUps: { wake: async () => {} },
  })
  const context = await makeKnown(ingest, client, organisationId, learners)

  let stored = learners.everybody.length
  const rows: string[][] = []
  for (const size of BATCHES) {
    pace.progress(`${size} a transaction`)
    const ours = pass(
      () => learners.next(size),
      async (events) => {
        await ingest({ kind: 'operator' }, organisationId, events)
        stored += size
        return size
      },
    )
    const peer = pass(
      () => rowsOf(learners.next(size), context),
      async (columns) => {
        await insertRows(client, columns)
        stored += size
        return size
      },
    )
    rows.push([String(size), ...comparisonCells(await compare({ ours, peer }, pace))])
  }
  await requireStored(client, stored)
  return {
    title: 'ingest: events stored a second',
    columns: ['events a transaction', ...COMPARISON_COLUMNS],
    rows,
    notes: [
      'Ours: `services/events/ingest-events.ts`, from a parsed event to its commit: right, source, person, key, digest, duplicate and conflict, row. Without HTTP, parsing, and the wake-up of the next step.',
      'Peer: the same rows, made before the clock starts, put into the same two tables (`event_key`, `event`, with their indexes) by `pg` in one transaction of two prepared multi-row INSERTs that check nothing; its arrays in PostgreSQL’s binary format, as ours are, and encoded before the clock starts.',
      `One connection and one transaction at a time, ${whole(learners.everybody.length)} known people, PostgreSQL with \`fsync\` and \`synchronous_commit\` on, ${disk}. All ${whole(stored)} events were counted in the tables afterwards.`,
    ],
  }
}

/** One event of everybody, so that source and people are known to both sides. */
async function makeKnown(
  ingest: IngestEvents,
  client: pg.Client,
  organisationId: OrganisationId,
  { everybody }: Learners,
): Promise<RowContext> {
  await ingest({ kind: 'operator' }, organisationId, everybody)
  const { rows } = await client.query(
    'SELECT source_id::text AS source, source_event_id AS event, subject_id::text AS subject FROM event',
  )
  const ofEvent = new Map(everybody.map(({ event }) => [event.sourceId, identifierText(event.actor)]))
  return {
    organisationId,
    sourceId: rows[0].source,
    subjects: new Map(rows.map((row) => [ofEvent.get(row.event) ?? '', row.subject])),
    rowId: random.rowId,
  }
}

async function requireStored(client: pg.Client, expected: number): Promise<void> {
  const { rows } = await client.query(
    `SELECT (SELECT count(*) FROM event)::int AS events, (SELECT count(*) FROM event_key)::int AS keys`,
  )
  const { events, keys } = rows[0]
  if (events !== expected || keys !== expected)
    throw new Error(`Stored ${expected} events, but there are ${events} rows and ${keys} keys.`)
  await requireDurable(client)
}
