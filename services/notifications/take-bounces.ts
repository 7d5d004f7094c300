import { actorOf, type Principal } from '#engine/access/rights.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { type BounceVerdict, judgeBounce } from '#engine/notifications/bounce.ts'
import type { OrganisationId } from '#engine/shared/ids.ts'
import { requireRight } from '#services/access/authorise.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import type { BounceReader } from '#services/ports/bounce-reader.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { Random } from '#services/ports/random.ts'

export interface TakeBouncesNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly audit: AuditTrail
  readonly bounceReader: BounceReader
}

export interface TakenBounce {
  readonly mailId: string
  readonly status: string
  readonly verdict: BounceVerdict
}

/** What mail servers send back after they took a mail. Asks for the right `administer`. */
export const createTakeBounces = (needs: TakeBouncesNeeds) => {
  const { database, clock, random, audit, bounceReader } = needs
  return {
    /**
     * Takes a report. It counts for mails of this organisation only, and only where it is on one that was sent to this
     * very recipient: it is known by our Message-ID, which nobody knows who was not sent the mail. Twice is once.
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
        for (const { messageId, recipient, action, status } of reports) {
          const mail = await stores.mail.findByMessageId(messageId)
          if (mail?.organisationId !== organisationId || mail.to.toLowerCase() !== recipient) continue
          if (mail.sentAt === undefined) continue
          const verdict = judgeBounce({ action, status })
          taken.push({ mailId: mail.id, status, verdict })
          if (verdict === 'nothing' || !(await stores.mail.returned(mail.id, `returned (${status})`)))
            continue
          const at = clock.now()
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
