import { HOUR_MS } from '#engine/shared/duration.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { WakeUps } from '#services/ports/wake-ups.ts'

export interface TellSilenceNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly wakeUps: WakeUps
}

/**
 * The dead-rule alarm: tells those who administer an organisation of rules that no event matches any more, once a
 * silence, however many workers look. Looks once an hour in a process.
 */
export const createTellSilence = ({ database, clock, wakeUps }: TellSilenceNeeds) => {
  let lookedAt: Instant | undefined
  return async (): Promise<void> => {
    const now = clock.now()
    if (lookedAt !== undefined && now - lookedAt < HOUR_MS) return
    lookedAt = now
    const told = await database.asWorker(async (stores) => {
      let rules = 0
      // Saying so is what tells people: see the triggers of the migration `notifications`.
      for (const rule of await stores.health.silentRules(now))
        if (await stores.health.tellSilence(rule, now)) rules++
      return rules
    })
    if (told > 0) await wakeUps.wake('mail')
  }
}
