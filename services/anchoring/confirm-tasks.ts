import { errors } from '#engine/errors/catalogue.ts'
import { WaarmerkError } from '#engine/errors/define-error.ts'
import { toHex } from '#engine/shared/bytes.ts'
import { MINUTE_MS, SECOND_MS } from '#engine/shared/duration.ts'
import { backOff } from '#services/awards/back-off.ts'
import type { Batch, ChainTask, StoredTransaction } from '#services/ports/anchoring-store.ts'
import type { TransactionStatus } from '#services/ports/chain.ts'
import { crashPoint } from '#services/ports/crash-points.ts'
import { hurry } from './hurry.ts'
import { mendNonces } from './mend-nonces.ts'
import { type SendTasksNeeds, sendTask, taskFailed } from './send-tasks.ts'

const PASS_SIZE = 100
/** How often what is in a block already is looked at: finality takes minutes, and each look is paid for at the endpoint. */
const MINED_EVERY_MS = 10 * SECOND_MS

type Mined = Extract<TransactionStatus, { state: 'mined' }>

/**
 * The confirm step: follows what was sent until its block is final. Reads, but for what the chain has lost (dropped,
 * re-organised away), which goes back to `signed` and is sent again with the same bytes; for what waits too long, which
 * gets a better price; and for gaps in the nonces, which are filled.
 */
export const createConfirmTasks = (needs: SendTasksNeeds) => {
  const { database, clock, wakeUps } = needs
  let lastLook = Number.NEGATIVE_INFINITY
  return async (): Promise<{ readonly more: boolean }> => {
    const now = clock.now()
    const all = now - lastLook >= MINED_EVERY_MS
    if (all) lastLook = now
    const open = await database.asWorker((stores) =>
      stores.anchoring.tasks(all ? ['sent', 'mined'] : ['sent'], PASS_SIZE, now),
    )
    let registered = false
    let attested = false
    for (const task of open) {
      const transactions = await database.asWorker((stores) => stores.anchoring.transactionsOf(task.id))
      const batch = await batchOf(needs, task)
      const status = await statusOf(needs, transactions, batch)
      if (status.state === 'mined') {
        await landed(needs, task, batch, status)
        registered ||= task.kind === 'register' || task.kind === 'anchor'
        attested ||= task.attestedMessageId !== undefined && status.final
      } else if (status.state === 'reverted') await reverted(needs, task, status)
      else if (status.state === 'unknown') await lost(needs, task, transactions)
      else
        await unlessItPasses(needs, { task: task.id, kind: task.kind }, () =>
          hurry(needs, task, transactions.at(-1)),
        )
    }
    if (attested) await wakeUps.wake('attested')
    // An issuer that was registered, or a batch that was anchored, may let other tasks go on.
    if (registered) await wakeUps.wake('send')
    if (open.some(({ state }) => state === 'sent')) await unlessItPasses(needs, {}, () => mendNonces(needs))
    return { more: false }
  }
}

async function batchOf({ database }: SendTasksNeeds, task: ChainTask): Promise<Batch | undefined> {
  const { kind, batchId } = task
  if (kind !== 'anchor' || batchId === undefined) return undefined
  return database.asWorker((stores) => stores.anchoring.findBatch(batchId))
}

/**
 * Of several prices of one nonce at most one is ever mined. A nonce that the task gave up may have been mined all the
 * same; that it reverted there says nothing about the newest. And a batch may have landed without any of them.
 */
async function statusOf(
  { chain }: SendTasksNeeds,
  transactions: readonly StoredTransaction[],
  batch: Batch | undefined,
): Promise<TransactionStatus> {
  let best: TransactionStatus = { state: 'unknown' }
  for (const { hash, nonce } of transactions) {
    const status = await chain.status(hash)
    if (status.state === 'mined') return status
    if (nonce !== transactions.at(-1)?.nonce) continue
    if (status.state === 'reverted' || best.state === 'unknown') best = status
  }
  if (best.state !== 'unknown' || batch === undefined) return best
  const found = await chain.landed(batch.signer, toHex(batch.root))
  return found?.size === batch.size ? { state: 'mined', ...found } : best
}

async function landed(
  { database, clock, chain, log }: SendTasksNeeds,
  task: ChainTask,
  batch: Batch | undefined,
  status: Mined,
): Promise<void> {
  const to = status.final ? 'final' : 'mined'
  if (task.state === to && !hasMoved(batch, status)) return
  if (batch !== undefined && status.final) {
    // What counts is what the contract holds, not that some transaction went through.
    const record = await chain.batch(batch.signer, toHex(batch.root))
    if (record?.size !== batch.size) {
      log.error('batch.not_on_chain', { batch: batch.id, task: task.id })
      return
    }
  }
  await database.asWorker(async (stores) => {
    if (!(await stores.anchoring.moveTask(task.id, ['sent', 'mined'], to))) return
    if (batch !== undefined)
      await stores.anchoring.moveBatch(
        batch.id,
        to,
        { number: status.blockNumber, time: status.blockTime },
        status.final ? clock.now() : undefined,
      )
    crashPoint('confirm.before-commit')
  })
  crashPoint('confirm.after-commit')
  log.info('chain.task_landed', { task: task.id, kind: task.kind, state: to, block: status.blockNumber })
}

/** A reorganisation puts a transaction into another block. */
const hasMoved = (batch: Batch | undefined, { blockNumber, blockTime }: Mined): boolean =>
  batch !== undefined && (batch.block?.number !== blockNumber || batch.block.time !== blockTime)

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
  const newest = transactions.at(-1)
  // A node may take a moment to show what it has just accepted.
  if (task.state === 'sent' && newest?.sentAt !== undefined && clock.now() - newest.sentAt < MINUTE_MS / 6)
    return
  log.warn('chain.transaction_lost', { task: task.id, kind: task.kind })
  // What was found on chain without a transaction of ours, and is gone again, is signed for the first time.
  const to = newest === undefined ? 'queued' : 'signed'
  await database.asWorker(async (stores) => {
    if (
      (await stores.anchoring.moveTask(task.id, ['sent', 'mined'], to)) &&
      task.batchId !== undefined &&
      task.kind === 'anchor'
    )
      await stores.anchoring.moveBatch(task.batchId, newest === undefined ? 'sealed' : 'signed')
  })
  crashPoint('lost.moved')
  if (newest === undefined) return
  try {
    await sendTask(needs, { ...task, state: 'signed' })
  } catch (error) {
    await taskFailed(needs, task, error)
  }
}

/** A price that cannot be raised now stops no other task. */
async function unlessItPasses(
  { log }: SendTasksNeeds,
  about: Readonly<Record<string, string>>,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof WaarmerkError) || !PASSING.includes(error.code)) throw error
    log.warn('transaction.waits', { ...about, error })
  }
}

/** Of `nonce-taken` the next pass sees what was mined instead. */
const PASSING: readonly string[] = [
  errors.feeCapReached.code,
  errors.feeTooLow.code,
  errors.relayerOutOfFunds.code,
  errors.relayerKeyUnavailable.code,
  errors.contractRefused.code,
  errors.transactionRefused.code,
  errors.nonceTaken.code,
]
