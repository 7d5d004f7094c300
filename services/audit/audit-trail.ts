import { auditDetailDigest } from '#engine/audit/audit-chain.ts'
import type { OrganisationId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { Hashes } from '#services/ports/hashes.ts'
import type { Random } from '#services/ports/random.ts'
import type { Stores } from '#services/ports/stores.ts'

export interface AuditFact {
  readonly organisationId: OrganisationId
  readonly at: Instant
  readonly actor: string
  readonly action: string
  readonly targetType: string
  readonly targetId?: string
  readonly detail?: JsonObject
}

/** Writes what happened in the transaction in which it happens. */
export type AuditTrail = (stores: Stores, ...facts: readonly AuditFact[]) => Promise<void>

/** The digest of the detail is salted, so that the words can be erased and the trail stays whole. */
export const createAuditTrail =
  ({ random, hashes }: { readonly random: Random; readonly hashes: Hashes }): AuditTrail =>
  (stores, ...facts) =>
    stores.audit.record(
      facts.map((fact) => {
        const salt = random.bytes(32)
        return {
          ...fact,
          id: random.rowId(),
          salt,
          ...(fact.detail === undefined
            ? {}
            : { detailDigest: auditDetailDigest(salt, fact.detail, hashes.sha256) }),
        }
      }),
    )
