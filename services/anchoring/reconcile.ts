import { isLeafRevoked } from '#engine/anchoring/batch-record.ts'
import { WaarmerkError } from '#engine/errors/define-error.ts'
import { toHex } from '#engine/shared/bytes.ts'
import { MINUTE_MS } from '#engine/shared/duration.ts'
import type { AnchoredRoot, AnchorHistory } from '#services/ports/anchor-history.ts'
import type { Batch } from '#services/ports/anchoring-store.ts'
import type { Chain } from '#services/ports/chain.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { Log } from '#services/ports/log.ts'
import type { Random } from '#services/ports/random.ts'
import type { WakeUps } from '#services/ports/wake-ups.ts'

/** How many of the newest anchored batches are compared; `waarmerk fsck` compares all. */
const LOOK_BACK = 200
/** How often. A batch that the chain loses for good, long after it was final, is no matter of seconds. */
const INTERVAL_MS = 10 * MINUTE_MS

export interface ReconcileNeeds {
  readonly database: Database
  readonly chain: Chain
  readonly history: AnchorHistory
  readonly clock: Clock
  readonly random: Random
  readonly wakeUps: WakeUps
  readonly log: Log
}

export interface Reconciliation {
  readonly compared: number
  /** Tasks that are sent once more, because the chain is behind. */
  readonly resent: number
  /** Batches that the database says are on chain and the chain does not hold: they are anchored again. */
  readonly missing: readonly string[]
  /** Batches of which a bit is not set that should be: it is set. */
  readonly unrevoked: readonly string[]
  /** What the chain holds under a key of ours and the database does not know: nobody can repair that but a person. */
  readonly unknown: readonly AnchoredRoot[]
}

/**
 * Compares database and chain, in both directions. What the chain lacks it gets once more, in the same bytes where they
 * still count, so that every receipt stays true; what the database lacks is named. What is merely unfinished needs no
 * repair here: its task goes on in the send and confirm steps. Repeating it is harmless.
 */
export const createReconcile = (needs: ReconcileNeeds) => {
  const { database, chain, history, wakeUps, log } = needs
  /** Up to where the history was read; undefined at first. */
  let readUpTo: number | undefined

  /** What somebody has anchored with a key of ours since the newest block that we know of, or that was read before. */
  const unknown = async (latest: number): Promise<readonly AnchoredRoot[]> => {
    const { chainId, contract } = chain.address
    const known =
      readUpTo ?? (await database.asWorker((stores) => stores.anchoring.newestBlock(chainId, contract)))
    if (known === undefined || known >= latest) return []
    const anchored = await history.anchoredBetween(known + 1, latest)
    const found = await database.asWorker((stores) => stores.anchoring.unknownAmong(anchored))
    readUpTo = latest
    return found
  }

  return async (): Promise<Reconciliation> => {
    const { chainId } = chain.address
    const next = await chain.nextNonce()
    const resent = await database.asWorker(async (stores) => {
      const last = await stores.anchoring.lastNonce(chainId, chain.relayer)
      return last === undefined || last < next ? 0 : stores.anchoring.resendFrom(chainId, chain.relayer, next)
    })
    if (resent > 0) log.warn('reconcile.chain_behind', { chainId, nonce: next, resent })

    const latest = await history.latestBlock()
    const batches = (await database.asWorker((stores) => stores.anchoring.batchesOnChain(LOOK_BACK))).filter(
      (batch) => isHere(batch, chain),
    )
    const missing: string[] = []
    const unrevoked: string[] = []
    for (const batch of batches) {
      const repaired = await repair(needs, batch)
      if (repaired === 'anchored-again') missing.push(batch.id)
      if (repaired === 'revoked-again') unrevoked.push(batch.id)
    }
    const strange = await unknown(latest).catch((error: unknown) => {
      if (!(error instanceof WaarmerkError) || error.code !== 'chain-unavailable') throw error
      // Endpoints have bounds on searching, and anchoring goes on without it.
      log.warn('reconcile.history_unread', { error })
      return []
    })

    if (missing.length > 0) log.error('reconcile.batches_missing', { missing })
    if (unrevoked.length > 0) log.error('reconcile.revocations_missing', { unrevoked })
    if (strange.length > 0) log.error('reconcile.batches_unknown', { unknown: strange })
    log.info('reconcile.done', { compared: batches.length })
    if (missing.length + unrevoked.length + resent > 0) await wakeUps.wake('send')
    return { compared: batches.length, resent, missing, unrevoked, unknown: strange }
  }
}

/** The reconcile step: as often as `INTERVAL_MS` says, however often it is woken. */
export const createReconcileNow = (reconcile: ReturnType<typeof createReconcile>, clock: Clock) => {
  // The product has reconciled when it started.
  let last = clock.now()
  return async (): Promise<{ readonly more: false }> => {
    if (clock.now() - last < INTERVAL_MS) return { more: false }
    last = clock.now()
    await reconcile()
    return { more: false }
  }
}

const isHere = ({ chainId, contract }: Batch, { address }: Chain): boolean =>
  chainId === address.chainId && contract.toLowerCase() === address.contract.toLowerCase()

async function repair(
  { database, chain, clock, random }: ReconcileNeeds,
  batch: Batch,
): Promise<'anchored-again' | 'revoked-again' | undefined> {
  const record = await chain.batch(batch.signer, toHex(batch.root))
  if (record?.size !== batch.size) {
    const isRegistered = (await chain.key(batch.signer)) !== undefined
    await database.asWorker(async (stores) => {
      if (!isRegistered) await stores.anchoring.doAgain({ registrationOf: batch.issuerId })
      await stores.anchoring.doAgain({ batchId: batch.id })
    })
    return 'anchored-again'
  }
  return database.asWorker(async (stores) => {
    const underWay = new Set(await stores.inspection.revocationsUnderWay(batch.id))
    const positions = (await stores.anchoring.revokedPositions(batch.id)).filter(
      (position) => !isLeafRevoked(record, position) && !underWay.has(position),
    )
    if (positions.length === 0) return undefined
    if ((await stores.anchoring.unpark(batch.id)) > 0) return 'revoked-again'
    const { organisationId, issuerId, id: batchId } = batch
    await stores.anchoring.insertTask({
      organisationId,
      id: random.rowId(),
      issuerId,
      kind: 'revoke',
      batchId,
      positions,
      state: 'queued',
      createdAt: clock.now(),
      attempts: 0,
    })
    return 'revoked-again'
  })
}
