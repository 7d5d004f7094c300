import { actorOf, type Principal } from '#engine/access/rights.ts'
import { validUntil as endOf } from '#engine/achievements/achievement-definition.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { AwardId, OrganisationId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import { requireSeen } from '#engine/shared/require-seen.ts'
import { requireRightOnAchievement } from '#services/access/authorise.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { Random } from '#services/ports/random.ts'
import type { WakeUps } from '#services/ports/wake-ups.ts'
import { requireStep } from './award-life-of.ts'
import { type AwardOverview, overview } from './manage-awards.ts'

export interface RenewAwardNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly audit: AuditTrail
  readonly wakeUps: WakeUps
}

export type RenewAward = (
  principal: Principal,
  organisationId: OrganisationId,
  id: AwardId,
  wanted: {
    readonly reason: string
    readonly note?: string
    readonly validUntil?: Instant
    /** The revision that the caller has seen. */
    readonly seen?: number
  },
) => Promise<AwardOverview>

/**
 * Renews a badge by hand: a new award of the newest published version, from today, that takes the place of the earlier
 * one once it is issued. The earlier badge stays as true as it was, until it is over.
 * Throws `not-found`, `award-state`, `precondition-failed`, `award-renewed`, `conflict`, `correction-unfit`.
 */
export const createRenewAward =
  ({ database, clock, random, audit, wakeUps }: RenewAwardNeeds): RenewAward =>
  async (principal, organisationId, id, { reason, note, validUntil, seen }) => {
    const renewed = await database.inOrganisation(organisationId, async (stores) => {
      // 1. Load, under locks: of two who renew it at once, or reinstate a renewal, the second one sees the first.
      const found = await stores.awards.find(id)
      if (found === undefined) throw errors.notFound({ what: 'award', id })
      await requireRightOnAchievement(stores, principal, 'award', organisationId, found.achievementId)
      await stores.evaluation.lockSubjects(organisationId, [found.subjectId])
      const award = (await stores.awards.lock(id)) ?? found
      requireSeen(award, seen)
      const renewal = await stores.awards.renewalOf(id)
      if (renewal !== undefined) throw errors.awardRenewed({ awardId: id, by: renewal })
      const credential = await stores.credentials.findByAward(id)
      const editions = credential === undefined ? [] : await stores.credentials.editions(credential.id)
      requireStep(award, editions, 'renew')
      const [version] = await stores.achievements.published([award.achievementId])
      if (version === undefined)
        throw errors.conflict({ what: 'award', reason: 'its achievement is not awarded any more' })

      // 2. Decide how long it lasts.
      const now = clock.now()
      const end = validUntil ?? endOf(version.definition, now)
      if (end !== undefined && end <= now)
        throw errors.correctionUnfit({ pointer: '/validUntil', reason: 'is over already' })

      // 3. Save.
      const renewedId = random.rowId() as AwardId
      await stores.achievements.freeze([version.id], now)
      await stores.awards.grant([
        {
          organisationId,
          id: renewedId,
          issuerId: award.issuerId,
          achievementId: award.achievementId,
          achievementVersionId: version.id,
          subjectId: award.subjectId,
          state: 'due',
          awardedAt: now,
          grantedAt: now,
          renews: id,
          ...(end === undefined ? {} : { validUntil: end }),
        },
      ])
      await audit(stores, {
        organisationId,
        at: now,
        actor: actorOf(principal),
        action: 'award.renewed',
        targetType: 'award',
        targetId: id,
        detail: { by: renewedId, reason, ...(note === undefined ? {} : { note }) },
      })
      const made = await stores.awards.find(renewedId)
      if (made === undefined) throw new Error('An award that was just made is gone.')
      return overview(stores, made)
    })
    await wakeUps.wake('issue')
    return renewed
  }
