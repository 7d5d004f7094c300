import { errors } from '#engine/errors/catalogue.ts'
import { mailLanguage } from '#engine/notifications/mail-kind.ts'
import { wordNotification } from '#engine/notifications/word-notification.ts'
import type { Instant } from '#engine/shared/instant.ts'
import { requireFullSession } from '#services/access/account-changes.ts'
import type { Person } from '#services/access/manage-account.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { Notification } from '#services/ports/notification-store.ts'
import type { Page, PageRequest } from '#services/ports/page.ts'
import type { Stores } from '#services/ports/stores.ts'

/** A notification as its reader sees it now. */
export interface NotificationView {
  readonly id: string
  readonly kind: Notification['kind']
  readonly organisation: Notification['organisation']
  readonly text: string
  /** Path of the page that it is about. */
  readonly page: string
  readonly createdAt: Instant
  readonly readAt?: Instant
}

/**
 * What whoever is signed in is told, and nobody else. Of organisations it tells, so a session of a claim link is not
 * enough (`full-session-required`).
 */
export const createReadNotifications = ({
  database,
  clock,
}: {
  readonly database: Database
  readonly clock: Clock
}) => {
  const own = <T>(person: Person, work: (stores: Stores) => Promise<T>): Promise<T> =>
    database.asWorker(async (stores) => {
      await requireFullSession(stores, person.sessionId, clock)
      return work(stores)
    })

  return {
    /** Newest first, in `language` or that of the account, with how many are unread in all. */
    list: (
      person: Person,
      page: PageRequest,
      { unread, language }: { readonly unread: boolean; readonly language?: string },
    ): Promise<Page<NotificationView> & { readonly unread: number }> =>
      own(person, async (stores) => {
        const reader = language ?? (await stores.accounts.find(person.accountId))?.language ?? 'en'
        const { items, ...rest } = await stores.notifications.list(person.accountId, page, { unread })
        return {
          ...rest,
          items: items.map(({ data, accountId: _, ...notification }) => ({
            ...notification,
            ...wordNotification(notification.kind, data, notification.organisation, mailLanguage(reader)),
          })),
          unread: await stores.notifications.countUnread(person.accountId),
        }
      }),

    /** Once read stays read. Throws `not-found` for one of somebody else as for none. */
    markRead: (person: Person, id: string): Promise<void> =>
      own(person, async (stores) => {
        if (!(await stores.notifications.markRead(person.accountId, id, clock.now())))
          throw errors.notFound({ what: 'notification', id })
      }),

    markAllRead: (person: Person): Promise<void> =>
      own(person, (stores) => stores.notifications.markAllRead(person.accountId, clock.now())),
  }
}
