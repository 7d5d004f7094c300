import { clockStep } from '#engine/direct-awards/direct-award-schedule.ts'
import type { OrganisationId } from '#engine/shared/ids.ts'
import { isElsewhere } from '#services/job-control/failure.ts'
import { crashPoint } from '#services/ports/crash-points.ts'
import type { DirectAward } from '#services/ports/direct-award-store.ts'
import type { Log } from '#services/ports/log.ts'
import type { Pseudonyms } from '#services/ports/pseudonyms.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { DirectAwardNeeds } from './direct-award-needs.ts'
import { mailDirectAward, messageIds } from './mail-direct-award.ts'
import { moveDirectAward, sendDirectAward } from './move-direct-award.ts'

const PASS_SIZE = 50

export interface RunDirectAwardsNeeds extends DirectAwardNeeds {
  readonly pseudonyms: Pseudonyms
  readonly log: Log
}

/**
 * What the clock does with direct awards: sends what was scheduled, reminds, expires, and names nobody any more where it
 * came to nothing long ago. A row is locked while it is looked at and says itself what comes next, so each step is done
 * once, however many workers there are and wherever one is killed.
 */
export const createRunDirectAwards = (needs: RunDirectAwardsNeeds) => {
  const { database, clock, wakeUps, log } = needs
  /** Whose turn it was last, in this process. */
  let last: OrganisationId | undefined

  return async (): Promise<{ readonly more: boolean }> => {
    let done = 0
    try {
      done = await database.asWorker(async (stores) => {
        const due = await stores.directAwards.claimDue(PASS_SIZE, clock.now(), last)
        last = due.at(-1)?.organisationId ?? last
        for (const award of due) await takeStep(needs, stores, award)
        if (due.length > 0) crashPoint('direct-award.before-commit')
        return due.length
      })
    } catch (error) {
      if (isElsewhere(error)) throw error
      // One of them is at fault: one by one, so that the others get on.
      done = await oneByOne()
    }
    if (done > 0) crashPoint('direct-award.after-commit')
    if (done > 0) await wakeUps.wake('mail')
    return { more: done === PASS_SIZE }
  }

  async function oneByOne(): Promise<number> {
    for (let done = 0; done < PASS_SIZE; done++) {
      let claimed: DirectAward | undefined
      try {
        const isDone = await database.asWorker(async (stores) => {
          ;[claimed] = await stores.directAwards.claimDue(1, clock.now(), last)
          last = claimed?.organisationId ?? last
          if (claimed !== undefined) await takeStep(needs, stores, claimed)
          return claimed !== undefined
        })
        if (!isDone) return done
      } catch (error) {
        if (isElsewhere(error) || claimed === undefined) throw error
        const { id } = claimed
        log.error('direct_award.step_failed', { directAward: id, error })
        await database.asWorker((stores) => stores.directAwards.postpone(id, clock.now()))
      }
    }
    return PASS_SIZE
  }
}

async function takeStep(needs: RunDirectAwardsNeeds, stores: Stores, award: DirectAward): Promise<void> {
  const now = needs.clock.now()
  const step = clockStep(award, now)
  switch (step?.kind) {
    case undefined:
      return
    case 'send': {
      // What was withdrawn meanwhile is offered to nobody.
      const version = await stores.achievements.version(award.achievementVersionId)
      if (version?.state === 'withdrawn')
        await moveDirectAward(needs, stores, award, { kind: 'delete', at: now }, { actor: 'system' })
      else await sendDirectAward(needs, stores, award, 'system')
      return
    }
    case 'remind': {
      const { reminded } = step
      await stores.directAwards.save({ ...(await mailDirectAward(needs, stores, award, reminded)), reminded })
      return
    }
    case 'expire':
      await moveDirectAward(needs, stores, award, { kind: 'expire', at: now }, { actor: 'system' })
      return
    case 'pseudonymise':
      await pseudonymise(needs, stores, award)
  }
}

/** What is left is what is counted: the achievement, the states and their times, and that it was the same person. */
async function pseudonymise(
  { clock, pseudonyms, origin }: RunDirectAwardsNeeds,
  stores: Stores,
  award: DirectAward,
): Promise<void> {
  const {
    narrative: _,
    evidence: _evidence,
    results: _results,
    particulars: _particulars,
    message: _message,
    ...rest
  } = award
  const { secrets: _secrets, reason: _reason, ...kept } = rest
  const { organisationId, identifier } = award
  await stores.mail.withdraw(messageIds(award, origin))
  await stores.mail.forget(messageIds(award, origin))
  await stores.confirmations.pseudonymise(award.id, (asked) => pseudonyms(organisationId, asked))
  await stores.directAwards.save({
    ...kept,
    identifier: { type: identifier.type, value: pseudonyms(organisationId, identifier) },
    pseudonymisedAt: clock.now(),
  })
}
