import type { AuditTrail } from '#services/audit/audit-trail.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { Random } from '#services/ports/random.ts'
import type { WakeUps } from '#services/ports/wake-ups.ts'
import type { RecordFacts } from './record-facts.ts'

/** What every use case needs that feeds facts. */
export interface FactNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly audit: AuditTrail
  readonly recordFacts: RecordFacts
  readonly wakeUps: WakeUps
}
