import { keccak_256 } from '@noble/hashes/sha3'
import { id } from 'ethers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addressOf } from '#adapters/ethereum/anchor-messages.ts'
import { badgeAnchor } from '#adapters/ethereum/badge-anchor.ts'
import { createRelayer } from '#adapters/ethereum/relayer.ts'
import { buildTree, inclusionProof } from '#engine/anchoring/merkle-tree.ts'
import { type Hex, toHex } from '#engine/shared/bytes.ts'
import type { ContractCall } from '#services/ports/chain.ts'
import {
  keyNamed,
  openTestChain,
  registerIssuer,
  relayerKey,
  type TestChain,
  type TestIssuer,
} from './harness.ts'

// Gas is exact for a given contract and compiler: these are ceilings that a change must not break unseen.
let it: TestChain
let issuer: TestIssuer
beforeAll(async () => {
  it = await openTestChain()
  issuer = await registerIssuer(it, 'north')
  await it.embedded.fund(issuer.signer)
})
afterAll(() => it.close())

async function gasOf(call: ContractCall, key = relayerKey): Promise<number> {
  const relayer = createRelayer({
    provider: it.embedded.provider,
    chainId: it.chain.address.chainId,
    key,
    maxFeeCapWei: 10n ** 12n,
  })
  const { hash, ...rest } = await relayer.sign(call, await relayer.nextNonce())
  await relayer.send({ hash, ...rest })
  const receipt = await it.embedded.provider.request({ method: 'eth_getTransactionReceipt', params: [hash] })
  const { gasUsed, status } = receipt as { gasUsed: string; status: string }
  expect(status).toBe('0x1')
  return Number(gasUsed)
}

const direct = (method: string, ...values: readonly unknown[]): ContractCall => ({
  to: it.chain.address.contract,
  data: badgeAnchor.encodeFunctionData(method, values) as Hex,
})

test('anchoring and revoking cost what a new slot and a written slot cost, and little more', async () => {
  const { chain } = it
  const { id: issuerId, key: anchoringKey, signer } = issuer
  const root = id('direct') as Hex
  const relayed = { issuerId, root: id('relayed') as Hex, size: 184, kind: 0, anchoringKey }
  const figures = {
    anchor: await gasOf(direct('anchor', root, 184, 0), issuer.key),
    revokeOne: await gasOf(direct('revoke', signer, root, 77), issuer.key),
    revokeBatch: await gasOf(direct('revokeBatch', signer, root), issuer.key),
    anchorRelayed: await gasOf(await chain.anchorCall(relayed)),
    anchorAgain: await gasOf(await chain.anchorCall(relayed)),
    revokeOneRelayed: await gasOf(await chain.revokeCall({ ...relayed, leafIndexes: [5] })),
    revokeBatchRelayed: await gasOf(await chain.revokeBatchCall(relayed)),
    register: await gasOf(
      await chain.registerIssuerCall({
        id: toHex(chain.issuerId({ did: 'did:web:x.example', firstKey: addressOf(keyNamed('south')) })),
        did: 'did:web:x.example',
        anchoringKey: keyNamed('south'),
      }),
    ),
  }
  if (process.env['PRINT_GAS'] !== undefined)
    process.stdout.write(`${JSON.stringify(figures, undefined, 2)}\n`)
  // Within 7 % of one new slot and nothing else, 43,620 (`npm run bench gas` measures it).
  expect(figures.anchor).toBeLessThanOrEqual(46_673)
  expect(figures.revokeOne).toBeLessThan(33_500)
  expect(figures.revokeBatch).toBeLessThan(33_500)
  expect(figures.anchorRelayed).toBeLessThan(56_500)
})

test('a further signed anchor in one call costs little more than its slot', async () => {
  const anchorings = async (count: number, name: string) => {
    const list: unknown[] = []
    for (let n = 0; n < count; n++) {
      const root = id(`${name} ${n}`) as Hex
      const { id: issuerId, key: anchoringKey } = issuer
      const call = await it.chain.anchorCall({ issuerId, root, size: 184, kind: 2, anchoringKey })
      list.push(badgeAnchor.decodeFunctionData('anchorBySig', call.data)[0].toArray())
    }
    return direct('anchorMany', list)
  }
  const further = (await gasOf(await anchorings(3, 'three'))) - (await gasOf(await anchorings(2, 'two')))
  if (process.env['PRINT_GAS'] !== undefined) process.stdout.write(`further ${further}\n`)
  expect(further).toBeLessThan(33_500)
})

test('verifying a leaf of 10,000 costs little', async () => {
  const leaves = Array.from({ length: 10_000 }, (_, n) => keccak_256(Uint8Array.of(n >> 8, n & 255)))
  const tree = buildTree(leaves, keccak_256)
  const root = toHex(tree.root)
  const { id: issuerId, key: anchoringKey, signer } = issuer
  await gasOf(await it.chain.anchorCall({ issuerId, root, size: 10_000, kind: 0, anchoringKey }))
  const proof = inclusionProof(tree, 5000).map(toHex)
  const call = direct('verify', issuerId, signer, root, toHex(leaves[5000] as Uint8Array), 5000, proof)
  const method = 'eth_estimateGas'
  const whole = Number(await it.embedded.provider.request({ method, params: [{ from: signer, ...call }] }))
  // What is left when the price of any transaction with these bytes is taken away.
  const bytes = Buffer.from(call.data.slice(2), 'hex')
  const intrinsic = 21_000 + bytes.reduce((sum, byte) => sum + (byte === 0 ? 4 : 16), 0)
  if (process.env['PRINT_GAS'] !== undefined)
    process.stdout.write(`verify ${whole - intrinsic} of ${whole}\n`)
  expect(whole - intrinsic).toBeLessThan(15_500)
})
