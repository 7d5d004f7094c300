import { actorOf, type Principal } from '#engine/access/rights.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { type BounceReport, type BounceVerdict, judgeBounce } from '#engine/notifications/bounce.ts'
import type { OrganisationId } from '#engine/shared/ids.ts'
import { requireRight } from '#services/access/authorise.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import type { BounceReader } from '#services/ports/bounce-reader.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { MailStore, StoredMail } from '#services/ports/mail-store.ts'
import type { Random } from '#services/ports/random.ts'
import type { ReturnTags } from '#services/ports/return-tags.ts'

export interface TakeBouncesNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly audit: AuditTrail
  readonly bounceReader: BounceReader
  readonly returnTags: ReturnTags
}

export interface TakenBounce {
  readonly mailId: string
  readonly status: string
  readonly verdict: BounceVerdict
}

/** What mail servers send back after they took a mail. Asks for the right `administer`. */
export const createTakeBounces = (needs: TakeBouncesNeeds) => {
  const { database, clock, random, audit, bounceReader, returnTags } = needs
  return {
    /**
     * Takes a report. It counts for mails of this organisation only. It is known by the signed tag of the Return-Path that it
     * was sent to, else by our Message-ID and the recipient. One with a tag that we did not sign is forged, whatever else it
     * says. Twice is once.
     * Throws `bounce-unreadable`, `bounce-unknown`.
     */
    take: async (
      principal: Principal,
      organisationId: OrganisationId,
      bytes: Uint8Array,
    ): Promise<readonly TakenBounce[]> => {
      const reports = await bounceReader.read(bytes)
      return database.inOrganisation(organisationId, async (stores) => {
        await requireRight(stores, principal, 'administer', organisationId)
        if (reports === undefined) throw errors.bounceUnreadable({})
        const taken: TakenBounce[] = []
        for (const report of reports) {
          const { recipient, status } = report
          const mail = await mailOf(stores, returnTags, report)
          if (mail?.organisationId !== organisationId || mail.sentAt === undefined) continue
          // A mail that was passed on and did not arrive there says nothing of the address that it was sent to.
          const isOther = mail.to.toLowerCase() !== recipient
          const judged = judgeBounce(report)
          const verdict = isOther && judged === 'undeliverable' ? 'failed' : judged
          const at = clock.now()
          taken.push({ mailId: mail.id, status, verdict })
          if (verdict === 'nothing' || !(await stores.mail.returned(mail.id, `returned (${status})`, at)))
            continue
          if (verdict === 'undeliverable')
            await stores.mail.block({
              organisationId,
              id: random.rowId(),
              address: recipient,
              reason: 'bounced',
              status,
              at,
            })
          await audit(stores, {
            organisationId,
            at,
            actor: actorOf(principal),
            action: 'mail.returned',
            targetType: 'mail',
            targetId: mail.id,
            detail: { status, verdict },
          })
        }
        if (taken.length === 0) throw errors.bounceUnknown({})
        return taken
      })
    },
  }
}

/** Undefined where it is not known, or the report is forged. */
async function mailOf(
  { mail: mails }: { readonly mail: MailStore },
  returnTags: ReturnTags,
  { messageId, tags, recipient }: BounceReport,
): Promise<StoredMail | undefined> {
  const ours = tags.filter((tag) => /^b-[0-9a-v]{26}-/.test(tag))
  if (ours.length > 0) {
    const [id] = ours.map((tag) => returnTags.mailOf(tag)).filter((each) => each !== undefined)
    return id === undefined ? undefined : mails.find(id)
  }
  const mail = messageId === undefined ? undefined : await mails.findByMessageId(messageId)
  return mail?.to.toLowerCase() === recipient ? mail : undefined
}
