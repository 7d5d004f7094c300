import { errors } from '#engine/errors/catalogue.ts'
import { WaarmerkError } from '#engine/errors/define-error.ts'
import type { AttestedMessageId } from '#engine/shared/ids.ts'
import { wordOf } from '#services/attested-awards/relay-attestations.ts'
import type { ChainTask } from '#services/ports/anchoring-store.ts'
import type { AttestedChain } from '#services/ports/attested-chain.ts'
import type { ContractCall } from '#services/ports/chain.ts'
import type { Stores } from '#services/ports/stores.ts'

type AttestedTask = ChainTask & {
  readonly kind: 'attest' | 'withdraw'
  readonly attestedMessageId: AttestedMessageId
}
export const isAttested = (task: ChainTask): task is AttestedTask => task.attestedMessageId !== undefined

/** The same signed message each time: it is the attester's, and works once. */
export async function attestedCallOf(
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

/**
 * Whether trying again is of no use: what the contract does not take of an attester, it will not take later either, but
 * for what is early.
 */
export const isHopeless = (task: ChainTask, error: unknown): boolean =>
  isAttested(task) &&
  error instanceof WaarmerkError &&
  error.code === errors.contractRefused.code &&
  !isEarly(error)

/** Whether something was said after the chain's last block. The next one takes it, which on a quiet chain may be far off. */
export const isEarly = ({ parameters }: WaarmerkError): boolean =>
  parameters['error'] === 'AttestedAwardTimeOutOfRange'
