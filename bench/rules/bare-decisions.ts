import { randomBytes } from 'node:crypto'
import type pg from 'pg'
import {
  byteaArray,
  jsonbArray,
  textArray,
  timestamptzArray,
  uuidArray,
} from '#adapters/postgres/binary-arrays.ts'
import { createSystemRandom } from '#adapters/system/system-random.ts'
import type { StoredEvent } from '#engine/events/learning-event.ts'
import type { EvaluationResult } from '#engine/rules/evaluate/evaluation.ts'
import type { AchievementVersionId, OrganisationId, RuleVersionId } from '#engine/shared/ids.ts'
import { packState } from '#engine/state/packed-state.ts'

const random = createSystemRandom()

/** An event as it lies in the table. */
export interface WaitingEvent {
  readonly receivedAt: number
  readonly event: StoredEvent
}

interface RowContext {
  readonly organisationId: OrganisationId
  readonly issuerId: string
  readonly achievementVersionOf: ReadonlyMap<RuleVersionId, AchievementVersionId>
}

/** A named statement and its values, encoded. */
export interface Write {
  readonly name: string
  readonly text: string
  readonly values: readonly unknown[]
}

/** What a pass over these events writes, as statements of many rows that check nothing. */
export function writesOf(
  events: readonly WaitingEvent[],
  { matched, states, decisions }: EvaluationResult,
  { organisationId, issuerId, achievementVersionOf }: RowContext,
): readonly Write[] {
  const at = Date.now()
  const changed = [...states.values()]
  const awards = decisions.map(() => random.rowId())
  const ids = decisions.map(() => random.rowId())
  const now = timestamptzArray(decisions.map(() => at))
  const bytes = () => byteaArray(decisions.map(() => randomBytes(32)))
  const column = <T>(read: (decision: EvaluationResult['decisions'][number]) => T) => decisions.map(read)
  const of = {
    rule: uuidArray(column(({ ruleId }) => ruleId)),
    version: uuidArray(column(({ ruleVersionId }) => ruleVersionId)),
    achievement: uuidArray(column(({ achievementId }) => achievementId)),
    subject: uuidArray(column(({ subjectId }) => subjectId)),
    occurrence: textArray(column(({ occurrence }) => occurrence)),
    outcome: textArray(column(({ outcome }) => outcome)),
    metAt: timestamptzArray(column(({ metAt }) => metAt)),
  }
  const writes: Write[] = [
    {
      name: 'bare-events',
      text: `UPDATE event SET state = done.state, evaluated_at = now()
             FROM unnest($1::timestamptz[], $2::uuid[], $3::text[]) AS done (received_at, id, state)
             WHERE event.received_at = done.received_at AND event.id = done.id`,
      values: [
        timestamptzArray(events.map(({ receivedAt }) => receivedAt)),
        uuidArray(events.map(({ event }) => event.id)),
        textArray(events.map(({ event }) => (matched.has(event.id) ? 'evaluated' : 'unmatched'))),
      ],
    },
  ]
  if (changed.length > 0)
    writes.push({
      name: 'bare-states',
      text: `INSERT INTO leaf_state (organisation_id, subject_id, leaf_hash, state, updated_at)
             SELECT $1, *, now() FROM unnest($2::uuid[], $3::text[], $4::text[])
             ON CONFLICT (organisation_id, subject_id, leaf_hash) DO UPDATE SET state = excluded.state, updated_at = excluded.updated_at`,
      values: [
        organisationId,
        uuidArray(changed.map(({ subjectId }) => subjectId)),
        textArray(changed.map(({ leafHash }) => leafHash)),
        textArray(changed.map(({ state }) => packState(state))),
      ],
    })
  if (decisions.length > 0)
    writes.push(
      {
        name: 'bare-awards',
        text: `INSERT INTO award (organisation_id, issuer_id, origin, state, id, achievement_id, achievement_version_id, subject_id,
                                  rule_id, rule_version_id, occurrence, decision_id, awarded_at, granted_at)
               SELECT $1, $2, 'rule', 'due', * FROM unnest($3::uuid[], $4::uuid[], $5::uuid[], $6::uuid[], $7::uuid[], $8::uuid[],
                                                           $9::text[], $10::uuid[], $11::timestamptz[], $12::timestamptz[])`,
        values: [
          organisationId,
          issuerId,
          uuidArray(awards),
          of.achievement,
          uuidArray(column(({ ruleVersionId }) => achievementVersionOf.get(ruleVersionId))),
          of.subject,
          of.rule,
          of.version,
          of.occurrence,
          uuidArray(ids),
          of.metAt,
          now,
        ],
      },
      {
        name: 'bare-leaves',
        text: `INSERT INTO leaf (organisation_id, issuer_id, kind, created_at, id, target_id, digest, sealed_salt, hash)
               SELECT $1, $2, 5, now(), * FROM unnest($3::uuid[], $4::uuid[], $5::bytea[], $6::bytea[], $7::bytea[])`,
        values: [
          organisationId,
          issuerId,
          uuidArray(column(() => random.rowId())),
          uuidArray(ids),
          bytes(),
          bytes(),
          bytes(),
        ],
      },
      {
        name: 'bare-decisions',
        text: `INSERT INTO decision (organisation_id, received_at, id, rule_id, rule_version_id, achievement_id, subject_id, occurrence,
                                     outcome, met_at, award_id, trace)
               SELECT $1, * FROM unnest($2::timestamptz[], $3::uuid[], $4::uuid[], $5::uuid[], $6::uuid[], $7::uuid[], $8::text[],
                                        $9::text[], $10::timestamptz[], $11::uuid[], $12::jsonb[])`,
        values: [
          organisationId,
          now,
          uuidArray(ids),
          of.rule,
          of.version,
          of.achievement,
          of.subject,
          of.occurrence,
          of.outcome,
          of.metAt,
          uuidArray(awards),
          jsonbArray(column(({ trace }) => JSON.stringify(trace))),
        ],
      },
      {
        name: 'bare-keys',
        text: `INSERT INTO occurrence_key (organisation_id, rule_id, subject_id, occurrence, outcome, decision_id, award_id, updated_at)
               SELECT $1, *, now() FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::uuid[], $7::uuid[])`,
        values: [
          organisationId,
          of.rule,
          of.subject,
          of.occurrence,
          of.outcome,
          uuidArray(ids),
          uuidArray(awards),
        ],
      },
    )
  return writes
}

/** One transaction. */
export async function writeAll(client: pg.Client, writes: readonly Write[]): Promise<void> {
  await client.query('BEGIN')
  for (const { name, text, values } of writes) await client.query({ name, text, values: [...values] })
  await client.query('COMMIT')
}
