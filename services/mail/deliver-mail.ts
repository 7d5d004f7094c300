import { DAY_MS, MINUTE_MS, SECOND_MS } from '#engine/shared/duration.ts'
import { asInstant } from '#engine/shared/instant.ts'
import type { Clock } from '#services/ports/clock.ts'
import { crashPoint } from '#services/ports/crash-points.ts'
import type { Database } from '#services/ports/database.ts'
import type { Log } from '#services/ports/log.ts'
import type { StoredMail } from '#services/ports/mail-store.ts'
import type { Mailer } from '#services/ports/mailer.ts'
import type { Random } from '#services/ports/random.ts'
import type { ReturnTags } from '#services/ports/return-tags.ts'

const PASS_SIZE = 20
/** For how long a mail is tried that a server takes later, perhaps. */
const GIVE_UP_MS = 4 * DAY_MS
/** By these an address is proven again, so that they are tried where nothing else is sent. */
const GOES_ANYWAY: ReadonlySet<StoredMail['kind']> = new Set(['sign-in', 'identity-code', 'account-notice'])

/**
 * The mail step: at least once. The row is locked while the mail goes out; a worker that dies after the mail server
 * took it sends it again, with the same Message-ID.
 */
export const createDeliverMail =
  ({
    database,
    clock,
    mailer,
    random,
    log,
    returnTags,
    prepare,
  }: {
    readonly database: Database
    readonly clock: Clock
    readonly mailer: Mailer
    readonly random: Random
    readonly log: Log
    /** Without them the Return-Path is the sender. */
    readonly returnTags?: ReturnTags
    /** What becomes mail, first: notifications, digests. */
    readonly prepare: readonly (() => Promise<void>)[]
  }) =>
  async (): Promise<{ readonly more: boolean }> => {
    for (const each of prepare) await each()
    for (let sent = 0; sent < PASS_SIZE; sent++) {
      const found = await database.asWorker(async (stores) => {
        const [mail] = await stores.mail.claim(1, clock.now())
        if (mail === undefined) return false
        const { messageId, to, subject, text, html, unsubscribeUrl, organisationId } = mail
        const block = GOES_ANYWAY.has(mail.kind) ? undefined : await stores.mail.blockOf(to, organisationId)
        if (block !== undefined) {
          await stores.mail.finish(mail.id, 'held', clock.now(), `address ${block.reason} (${block.status})`)
          return true
        }
        const outcome = await mailer.send({
          messageId,
          to,
          subject,
          text,
          html,
          ...(unsubscribeUrl === undefined ? {} : { unsubscribeUrl }),
          ...(returnTags === undefined ? {} : { returnTag: returnTags.tagOf(mail.id) }),
        })
        crashPoint('mail.sent')
        const now = clock.now()
        if (outcome.state !== 'failed') await stores.mail.finish(mail.id, outcome.state, now)
        else if (outcome.retry && now - mail.createdAt < GIVE_UP_MS) {
          // 10 s, 20 s, 40 s … up to an hour: a mail server may be away for a weekend.
          const wait = Math.min(10 * SECOND_MS * 2 ** mail.attempts, 60 * MINUTE_MS)
          await stores.mail.fail(mail.id, { error: outcome.reason, next: asInstant(now + wait) })
          log.warn('mail.delayed', { mail: mail.id, reason: outcome.reason })
        } else {
          await stores.mail.finish(mail.id, 'failed', now, outcome.reason)
          if (outcome.deadAddress !== undefined) {
            const blocked = { id: random.rowId(), address: to, reason: 'refused', at: now } as const
            await stores.mail.block({ ...blocked, status: outcome.deadAddress })
          }
          log.error('mail.failed', { mail: mail.id, reason: outcome.reason })
        }
        return true
      })
      if (!found) return { more: false }
    }
    return { more: true }
  }
