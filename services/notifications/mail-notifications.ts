import { notificationKind } from '#engine/notifications/notification-kinds.ts'
import { DAY_MS, HOUR_MS } from '#engine/shared/duration.ts'
import { asInstant, type Instant } from '#engine/shared/instant.ts'
import { mainAddress } from '#services/access/main-address.ts'
import { failureCode, isElsewhere } from '#services/job-control/failure.ts'
import { notificationMail } from '#services/mail/notification-mail.ts'
import { queueMail } from '#services/mail/queue-mail.ts'
import type { Clock } from '#services/ports/clock.ts'
import { crashPoint } from '#services/ports/crash-points.ts'
import type { Database } from '#services/ports/database.ts'
import type { Log } from '#services/ports/log.ts'
import type { Notification } from '#services/ports/notification-store.ts'
import type { Random } from '#services/ports/random.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { UnsubscribeLinkMaker } from './unsubscribe-link.ts'

/** How long what somebody was told can be read. */
const KEPT_MS = 90 * DAY_MS

export interface MailNotificationsNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly origin: string
  readonly unsubscribeLink: UnsubscribeLinkMaker
  readonly log: Log
}

/** How many are decided before mail is sent again. */
const PASS_SIZE = 20

/**
 * Decides of each notification whether it goes out by mail: at once, with a digest, or not at all. Whoever moved the row
 * could not know: how somebody wants to be told is theirs, and no organisation reads it. Decision and mail are one
 * transaction, so that a worker that dies leaves either both or neither. One of which no mail can be made is parked.
 */
export const createMailNotifications = (needs: MailNotificationsNeeds) => {
  const { database, clock, random, origin, unsubscribeLink, log } = needs
  let forgotAt: Instant | undefined

  const decide = async (stores: Stores, notification: Notification): Promise<void> => {
    const { id, kind, accountId, organisation } = notification
    const { standard, mandatory = false, audience } = notificationKind(kind)
    const wanted = (await stores.notifications.preferences(accountId)).get(kind) ?? standard
    const email = mandatory ? 'at_once' : wanted.email
    if (email === 'daily' || email === 'weekly') return stores.notifications.decideMail([id], email)
    const account = email === 'at_once' ? await stores.accounts.find(accountId) : undefined
    const to = mainAddress(account)
    const belongs =
      audience === 'earner' ||
      (await stores.access.grantsOf(accountId)).some(
        ({ organisationId }) => organisationId === organisation.id,
      )
    if (account === undefined || to === undefined || !belongs)
      return stores.notifications.decideMail([id], 'none')
    const message = notificationMail(notification, { language: account.language, origin })
    const addressing = {
      organisationId: organisation.id,
      to,
      now: clock.now(),
      ...(mandatory ? {} : { unsubscribe: unsubscribeLink(accountId, kind) }),
    }
    await queueMail({ random, origin }, stores, addressing, message)
    await stores.notifications.decideMail([id], 'mailed')
  }

  /** One more, if there is one. */
  const next = async (): Promise<boolean> => {
    let taken: Notification | undefined
    try {
      return await database.asWorker(async (stores) => {
        taken = await stores.notifications.takeOpen()
        if (taken === undefined) return false
        await decide(stores, taken)
        crashPoint('notification.before-commit')
        return true
      })
    } catch (error) {
      if (isElsewhere(error) || taken === undefined) throw error
      const { id } = taken
      await database.asWorker((stores) => stores.notifications.parkOpen(id, failureCode(error)))
      log.error('notification.parked', { notification: id, error })
      return true
    }
  }

  /** A piece, once an hour in a process, and more in the next passes where more is left. */
  const forget = async (): Promise<boolean> => {
    const now = clock.now()
    if (forgotAt !== undefined && now - forgotAt < HOUR_MS) return false
    const more = await database.asWorker((stores) => stores.notifications.forget(asInstant(now - KEPT_MS)))
    if (!more) forgotAt = now
    return more
  }

  return async (): Promise<{ readonly more: boolean }> => {
    const isMoreToForget = await forget()
    for (let decided = 0; decided < PASS_SIZE; decided++) if (!(await next())) return { more: isMoreToForget }
    return { more: true }
  }
}
