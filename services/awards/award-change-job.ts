import { possibleSteps } from '#engine/awards/award-life.ts'
import type { AwardChangeId } from '#engine/shared/ids.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { JobKindSteps } from '#services/job-control/job-kind.ts'
import type { AwardChangeItem } from '#services/ports/award-change-store.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Job } from '#services/ports/job-store.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { RuleSets } from '#services/rules/rule-sets.ts'
import { awardLifeOf } from './award-life-of.ts'
import { type PrepareEditionNeeds, prepareNextEdition } from './prepare-edition.ts'
import type { RevokeIssued } from './revoke-issued.ts'
import { wakeShutOut } from './wake-askers.ts'

export interface AwardChangeJobNeeds extends PrepareEditionNeeds {
  readonly clock: Clock
  readonly revokeIssued: RevokeIssued
  readonly ruleSets: RuleSets
}

/**
 * Does what was confirmed of many awards, some people at a time. An award that has changed since it was seen is left as
 * it is, and so is one whose next edition is being signed.
 */
export const createAwardChangeJob = (needs: AwardChangeJobNeeds): JobKindSteps => ({
  stop: async () => undefined,
  chunk: async (stores, job, subjectIds) => {
    const changeId = changeOf(job)
    const change = await stores.awardChanges.find(changeId)
    if (change === undefined) return { result: job.result, hasDecided: false }
    const items = await stores.awardChanges.openItems(changeId, subjectIds)
    // All of them before anything else is locked, in the order of their ids: whoever changes one takes it first too.
    for (const { awardId } of items) await stores.awards.lock(awardId)
    const counts = { ...countsOf(job.result) }
    for (const item of items) {
      const why = {
        reason: change.reason,
        ...(change.note === undefined ? {} : { note: change.note }),
        actor: change.decidedBy ?? change.preparedBy,
      }
      const isDone = await changeOne(needs, stores, item, why)
      await stores.awardChanges.finish(changeId, item.awardId, isDone ? 'done' : 'left')
      if (isDone) counts[item.action] += 1
      else counts.left += 1
    }
    return { result: { ...job.result, changeId, ...counts }, hasDecided: items.length > 0 }
  },
})

async function changeOne(
  needs: AwardChangeJobNeeds,
  stores: Stores,
  { awardId, revision, action }: AwardChangeItem,
  why: { readonly reason: string; readonly note?: string; readonly actor: string },
): Promise<boolean> {
  const award = await stores.awards.find(awardId)
  if (award === undefined || award.revision !== revision) return false
  if (action === 'revoke') {
    const at = needs.clock.now()
    if (!(await needs.revokeIssued(stores, award, { ...why, at }))) return false
    await wakeShutOut(stores, needs.ruleSets, award, at)
    return true
  }
  const credential = await stores.credentials.findByAward(awardId)
  const editions = credential === undefined ? [] : await stores.credentials.editions(credential.id)
  if (!possibleSteps(awardLifeOf(award, editions)).includes('reissue')) return false
  await stores.awards.change(awardId, {})
  await prepareNextEdition(needs, stores, award, { cause: 'reissued', reason: why.reason })
  return true
}

const countsOf = ({ revoke, reissue, left }: JsonObject) => ({
  revoke: typeof revoke === 'number' ? revoke : 0,
  reissue: typeof reissue === 'number' ? reissue : 0,
  left: typeof left === 'number' ? left : 0,
})

/** Which change a job of this kind does. */
function changeOf({ input: { changeId } }: Job): AwardChangeId {
  if (typeof changeId !== 'string') throw new Error('A change of awards has lost its list.')
  return changeId as AwardChangeId
}
