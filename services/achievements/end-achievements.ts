import { actorOf, type Principal } from '#engine/access/rights.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { OrganisationId } from '#engine/shared/ids.ts'
import { requireSeen } from '#engine/shared/require-seen.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import type { AchievementVersion, PublishedVersion } from '#services/ports/achievement-store.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { Random } from '#services/ports/random.ts'
import type { Stores } from '#services/ports/stores.ts'
import { achievementOf, versionOf } from './manage-achievements.ts'
import type { NamedVersion } from './review-achievements.ts'
import { requireMove, stepOf } from './review-steps.ts'

export interface EndAchievementsNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly audit: AuditTrail
}

/** Why, and the revision that the caller has seen, where they named one. */
interface Ending {
  readonly reason: string | undefined
  readonly seen: number | undefined
}

/** Retiring and withdrawing: no new badges. Those that were given keep their bytes, and stay valid. */
export const createEndAchievements = ({ database, clock, random, audit }: EndAchievementsNeeds) => {
  const end = (
    principal: Principal,
    organisationId: OrganisationId,
    { id, version: number }: NamedVersion,
    { move, reason, seen }: Ending & { readonly move: 'retire' | 'withdraw' },
  ): Promise<AchievementVersion> =>
    database.inOrganisation(organisationId, async (stores) => {
      // 1. Load. The lock also holds up whoever would bring a rule on it into force.
      await achievementOf(stores, principal, 'delete', id)
      await stores.achievements.lock(id)
      const version = await versionOf(stores, id, number)

      // 2. Decide.
      const to = move === 'retire' ? 'retired' : 'withdrawn'
      await requireMove(stores, version, move)
      requireSeen(version, seen)
      await requireUnused(stores, version)

      // 3. Act.
      const [at, why] = [clock.now(), reason === undefined ? {} : { reason }]
      // `requireMove` let published and retired ones through.
      const from = version.state as PublishedVersion['state']
      if (!(await stores.achievements.end(version.id, from, to, { at, ...why })))
        throw errors.conflict({
          what: 'achievement version',
          reason: `somebody else was faster to ${move} it`,
        })
      await stores.achievements.addStep(
        stepOf(principal, version, {
          id: random.rowId(),
          kind: to,
          at,
          ...(reason === undefined ? {} : { text: reason }),
        }),
      )
      await audit(stores, {
        organisationId,
        at,
        actor: actorOf(principal),
        action: `achievement.${to}`,
        targetType: 'achievement',
        targetId: id,
        detail: { version: number, ...why },
      })
      return versionOf(stores, id, number)
    })

  return {
    /** Throws `version-state-wrong`, `precondition-failed`, and `achievement-in-use` while an active rule awards it. */
    retire: (
      principal: Principal,
      organisationId: OrganisationId,
      named: NamedVersion,
      ending: Ending,
    ): Promise<AchievementVersion> => end(principal, organisationId, named, { ...ending, move: 'retire' }),

    /** As `retire`; the reason is public: its page and every verification of a badge of it tell it. */
    withdraw: (
      principal: Principal,
      organisationId: OrganisationId,
      named: NamedVersion,
      ending: Ending & { readonly reason: string },
    ): Promise<AchievementVersion> => end(principal, organisationId, named, { ...ending, move: 'withdraw' }),
  }
}

async function requireUnused(stores: Stores, { organisationId, id }: AchievementVersion): Promise<void> {
  const inForce = (await stores.rules.versionsOf(organisationId)).filter(
    ({ state, achievementVersionId }) => state === 'active' && achievementVersionId === id,
  )
  if (inForce.length === 0) return
  const names = new Map((await stores.rules.list(organisationId)).map((rule) => [rule.id, rule.name]))
  throw errors.achievementInUse({
    rules: inForce.map(({ ruleId, version }) => ({ ruleId, name: names.get(ruleId) ?? ruleId, version })),
  })
}
