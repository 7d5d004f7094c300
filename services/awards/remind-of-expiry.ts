import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { WakeUps } from '#services/ports/wake-ups.ts'
import type { MailEarner } from './mail-earner.ts'

const PASS_SIZE = 100

export interface RemindOfExpiryNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly mailEarner: MailEarner
  readonly wakeUps: WakeUps
}

/**
 * Part of the expire step: earners hear that a badge is about to be over, so many days before as their organisation
 * decided, each time once, and not when it is renewed or suspended. Where several are due at once, as after a rest, only the
 * last of them is sent.
 */
export const createRemindOfExpiry =
  ({ database, clock, mailEarner, wakeUps }: RemindOfExpiryNeeds) =>
  async (): Promise<{ readonly more: boolean }> => {
    const reminded = await database.asWorker(async (stores) => {
      const at = clock.now()
      const awards = await stores.awards.claimEnding(PASS_SIZE, at)
      for (const award of awards)
        await mailEarner(stores, {
          award,
          credential: await stores.credentials.findByAward(award.id),
          at,
          kind: 'expiring',
          ...(award.validUntil === undefined ? {} : { until: award.validUntil }),
        })
      return awards.length
    })
    if (reminded > 0) await wakeUps.wake('mail')
    return { more: reminded === PASS_SIZE }
  }
