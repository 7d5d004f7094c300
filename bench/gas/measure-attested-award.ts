import { Interface, id, SigningKey, TypedDataEncoder } from 'ethers'
import { addressOf } from '#adapters/ethereum/anchor-messages.ts'
import artifact from '#adapters/ethereum/attested-award-artifact.json' with { type: 'json' }
import { askBytes } from '#adapters/ethereum/eip1193.ts'
import type { Hex } from '#engine/shared/bytes.ts'
import { keyNamed, START } from '#test/chain/harness.ts'
import { create, gasOf, type Payer } from './gas-used.ts'

const attestedAward = new Interface(artifact.abi)

/** What AttestedAward uses for a rule of three criteria, each attested by another account, relayed. */
export async function measureAttestedAward(relayer: Payer) {
  const { at, gas } = await create(relayer, artifact.bytecode as Hex)
  const opensAt = Math.floor(START / 1000)
  const attesters = ['school', 'employer', 'city'].map(keyNamed)
  const rule = {
    achievement: id('achievement'),
    threshold: attesters.length,
    opensAt,
    closesAt: opensAt + 86_400,
    criteria: attesters.map((key, n) => ({ statement: id(`criterion ${n}`), attesters: [addressOf(key)] })),
  }
  const chainId = Number(await relayer.provider.request({ method: 'eth_chainId' }))
  const domain = { name: 'AttestedAward', version: '1', chainId, verifyingContract: at }

  const attest = async (name: string, criteria: readonly number[]) => {
    const subject = id(name)
    const attestations = attesters
      .map((key, criterion) => {
        const said = { criterion, attester: addressOf(key), attestedAt: opensAt, deadline: opensAt + 86_400 }
        const hash = TypedDataEncoder.hash(domain, TYPES, { rule, subject, ...said })
        return { ...said, signature: new SigningKey(key).sign(hash).serialized }
      })
      .filter(({ criterion }) => criteria.includes(criterion))
    const data = attestedAward.encodeFunctionData('attest', [rule, subject, attestations]) as Hex
    return gasOf(relayer, { to: at, data })
  }
  const requireAward = async (name: string) => {
    const data = attestedAward.encodeFunctionData('attest', [rule, id(name), []])
    const answer = await askBytes(relayer.provider, 'eth_call', [{ to: at, data }, 'latest'])
    if (!attestedAward.decodeFunctionResult('attest', answer)[0])
      throw new Error(`${name}: no award was made.`)
  }

  const together = await attest('together', [0, 1, 2])
  let oneByOne = 0
  for (const criterion of [0, 1, 2]) oneByOne += await attest('one by one', [criterion])
  await requireAward('together')
  await requireAward('one by one')
  return { deployAwards: gas, awardTogether: together, awardOneByOne: oneByOne }
}

const field = (type: string, name: string) => ({ name, type })

const TYPES = {
  Attestation: [
    field('Rule', 'rule'),
    field('bytes32', 'subject'),
    field('uint8', 'criterion'),
    field('address', 'attester'),
    field('uint40', 'attestedAt'),
    field('uint64', 'deadline'),
  ],
  Rule: [
    field('bytes32', 'achievement'),
    field('uint8', 'threshold'),
    field('uint40', 'opensAt'),
    field('uint40', 'closesAt'),
    field('Criterion[]', 'criteria'),
  ],
  Criterion: [field('bytes32', 'statement'), field('address[]', 'attesters')],
}
