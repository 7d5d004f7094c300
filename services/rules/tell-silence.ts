import { HOUR_MS } from '#engine/shared/duration.ts'
import type { Instant } from '#engine/shared/instant.ts'
import { ruleSilentMail } from '#services/mail/mail-texts.ts'
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
          const id = random.rowId()
          await stores.mail.insert({
            ...ruleSilentMail({ url, language, name, days }),
            organisationId,
            id,
            messageId: `<rule-silent.${id}@${new URL(origin).hostname}>`,
            kind: 'rule-silent',
            to: email,
            createdAt: now,
          })
          mails++
        }
      }
      return mails
    })
    if (told > 0) await wakeUps.wake('mail')
  }
}
