import { lastDigest, STANDARD_DIGEST } from '#engine/notifications/digest-period.ts'
import { notificationKind } from '#engine/notifications/notification-kinds.ts'
import { MINUTE_MS } from '#engine/shared/duration.ts'
import type { Instant } from '#engine/shared/instant.ts'
import { digestMail } from '#services/mail/digest-mail.ts'
import type { Clock } from '#services/ports/clock.ts'
import { crashPoint } from '#services/ports/crash-points.ts'
import type { Database } from '#services/ports/database.ts'
import type { WaitingDigest } from '#services/ports/notification-store.ts'
import type { Random } from '#services/ports/random.ts'
import type { UnsubscribeLinkMaker } from './unsubscribe-link.ts'

/** What one mail holds. The others stand in the application. */
const MOST = 100

export interface MakeDigestsNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly origin: string
  readonly unsubscribeLink: UnsubscribeLinkMaker
}

/**
 * Gathers what waits for a digest into one mail, for each account and period exactly once: the row of the digest, the mail
 * and what was gathered are one transaction, and the row is unique, whoever looks and wherever they die. What comes after
 * the hour waits for the next one. Looks once a minute in a process.
 */
export const createMakeDigests = (needs: MakeDigestsNeeds) => {
  const { database, clock, random, origin, unsubscribeLink } = needs
  let lookedAt: Instant | undefined

  const make = ({ accountId, cadence, setting, oldest }: WaitingDigest, now: Instant): Promise<boolean> =>
    database.asWorker(async (stores) => {
      const period = lastDigest(now, cadence, setting ?? STANDARD_DIGEST)
      if (oldest >= period.due) return false
      const mailId = random.rowId()
      if (
        !(await stores.notifications.beginDigest({
          accountId,
          cadence,
          period: period.name,
          mailId,
          at: now,
        }))
      )
        return false
      const waiting = await stores.notifications.takeWaiting(accountId, cadence, period.due, 10 * MOST)
      const organisations = new Set(
        (await stores.access.grantsOf(accountId)).map(({ organisationId }) => organisationId),
      )
      // What was read meanwhile need not be told again; nor what is of an organisation that they have left.
      const told = waiting.filter(
        ({ kind, readAt, organisation }) =>
          readAt === undefined &&
          (notificationKind(kind).audience === 'earner' || organisations.has(organisation.id)),
      )
      const account = await stores.accounts.find(accountId)
      const addresses = account?.identities.filter(({ type }) => type === 'email') ?? []
      const to = (addresses.find(({ isPrimary }) => isPrimary) ?? addresses[0])?.value
      if (account !== undefined && to !== undefined && told.length > 0) {
        const unsubscribe = unsubscribeLink(accountId, `digest-${cadence}`)
        await stores.mail.insert({
          id: mailId,
          messageId: `<digest.${mailId}@${new URL(origin).hostname}>`,
          kind: 'digest',
          to,
          createdAt: now,
          unsubscribeUrl: unsubscribe.post,
          ...digestMail(told.slice(0, MOST), {
            cadence,
            language: account.language,
            origin,
            more: told.length > MOST,
            unsubscribe,
          }),
        })
      }
      await stores.notifications.decideMail(
        waiting.map(({ id }) => id),
        'mailed',
      )
      crashPoint('digest.before-commit')
      return true
    })

  return async (): Promise<void> => {
    const now = clock.now()
    if (lookedAt !== undefined && now - lookedAt < MINUTE_MS) return
    lookedAt = now
    for (const waiting of await database.asWorker((stores) => stores.notifications.waitingDigests()))
      if (await make(waiting, now)) crashPoint('digest.after-commit')
  }
}
