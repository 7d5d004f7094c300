import { toHex } from '#engine/shared/bytes.ts'
import type { Chain } from '#services/ports/chain.ts'
import type { Database } from '#services/ports/database.ts'
import type { Log } from '#services/ports/log.ts'

/** How many of the newest anchored batches are compared at start. */
const LOOK_BACK = 200

export interface Reconciliation {
  readonly compared: number
  /** Tasks that are sent once more, because the chain is behind. */
  readonly resent: number
  /** Batches that the database says are on chain and the chain does not hold. */
  readonly missing: readonly string[]
}

/**
 * Compares database and chain at start. A chain that is behind our nonce table (reset, or restored from an older copy)
 * gets what it has not seen once more: the same bytes, so that every receipt stays true. What is missing for another
 * reason is named. What is merely unfinished needs no repair here: its task goes on in the send and confirm steps.
 */
export const createReconcile =
  ({ database, chain, log }: { readonly database: Database; readonly chain: Chain; readonly log: Log }) =>
  async (): Promise<Reconciliation> => {
    const { chainId } = chain.address
    const next = await chain.nextNonce()
    const resent = await database.asWorker(async (stores) => {
      const last = await stores.anchoring.lastNonce(chainId, chain.relayer)
      return last === undefined || last < next ? 0 : stores.anchoring.resendFrom(chainId, chain.relayer, next)
    })
    if (resent > 0) log.warn('reconcile.chain_behind', { chainId, nonce: next, resent })

    const batches = await database.asWorker((stores) => stores.anchoring.batchesOnChain(LOOK_BACK))
    const missing: string[] = []
    for (const batch of batches) {
      if (
        batch.chainId !== chain.address.chainId ||
        batch.contract.toLowerCase() !== chain.address.contract.toLowerCase()
      )
        continue
      const record = await chain.batch(batch.signer, toHex(batch.root))
      if (record?.size !== batch.size) missing.push(batch.id)
    }
    if (missing.length > 0) log.error('reconcile.batches_missing', { missing, compared: batches.length })
    else log.info('reconcile.done', { compared: batches.length })
    return { compared: batches.length, resent, missing }
  }
