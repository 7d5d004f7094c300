import { expect, test } from 'vitest'
import { errors } from '#engine/errors/catalogue.ts'
import type { ErrorDefinition } from '#engine/errors/define-error.ts'
import type { AttestedMessageId, IssuerId, OrganisationId } from '#engine/shared/ids.ts'
import { asInstant } from '#engine/shared/instant.ts'
import type { AnchoringStore, ChainTask } from '#services/ports/anchoring-store.ts'
import type { Stores } from '#services/ports/stores.ts'
import { type SendTasksNeeds, taskFailed } from './send-tasks.ts'

const NOW = asInstant(1_000_000)
const task: ChainTask = {
  organisationId: 'o' as OrganisationId,
  id: 't',
  issuerId: 'i' as IssuerId,
  kind: 'attest',
  attestedMessageId: 'm' as AttestedMessageId,
  state: 'queued',
  createdAt: NOW,
  attempts: 0,
}

/** What is noted when a task fails with an error. */
async function failureOf(error: Error & Partial<ErrorDefinition>, of = task) {
  const noted: Parameters<AnchoringStore['failTask']>[1][] = []
  const anchoring = {
    failTask: async (_: string, failure: (typeof noted)[0]) => void noted.push(failure),
  }
  const needs = {
    database: { asWorker: (work: (stores: Stores) => unknown) => work({ anchoring } as never) },
    clock: { now: () => NOW },
    log: { error: () => undefined },
  }
  await taskFailed(needs as unknown as SendTasksNeeds, of, error)
  const { next, passing } = noted[0] ?? {}
  return { again: next === undefined ? 'never' : `after ${next - NOW} ms`, passing }
}

const refused = (error: string) => errors.contractRefused({ error, arguments: [] })

test('what the contract does not take of an attester is given up at once; of ours it is tried again', async () => {
  const over = refused('AttestedAwardOutsideWindow')
  expect(await failureOf(over)).toEqual({ again: 'never', passing: false })
  const { attestedMessageId: _, ...batch } = { ...task, kind: 'anchor' } as const
  expect(await failureOf(over, batch)).toEqual({ again: 'after 1000 ms', passing: false })
})

test('what was said after the last block waits for the next one, however long that takes', async () => {
  const early = refused('AttestedAwardTimeOutOfRange')
  expect(await failureOf(early)).toEqual({ again: 'after 5000 ms', passing: true })
})

test('a contract that is gone for a while costs no attestation', async () => {
  const gone = errors.attestedContractMissing({ chainId: 1, contract: '0x' })
  expect(await failureOf(gone)).toEqual({ again: 'after 30000 ms', passing: true })
})
