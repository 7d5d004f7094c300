import { DAY_MS, MINUTE_MS, SECOND_MS } from '#engine/shared/duration.ts'
import { asInstant, type Instant } from '#engine/shared/instant.ts'
import { failureCode, isElsewhere } from '#services/job-control/failure.ts'
import type { Clock } from '#services/ports/clock.ts'
import { crashPoint } from '#services/ports/crash-points.ts'
import type { Database } from '#services/ports/database.ts'
import type { Log } from '#services/ports/log.ts'
import type { StoredMail } from '#services/ports/mail-store.ts'
import type { Mailer } from '#services/ports/mailer.ts'
import type { Random } from '#services/ports/random.ts'
import type { ReturnTags } from '#services/ports/return-tags.ts'
import type { Stores } from '#services/ports/stores.ts'

const PASS_SIZE = 20
/** For how long a mail is tried that a server takes later, perhaps. */
const GIVE_UP_MS = 4 * DAY_MS
/** By these an address is proven again, so that they are tried where nothing else is sent. */
const GOES_ANYWAY: ReadonlySet<StoredMail['kind']> = new Set(['sign-in', 'identity-code', 'account-notice'])

/** Somebody sits and waits for these: they are sent first, whatever else waits. */
const URGENT: readonly StoredMail['kind'][] = ['sign-in', 'identity-code']

/**
 * The mail step: at least once. The row is locked while the mail goes out; a worker that dies after the mail server
 * took it sends it again, with the same Message-ID.
 */
export const createDeliverMail = ({
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
  /** What becomes mail, some of it in each pass: notifications, digests. */
  readonly prepare: readonly (() => Promise<{ readonly more: boolean }>)[]
  /** Without them the Return-Path is the sender. */
  readonly returnTags?: ReturnTags
}) => {
  /** Whose turn it was last, in this process. */
  let last: StoredMail | undefined
  return async (): Promise<{ readonly more: boolean }> => {
    let isMoreToPrepare = false
    for (const each of prepare) if ((await each()).more) isMoreToPrepare = true
    for (let sent = 0; sent < PASS_SIZE; sent++) {
      let claimed: StoredMail | undefined
      const send = async (stores: Stores) => {
        const mail = await stores.mail.claim(URGENT, clock.now(), last)
        claimed = mail
        if (mail === undefined) return false
        last = mail
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
          await stores.mail.fail(mail.id, { error: outcome.reason, next: nextAttempt(mail, now) })
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
      }
      try {
        if (!(await database.asWorker(send))) return { more: isMoreToPrepare }
      } catch (error) {
        if (isElsewhere(error) || claimed === undefined) throw error
        // A fault of ours: this one waits, and the others go.
        const { id } = claimed
        const failure = { error: failureCode(error), next: nextAttempt(claimed, clock.now()) }
        await database.asWorker((stores) => stores.mail.fail(id, failure))
        log.error('mail.broken', { mail: id, error })
      }
    }
    return { more: true }
  }
}

/** After 10 s, 20 s, 40 s … up to an hour: a mail server may be away for a weekend. */
const nextAttempt = ({ attempts }: StoredMail, now: Instant): Instant =>
  asInstant(now + Math.min(10 * SECOND_MS * 2 ** attempts, 60 * MINUTE_MS))
