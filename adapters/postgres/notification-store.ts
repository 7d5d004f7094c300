import type { DigestCadence } from '#engine/notifications/digest-period.ts'
import type { EmailChoice } from '#engine/notifications/notification-kind.ts'
import {
  isNotificationKind,
  NOTIFICATION_KIND_NAMES,
  type NotificationKindName,
  notificationKind,
} from '#engine/notifications/notification-kinds.ts'
import type { AccountId, OrganisationId } from '#engine/shared/ids.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import { Prisma } from '#prisma'
import type { Notification, NotificationStore } from '#services/ports/notification-store.ts'
import { date, instant, page, type Transaction } from './rows.ts'

const KINDS = [...NOTIFICATION_KIND_NAMES]
const FOR_MEMBERS = KINDS.filter((kind) => notificationKind(kind).audience === 'member')
/** How many old ones one pass forgets. */
const FORGET_SIZE = 1_000

export function notificationStore(tx: Transaction): NotificationStore {
  /** What somebody may see and wants to: one rule for the list and for the count. */
  const seenBy = (accountId: AccountId) => Prisma.sql`
    notification.account_id = ${accountId}::uuid AND notification.kind = ANY(${KINDS})
    AND NOT EXISTS (
      SELECT FROM notification_preference preference
      WHERE preference.account_id = notification.account_id AND preference.kind = notification.kind AND NOT preference.in_app)
    AND (notification.kind <> ALL(${FOR_MEMBERS}) OR EXISTS (
      SELECT FROM membership
      WHERE membership.organisation_id = notification.organisation_id AND membership.account_id = notification.account_id))`
  const columns = Prisma.sql`
    notification.id::text, notification.account_id::text, notification.kind, notification.data, notification.created_at,
    notification.read_at, organisation.id::text AS organisation_id, organisation.slug, organisation.name
    FROM notification JOIN organisation ON organisation.id = notification.organisation_id`

  return {
    list: async (accountId, request, { unread }) => {
      const start = request.after
      const rows = await tx.$queryRaw<Row[]>`
        SELECT ${columns} WHERE ${seenBy(accountId)}
          ${unread ? Prisma.sql`AND notification.read_at IS NULL` : Prisma.empty}
          ${
            start === undefined
              ? Prisma.empty
              : Prisma.sql`AND (notification.created_at, notification.id) < (${new Date(start.at)}, ${start.id}::uuid)`
          }
        ORDER BY notification.created_at DESC, notification.id DESC LIMIT ${request.limit + 1}`
      return page(rows.map(toNotification), request.limit, ({ createdAt }) => createdAt)
    },
    countUnread: async (accountId) => {
      const [row] = await tx.$queryRaw<{ unread: number }[]>`
        SELECT count(*)::integer AS unread FROM notification
        WHERE notification.read_at IS NULL AND ${seenBy(accountId)}`
      return row?.unread ?? 0
    },
    markRead: async (accountId, id, at) => {
      const owned = { id, account_id: accountId }
      const { count } = await tx.notification.updateMany({
        where: { ...owned, read_at: null },
        data: { read_at: date(at) },
      })
      return count === 1 || (await tx.notification.count({ where: owned })) === 1
    },
    markAllRead: async (accountId, at) => {
      await tx.notification.updateMany({
        where: { account_id: accountId, read_at: null },
        data: { read_at: date(at) },
      })
    },

    tellHolders: async ({ organisationId, right, kind, data }) => {
      await tx.$queryRaw`
        SELECT notify_holders(${organisationId}::uuid, NULL, ${right}, ${kind}, ${JSON.stringify(data)}::jsonb, NULL)`
    },

    takeOpen: async () => {
      const rows = await tx.$queryRaw<Row[]>`
        SELECT ${columns} WHERE notification.mail = 'open' AND notification.kind = ANY(${KINDS})
        ORDER BY notification.created_at LIMIT 1 FOR UPDATE OF notification SKIP LOCKED`
      return rows.map(toNotification)[0]
    },
    parkOpen: async (id, code) => {
      await tx.notification.updateMany({
        where: { id, mail: 'open' },
        data: { mail: 'parked', mail_error: code },
      })
    },
    parkWaiting: async (accountId, cadence, code) => {
      const { count } = await tx.notification.updateMany({
        where: { account_id: accountId, mail: cadence },
        data: { mail: 'parked', mail_error: code },
      })
      return count
    },
    countParked: (organisationId) =>
      tx.notification.count({ where: { organisation_id: organisationId, mail: 'parked' } }),
    decideMail: async (ids, mail) => {
      await tx.notification.updateMany({ where: { id: { in: [...ids] } }, data: { mail } })
    },

    preferences: async (accountId) => {
      const rows = await tx.notification_preference.findMany({ where: { account_id: accountId } })
      return new Map(
        rows.flatMap(({ kind, in_app, email }) =>
          isNotificationKind(kind) ? [[kind, { inApp: in_app, email: email as EmailChoice }] as const] : [],
        ),
      )
    },
    setPreference: async (accountId, kind, { inApp, email }) => {
      const key = { account_id: accountId, kind }
      const data = { in_app: inApp, email }
      await tx.notification_preference.upsert({
        where: { account_id_kind: key },
        create: { ...key, ...data },
        update: data,
      })
      await tx.notification.updateMany({
        where: { ...key, mail: { in: ['daily', 'weekly'] } },
        data: { mail: email === 'off' ? 'none' : email === 'at_once' ? 'open' : email },
      })
    },
    digestSetting: async (accountId) => {
      const row = await tx.digest_setting.findUnique({ where: { account_id: accountId } })
      return row === null ? undefined : { timeZone: row.time_zone, hour: row.hour, weekday: row.weekday }
    },
    setDigestSetting: async (accountId, { timeZone, hour, weekday }) => {
      const data = { time_zone: timeZone, hour, weekday }
      await tx.digest_setting.upsert({
        where: { account_id: accountId },
        create: { account_id: accountId, ...data },
        update: data,
      })
    },

    waitingDigests: async () => {
      const rows = await tx.$queryRaw<
        {
          account_id: AccountId
          cadence: DigestCadence
          oldest: Date
          time_zone: string | null
          hour: number
          weekday: number
        }[]
      >`
        SELECT waiting.account_id::text, cadence, oldest, time_zone, hour, weekday
        FROM (SELECT account_id, mail AS cadence, min(created_at) AS oldest FROM notification
              WHERE mail IN ('daily', 'weekly') GROUP BY account_id, mail) AS waiting
        LEFT JOIN digest_setting ON digest_setting.account_id = waiting.account_id
        ORDER BY oldest`
      return rows.map(({ account_id, cadence, oldest, time_zone, hour, weekday }) => ({
        accountId: account_id,
        cadence,
        oldest: instant(oldest),
        ...(time_zone === null ? {} : { setting: { timeZone: time_zone, hour, weekday } }),
      }))
    },
    beginDigest: async ({ accountId, cadence, period, mailId, at }) =>
      (await tx.$executeRaw`
        INSERT INTO digest (account_id, cadence, period, mail_id, created_at)
        VALUES (${accountId}::uuid, ${cadence}, ${period}::date, ${mailId}::uuid, ${date(at)})
        ON CONFLICT DO NOTHING`) === 1,
    takeWaiting: async (accountId, cadence, before, limit) =>
      (
        await tx.$queryRaw<Row[]>`
          SELECT ${columns}
          WHERE notification.account_id = ${accountId}::uuid AND notification.mail = ${cadence}
            AND notification.created_at < ${date(before)} AND notification.kind = ANY(${KINDS})
          ORDER BY notification.created_at, notification.id LIMIT ${limit} FOR UPDATE OF notification`
      ).map(toNotification),
    forget: async (before) => {
      await tx.digest.deleteMany({ where: { created_at: { lt: date(before) } } })
      const gone = await tx.$executeRaw`
        DELETE FROM notification WHERE id IN (
          SELECT id FROM notification WHERE created_at < ${date(before)}
          ORDER BY created_at LIMIT ${FORGET_SIZE} FOR UPDATE SKIP LOCKED)`
      return gone === FORGET_SIZE
    },
  }
}

interface Row {
  readonly id: string
  readonly account_id: string
  readonly kind: string
  readonly data: unknown
  readonly created_at: Date
  readonly read_at: Date | null
  readonly organisation_id: string
  readonly slug: string
  readonly name: string
}

const toNotification = (row: Row): Notification => ({
  organisation: { id: row.organisation_id as OrganisationId, slug: row.slug, name: row.name },
  id: row.id,
  accountId: row.account_id as AccountId,
  kind: row.kind as NotificationKindName,
  data: row.data as JsonObject,
  createdAt: instant(row.created_at),
  ...(row.read_at === null ? {} : { readAt: instant(row.read_at) }),
})
