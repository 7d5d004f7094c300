import { toHex } from '#engine/shared/bytes.ts'
import { MINUTE_MS } from '#engine/shared/duration.ts'
import { backOff } from '#services/awards/back-off.ts'
import type { ChainTask, StoredTransaction } from '#services/ports/anchoring-store.ts'
import type { TransactionStatus } from '#services/ports/chain.ts'
import { crashPoint } from '#services/ports/crash-points.ts'
import { type SendTasksNeeds, sendTask } from './send-tasks.ts'

const PASS_SIZE = 100

/**
 * The confirm step: follows what was sent until its block is final. Reads only, but for what the chain has lost
 * (dropped, re-organised away): that goes back to `signed`, and the same bytes are sent again.
 */
export const createConfirmTasks = (needs: SendTasksNeeds) => {
  const { database, clock, chain, wakeUps } = needs
  return async (): Promise<{ readonly more: boolean }> => {
    const open = await database.asWorker((stores) =>
      stores.anchoring.tasks(['sent', 'mined'], PASS_SIZE, clock.now()),
    )
    let registered = false
    let attested = false
    for (const task of open) {
      const transactions = await database.asWorker((stores) => stores.anchoring.transactionsOf(task.id))
      const status = await newestStatus(transactions)
      if (status.state === 'mined') {
        await landed(needs, task, status)
        registered ||= task.kind === 'register' || task.kind === 'anchor'
        attested ||= task.attestedMessageId !== undefined && status.final
      } else if (status.state === 'reverted') await reverted(needs, task, status)
      else if (status.state === 'unknown') await lost(needs, task, transactions)
    }
    if (attested) await wakeUps.wake('attested')
    // An issuer that was registered, or a batch that was anchored, may let other tasks go on.
    if (registered) await wakeUps.wake('send')
    return { more: false }
  }

  /** Of several prices of one nonce at most one is ever mined. */
  async function newestStatus(transactions: readonly StoredTransaction[]): Promise<TransactionStatus> {
    let best: TransactionStatus = { state: 'unknown' }
    for (const { hash } of transactions) {
      const status = await chain.status(hash)
      if (status.state === 'mined' || status.state === 'reverted') return status
      if (status.state === 'pending') best = status
    }
    return best
  }
}

async function landed(
  { database, clock, chain, log }: SendTasksNeeds,
  task: ChainTask,
  status: Extract<TransactionStatus, { state: 'mined' }>,
): Promise<void> {
  const to = status.final ? 'final' : 'mined'
  if (task.state === to) return
  if (task.kind === 'anchor' && task.batchId !== undefined && status.final) {
    // What counts is what the contract holds, not that some transaction went through.
    const batch = await database.asWorker((stores) =>
      stores.anchoring.findBatch(task.batchId ?? ('' as never)),
    )
    const record = batch === undefined ? undefined : await chain.batch(batch.signer, toHex(batch.root))
    if (batch === undefined || record?.size !== batch.size) {
      log.error('batch.not_on_chain', { batch: task.batchId, task: task.id })
      return
    }
  }
  await database.asWorker(async (stores) => {
    if (!(await stores.anchoring.moveTask(task.id, ['sent', 'mined'], to))) return
    if (task.kind === 'anchor' && task.batchId !== undefined)
      await stores.anchoring.moveBatch(
        task.batchId,
        to,
        { number: status.blockNumber, time: status.blockTime },
        status.final ? clock.now() : undefined,
      )
    crashPoint('confirm.before-commit')
  })
  crashPoint('confirm.after-commit')
  log.info('chain.task_landed', { task: task.id, kind: task.kind, state: to, block: status.blockNumber })
}

/**
 * Every call is idempotent on chain, so what reverted is signed anew with the next nonce (its signature may have been
 * past its deadline), a few times; then it is parked for a person.
 */
async function reverted(
  { database, clock, log }: SendTasksNeeds,
  task: ChainTask,
  status: { readonly blockNumber: number },
): Promise<void> {
  log.error('chain.task_reverted', { task: task.id, kind: task.kind, block: status.blockNumber })
  const at = clock.now()
  const next = backOff(task.attempts, at)
  await database.asWorker(async (stores) => {
    await stores.anchoring.moveTask(task.id, ['sent', 'mined'], 'queued')
    await stores.anchoring.failTask(task.id, {
      error: `reverted in block ${status.blockNumber}`,
      at,
      ...(next === undefined ? {} : { next }),
    })
  })
}

async function lost(
  needs: SendTasksNeeds,
  task: ChainTask,
  transactions: readonly StoredTransaction[],
): Promise<void> {
  const { database, clock, log } = needs
  const sentAt = transactions.at(-1)?.sentAt
  // A node may take a moment to show what it has just accepted.
  if (task.state === 'sent' && sentAt !== undefined && clock.now() - sentAt < MINUTE_MS / 6) return
  log.warn('chain.transaction_lost', { task: task.id, kind: task.kind })
  await database.asWorker(async (stores) => {
    if (
      (await stores.anchoring.moveTask(task.id, ['sent', 'mined'], 'signed')) &&
      task.batchId !== undefined &&
      task.kind === 'anchor'
    )
      await stores.anchoring.moveBatch(task.batchId, 'signed')
  })
  await sendTask(needs, { ...task, state: 'signed' })
}
