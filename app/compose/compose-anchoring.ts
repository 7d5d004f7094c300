import { SECOND_MS } from '#engine/shared/duration.ts'
import { createConfirmTasks } from '#services/anchoring/confirm-tasks.ts'
import { createReconcile, createReconcileNow } from '#services/anchoring/reconcile.ts'
import { createSealBatches } from '#services/anchoring/seal-batches.ts'
import { createSendTasks } from '#services/anchoring/send-tasks.ts'
import { createChainAudit } from '#services/audit/chain-audit.ts'
import type { CommonParts } from './common-parts.ts'
import type { Parts } from './parts.ts'

/** From leaves to a root on the chain. */
export function composeAnchoring(common: CommonParts, { history }: Pick<Parts, 'history'>) {
  const { database, clock, random, hashes, secretBox, chain, attestedChain, wakeUps, log, settings } = common
  const sending = { database, clock, chain, attestedChain, secretBox, wakeUps, log }
  const reconcile = createReconcile({ database, chain, history, clock, random, wakeUps, log })
  return {
    reconcile,
    steps: {
      audit: createChainAudit({ database, clock, random, hashes, addLeaf: common.addLeaf, log }),
      reconcile: createReconcileNow(reconcile, clock),
      anchor: createSealBatches({
        database,
        clock,
        random,
        hashes,
        secretBox,
        chain,
        wakeUps,
        log,
        intervalMs: settings.batchMaxAgeS * SECOND_MS,
        maxLeaves: settings.batchMaxLeaves,
      }),
      send: createSendTasks(sending),
      confirm: createConfirmTasks(sending),
    },
  }
}
