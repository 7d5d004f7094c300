import { id } from 'ethers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addressOf } from '#adapters/ethereum/anchor-messages.ts'
import { deployBadgeAnchor } from '#adapters/ethereum/deploy.ts'
import { createEthereumChain } from '#adapters/ethereum/ethereum-chain.ts'
import { type Hex, toHex } from '#engine/shared/bytes.ts'
import { asInstant } from '#engine/shared/instant.ts'
import type { Chain } from '#services/ports/chain.ts'
import { type Anvil, startAnvil } from './anvil.ts'
import { keyNamed, relayerKey } from './harness.ts'

let anvil: Anvil
let chain: Chain
const anchoringKey = keyNamed('north')
const did = 'did:web:badges.example:issuers:north'
let issuerId: Hex

beforeAll(async () => {
  anvil = await startAnvil()
  const { provider } = anvil
  await anvil.ask('anvil_setBalance', addressOf(relayerKey), `0x${(10n ** 20n).toString(16)}`)
  const { contract } = await deployBadgeAnchor({ provider, relayerKey })
  const clock = { now: () => asInstant(Date.now()) }
  const finality = { kind: 'confirmations', blocks: 2 } as const
  chain = await createEthereumChain({ provider, relayerKey, contract, independent: true, clock, finality })
  issuerId = toHex(chain.issuerId({ did, firstKey: addressOf(anchoringKey) }))
  const call = await chain.registerIssuerCall({ id: issuerId, did, anchoringKey })
  await chain.send(await chain.sign(call, await chain.nextNonce()))
  // From here on each test says itself when a block is made.
  await anvil.ask('evm_setAutomine', false)
  await mine()
})
afterAll(() => anvil.close())

const anchorCall = (name: string) =>
  chain.anchorCall({ issuerId, root: id(name) as Hex, size: 184, kind: 0, anchoringKey })
const recordOf = (name: string) => chain.batch(addressOf(anchoringKey), id(name) as Hex)
const mine = () => anvil.ask('evm_mine')

test('a waiting transaction is replaced by one that pays enough; the batch lands once', async () => {
  const nonce = await chain.nextNonce()
  const call = await anchorCall('replaced')
  const slow = await chain.sign(call, nonce)
  await chain.send(slow)
  expect(await chain.status(slow.hash)).toEqual({ state: 'pending' })
  expect(await chain.nextNonce()).toBe(nonce + 1)
  const fast = await chain.sign(call, nonce, slow)
  await chain.send(fast)
  await chain.send(fast)
  await mine()
  expect(await chain.status(fast.hash)).toMatchObject({ state: 'mined', final: false })
  expect(await chain.status(slow.hash)).toEqual({ state: 'unknown' })
  await expect(chain.send(slow)).rejects.toMatchObject({ code: 'nonce-taken' })
  await mine()
  expect(await chain.status(fast.hash)).toMatchObject({ state: 'mined', final: true })
  expect(await recordOf('replaced')).toMatchObject({ size: 184 })
})

test('a replacement that pays too little is refused by code', async () => {
  const nonce = await chain.nextNonce()
  await chain.send(await chain.sign(await anchorCall('one'), nonce))
  const equal = await chain.sign(await anchorCall('other'), nonce)
  await expect(chain.send(equal)).rejects.toMatchObject({ code: 'fee-too-low' })
  await mine()
})

test('a transaction dropped from the pool is unknown, and sending it again is enough', async () => {
  const transaction = await chain.sign(await anchorCall('dropped'), await chain.nextNonce())
  await chain.send(transaction)
  await anvil.ask('anvil_dropTransaction', transaction.hash)
  expect(await chain.status(transaction.hash)).toEqual({ state: 'unknown' })
  await chain.send(transaction)
  await mine()
  expect(await chain.status(transaction.hash)).toMatchObject({ state: 'mined' })
  expect(await recordOf('dropped')).toMatchObject({ size: 184 })
})

test('a reorganisation takes the batch back; the stored transaction anchors it again', async () => {
  const transaction = await chain.sign(await anchorCall('reorganised'), await chain.nextNonce())
  await chain.send(transaction)
  await mine()
  expect(await chain.status(transaction.hash)).toMatchObject({ state: 'mined' })
  await anvil.ask('anvil_reorg', 1, [])
  expect((await chain.status(transaction.hash)).state).not.toBe('mined')
  await chain.send(transaction)
  await mine()
  await mine()
  expect(await chain.status(transaction.hash)).toMatchObject({ state: 'mined', final: true })
  expect(await recordOf('reorganised')).toMatchObject({ size: 184 })
})

test('a chain that changes under the sender is noticed before anything is sent', async () => {
  const transaction = await chain.sign(await anchorCall('elsewhere'), await chain.nextNonce())
  await anvil.ask('anvil_setChainId', 99)
  await expect(chain.send(transaction)).rejects.toMatchObject({
    code: 'chain-mismatch',
    parameters: { expected: 31_338, found: 99 },
  })
  await anvil.ask('anvil_setChainId', 31_338)
  await chain.send(transaction)
  await mine()
  expect(await recordOf('elsewhere')).toMatchObject({ size: 184 })
})

test('other code at the address is noticed before anything is sent', async () => {
  const transaction = await chain.sign(await anchorCall('replaced code'), await chain.nextNonce())
  const { contract } = chain.address
  const code = await anvil.ask('eth_getCode', contract, 'latest')
  await anvil.ask('anvil_setCode', contract, '0x6000')
  await expect(chain.send(transaction)).rejects.toMatchObject({ code: 'contract-mismatch' })
  await anvil.ask('anvil_setCode', contract, code)
  await chain.send(transaction)
})
