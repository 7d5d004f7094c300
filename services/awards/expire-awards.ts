import type { AuditTrail } from '#services/audit/audit-trail.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'

const PASS_SIZE = 200

export interface ExpireAwardsNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly audit: AuditTrail
}

/**
 * The expire step: an award whose badge is over is no longer held. No bit is set, on no list and not on chain: the
 * document says itself when it ends, and what is over by itself was never taken back.
 */
export const createExpireAwards =
  ({ database, clock, audit }: ExpireAwardsNeeds) =>
  async (): Promise<{ readonly more: boolean }> => {
    const expired = await database.asWorker(async (stores) => {
      const now = clock.now()
      const awards = await stores.awards.expire(PASS_SIZE, now)
      await audit(
        stores,
        ...awards.map(({ organisationId, id }) => ({
          organisationId,
          at: now,
          actor: 'system',
          action: 'award.expired',
          targetType: 'award',
          targetId: id,
        })),
      )
      return awards.length
    })
    return { more: expired === PASS_SIZE }
  }
