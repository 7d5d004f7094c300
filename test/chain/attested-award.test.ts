import { TypedDataEncoder } from 'ethers'
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { keccak256, sha256 } from '#adapters/crypto/hashes.ts'
import { ATTESTED_AWARD, attestedAward } from '#adapters/ethereum/attested-award.ts'
import { deployContract } from '#adapters/ethereum/deploy.ts'
import { attestedTypedData } from '#engine/attested-awards/attested-messages.ts'
import {
  type AttestedRule,
  attestedRuleFaults,
  attestedRuleHash,
} from '#engine/attested-awards/attested-rule.ts'
import { subjectCommitment } from '#engine/attested-awards/subject-commitment.ts'
import { concat, fromHex, type Hex, toHex, utf8 } from '#engine/shared/bytes.ts'
import { openTestChain, relayerKey, type TestChain } from './harness.ts'

let world: TestChain
beforeAll(async () => {
  world = await openTestChain()
})
afterAll(() => world?.close())

const hex = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((bytes) => toHex(bytes))
const anyRules: fc.Arbitrary<AttestedRule> = fc.record({
  achievement: hex(32),
  threshold: fc.integer({ min: 0, max: 5 }),
  opensAt: fc.integer({ min: 0, max: 1000 }),
  closesAt: fc.oneof(fc.integer({ min: 0, max: 2000 }), fc.constant(2 ** 40 - 1)),
  criteria: fc.array(
    fc.record({
      statement: hex(32),
      attesters: fc.oneof(
        fc.array(hex(20), { maxLength: 3 }),
        fc.array(hex(20), { minLength: 70, maxLength: 110 }),
      ),
    }),
    { maxLength: 4 },
  ),
})
const words = fc.record({
  subject: hex(32),
  criterion: fc.integer({ min: 0, max: 215 }),
  attester: hex(20),
  saidAt: fc.integer({ min: 0, max: 2 ** 40 - 1 }),
  deadline: fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
})

async function ask(method: string, values: readonly unknown[]): Promise<string> {
  const question = { to: ATTESTED_AWARD.address, data: attestedAward.encodeFunctionData(method, values) }
  const answer = await world.embedded.provider.request({ method: 'eth_call', params: [question, 'latest'] })
  return String(attestedAward.decodeFunctionResult(method, String(answer))[0])
}

test('stands at one address on every chain, and is found the second time', async () => {
  const needs = { provider: world.embedded.provider, relayerKey }
  const at = { provider: world.embedded.provider }
  await expect(
    ATTESTED_AWARD.require(at.provider, { chainId: 31_337, contract: ATTESTED_AWARD.address }),
  ).rejects.toMatchObject({ code: 'attested-contract-missing' })
  const first = await deployContract(ATTESTED_AWARD, needs)
  expect(first).toEqual({ chainId: 31_337, contract: ATTESTED_AWARD.address, deployed: true })
  expect((await deployContract(ATTESTED_AWARD, needs)).deployed).toBe(false)
})

test('a rule has the name that the contract gives it, and is refused where the contract refuses it', async () => {
  await fc.assert(
    fc.asyncProperty(anyRules, async (rule) => {
      const name = await ask('ruleIdOf', [rule]).catch(() => 'refused')
      const ours = attestedRuleFaults(rule).length > 0 ? 'refused' : attestedRuleHash(rule, keccak256)
      expect(ours).toBe(name)
    }),
    { numRuns: 60 },
  )
})

test('what an attester signs is what EIP-712 makes of it, for the domain of the contract', async () => {
  const domain = { chainId: 31_337, contract: ATTESTED_AWARD.address }
  const separator = await ask('domainSeparator', [])
  fc.assert(
    fc.property(anyRules, words, (rule, word) => {
      const ruleHash = attestedRuleHash(rule, keccak256)
      for (const act of ['attest', 'withdraw'] as const) {
        const typed = attestedTypedData(act, domain, { rule, ruleHash, ...word })
        expect(TypedDataEncoder.hashDomain(typed.domain)).toBe(separator)
        const { EIP712Domain: _, ...types } = typed.types
        const encoder = TypedDataEncoder.from(types as never)
        expect(encoder.primaryType).toBe(typed.primaryType)
        expect(encoder.encodeType(typed.primaryType)).toBe(TYPES[act])
        if (act === 'attest') expect(encoder.hashStruct('Rule', rule)).toBe(ruleHash)
      }
    }),
    { numRuns: 40 },
  )
})

/** As the contract has them. */
const TYPES = {
  attest:
    'Attestation(Rule rule,bytes32 subject,uint8 criterion,address attester,uint40 attestedAt,uint64 deadline)Criterion(bytes32 statement,address[] attesters)Rule(bytes32 achievement,uint8 threshold,uint40 opensAt,uint40 closesAt,Criterion[] criteria)',
  withdraw:
    'Withdrawal(bytes32 rule,bytes32 subject,uint8 criterion,address attester,uint40 withdrawnAt,uint64 deadline)',
} as const

test('a commitment is of one rule, one salt and one identifier', () => {
  const ruleHash = `0x${'ab'.repeat(32)}` as Hex
  const salt = new Uint8Array(32).fill(7)
  const made = subjectCommitment(
    ruleHash,
    salt,
    { type: 'email', value: 'ann@example.org' },
    { keccak256, sha256 },
  )
  const inside = sha256(utf8('email:ann@example.org'))
  const rule = fromHex(ruleHash) ?? new Uint8Array()
  expect(made).toBe(toHex(keccak256(concat(Uint8Array.of(2), rule, salt, inside))))
})
