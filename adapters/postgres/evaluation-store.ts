import type { EvaluationStore } from '#services/ports/evaluation-store.ts'
import { claimedWork } from './claimed-work.ts'
import { decisionStore } from './decision-store.ts'
import type { Transaction } from './rows.ts'
import { subjectHistories } from './subject-histories.ts'
import { subjectStates } from './subject-states.ts'

export function evaluationStore(tx: Transaction): EvaluationStore {
  return {
    ...claimedWork(tx),
    ...subjectStates(tx),
    ...subjectHistories(tx),
    ...decisionStore(tx),
    rulesRevision: async (organisationId) => {
      const [row] = await tx.$queryRaw<{ revision: string | null }[]>`
        SELECT string_agg(id::text || state, ',' ORDER BY id) AS revision FROM rule_version
        WHERE organisation_id = ${organisationId}::uuid AND state IN ('active', 'shadow')`
      return row?.revision ?? ''
    },
  }
}
