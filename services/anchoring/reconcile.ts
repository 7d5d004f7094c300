import { toHex } from '#engine/shared/bytes.ts'
import type { Chain } from '#services/ports/chain.ts'
import type { Database } from '#services/ports/database.ts'
import type { Log } from '#services/ports/log.ts'

/** How many of the newest anchored batches are compared at start. */
const LOOK_BACK = 200

export interface Reconciliation {
  readonly compared: number
  /** Batches that the database says are on chain and the chain does not hold. */
  readonly missing: readonly string[]
}

/**
 * Compares database and chain at start: a chain that was reset, or restored from an older copy, is found and named.
 * What is merely unfinished needs no repair here: its task goes on in the send and confirm steps.
 */
export const createReconcile =
  ({ database, chain, log }: { readonly database: Database; readonly chain: Chain; readonly log: Log }) =>
  async (): Promise<Reconciliation> => {
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
    return { compared: batches.length, missing }
  }
