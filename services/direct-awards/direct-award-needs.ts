import type { AuditTrail } from '#services/audit/audit-trail.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { Hashes } from '#services/ports/hashes.ts'
import type { Random } from '#services/ports/random.ts'
import type { SecretBox } from '#services/ports/secret-box.ts'
import type { WakeUps } from '#services/ports/wake-ups.ts'

/** What most use cases of direct awards are made from. */
export interface DirectAwardNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly hashes: Hashes
  readonly secretBox: SecretBox
  readonly audit: AuditTrail
  readonly wakeUps: WakeUps
  /** PUBLIC_URL, without a slash at the end. */
  readonly origin: string
}
