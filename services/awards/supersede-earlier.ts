import type { AwardId, OrganisationId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import type { Award } from '#services/ports/award-store.ts'
import type { Stores } from '#services/ports/stores.ts'

/** A renewal takes the place of what it renews. The earlier badge stays as true as it was, until it is over. */
export async function supersedeByRule(
  stores: Stores,
  audit: AuditTrail,
  { organisationId, byRule, subjectId }: Award,
  now: Instant,
): Promise<void> {
  if (byRule === undefined) return
  const of = { ruleId: byRule.ruleId, subjectId }
  await tell(stores, audit, organisationId, await stores.awards.supersede(organisationId, of, now), now)
}

/** The same of what somebody renewed by hand. What is over stays over. */
export async function supersedeRenewed(
  stores: Stores,
  audit: AuditTrail,
  { organisationId, renews }: Award,
  now: Instant,
): Promise<void> {
  if (renews === undefined) return
  if (!(await stores.awards.move(renews, ['issued'], 'superseded', { endedAt: now }))) return
  await tell(stores, audit, organisationId, [renews], now)
}

const tell = (
  stores: Stores,
  audit: AuditTrail,
  organisationId: OrganisationId,
  superseded: readonly AwardId[],
  at: Instant,
): Promise<void> =>
  audit(
    stores,
    ...superseded.map((targetId) => ({
      organisationId,
      at,
      actor: 'system',
      action: 'award.superseded',
      targetType: 'award',
      targetId,
    })),
  )
