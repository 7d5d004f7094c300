import type { AddLeaf } from '#services/anchoring/add-leaf.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { CredentialSuite } from '#services/ports/credential-suite.ts'
import type { Database } from '#services/ports/database.ts'
import type { Hashes } from '#services/ports/hashes.ts'
import type { IssueMany } from '#services/ports/issue-many.ts'
import type { KeyStore } from '#services/ports/key-store.ts'
import type { Log } from '#services/ports/log.ts'
import type { Random } from '#services/ports/random.ts'
import type { WakeUps } from '#services/ports/wake-ups.ts'
import type { RuleSets } from '#services/rules/rule-sets.ts'
import type { CheckEndorsementGate } from './endorsement-gate.ts'

/** What the issue step is made of. */
export interface IssueAwardsNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly hashes: Hashes
  readonly suite: CredentialSuite
  readonly issueMany: IssueMany
  readonly keyStore: KeyStore
  readonly addLeaf: AddLeaf
  readonly endorsementGate: CheckEndorsementGate
  readonly ruleSets: RuleSets
  readonly audit: AuditTrail
  readonly wakeUps: WakeUps
  readonly log: Log
  readonly origin: string
}
