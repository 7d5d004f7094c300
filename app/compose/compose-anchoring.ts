import { SECOND_MS } from '#engine/shared/duration.ts'
import { createConfirmTasks } from '#services/anchoring/confirm-tasks.ts'
import { createReconcile } from '#services/anchoring/reconcile.ts'
import { createSealBatches } from '#services/anchoring/seal-batches.ts'
import { createSendTasks } from '#services/anchoring/send-tasks.ts'
import type { CommonParts } from './common-parts.ts'

/** From leaves to a root on the chain. */
export function composeAnchoring(common: CommonParts) {
  const { database, clock, random, hashes, secretBox, chain, wakeUps, log, settings } = common
  const sending = { database, clock, chain, secretBox, wakeUps, log }
  return {
    reconcile: createReconcile({ database, chain, log }),
    steps: {
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
