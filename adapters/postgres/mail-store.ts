import { mailTrouble } from '#engine/notifications/mail-trouble.ts'
import type { OrganisationId } from '#engine/shared/ids.ts'
import { type mail as MailRow, Prisma } from '#prisma'
import type { MailBlock, MailStore, StoredMail } from '#services/ports/mail-store.ts'
import { behind, date, instant, instantOrNull, known, newestFirst, page, type Transaction } from './rows.ts'

/** As in the index `mail_turn`: mail of no organisation has its turn as well. */
const OWNER = Prisma.sql`coalesce(organisation_id, '00000000-0000-0000-0000-000000000000'::uuid)`
const BY_TURN = Prisma.sql`${OWNER}, created_at`

export function mailStore(tx: Transaction): MailStore {
  return {
    insert: async (...mails) => {
      await tx.mail.createMany({
        data: mails.map((mail) => ({
          organisation_id: mail.organisationId ?? null,
          id: mail.id,
          message_id: mail.messageId,
          kind: mail.kind,
          about_id: mail.aboutId ?? null,
          recipient: mail.to,
          subject: mail.subject,
          text: mail.text,
          html: mail.html,
          unsubscribe_url: mail.unsubscribeUrl ?? null,
          state: 'waiting',
          created_at: date(mail.createdAt),
        })),
      })
    },
    claim: async (urgent, now, last) => {
      const first = async (among: Prisma.Sql, order: Prisma.Sql) => {
        const [row] = await tx.$queryRaw<{ id: string }[]>`
          SELECT id::text FROM mail
          WHERE state = 'waiting' AND ${among} AND (next_attempt_at IS NULL OR next_attempt_at <= ${date(now)})
          ORDER BY ${order} LIMIT 1 FOR UPDATE SKIP LOCKED`
        return row?.id
      }
      const id =
        (await first(Prisma.sql`kind = ANY(${[...urgent]})`, Prisma.sql`created_at`)) ??
        (last === undefined
          ? undefined
          : await first(Prisma.sql`${OWNER} > ${behind(last.organisationId)}::uuid`, BY_TURN)) ??
        (await first(Prisma.sql`true`, BY_TURN))
      const row = id === undefined ? null : await tx.mail.findUnique({ where: { id } })
      return row === null ? undefined : toMail(row)
    },
    finish: async (id, state, at, reason) => {
      await tx.mail.update({
        where: { id },
        data: {
          state,
          reason: reason ?? null,
          ...(state === 'sent' ? { sent_at: date(at) } : { stopped_at: date(at) }),
        },
      })
    },
    blockOf: async (address, organisationId) => {
      const row = await tx.mail_block.findFirst({
        where: {
          address: address.toLowerCase(),
          OR: [
            { organisation_id: null },
            ...(organisationId === undefined ? [] : [{ organisation_id: organisationId }]),
          ],
        },
      })
      return row === null ? undefined : { reason: row.reason as MailBlock['reason'], status: row.status }
    },
    block: async ({ organisationId, id, address, reason, status, at }) => {
      await tx.mail_block.createMany({
        data: [
          {
            organisation_id: organisationId ?? null,
            id,
            address: address.toLowerCase(),
            reason,
            status,
            created_at: date(at),
          },
        ],
        skipDuplicates: true,
      })
    },
    unblock: async (address, since) => {
      const { count } = await tx.mail_block.deleteMany({ where: { address: address.toLowerCase() } })
      if (count > 0)
        await tx.$executeRaw`
          UPDATE mail SET state = 'waiting', reason = NULL, stopped_at = NULL, next_attempt_at = NULL
          WHERE lower(recipient) = ${address.toLowerCase()} AND state = 'held' AND reason IS NOT NULL
            AND created_at >= ${date(since)}`
    },
    findByMessageId: async (messageId) => {
      const row = await tx.mail.findUnique({ where: { message_id: messageId } })
      return row === null ? undefined : toMail(row)
    },
    find: async (id) => {
      const row = await tx.mail.findUnique({ where: { id } })
      return row === null ? undefined : toMail(row)
    },
    troubles: async (organisationId, aboutIds) => {
      if (aboutIds.length === 0) return new Map()
      const rows = await tx.$queryRaw<TroubleRow[]>`
        SELECT about_id::text, reason, stopped_at FROM (
          SELECT DISTINCT ON (about_id) about_id, state, reason, stopped_at FROM mail
          WHERE organisation_id = ${organisationId}::uuid AND about_id = ANY (${[...aboutIds]}::uuid[])
          ORDER BY about_id, created_at DESC, id DESC
        ) newest
        WHERE state IN ('failed', 'held') AND reason IS NOT NULL`
      return new Map(
        rows.map((row) => [
          row.about_id,
          mailTrouble(row.reason, row.stopped_at === null ? undefined : instant(row.stopped_at)),
        ]),
      )
    },
    returned: async (id, reason, at) => {
      const { count } = await tx.mail.updateMany({
        where: { id, state: 'sent' },
        data: { state: 'failed', reason, stopped_at: date(at) },
      })
      return count === 1
    },
    fail: async (id, { error, next }) => {
      await tx.mail.update({
        where: { id },
        data: { attempts: { increment: 1 }, last_error: error.slice(0, 500), next_attempt_at: date(next) },
      })
    },
    withdraw: async (messageIds) => {
      await tx.mail.updateMany({
        where: {
          message_id: { in: [...messageIds] },
          // One that is held for its address would be sent once that is proven again.
          OR: [{ state: 'waiting' }, { state: 'held', reason: { not: null } }],
        },
        data: { state: 'failed', last_error: 'withdrawn', ...NOTHING },
      })
    },
    forget: async (messageIds) => {
      await tx.mail.updateMany({ where: { message_id: { in: [...messageIds] } }, data: NOTHING })
    },
    list: async (organisationId, request) => {
      const rows = await tx.mail.findMany(
        newestFirst<Prisma.mailWhereInput>('created_at', request, { organisation_id: organisationId }),
      )
      return page(rows.map(toMail), request.limit, (mail) => mail.createdAt)
    },
  }
}

interface TroubleRow {
  readonly about_id: string
  readonly reason: string
  readonly stopped_at: Date | null
}

const NOTHING = { recipient: '', subject: '', text: '', html: '' }

const toMail = (row: MailRow): StoredMail => ({
  ...known({
    organisationId: row.organisation_id as OrganisationId | null,
    sentAt: instantOrNull(row.sent_at),
    unsubscribeUrl: row.unsubscribe_url,
    reason: row.reason,
  }),
  id: row.id,
  messageId: row.message_id,
  kind: row.kind as StoredMail['kind'],
  to: row.recipient,
  subject: row.subject,
  text: row.text,
  html: row.html,
  createdAt: instant(row.created_at),
  state: row.state as StoredMail['state'],
  attempts: row.attempts,
})
