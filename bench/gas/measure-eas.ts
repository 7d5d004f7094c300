import easArtifact from '@ethereum-attestation-service/eas-contracts/artifacts/contracts/EAS.sol/EAS.json' with {
  type: 'json',
}
import registryArtifact from '@ethereum-attestation-service/eas-contracts/artifacts/contracts/SchemaRegistry.sol/SchemaRegistry.json' with {
  type: 'json',
}
import manifest from '@ethereum-attestation-service/eas-contracts/package.json' with { type: 'json' }
import {
  concat,
  Interface,
  id,
  Signature,
  SigningKey,
  TypedDataEncoder,
  type TypedDataField,
  ZeroAddress,
  ZeroHash,
} from 'ethers'
import { addressOf } from '#adapters/ethereum/anchor-messages.ts'
import { askBytes } from '#adapters/ethereum/eip1193.ts'
import type { Hex } from '#engine/shared/bytes.ts'
import { create, deliver, gasOf, type Payer } from './gas-used.ts'
import { MANY } from './sizes.ts'

const eas = new Interface(easArtifact.abi)
const registry = new Interface(registryArtifact.abi)

export type Eas = Awaited<ReturnType<typeof measureEas>>

/** As many attestations as fit into one call well below the gas of a block. */
export const EAS_CALL = 100
/** As many revocations. */
const REVOKED_A_CALL = 500

/**
 * What the contracts of the Ethereum Attestation Service use, as they are published on npm, in their cheapest form: a
 * schema of one digest, no resolver, no recipient, no reference, and nonces that were used before.
 */
export async function measureEas(payer: Payer) {
  const { provider, key } = payer
  const { at: registryAt, gas: registryGas } = await create(payer, registryArtifact.bytecode as Hex)
  const constructorData = eas.encodeDeploy([registryAt])
  const { at, gas: easGas } = await create(payer, concat([easArtifact.bytecode, constructorData]) as Hex)
  const call = (method: string, ...values: readonly unknown[]) => ({
    to: at,
    data: eas.encodeFunctionData(method, values) as Hex,
  })
  const used = (method: string, ...values: readonly unknown[]) => gasOf(payer, call(method, ...values))

  const registering = await deliver(payer, {
    to: registryAt,
    data: registry.encodeFunctionData('register', ['bytes32 digest', ZeroAddress, true]) as Hex,
  })
  const schema = registering.logs[0]?.topics[1]
  const statement = (name: string) => [ZeroAddress, 0, true, ZeroHash, id(name), 0]
  const statements = (name: string, count: number) =>
    Array.from({ length: count }, (_, n) => statement(`${name} ${n}`))

  const domain = { name: 'EAS', version: await versionOf(), chainId: await chainId(), verifyingContract: at }
  const attester = addressOf(key)
  let nonce = 0
  const sign = (types: Record<string, TypedDataField[]>, message: object) => {
    const whole = { ...message, schema, value: 0, nonce: nonce++, deadline: 0 }
    const { v, r, s } = Signature.from(new SigningKey(key).sign(TypedDataEncoder.hash(domain, types, whole)))
    return [v, r, s]
  }
  const signStatement = ([recipient, expirationTime, revocable, refUID, data]: readonly unknown[]) =>
    sign(ATTEST, { attester, recipient, expirationTime, revocable, refUID, data })
  const byDelegation = (name: string) => {
    const data = statement(name)
    return used('attestByDelegation', [schema, data, signStatement(data), attester, 0])
  }
  const manyByDelegation = (name: string, count: number) => {
    const data = statements(name, count)
    return used('multiAttestByDelegation', [[schema, data, data.map(signStatement), attester, 0]])
  }

  await byDelegation('first')
  const uids: string[] = []
  const attestMany = async (count: number, name: string) => {
    const receipt = await deliver(payer, call('multiAttest', [[schema, statements(name, count)]]))
    uids.push(...receipt.logs.map(({ data }) => data))
    return Number(receipt.gasUsed)
  }

  const attest = await used('attest', [schema, statement('one')])
  const attest10 = await attestMany(10, 'ten')
  let attest100 = 0
  while (uids.length <= MANY) attest100 = await attestMany(EAS_CALL, `hundred ${uids.length}`)
  const revokeMany = async () => {
    let gas = 0
    for (let from = 1; from <= MANY; from += REVOKED_A_CALL) {
      const some = uids.slice(from, from + REVOKED_A_CALL).map((uid) => [uid, 0])
      gas += await used('multiRevoke', [[schema, some]])
    }
    return gas
  }

  return {
    version: manifest.version,
    deploy: registryGas + easGas,
    register: Number(registering.gasUsed),
    attest,
    attest10,
    attest100,
    timestamp: await used('timestamp', id('root')),
    revoke: await used('revoke', [schema, [uids[0], 0]]),
    revokeByDelegation: await used('revokeByDelegation', [
      schema,
      [uids.at(-1), 0],
      sign(REVOKE, { revoker: attester, uid: uids.at(-1) }),
      attester,
      0,
    ]),
    revokeMany: await revokeMany(),
    revokeOffchain: await used('revokeOffchain', id('one')),
    revokeOffchainMany: await used(
      'multiRevokeOffchain',
      Array.from({ length: MANY }, (_, n) => id(`revoked ${n}`)),
    ),
    attestByDelegation: await byDelegation('second'),
    furtherByDelegation: (await manyByDelegation('three', 3)) - (await manyByDelegation('two', 2)),
    threeByDelegation: await manyByDelegation('criterion', 3),
  }

  async function versionOf(): Promise<string> {
    const answer = await askBytes(provider, 'eth_call', [call('eip712Domain'), 'latest'])
    return eas.decodeFunctionResult('eip712Domain', answer)['version']
  }
  async function chainId(): Promise<number> {
    return Number(await provider.request({ method: 'eth_chainId' }))
  }
}

const field = (type: string, name: string): TypedDataField => ({ name, type })

const ATTEST = {
  Attest: [
    field('address', 'attester'),
    field('bytes32', 'schema'),
    field('address', 'recipient'),
    field('uint64', 'expirationTime'),
    field('bool', 'revocable'),
    field('bytes32', 'refUID'),
    field('bytes', 'data'),
    field('uint256', 'value'),
    field('uint256', 'nonce'),
    field('uint64', 'deadline'),
  ],
}

const REVOKE = {
  Revoke: [
    field('address', 'revoker'),
    field('bytes32', 'schema'),
    field('bytes32', 'uid'),
    field('uint256', 'value'),
    field('uint256', 'nonce'),
    field('uint64', 'deadline'),
  ],
}
