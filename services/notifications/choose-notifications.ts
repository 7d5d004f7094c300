import { errors } from '#engine/errors/catalogue.ts'
import { type DigestSetting, STANDARD_DIGEST } from '#engine/notifications/digest-period.ts'
import { MAIL_KIND_NAMES, type MailKindName, mailKind } from '#engine/notifications/mail-kinds.ts'
import type { NotificationPreference } from '#engine/notifications/notification-kind.ts'
import {
  isNotificationKind,
  NOTIFICATION_KIND_NAMES,
  type NotificationKindName,
  notificationKind,
} from '#engine/notifications/notification-kinds.ts'
import { isZone } from '#engine/shared/calendar.ts'
import type { AccountId } from '#engine/shared/ids.ts'
import { requireFullSession } from '#services/access/account-changes.ts'
import type { Person } from '#services/access/manage-account.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { SecretBox } from '#services/ports/secret-box.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { WakeUps } from '#services/ports/wake-ups.ts'
import { readUnsubscribeToken } from './unsubscribe-link.ts'

/** The mails of notifications, of which somebody chooses. */
const CHOSEN: ReadonlySet<MailKindName | undefined> = new Set([
  'notification',
  ...NOTIFICATION_KIND_NAMES.map((kind) => notificationKind(kind).mail?.kind),
])
/** All others: about an account, a badge or a task, to the address that they are for. They are sent whatever somebody chooses. */
const MANDATORY_MAILS = MAIL_KIND_NAMES.filter((kind) => !CHOSEN.has(kind))

export interface Choice extends NotificationPreference {
  readonly kind: NotificationKindName | MailKindName
  readonly mandatory: boolean
  /** Whether it can stand in the application at all. */
  readonly isMailOnly: boolean
  readonly description: Readonly<Record<'nl' | 'en', string>>
}

export interface Choices {
  readonly kinds: readonly Choice[]
  readonly digest: DigestSetting
}

/** How whoever is signed in wants to be told. */
export const createChooseNotifications = ({
  database,
  clock,
  secretBox,
  wakeUps,
}: {
  readonly database: Database
  readonly clock: Clock
  readonly secretBox: SecretBox
  readonly wakeUps: WakeUps
}) => {
  const show = async (stores: Stores, accountId: AccountId): Promise<Choices> => {
    const chosen = await stores.notifications.preferences(accountId)
    return {
      kinds: [
        ...NOTIFICATION_KIND_NAMES.map((kind): Choice => {
          const { standard, mandatory = false, description } = notificationKind(kind)
          const preference = chosen.get(kind) ?? standard
          return { kind, ...(mandatory ? standard : preference), mandatory, isMailOnly: false, description }
        }),
        ...MANDATORY_MAILS.map(
          (kind): Choice => ({
            kind,
            inApp: false,
            email: 'at_once',
            mandatory: true,
            isMailOnly: true,
            description: mailKind(kind).description,
          }),
        ),
      ],
      digest: (await stores.notifications.digestSetting(accountId)) ?? STANDARD_DIGEST,
    }
  }

  return {
    find: (person: Person): Promise<Choices> =>
      database.asWorker(async (stores) => {
        await requireFullSession(stores, person.sessionId, clock)
        return show(stores, person.accountId)
      }),

    /**
     * Those that are not named stay as they are. What waits for a digest follows.
     * Throws `notification-mandatory`, `time-zone-unknown`, `full-session-required`.
     */
    change: async (
      person: Person,
      {
        kinds,
        digest,
      }: {
        readonly kinds: readonly (NotificationPreference & { readonly kind: string })[]
        readonly digest?: DigestSetting
      },
    ): Promise<Choices> => {
      const changed = await database.asWorker(async (stores) => {
        await stores.accounts.lock(person.accountId)
        await requireFullSession(stores, person.sessionId, clock)
        const current = await show(stores, person.accountId)
        for (const { kind, inApp, email } of kinds) {
          const before = current.kinds.find((each) => each.kind === kind)
          if (before?.inApp === inApp && before.email === email) continue
          if (before === undefined)
            throw errors.invalidRequest({
              errors: [
                {
                  in: 'body',
                  pointer: '/kinds',
                  code: 'unknown',
                  message: `has no kind ${JSON.stringify(kind)}`,
                },
              ],
            })
          if (!isNotificationKind(kind) || before.mandatory) throw errors.notificationMandatory({ kind })
          await stores.notifications.setPreference(person.accountId, kind, { inApp, email })
        }
        if (digest !== undefined) {
          if (!isZone(digest.timeZone)) throw errors.timeZoneUnknown({ timeZone: digest.timeZone })
          await stores.notifications.setDigestSetting(person.accountId, digest)
        }
        return show(stores, person.accountId)
      })
      await wakeUps.wake('mail')
      return changed
    },

    /**
     * Turns mails off with the link that stands in them, without signing in (RFC 8058). Twice is once.
     * Throws `unsubscribe-link-invalid`.
     */
    unsubscribe: (token: string): Promise<void> =>
      database.asWorker(async (stores) => {
        const read = readUnsubscribeToken(secretBox, token)
        if (read === undefined || (await stores.accounts.find(read.accountId)) === undefined)
          throw errors.unsubscribeLinkInvalid({})
        const accountId = await stores.accounts.lock(read.accountId)
        const { kinds } = await show(stores, accountId)
        for (const { kind, email, inApp, mandatory } of kinds) {
          if (mandatory || !isNotificationKind(kind) || email === 'off') continue
          if (kind === read.what || `digest-${email}` === read.what)
            await stores.notifications.setPreference(accountId, kind, { inApp, email: 'off' })
        }
      }),
  }
}
