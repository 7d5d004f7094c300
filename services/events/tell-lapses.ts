import type { Lapse } from '#engine/rules/evaluate/evaluation.ts'
import type { OrganisationId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import type { Stores } from '#services/ports/stores.ts'

export interface TellLapsesNeeds {
  readonly audit: AuditTrail
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
  ({ audit }: TellLapsesNeeds): TellLapses =>
  async (stores, organisationId, lapsed, now) => {
    if (lapsed.length === 0) return
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
      await stores.notifications.tellHolders({
        organisationId,
        right: 'administer',
        kind: 'award-lapsed',
        data: { awardId: award.id, ruleId, name: rule.name },
      })
    }
  }
