import { type DigestPeriod, lastDigest, STANDARD_DIGEST } from '#engine/notifications/digest-period.ts'
import { notificationKind } from '#engine/notifications/notification-kinds.ts'
import { MINUTE_MS } from '#engine/shared/duration.ts'
import type { Instant } from '#engine/shared/instant.ts'
import { mainAddress } from '#services/access/main-address.ts'
import { failureCode, isElsewhere } from '#services/job-control/failure.ts'
import { digestMail } from '#services/mail/digest-mail.ts'
import type { Clock } from '#services/ports/clock.ts'
import { crashPoint } from '#services/ports/crash-points.ts'
import type { Database } from '#services/ports/database.ts'
import type { Log } from '#services/ports/log.ts'
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
  readonly log: Log
}

/** How many are made before mail is sent again. */
const PASS_SIZE = 20

/**
 * Gathers what waits for a digest into one mail, for each account and period exactly once: the row of the digest, the mail
 * and what was gathered are one transaction, and the row is unique, whoever looks and wherever they die. What comes after
 * the hour waits for the next one. Looks once a minute in a process. What cannot be gathered is parked.
 */
export const createMakeDigests = (needs: MakeDigestsNeeds) => {
  const { database, clock, random, origin, unsubscribeLink, log } = needs
  let lookedAt: Instant | undefined
  let found: WaitingDigest[] = []

  const make = ({ accountId, cadence }: WaitingDigest, period: DigestPeriod, now: Instant): Promise<void> =>
    database.asWorker(async (stores) => {
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
        return
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
      const to = mainAddress(account)
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
    })

  /** Makes the digest where its time has come. Answers whether it had. */
  const makeDue = async (waiting: WaitingDigest, now: Instant): Promise<boolean> => {
    const { accountId, cadence, setting, oldest } = waiting
    try {
      const period = lastDigest(now, cadence, setting ?? STANDARD_DIGEST)
      if (oldest >= period.due) return false
      await make(waiting, period, now)
    } catch (error) {
      if (isElsewhere(error)) throw error
      const code = failureCode(error)
      const parked = await database.asWorker((stores) =>
        stores.notifications.parkWaiting(accountId, cadence, code),
      )
      log.error('digest.parked', { account: accountId, cadence, parked, error })
    }
    return true
  }

  return async (): Promise<{ readonly more: boolean }> => {
    const now = clock.now()
    if (found.length === 0) {
      if (lookedAt !== undefined && now - lookedAt < MINUTE_MS) return { more: false }
      lookedAt = now
      found = [...(await database.asWorker((stores) => stores.notifications.waitingDigests()))]
    }
    for (let made = 0; made < PASS_SIZE; ) {
      const waiting = found.shift()
      if (waiting === undefined) return { more: false }
      if (await makeDue(waiting, now)) {
        made += 1
        crashPoint('digest.after-commit')
      }
    }
    return { more: found.length > 0 }
  }
}
