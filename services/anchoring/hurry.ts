import { MINUTE_MS } from '#engine/shared/duration.ts'
import type { ChainTask, StoredTransaction } from '#services/ports/anchoring-store.ts'
import { reprice, type SendTasksNeeds, sendTask } from './send-tasks.ts'

/** A transaction that waits for so long pays too little. */
export const HURRY_AFTER_MS = 2 * MINUTE_MS

/**
 * Offers more for a transaction that all others of the relayer wait for, again and again until it is mined or the cap
 * is reached. One that waits behind another is left alone: a better price would not bring it nearer.
 */
export async function hurry(
  needs: SendTasksNeeds,
  task: ChainTask,
  newest: StoredTransaction | undefined,
): Promise<void> {
  const { clock, chain } = needs
  if (newest === undefined) return
  // Priced up and stored by a process that ended before it could send it.
  if (newest.sentAt === undefined) return sendTask(needs, task)
  if (clock.now() - newest.sentAt < HURRY_AFTER_MS) return
  if ((await chain.minedNonce()) !== newest.nonce) return
  if ((await reprice(needs, task, newest)) !== undefined) await sendTask(needs, task)
}
