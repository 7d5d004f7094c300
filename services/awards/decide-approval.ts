import { actorOf, type Principal } from '#engine/access/rights.ts'
import { type Approval, approvalStanding } from '#engine/awards/award-gate.ts'
import { peopleOf, personOf } from '#services/access/person-of.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import type { AssessorMandate } from '#services/ports/assessor-store.ts'
import type { Award } from '#services/ports/award-store.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { RuleSets } from '#services/rules/rule-sets.ts'
import { approvalsOf } from './approvals-of.ts'
import { wrongState } from './award-life-of.ts'
import { peopleWithAHand } from './had-a-hand.ts'
import { criteriaIdsOf, requireAssessor } from './require-assessor.ts'
import { wakeAskers } from './wake-askers.ts'

/** An award that is locked, and the mandates by which it was said who may speak about it. */
export interface AwardToDecide {
  readonly award: Award
  readonly mandates: readonly AssessorMandate[]
}

export interface DecideApprovalNeeds {
  readonly clock: Clock
  readonly audit: AuditTrail
  readonly ruleSets: RuleSets
}

/**
 * What people say about an award that waits for them, in the transaction of the caller, who has locked the award and
 * knows that its person may say so. Each yes is kept; the one that makes the gate pass makes the award due.
 */
export const createDecideApproval = ({ clock, audit, ruleSets }: DecideApprovalNeeds) => {
  const saying = async (
    stores: Stores,
    { award, mandates }: AwardToDecide,
    principal: Principal,
    said: Pick<Approval, 'decision' | 'reason'>,
  ): Promise<boolean> => {
    if (award.state !== 'awaiting_approval') throw await wrongState(stores, award)
    const by = await personOf(stores, award.organisationId, actorOf(principal))
    const mandate = await requireAssessor(stores, award, mandates, by, clock.now())
    const hadAHand = (await peopleWithAHand(stores, award)).has(by)
    const isNew = await stores.awards.saveApproval(award, {
      ...said,
      by: await nameBefore(stores, award, by),
      hadAHand,
      ...(mandate === undefined ? {} : { mandate }),
      at: clock.now(),
    })
    if (isNew)
      await audit(stores, {
        organisationId: award.organisationId,
        at: clock.now(),
        actor: actorOf(principal),
        action: `award.${said.decision}`,
        targetType: 'award',
        targetId: award.id,
        detail: {
          ...(said.reason === undefined ? {} : { reason: said.reason }),
          ...(mandate === undefined ? {} : { mandate: mandate.id }),
        },
      })
    return isNew
  }

  return {
    /**
     * One person's yes; a second one of the same person changes nothing. Throws `mandate-needed` where the achievement
     * has assessors and this is none of them today, and `award-state` where it does not wait for people.
     */
    approve: async (stores: Stores, toDecide: AwardToDecide, principal: Principal): Promise<Award> => {
      const { award } = toDecide
      const isNew = await saying(stores, toDecide, principal, { decision: 'approved' })
      const approvals = await approvalsOf(stores, award)
      const criteria = await criteriaIdsOf(stores, award)
      if (!isNew || !approvalStanding(award.gate?.approval, approvals, criteria).isPassed) return award
      await stores.awards.move(award.id, ['awaiting_approval'], 'due', {})
      await wakeAskers(stores, ruleSets, award, clock.now())
      return { ...award, state: 'due' }
    },

    /** One no is enough. */
    refuse: async (
      stores: Stores,
      toDecide: AwardToDecide,
      principal: Principal,
      reason: string,
    ): Promise<Award> => {
      const { award } = toDecide
      await saying(stores, toDecide, principal, { decision: 'refused', reason })
      const endedAt = clock.now()
      await stores.awards.move(award.id, ['awaiting_approval'], 'refused', { endedAt, reason })
      await stores.awards.freeSlots([award.id])
      return { ...award, state: 'refused', endedAt, reason }
    },
  }
}

/** Whoever spoke under an account that has become theirs speaks again, and is nobody else. */
async function nameBefore(stores: Stores, award: Award, person: string): Promise<string> {
  const before = (await stores.awards.approvals(award.id)).map(({ by }) => by)
  if (before.includes(person)) return person
  const people = await peopleOf(stores, award.organisationId, before)
  return before.find((by) => people.get(by) === person) ?? person
}

export type DecideApproval = ReturnType<typeof createDecideApproval>
