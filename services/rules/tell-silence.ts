import { HOUR_MS } from '#engine/shared/duration.ts'
import type { Instant } from '#engine/shared/instant.ts'
import { ruleSilentMail } from '#services/mail/mail-texts.ts'
import { queueMail } from '#services/mail/queue-mail.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { Random } from '#services/ports/random.ts'
import type { WakeUps } from '#services/ports/wake-ups.ts'

export interface TellSilenceNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly wakeUps: WakeUps
  readonly origin: string
}

/**
 * The dead-rule alarm: tells those who administer an organisation of rules that no event matches any more, once a
 * silence, however many workers look. Looks once an hour in a process.
 */
export const createTellSilence = ({ database, clock, random, wakeUps, origin }: TellSilenceNeeds) => {
  let lookedAt: Instant | undefined
  return async (): Promise<void> => {
    const now = clock.now()
    if (lookedAt !== undefined && now - lookedAt < HOUR_MS) return
    lookedAt = now
    const told = await database.asWorker(async (stores) => {
      let mails = 0
      for (const rule of await stores.health.silentRules(now)) {
        if (!(await stores.health.tellSilence(rule, now))) continue
        const { organisationId, name, days } = rule
        for (const { email, language } of await stores.access.administrators(organisationId)) {
          const url = `${origin}/console`
          const message = ruleSilentMail({ url, language, name, days })
          await queueMail({ random, origin }, stores, { organisationId, to: email, now }, message)
          mails++
        }
      }
      return mails
    })
    if (told > 0) await wakeUps.wake('mail')
  }
}
