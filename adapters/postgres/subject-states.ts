import type { AwardGate } from '#engine/awards/award-gate.ts'
import {
  type DecisionOutcome,
  type Holding,
  outcomeKey,
  stateKey,
} from '#engine/rules/evaluate/evaluation.ts'
import type { AchievementId, RuleId, SubjectId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import { unpackedOnDemand } from '#engine/state/leaf-states.ts'
import { packState, unpackState } from '#engine/state/packed-state.ts'
import type { SubjectStates } from '#services/ports/evaluation-store.ts'
import { date, instant, instantOrNull, known, type Transaction } from './rows.ts'

/** What was folded and decided of people so far. */
export function subjectStates(tx: Transaction): SubjectStates {
  return {
    knowledge: async (organisationId, subjectIds) => {
      const where = { organisation_id: organisationId, subject_id: { in: [...subjectIds] } }
      // Sent together: three answers for one round trip.
      const [states, outcomes, held] = await Promise.all([
        tx.leaf_state.findMany({ where }),
        tx.occurrence_key.findMany({ where }),
        // Ended ones too, with their end: a correction may reach back to when they were held.
        tx.award.findMany({
          where: {
            ...where,
            state: { in: ['granted', 'due', 'issued', 'revoked', 'expired', 'superseded'] },
          },
          select: {
            subject_id: true,
            achievement_id: true,
            awarded_at: true,
            ended_at: true,
            valid_until: true,
            rule_id: true,
            occurrence: true,
            state: true,
            gate: true,
          },
        }),
      ])
      const holdings = new Map<SubjectId, Holding[]>()
      for (const row of held) {
        // Endorsers may still say no.
        if (row.state === 'due' && (row.gate as AwardGate | null)?.endorsement !== undefined) continue
        const of = holdings.get(row.subject_id as SubjectId) ?? []
        of.push({
          ...known({
            until: endOf(row),
            by: row.rule_id as RuleId | null,
            occurrence: row.occurrence,
          }),
          ...(row.state === 'revoked' ? { isRevoked: true } : {}),
          achievementId: row.achievement_id as AchievementId,
          since: instant(row.awarded_at),
        })
        holdings.set(row.subject_id as SubjectId, of)
      }
      return {
        states: unpackedOnDemand(
          new Map(
            states.map((row) => [stateKey(row.leaf_hash, row.subject_id as SubjectId), row.state] as const),
          ),
          (packed) => unpackState(packed),
        ),
        outcomes: new Map(
          outcomes.map((row) => [
            outcomeKey(row.rule_id as RuleId, row.subject_id as SubjectId, row.occurrence),
            row.outcome as DecisionOutcome,
          ]),
        ),
        moments: new Map(
          outcomes.flatMap((row) =>
            row.met_at === null
              ? []
              : [
                  [
                    outcomeKey(row.rule_id as RuleId, row.subject_id as SubjectId, row.occurrence),
                    instant(row.met_at),
                  ] as const,
                ],
          ),
        ),
        holdings,
      }
    },
    saveStates: async (organisationId, states, at) => {
      if (states.size === 0) return
      const rows = [...states.values()]
      await tx.$executeRaw`
        INSERT INTO leaf_state (organisation_id, subject_id, leaf_hash, state, updated_at)
        SELECT ${organisationId}::uuid, subject_id, leaf_hash, state, ${date(at)}
        FROM unnest(${rows.map((row) => row.subjectId)}::uuid[], ${rows.map((row) => row.leafHash)}::text[], ${rows.map((row) => packState(row.state))}::text[])
          AS new (subject_id, leaf_hash, state)
        ON CONFLICT (organisation_id, subject_id, leaf_hash) DO UPDATE SET state = excluded.state, updated_at = excluded.updated_at`
    },
    dropStates: async (organisationId, subjectIds) => {
      await tx.leaf_state.deleteMany({
        where: { organisation_id: organisationId, subject_id: { in: [...subjectIds] } },
      })
    },
  }
}

/** When a badge is no longer held. One that was renewed is as true as before, until it is over by itself. */
function endOf(row: {
  readonly state: string
  readonly ended_at: Date | null
  readonly valid_until: Date | null
}): Instant | null {
  const { state, ended_at: ended, valid_until: over } = row
  if (ended === null || over === null) return instantOrNull(ended ?? over)
  return instant(state !== 'superseded' && ended < over ? ended : over)
}
