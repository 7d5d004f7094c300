import { verificationMethodId } from '#engine/credentials/did-document.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { WaarmerkError } from '#engine/errors/define-error.ts'
import { toHex } from '#engine/shared/bytes.ts'
import { SECOND_MS } from '#engine/shared/duration.ts'
import type { AttestedMessageId } from '#engine/shared/ids.ts'
import { asInstant } from '#engine/shared/instant.ts'
import { wordOf } from '#services/attested-awards/relay-attestations.ts'
import { backOff } from '#services/awards/back-off.ts'
import { issuerKeySecret } from '#services/issuers/manage-issuers.ts'
import type { ChainTask } from '#services/ports/anchoring-store.ts'
import type { AttestedChain } from '#services/ports/attested-chain.ts'
import type { Chain, ContractCall } from '#services/ports/chain.ts'
import type { Clock } from '#services/ports/clock.ts'
import { crashPoint } from '#services/ports/crash-points.ts'
import type { Database } from '#services/ports/database.ts'
import type { Log } from '#services/ports/log.ts'
import type { SecretBox } from '#services/ports/secret-box.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { WakeUps } from '#services/ports/wake-ups.ts'

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
 * The send step: each task gets one signed transaction with the next nonce, stored before it is sent.
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
        await failed(needs, task, error)
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
        await failed(needs, task, error)
      }
    }
    if (signed.length > 0) {
      log.debug('chain.sent', { transactions: signed.length, chain: chain.address.chainId })
      await wakeUps.wake('confirm')
    }
    return { more: queued.length === PASS_SIZE }
  }
}

async function signTask(
  { clock, chain, attestedChain, secretBox }: SendTasksNeeds,
  stores: Stores,
  task: ChainTask,
): Promise<void> {
  const { chainId } = chain.address
  if (!(await stores.anchoring.lockSender(chainId, chain.relayer))) return
  const call = isAttested(task)
    ? await attestedCallOf(attestedChain, stores, task)
    : await callOf({ chain, secretBox }, stores, task)
  const last = await stores.anchoring.lastNonce(chainId, chain.relayer)
  const nonce = Math.max(await chain.nextNonce(), last === undefined ? 0 : last + 1)
  const transaction = await chain.sign(call, nonce)
  // The state decides: of two processes only one gets to store a transaction for the task.
  if (!(await stores.anchoring.moveTask(task.id, ['queued'], 'signed'))) return
  await stores.anchoring.insertTransaction(chainId, {
    ...transaction,
    taskId: task.id,
    bump: 0,
    createdAt: clock.now(),
  })
  if (task.kind === 'anchor' && task.batchId !== undefined)
    await stores.anchoring.moveBatch(task.batchId, 'signed')
}

async function callOf(
  { chain, secretBox }: Pick<SendTasksNeeds, 'chain' | 'secretBox'>,
  stores: Stores,
  task: ChainTask,
): Promise<ContractCall> {
  const issuer = await stores.issuers.find(task.issuerId)
  const key = await stores.issuers.activeKey(task.issuerId, 'anchoring')
  if (issuer?.onchainId === undefined || key === undefined)
    throw new Error('The issuer has no anchoring key.')
  const issuerId = toHex(issuer.onchainId)
  const anchoringKey = secretBox.open(key.sealedSecret, issuerKeySecret(key.id))
  if (task.kind === 'register')
    return chain.registerIssuerCall({ id: issuerId, did: issuer.did, anchoringKey })
  if (task.kind === 'publish_key') {
    const issuing = (await stores.issuers.keys(issuer.id)).find(({ id }) => id === task.keyId)
    if (issuing === undefined) throw new Error('The issuing key of a task is gone.')
    return chain.publishIssuingKeyCall({
      issuerId,
      verificationMethod: verificationMethodId(issuer.did, issuing.publicKey),
      validFrom: issuing.createdAt,
      ...(issuing.endedAt === undefined ? {} : { validUntil: issuing.endedAt }),
      anchoringKey,
    })
  }
  const batch = task.batchId === undefined ? undefined : await stores.anchoring.findBatch(task.batchId)
  if (batch === undefined) throw new Error('The batch of a task is gone.')
  const root = toHex(batch.root)
  if (task.kind === 'anchor')
    return chain.anchorCall({ issuerId, root, size: batch.size, kind: 0, anchoringKey })
  return chain.revokeCall({
    issuerId,
    signer: batch.signer,
    root,
    leafIndexes: task.positions ?? [],
    anchoringKey,
  })
}

/** The same signed message each time: it is the attester's, and works once. */
async function attestedCallOf(
  chain: AttestedChain,
  stores: Stores,
  task: AttestedTask,
): Promise<ContractCall> {
  const { organisationId, attestedMessageId, kind } = task
  const message = await stores.attested.findMessage(organisationId, attestedMessageId)
  const found = message && (await stores.attested.findCase(organisationId, message.caseId))
  const rule = found && (await stores.attested.findRule(organisationId, found.ruleId))
  if (message === undefined || found === undefined || rule === undefined)
    throw new Error('The message of a task is gone.')
  // A call to where there is no contract would succeed, and do nothing.
  await chain.require()
  return chain.call(kind, wordOf({ rule, case: found }, message), message.signature)
}

type AttestedTask = ChainTask & {
  readonly kind: 'attest' | 'withdraw'
  readonly attestedMessageId: AttestedMessageId
}
const isAttested = (task: ChainTask): task is AttestedTask => task.attestedMessageId !== undefined

/**
 * Whether trying again is of no use: what the contract does not take of an attester, it will not take later either, but
 * for what was said after the chain's last block.
 */
const isHopeless = (task: ChainTask, error: unknown): boolean =>
  isAttested(task) &&
  error instanceof WaarmerkError &&
  error.code === errors.contractRefused.code &&
  error.parameters['error'] !== 'AttestedAwardTimeOutOfRange'

/** Sends the newest transaction of a task. Used again by the confirm step for one that the chain has lost. */
export async function sendTask(
  { database, clock, chain, log }: SendTasksNeeds,
  task: ChainTask,
): Promise<void> {
  const transaction = (await database.asWorker((stores) => stores.anchoring.transactionsOf(task.id))).at(-1)
  if (transaction === undefined) throw new Error('A signed task has no transaction.')
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

async function failed(
  { database, clock, log }: SendTasksNeeds,
  task: ChainTask,
  error: unknown,
): Promise<void> {
  if (error instanceof WaarmerkError && error.code === 'database-unavailable') throw error
  log.error('chain.task_failed', { task: task.id, kind: task.kind, error })
  const at = clock.now()
  // What can pass by itself (no funds, no endpoint, fees) is tried for as long as it takes.
  const passing = error instanceof WaarmerkError && error.retry
  const later = passing ? asInstant(at + 5 * SECOND_MS) : backOff(task.attempts, at)
  const next = isHopeless(task, error) ? undefined : later
  await database.asWorker(async (stores) => {
    // Somebody else's transaction has the nonce: ours is signed anew with the next one.
    if (error instanceof WaarmerkError && error.code === errors.nonceTaken.code)
      await stores.anchoring.moveTask(task.id, ['signed'], 'queued')
    await stores.anchoring.failTask(task.id, {
      error: String(error),
      at,
      ...(next === undefined ? {} : { next }),
    })
  })
}
