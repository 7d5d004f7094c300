import { actorOf, type Principal } from '#engine/access/rights.ts'
import { missingMembers } from '#engine/achievements/required-members.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { AchievementId, OrganisationId } from '#engine/shared/ids.ts'
import { requireSeen } from '#engine/shared/require-seen.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import type { AchievementStep } from '#services/ports/achievement-step.ts'
import type { AchievementVersion } from '#services/ports/achievement-store.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { Random } from '#services/ports/random.ts'
import type { Stores } from '#services/ports/stores.ts'
import { achievementOf, versionOf } from './manage-achievements.ts'
import { requireMove, requireSecondPerson, stepOf } from './review-steps.ts'

export interface ReviewAchievementsNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly audit: AuditTrail
}

export interface NamedVersion {
  readonly id: AchievementId
  readonly version: number
}

/** From draft to approved and back, and what is said on the way. */
export const createReviewAchievements = ({ database, clock, random, audit }: ReviewAchievementsNeeds) => {
  const under = <T>(
    principal: Principal,
    organisationId: OrganisationId,
    right: 'read' | 'update' | 'award',
    { id, version: number }: NamedVersion,
    work: (stores: Stores, version: AchievementVersion) => Promise<T>,
  ): Promise<T> =>
    database.inOrganisation(organisationId, async (stores) => {
      await achievementOf(stores, principal, right, id)
      if (right !== 'read') await stores.achievements.lock(id)
      return work(stores, await versionOf(stores, id, number))
    })

  const record = async (
    stores: Stores,
    principal: Principal,
    version: AchievementVersion,
    kind: AchievementStep['kind'],
    text?: string,
  ): Promise<AchievementStep> => {
    const at = clock.now()
    const step = stepOf(principal, version, {
      id: random.rowId(),
      kind,
      at,
      ...(text === undefined ? {} : { text }),
    })
    await stores.achievements.addStep(step)
    await audit(stores, {
      organisationId: version.organisationId,
      at,
      actor: actorOf(principal),
      action: `achievement.${kind}`,
      targetType: 'achievement',
      targetId: version.achievementId,
      detail: { version: version.version },
    })
    return step
  }

  const move = async (
    stores: Stores,
    principal: Principal,
    version: AchievementVersion,
    {
      name,
      to,
      kind,
      text,
    }: {
      readonly name: 'submit' | 'approve' | 'return'
      readonly to: 'draft' | 'in_review' | 'approved'
      readonly kind: AchievementStep['kind']
      readonly text: string | undefined
    },
  ): Promise<AchievementVersion> => {
    if (!(await stores.achievements.move(version.id, version.state, to)))
      throw errors.conflict({ what: 'achievement version', reason: `somebody else was faster to ${name} it` })
    await record(stores, principal, version, kind, text)
    return versionOf(stores, version.achievementId, version.version)
  }

  return {
    /**
     * Asks for a review. Throws `version-state-wrong`, `precondition-failed`, and `achievement-incomplete`: a reviewer is
     * not troubled with what could not be published anyway.
     */
    submit: (
      principal: Principal,
      organisationId: OrganisationId,
      named: NamedVersion,
      { revision, note }: { readonly revision: number; readonly note: string | undefined },
    ): Promise<AchievementVersion> =>
      under(principal, organisationId, 'update', named, async (stores, version) => {
        await requireMove(stores, version, 'submit')
        requireSeen(version, revision)
        const missing = missingMembers(version.definition)
        if (missing.length > 0) throw errors.achievementIncomplete({ missing })
        const step = { name: 'submit', to: 'in_review', kind: 'submitted', text: note } as const
        return move(stores, principal, version, step)
      }),

    /** Throws `version-state-wrong`, `precondition-failed` and, where the organisation wants one, `second-person-needed`. */
    approve: (
      principal: Principal,
      organisationId: OrganisationId,
      named: NamedVersion,
      { revision, note }: { readonly revision: number; readonly note: string | undefined },
    ): Promise<AchievementVersion> =>
      under(principal, organisationId, 'award', named, async (stores, version) => {
        await requireMove(stores, version, 'approve')
        requireSeen(version, revision)
        const approver = { actor: actorOf(principal), isPerson: principal.kind === 'session' }
        await requireSecondPerson(stores, approver, version)
        const step = { name: 'approve', to: 'approved', kind: 'approved', text: note } as const
        return move(stores, principal, version, step)
      }),

    /** Gives a version back to its authors. Throws `version-state-wrong`, `precondition-failed`. */
    sendBack: (
      principal: Principal,
      organisationId: OrganisationId,
      named: NamedVersion,
      { revision, reason }: { readonly revision: number | undefined; readonly reason: string },
    ): Promise<AchievementVersion> =>
      under(principal, organisationId, 'award', named, async (stores, version) => {
        await requireMove(stores, version, 'return')
        requireSeen(version, revision)
        const step = { name: 'return', to: 'draft', kind: 'returned', text: reason } as const
        return move(stores, principal, version, step)
      }),

    /** Says something of a version, in whatever state it is. */
    comment: (
      principal: Principal,
      organisationId: OrganisationId,
      named: NamedVersion,
      text: string,
    ): Promise<AchievementStep> =>
      under(principal, organisationId, 'update', named, (stores, version) =>
        record(stores, principal, version, 'commented', text),
      ),

    /** What was done with a version and said of it, oldest first. */
    steps: (
      principal: Principal,
      organisationId: OrganisationId,
      named: NamedVersion,
    ): Promise<readonly AchievementStep[]> =>
      under(principal, organisationId, 'read', named, (stores, version) =>
        stores.achievements.steps(version.id),
      ),
  }
}
