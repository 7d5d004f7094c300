import { firstFreeNonce } from '#engine/anchoring/nonces.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { WaarmerkError } from '#engine/errors/define-error.ts'
import { type Hex, toHex } from '#engine/shared/bytes.ts'
import { SECOND_MS } from '#engine/shared/duration.ts'
import { asInstant } from '#engine/shared/instant.ts'
import { backOff } from '#services/awards/back-off.ts'
import type { ChainTask, StoredTransaction } from '#services/ports/anchoring-store.ts'
import type { AttestedChain } from '#services/ports/attested-chain.ts'
import type { Chain } from '#services/ports/chain.ts'
import type { Clock } from '#services/ports/clock.ts'
import { crashPoint } from '#services/ports/crash-points.ts'
import type { Database } from '#services/ports/database.ts'
import type { Log } from '#services/ports/log.ts'
import type { SecretBox } from '#services/ports/secret-box.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { WakeUps } from '#services/ports/wake-ups.ts'
import { isEarly, isHopeless } from './attested-call.ts'
import { callOf } from './chain-call.ts'

const PASS_SIZE = 20

export interface SendTasksNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly chain: Chain
  readonly attestedChain: AttestedChain
  readonly secretBox: SecretBox
  readonly wakeUps: WakeUps
  readonly log: Log
}

/**
 * The send step: each task gets one signed transaction with the first free nonce, stored before it is sent.
 * One sender a key: the advisory lock of the relayer. Sending the stored bytes again is harmless.
 */
export const createSendTasks = (needs: SendTasksNeeds) => {
  const { database, clock, chain, wakeUps, log } = needs
  return async (): Promise<{ readonly more: boolean }> => {
    // 1. Sign what is queued.
    const queued = await database.asWorker((stores) =>
      stores.anchoring.tasks(['queued'], PASS_SIZE, clock.now()),
    )
    for (const task of queued) {
      try {
        crashPoint('send.before-sign')
        await database.asWorker((stores) => signTask(needs, stores, task))
        crashPoint('send.signed')
      } catch (error) {
        await taskFailed(needs, task, error)
      }
    }
    // 2. Send what is signed, in the order of its nonces.
    const signed = await database.asWorker((stores) =>
      stores.anchoring.tasks(['signed'], PASS_SIZE, clock.now()),
    )
    for (const task of signed) {
      try {
        await sendTask(needs, task)
      } catch (error) {
        await taskFailed(needs, task, error)
      }
    }
    if (signed.length > 0) {
      log.debug('chain.sent', { transactions: signed.length, chain: chain.address.chainId })
      await wakeUps.wake('confirm')
    }
    return { more: queued.length === PASS_SIZE }
  }
}

async function signTask(needs: SendTasksNeeds, stores: Stores, task: ChainTask): Promise<void> {
  const { clock, chain } = needs
  const { chainId } = chain.address
  if (!(await stores.anchoring.lockSender(chainId, chain.relayer))) return
  await useActiveKey(stores, task)
  if (await foundOnChain(needs, stores, task)) return
  const call = await callOf(needs, stores, task)
  const next = await chain.nextNonce()
  const nonce = firstFreeNonce(next, await stores.anchoring.heldNonces(chainId, chain.relayer, next))
  // A nonce that a task gave up may still wait somewhere under the old transaction: this one outbids it.
  const before = await stores.anchoring.newestWith(chainId, chain.relayer, nonce)
  const transaction = await chain.sign(call, nonce, before)
  // The state decides: of two processes only one gets to store a transaction for the task.
  if (!(await stores.anchoring.moveTask(task.id, ['queued'], 'signed'))) return
  await stores.anchoring.insertTransaction(chainId, {
    ...transaction,
    taskId: task.id,
    createdAt: clock.now(),
  })
  if (task.kind === 'anchor' && task.batchId !== undefined)
    await stores.anchoring.moveBatch(task.batchId, 'signed')
}

/** A batch of a key that was cut off meanwhile goes on under the one in its place: its own can anchor nothing any more. */
async function useActiveKey(stores: Stores, task: ChainTask): Promise<void> {
  if (task.kind !== 'anchor' || task.batchId === undefined) return
  const batch = await stores.anchoring.findBatch(task.batchId)
  const key = await stores.issuers.activeKey(task.issuerId, 'anchoring')
  if (batch === undefined || key === undefined || batch.signer === key.publicKey) return
  await stores.anchoring.changeSigner(batch.id, key.publicKey as Hex)
}

/**
 * A batch that the contract holds already is not sent again: this database was restored from an older copy, or somebody
 * else delivered the call. The confirm step goes on with it.
 */
async function foundOnChain(
  { chain, log }: SendTasksNeeds,
  stores: Stores,
  task: ChainTask,
): Promise<boolean> {
  if (task.kind !== 'anchor' || task.batchId === undefined) return false
  const batch = await stores.anchoring.findBatch(task.batchId)
  const found = batch && (await chain.landed(batch.signer, toHex(batch.root)))
  if (batch === undefined || found?.size !== batch.size) return false
  if (await stores.anchoring.moveTask(task.id, ['queued'], 'mined'))
    await stores.anchoring.moveBatch(batch.id, 'mined', { number: found.blockNumber, time: found.blockTime })
  log.warn('batch.found_on_chain', { batch: batch.id, block: found.blockNumber })
  return true
}

/**
 * Sends the newest transaction of a task, and at a better price where the node finds this one too low. Used again by the
 * confirm step for one that the chain has lost.
 */
export async function sendTask(needs: SendTasksNeeds, task: ChainTask): Promise<void> {
  const transaction = await newestOf(needs, task)
  try {
    await deliver(needs, task, transaction)
  } catch (error) {
    if (!(error instanceof WaarmerkError) || error.code !== errors.feeTooLow.code) throw error
    const better = await reprice(needs, task, transaction)
    if (better !== undefined) await deliver(needs, task, better)
  }
}

async function newestOf({ database }: SendTasksNeeds, task: ChainTask): Promise<StoredTransaction> {
  const transaction = (await database.asWorker((stores) => stores.anchoring.transactionsOf(task.id))).at(-1)
  if (transaction === undefined) throw new Error('A signed task has no transaction.')
  return transaction
}

async function deliver(
  { database, clock, chain, log }: SendTasksNeeds,
  task: ChainTask,
  transaction: StoredTransaction,
): Promise<void> {
  log.info('transaction.sending', { hash: transaction.hash, nonce: transaction.nonce, kind: task.kind })
  await chain.send(transaction)
  crashPoint('send.sent')
  await database.asWorker(async (stores) => {
    await stores.anchoring.markSent(transaction.hash, clock.now())
    if (
      (await stores.anchoring.moveTask(task.id, ['signed'], 'sent')) &&
      task.kind === 'anchor' &&
      task.batchId !== undefined
    )
      await stores.anchoring.moveBatch(task.batchId, 'sent')
  })
}

/**
 * Signs a task anew with the nonce that it has, for at least 12.5 % more, and stores that. Undefined if another process
 * was quicker. Throws `fee-cap-reached`.
 */
export async function reprice(
  needs: SendTasksNeeds,
  task: ChainTask,
  replaces: StoredTransaction,
): Promise<StoredTransaction | undefined> {
  const { database, clock, chain, log } = needs
  const { chainId } = chain.address
  const better = await database.asWorker(async (stores) => {
    if (!(await stores.anchoring.lockSender(chainId, chain.relayer))) return undefined
    const newest = (await stores.anchoring.transactionsOf(task.id)).at(-1)
    if (newest?.hash !== replaces.hash) return undefined
    const transaction = await chain.sign(await callOf(needs, stores, task), replaces.nonce, replaces)
    await stores.anchoring.insertTransaction(chainId, {
      ...transaction,
      taskId: task.id,
      createdAt: clock.now(),
    })
    return (await stores.anchoring.transactionsOf(task.id)).at(-1)
  })
  if (better !== undefined) {
    crashPoint('hurry.stored')
    log.info('transaction.repriced', { hash: better.hash, nonce: better.nonce, bump: better.bump })
  }
  return better
}

/** Notes why a task did not go on, and when it is tried again. */
export async function taskFailed(
  { database, clock, log }: SendTasksNeeds,
  task: ChainTask,
  error: unknown,
): Promise<void> {
  if (error instanceof WaarmerkError && error.code === 'database-unavailable') throw error
  log.error('chain.task_failed', { task: task.id, kind: task.kind, error })
  const at = clock.now()
  const pause = error instanceof WaarmerkError ? pauseOf(error) : undefined
  const later = pause === undefined ? backOff(task.attempts, at) : asInstant(at + pause)
  const next = isHopeless(task, error) ? undefined : later
  await database.asWorker(async (stores) => {
    // Somebody else's transaction has the nonce: ours is signed anew with the next one.
    if (error instanceof WaarmerkError && error.code === errors.nonceTaken.code)
      await stores.anchoring.moveTask(task.id, ['signed'], 'queued')
    await stores.anchoring.failTask(task.id, {
      error: String(error),
      at,
      passing: pause !== undefined,
      ...(next === undefined ? {} : { next }),
    })
  })
}

/** What has nothing to do with the task is tried for as long as it takes; undefined: it has. */
function pauseOf(error: WaarmerkError): number | undefined {
  const { code, retry } = error
  // No funds, no endpoint, fees; a block that is yet to come.
  if (retry || isEarly(error)) return 5 * SECOND_MS
  if (code === errors.nonceTaken.code) return SECOND_MS
  // Somebody has to set the endpoint right.
  if (MISLED.includes(code)) return 30 * SECOND_MS
  return undefined
}

const MISLED: readonly string[] = [
  errors.chainMismatch.code,
  errors.contractMissing.code,
  errors.contractMismatch.code,
  errors.attestedContractMissing.code,
]
