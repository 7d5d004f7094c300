import { readFileSync } from 'node:fs'
import type pg from 'pg'

/** People with past events, of whom every tenth earns the badge of `backfillRule`. Made in the database, by number. */
export interface History {
  readonly people: number
  readonly events: number
  readonly earners: number
}

const SOURCE = 'https://lms.example.org/bench'
const EVENTS_A_PERSON = 50
/** Every tenth person completes two modules with 0.9; all else is begun, or completed with 0.5. */
const EARNING = 10

/** Two of three modules with 0.7 or more, within 90 days. */
const SAMPLE = JSON.parse(
  readFileSync(new URL('../docs/samples/rules/first-aid-basics.rule.json', import.meta.url), 'utf8'),
) as { readonly when: { readonly in: readonly string[] } }
const MODULES = SAMPLE.when.in

export const backfillRule = (achievement: string) => ({ ...SAMPLE, achievement })

/** The two events of a person who earns it live. */
export const liveEvents = (person: number) =>
  MODULES.slice(0, 2).map((activity, at) => ({
    specversion: '1.0',
    id: `live-${person}-${at}`,
    source: SOURCE,
    type: 'org.example.lms.completed',
    time: '2026-09-01T09:00:00Z',
    subject: `mailto:live.${person}@example.org`,
    data: { activity, score: 0.9 },
  }))

/** Rows as ingest and evaluation leave them behind when no rule is in force. */
export async function fillHistory(
  client: pg.Client,
  organisationId: string,
  events: number,
): Promise<History> {
  const people = Math.max(EARNING, Math.ceil(events / EVENTS_A_PERSON))
  const each = Math.ceil(events / people)
  await client.query('BEGIN')
  await client.query(
    `INSERT INTO source (organisation_id, id, uri, name) VALUES ($1, gen_random_uuid(), $2, $2)`,
    [organisationId, SOURCE],
  )
  await client.query(
    `INSERT INTO subject (organisation_id, id, canonical_id)
     SELECT $1, id, id FROM (SELECT gen_random_uuid() AS id FROM generate_series(1, $2::int)) AS new`,
    [organisationId, people],
  )
  await client.query(
    `INSERT INTO subject_identifier (organisation_id, type, value, subject_id)
     SELECT $1, 'email', 'past.' || number || '@example.org', id
     FROM (SELECT id, row_number() OVER (ORDER BY id) - 1 AS number FROM subject WHERE organisation_id = $1) AS person`,
    [organisationId],
  )
  await client.query(
    `WITH person AS (
       SELECT subject_id, value, split_part(split_part(value, '.', 2), '@', 1)::int AS number
       FROM subject_identifier WHERE organisation_id = $1
     ), done AS (
       SELECT subject_id, value, number, place, gen_random_uuid() AS id, 'past-' || number || '-' || place AS source_event_id,
              now() - make_interval(secs => (number % 1000) * 0.001 + place) AS received_at,
              timestamptz '2026-03-01' + make_interval(mins => place * 60 + number % 60) AS occurred_at,
              number % $4 = 0 AND place < 2 AS counts
       FROM person, generate_series(0, $3::int - 1) AS place
     ), stored AS (
       INSERT INTO event (organisation_id, received_at, id, source_id, source_event_id, subject_id, state, type, occurred_at,
                          normal, raw, media_type, digest, evaluated_at)
       SELECT $1, received_at, done.id, source.id, source_event_id, subject_id, 'unmatched',
              CASE WHEN counts OR place % 2 = 0 THEN 'completed' ELSE 'started' END, occurred_at,
              jsonb_build_object(
                'source', source.uri, 'sourceId', source_event_id,
                'type', CASE WHEN counts OR place % 2 = 0 THEN 'completed' ELSE 'started' END,
                'time', (extract(epoch FROM occurred_at) * 1000)::bigint,
                'actor', jsonb_build_object('type', 'email', 'value', value),
                'activity', ($2::text[])[1 + place % 3], 'score', CASE WHEN counts THEN 0.9 ELSE 0.5 END, 'data', '{}'::jsonb),
              convert_to(source_event_id, 'UTF8'), 'application/cloudevents+json', sha256(convert_to(source_event_id, 'UTF8')), now()
       FROM done, source WHERE source.organisation_id = $1
       RETURNING organisation_id, source_id, source_event_id, digest, id, received_at
     )
     INSERT INTO event_key (organisation_id, source_id, source_event_id, digest, event_id, received_at)
     SELECT organisation_id, source_id, source_event_id, digest, id, received_at FROM stored`,
    [organisationId, MODULES, each, EARNING],
  )
  await client.query('COMMIT')
  // What a database has long done with rows from before is not to be measured.
  await client.query('VACUUM ANALYZE')
  await client.query('CHECKPOINT')
  return { people, events: people * each, earners: Math.ceil(people / EARNING) }
}
