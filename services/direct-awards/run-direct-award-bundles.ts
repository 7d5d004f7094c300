import { type BundleUndoOutcome, bundleUndoOutcome } from '#engine/direct-awards/bundle-undo.ts'
import type { DirectAwardBundleId, OrganisationId } from '#engine/shared/ids.ts'
import { failureCode, isElsewhere } from '#services/job-control/failure.ts'
import { crashPoint } from '#services/ports/crash-points.ts'
import type { BundleRow, DirectAwardBundle } from '#services/ports/direct-award-bundle-store.ts'
import type { Log } from '#services/ports/log.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { DirectAwardNeeds } from './direct-award-needs.ts'
import { OPEN } from './manage-direct-award-bundles.ts'
import { moveDirectAward } from './move-direct-award.ts'
import { offerDirectAward } from './offer-direct-award.ts'

const CHUNK = 50

type WaitingRow = Extract<BundleRow, { state: 'waiting' }>
type SettledRow = Exclude<BundleRow, { state: 'waiting' }>
/** Whose turn it was last, in this process; awarding and undoing go round apart. */
interface Turns {
  awarding?: OrganisationId
  undoing?: OrganisationId
}
interface TriedRow {
  readonly bundleId: DirectAwardBundleId
  readonly number: number
}

/**
 * Awards the rows of bundles, some in each transaction. What became of a row is written together with its direct award:
 * killed at any line, the next worker begins with the first row that waits, and awards nobody twice. The lock of the
 * bundle ends with the process. A row that fails is refused, and holds nobody up; organisations take turns.
 */
export const createRunDirectAwardBundles = (needs: DirectAwardNeeds & { readonly log: Log }) => {
  const { database, wakeUps, log } = needs
  const turns: Turns = {}

  return async (): Promise<{ readonly more: boolean }> => {
    let done: number
    try {
      done = await database.asWorker((stores) => chunk(needs, stores, turns, CHUNK))
    } catch (error) {
      if (isElsewhere(error)) throw error
      log.warn('direct_award_bundle.chunk_failed', { error })
      done = await oneByOne()
    }
    if (done > 0) crashPoint('bundle.after-commit')
    if (done > 0) await wakeUps.wake('mail')
    const undone = await database.asWorker((stores) => undoChunk(needs, stores, turns, CHUNK))
    return { more: done > 0 || undone }
  }

  async function oneByOne(): Promise<number> {
    for (let at = 0; at < CHUNK; at++) {
      let tried: TriedRow | undefined
      try {
        const settled = await database.asWorker((stores) => {
          tried = undefined
          return chunk(needs, stores, turns, 1, (row) => {
            tried = row
          })
        })
        if (settled === 0) return at
      } catch (error) {
        if (isElsewhere(error) || tried === undefined) throw error
        const failed = tried
        await database.asWorker((stores) => refuse(needs, stores, failed, failureCode(error)))
      }
    }
    return CHUNK
  }
}

/** How many rows are settled. `onRow` is told of each before it is tried. */
async function chunk(
  needs: DirectAwardNeeds,
  stores: Stores,
  turns: Turns,
  limit: number,
  onRow: (row: TriedRow) => void = () => {},
): Promise<number> {
  const bundle = await stores.directAwardBundles.claim(turns.awarding)
  if (bundle === undefined) return 0
  turns.awarding = bundle.organisationId
  const rows = await waiting(stores, bundle, limit)
  const issuer = await stores.issuers.find(bundle.issuerId)
  const version = await stores.achievements.version(bundle.achievementVersionId)
  const settled: SettledRow[] = []
  for (const { number, wanted } of rows) {
    onRow({ bundleId: bundle.id, number })
    if (
      issuer === undefined ||
      version === undefined ||
      !('document' in version) ||
      version.state === 'withdrawn'
    ) {
      settled.push(refused(number, 'achievement-not-published', 'The achievement was withdrawn.'))
      continue
    }
    const { organisationId, policy, createdBy: actor, language, message, scheduledAt } = bundle
    const offered = await offerDirectAward(
      needs,
      stores,
      { organisationId, issuer, version, policy, actor },
      {
        ...(language === undefined ? {} : { language }),
        ...(message === undefined ? {} : { message }),
        ...(scheduledAt === undefined ? {} : { scheduledAt }),
        ...wanted,
        bundle: { id: bundle.id, row: number },
      },
    )
    settled.push(
      offered.outcome === 'made'
        ? { number, state: 'awarded', directAwardId: offered.award.id }
        : { number, state: 'refused', faults: [OPEN] },
    )
  }
  await stores.directAwardBundles.settle(bundle, settled, needs.clock.now())
  if (settled.length > 0) crashPoint('bundle.before-commit')
  return settled.length
}

/**
 * Undoes some rows of a list. What became of a row is written together with its direct award, so the next worker goes on
 * behind it. Whether there was a list to undo.
 */
async function undoChunk(
  needs: DirectAwardNeeds,
  stores: Stores,
  turns: Turns,
  limit: number,
): Promise<boolean> {
  const bundle = await stores.directAwardBundles.claimUndo(turns.undoing)
  if (bundle === undefined) return false
  turns.undoing = bundle.organisationId
  const now = needs.clock.now()
  const { askedAt, askedBy: actor } = bundle.undo
  const settled: { number: number; undo: BundleUndoOutcome }[] = []
  for (const { number, directAwardId } of await stores.directAwardBundles.rowsToUndo(bundle.id, limit)) {
    const award = await stores.directAwards.lock(directAwardId)
    const undo = award === undefined ? 'over' : bundleUndoOutcome(award, { askedAt, now })
    if (award !== undefined && undo === 'undone')
      await moveDirectAward(needs, stores, award, { kind: 'delete', at: now }, { actor, action: 'undone' })
    settled.push({ number, undo })
  }
  const isDone = await stores.directAwardBundles.settleUndo(bundle, settled, now)
  if (isDone)
    await needs.audit(stores, {
      organisationId: bundle.organisationId,
      at: now,
      actor,
      action: 'direct_award_bundle.undone',
      targetType: 'direct_award_bundle',
      targetId: bundle.id,
      detail: { ...(await stores.directAwardBundles.undoCounts(bundle.id)) },
    })
  return true
}

/** The very row that failed, and no other: somebody else may have awarded it since. */
async function refuse(
  { clock }: DirectAwardNeeds,
  stores: Stores,
  { bundleId, number }: TriedRow,
  code: string,
): Promise<void> {
  const bundle = await stores.directAwardBundles.lockRunning(bundleId)
  if (bundle === undefined) return
  const row = refused(number, code, 'This row could not be awarded.')
  await stores.directAwardBundles.settle(bundle, [row], clock.now())
}

const waiting = async (stores: Stores, { id }: DirectAwardBundle, limit: number): Promise<WaitingRow[]> =>
  (await stores.directAwardBundles.rows(id, { state: 'waiting', after: 0, limit })).filter(
    (row): row is WaitingRow => row.state === 'waiting',
  )

const refused = (number: number, code: string, message: string): SettledRow => ({
  number,
  state: 'refused',
  faults: [{ column: 'identifier', code, message }],
})
