import { currentEdition } from '#engine/awards/award-life.ts'
import { type CompromiseFate, fateUnderCompromise } from '#engine/credentials/key-compromise.ts'
import type { AwardId, KeyId } from '#engine/shared/ids.ts'
import { type Instant, parseInstant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import { awardLifeOf } from '#services/awards/award-life-of.ts'
import { type PrepareEditionNeeds, prepareNextEdition } from '#services/awards/prepare-edition.ts'
import type { JobKindSteps } from '#services/job-control/job-kind.ts'
import type { Job } from '#services/ports/job-store.ts'
import type { Stores } from '#services/ports/stores.ts'

/**
 * Re-issues the badges whose current edition a compromised key signed, some people at a time. What a block holds since
 * before the compromise stays as it is. Doing the same people again changes nothing: their next edition is on its way.
 */
export const createKeyReissueJob = (needs: PrepareEditionNeeds): JobKindSteps => ({
  stop: async () => undefined,
  chunk: async (stores, job, subjectIds) => {
    const { keyId, since, reason } = inputOf(job)
    const awardIds = await stores.credentials.awardsUnderKey(keyId, subjectIds)
    // All of them before anything else is locked, in the order of their ids: whoever changes one takes it first too.
    for (const awardId of awardIds) await stores.awards.lock(awardId)
    const counts: Record<CompromiseFate, number> = { ...countsOf(job.result) }
    for (const awardId of awardIds) counts[await meet(needs, stores, awardId, { keyId, since, reason })] += 1
    return { result: { ...job.result, keyId, ...counts }, hasDecided: awardIds.length > 0 }
  },
})

async function meet(
  needs: PrepareEditionNeeds,
  stores: Stores,
  awardId: AwardId,
  { keyId, since, reason }: { readonly keyId: KeyId; readonly since: Instant; readonly reason: string },
): Promise<CompromiseFate> {
  const award = await stores.awards.find(awardId)
  const credential = await stores.credentials.findByAward(awardId)
  if (award === undefined || credential === undefined) return 'left'
  const editions = await stores.credentials.editions(credential.id)
  const current = currentEdition(editions)
  if (current?.state !== 'signed' || current.keyId !== keyId) return 'left'
  const anchoredAt = await stores.anchoring.anchoredAt(current.leafId)
  const fate = fateUnderCompromise(awardLifeOf(award, editions), anchoredAt, since)
  if (fate === 'reissue') {
    await stores.awards.change(awardId, {})
    await prepareNextEdition(needs, stores, award, { cause: 'reissued', reason })
  }
  return fate
}

const countsOf = ({ reissue, anchored, left }: JsonObject): Record<CompromiseFate, number> => ({
  reissue: typeof reissue === 'number' ? reissue : 0,
  anchored: typeof anchored === 'number' ? anchored : 0,
  left: typeof left === 'number' ? left : 0,
})

/** Which key a job of this kind is about. */
function inputOf({ input: { keyId, since, reason } }: Job) {
  const at = typeof since === 'string' ? parseInstant(since) : undefined
  if (typeof keyId !== 'string' || typeof reason !== 'string' || at === undefined)
    throw new Error('A re-issue has lost its key.')
  return { keyId: keyId as KeyId, since: at, reason }
}
