import { SECOND_MS } from '#engine/shared/duration.ts'
import { asInstant } from '#engine/shared/instant.ts'
import { backOff } from './back-off.ts'
import { createIssueAward } from './issue-award.ts'
import type { IssueAwardsNeeds } from './issue-needs.ts'
import { createIssueTogether } from './issue-together.ts'
import { createPassSize, togetherOrAlone } from './together-or-alone.ts'

/** How many awards are issued as one. */
export const ISSUE_PASS = 200
/** How long a worker may take over its awards before another one takes them. */
const LEASE_MS = 5 * SECOND_MS

/**
 * The issue step: every due award becomes a signed credential.
 * First the intent is recorded (ids, status index, the document), then it is linted and signed, then the signed bytes
 * are stored with their leaf, claim and mail: of all awards of a pass as one. What cannot go with the others goes alone, so
 * an award that is unfit stops no other. Whoever comes back after a crash signs the document that was prepared.
 */
export const createIssueAwards = (needs: IssueAwardsNeeds, most: number = ISSUE_PASS) => {
  const { database, clock, wakeUps, log } = needs
  const size = createPassSize(most)
  const issueAward = createIssueAward(needs)
  const issueTogether = createIssueTogether(needs)

  return async (signal?: AbortSignal): Promise<{ readonly more: boolean }> => {
    const now = clock.now()
    const until = asInstant(now + LEASE_MS)
    const due = await database.asWorker((stores) => stores.awards.claimDue(size.now(), now, until))
    const isAtItsEnd = await togetherOrAlone({
      ...{ clock, claimed: due, until, signal },
      together: issueTogether,
      alone: issueAward,
      onSplit: (error) => log.warn('award.not_together', { awards: due.length, error }),
      onFailure: async (award, error) => {
        log.error('award.issue_failed', { award: award.id, error })
        await database.asWorker(async (stores) => {
          const at = clock.now()
          const next = backOff(await stores.awards.attempts(award.id), at)
          await stores.awards.fail(award.id, {
            error: String(error),
            at,
            ...(next === undefined ? {} : { next }),
          })
        })
      },
    })
    size.after(isAtItsEnd)
    if (due.length > 0) {
      await wakeUps.wake('anchor')
      await wakeUps.wake('mail')
      if (due.some(({ gate }) => gate?.endorsement !== undefined)) await wakeUps.wake('timers')
    }
    // Others may wait, also where this pass had room for them: organisations take turns.
    return { more: due.length > 0 }
  }
}
