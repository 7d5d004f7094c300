import type { Lapse } from '#engine/rules/evaluate/evaluation.ts'
import type { OrganisationId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import { awardLapsedMail } from '#services/mail/mail-texts.ts'
import { queueMail } from '#services/mail/queue-mail.ts'
import type { Random } from '#services/ports/random.ts'
import type { Stores } from '#services/ports/stores.ts'

export interface TellLapsesNeeds {
  readonly random: Random
  readonly audit: AuditTrail
  readonly origin: string
}

export type TellLapses = (
  stores: Stores,
  organisationId: OrganisationId,
  lapsed: readonly Lapse[],
  now: Instant,
) => Promise<void>

/**
 * Tells those who administer the organisation that an award stands of which what it asked for is no longer so, for rules
 * that say `"onFalse": "notify"`. Nothing happens to the award: that is for people. Once a lapse, in its transaction.
 */
export const createTellLapses =
  ({ random, audit, origin }: TellLapsesNeeds): TellLapses =>
  async (stores, organisationId, lapsed, now) => {
    if (lapsed.length === 0) return
    const administrators = await stores.access.administrators(organisationId)
    for (const { ruleId, subjectId, occurrence } of lapsed) {
      const award = await stores.awards.findByOccurrence(ruleId, subjectId, occurrence)
      const rule = await stores.rules.find(ruleId)
      if (award === undefined || rule === undefined) continue
      await audit(stores, {
        organisationId,
        at: now,
        actor: 'system',
        action: 'award.lapsed',
        targetType: 'award',
        targetId: award.id,
      })
      for (const { email, language } of administrators) {
        const message = awardLapsedMail({
          url: `${origin}/console`,
          language,
          name: rule.name,
          awardId: award.id,
        })
        await queueMail({ random, origin }, stores, { organisationId, to: email, now }, message)
      }
    }
  }
