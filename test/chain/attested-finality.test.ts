import { toQuantity } from 'ethers'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { keccak256 } from '#adapters/crypto/hashes.ts'
import { addressOf } from '#adapters/ethereum/anchor-messages.ts'
import { ATTESTED_AWARD } from '#adapters/ethereum/attested-award.ts'
import { createAttestedChain } from '#adapters/ethereum/attested-chain.ts'
import { deployContract } from '#adapters/ethereum/deploy.ts'
import { createRelayer } from '#adapters/ethereum/relayer.ts'
import { readStatus } from '#adapters/ethereum/transaction-status.ts'
import { EMPTY_CASE, foldCase } from '#engine/attested-awards/attested-case.ts'
import { attestedTypedData } from '#engine/attested-awards/attested-messages.ts'
import { type AttestedRule, attestedRuleHash } from '#engine/attested-awards/attested-rule.ts'
import type { Hex } from '#engine/shared/bytes.ts'
import type { ContractCall } from '#services/ports/chain.ts'
import { type Anvil, startAnvil } from './anvil.ts'
import { keyNamed } from './harness.ts'

// What the watcher is told by a real node over HTTP, where three blocks make one final.
const chainId = 31_338
const relayerKey = keyNamed('payer')
const keys = [keyNamed('north'), keyNamed('south')]
const address = { chainId, contract: ATTESTED_AWARD.address }

let anvil: Anvil
let now: number
beforeAll(async () => {
  anvil = await startAnvil()
  await anvil.ask('anvil_setBalance', addressOf(relayerKey), toQuantity(10n ** 18n))
  const block = (await anvil.ask('eth_getBlockByNumber', 'latest', false)) as { timestamp: string }
  now = Number(block.timestamp)
})
afterAll(() => anvil?.close())

const open = () =>
  createAttestedChain({
    provider: anvil.provider,
    address,
    relayer: addressOf(relayerKey),
    finality: { kind: 'confirmations', blocks: 3 },
  })

async function deliver(call: ContractCall): Promise<number> {
  const { provider } = anvil
  const relayer = createRelayer({ provider, chainId, key: relayerKey, maxFeeCapWei: 10n ** 12n })
  const transaction = await relayer.sign(call, await relayer.nextNonce())
  await relayer.send(transaction)
  // The node has it before its block is made.
  return vi.waitFor(
    async () => {
      const status = await readStatus(provider, transaction.hash, { kind: 'confirmations', blocks: 1 })
      if (status.state !== 'mined') throw new Error(`It is ${status.state}.`)
      return status.blockNumber
    },
    { timeout: 15_000 },
  )
}

test('an award counts when its block is final: not before, and in the order in which it was said', async () => {
  const chain = open()
  await expect(chain.require()).rejects.toMatchObject({ code: 'attested-contract-missing' })
  await deployContract(ATTESTED_AWARD, { provider: anvil.provider, relayerKey })
  await chain.require()

  const rule: AttestedRule = {
    achievement: `0x${'11'.repeat(32)}`,
    threshold: 2,
    opensAt: now - 100,
    closesAt: now + 100_000,
    criteria: keys.map((key) => ({ statement: `0x${'22'.repeat(32)}`, attesters: [addressOf(key)] })),
  }
  const ruleHash = attestedRuleHash(rule, keccak256)
  const subject = `0x${'33'.repeat(32)}` as Hex
  const said = (criterion: number, saidAt = now) => {
    const key = keys[criterion] ?? new Uint8Array()
    const attester = addressOf(key)
    const word = { rule, ruleHash, subject, criterion, attester, saidAt, deadline: now + 100_000 }
    return chain.call('attest', word, chain.sign(key, attestedTypedData('attest', address, word)))
  }

  // What the contract would not take costs nothing.
  await expect(chain.tryCall(said(0, now - 101))).rejects.toMatchObject({
    code: 'contract-refused',
    parameters: { error: 'AttestedAwardTimeOutOfRange' },
  })
  await deliver(said(0))
  const block = await deliver(said(1))
  const before = await chain.lastFinal()
  expect(before?.block).toBe(block - 2)
  expect(await chain.caseAt(ruleHash, subject, block - 2)).toEqual(EMPTY_CASE)
  expect(await chain.events(0, block - 2)).toEqual([])

  await anvil.ask('anvil_mine', '0x2')
  expect((await chain.lastFinal())?.block).toBe(block)
  const events = await chain.events(0, block)
  expect(events.map(({ kind }) => kind)).toEqual(['attested', 'attested', 'awarded'])
  expect(events.every((event) => event.rule === ruleHash && event.subject === subject)).toBe(true)
  const folded = events.reduce((state, event) => foldCase(rule, state, event), EMPTY_CASE)
  expect(folded).toEqual(await chain.caseAt(ruleHash, subject, block))
  expect(folded.awardedAt).toBeGreaterThanOrEqual(now)
})
