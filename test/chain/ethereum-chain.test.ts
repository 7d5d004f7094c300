import { id, Transaction, Wallet } from 'ethers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addressOf } from '#adapters/ethereum/anchor-messages.ts'
import { createAnchorReader, readBatchRecord } from '#adapters/ethereum/anchor-reader.ts'
import { BADGE_ANCHOR_ADDRESS, badgeAnchor } from '#adapters/ethereum/badge-anchor.ts'
import { isBadgeAnchorAt } from '#adapters/ethereum/contract-identity.ts'
import { BADGE_ANCHOR, deployBadgeAnchor, deployDirectly } from '#adapters/ethereum/deploy.ts'
import type { Eip1193 } from '#adapters/ethereum/eip1193.ts'
import { createEthereumChain } from '#adapters/ethereum/ethereum-chain.ts'
import { createIssuerHistories, readIssuerHistory } from '#adapters/ethereum/issuer-history.ts'
import { feesOf } from '#adapters/ethereum/relayer.ts'
import { keyRoles } from '#engine/anchoring/anchor-verdict.ts'
import { fromHex, type Hex, toHex } from '#engine/shared/bytes.ts'
import { asInstant } from '#engine/shared/instant.ts'
import type { ContractCall, SignedTransaction } from '#services/ports/chain.ts'
import {
  keyNamed,
  openTestChain,
  registerIssuer,
  relayerKey,
  START,
  type TestChain,
  type TestIssuer,
} from './harness.ts'

let it: TestChain
let issuer: TestIssuer
beforeAll(async () => {
  it = await openTestChain()
  issuer = await registerIssuer(it, 'north')
})
afterAll(() => it.close())

const rootNamed = (name: string) => id(name) as Hex
const batchOf = (name: string) => ({
  issuerId: issuer.id,
  root: rootNamed(name),
  size: 184,
  kind: 0,
  anchoringKey: issuer.key,
})
const anchorCall = (name: string) => it.chain.anchorCall(batchOf(name))

/** The provider, with some answers changed. */
const lying = (changed: Readonly<Record<string, (params: readonly unknown[]) => unknown>>): Eip1193 => ({
  request: async (call) => {
    const lie = changed[call.method]
    return lie === undefined ? it.embedded.provider.request(call) : lie(call.params ?? [])
  },
})

const chainOver = (
  provider: Eip1193,
  more: { chainId?: number; contract?: Hex; maxFeeCapWei?: bigint } = {},
) =>
  createEthereumChain({
    provider,
    relayerKey,
    contract: it.chain.address.contract,
    independent: false,
    clock: { now: () => START },
    ...more,
  })

test('signing sends nothing; what was signed can be sent any number of times and lands once', async () => {
  const { chain } = it
  const transaction = await chain.sign(await anchorCall('once'), await chain.nextNonce())
  expect(transaction).toMatchObject({ sender: chain.relayer, hash: Transaction.from(transaction.raw).hash })
  expect(await chain.status(transaction.hash)).toEqual({ state: 'unknown' })
  expect(await chain.batch(issuer.signer, rootNamed('once'))).toBeUndefined()
  for (let time = 0; time < 3; time++) await chain.send(transaction)
  expect(await chain.status(transaction.hash)).toMatchObject({
    state: 'mined',
    blockTime: START,
    final: true,
  })
  expect(await chain.batch(issuer.signer, rootNamed('once'))).toEqual({
    size: 184,
    anchoredAt: START,
    kind: 0,
    revoked: false,
    revocationWords: [0n],
  })
  expect(await chain.nextNonce()).toBe(transaction.nonce + 1)
})

test('a batch that is there already is anchored again with success, and keeps its time', async () => {
  await it.deliver(anchorCall('again'))
  const before = await it.chain.batch(issuer.signer, rootNamed('again'))
  it.pass(60)
  expect(await it.deliver(anchorCall('again'))).toMatchObject({ state: 'mined' })
  expect(await it.chain.batch(issuer.signer, rootNamed('again'))).toEqual(before)
})

test('what the contract would refuse is refused before it is signed, in its own words', async () => {
  const { chain } = it
  const refused = (call: Promise<ContractCall>) =>
    call.then(async (built) => chain.sign(built, await chain.nextNonce()))
  await it.deliver(anchorCall('there'))
  await expect(refused(chain.anchorCall({ ...batchOf('there'), size: 185 }))).rejects.toMatchObject({
    code: 'contract-refused',
    parameters: { error: 'BadgeAnchorConflict' },
  })
  const stranger = { ...batchOf('new'), anchoringKey: keyNamed('stranger') }
  await expect(refused(chain.anchorCall(stranger))).rejects.toMatchObject({
    parameters: { error: 'BadgeAnchorNotAuthorised' },
  })
  const beyond = { ...batchOf('there'), leafIndexes: [184] }
  await expect(refused(chain.revokeCall(beyond))).rejects.toMatchObject({
    parameters: { error: 'BadgeAnchorMaskOutOfRange' },
  })
  const late = chain.anchorCall(batchOf('late'))
  await late
  it.pass(86_400 * 2)
  await expect(refused(late)).rejects.toMatchObject({ parameters: { error: 'BadgeAnchorExpired' } })
})

test('a transaction that reverts on chain is "reverted", not "mined"', async () => {
  const { chain } = it
  const sooner = await chain.sign(await anchorCall('race'), await chain.nextNonce())
  const later = await chain.sign(
    await chain.anchorCall({ ...batchOf('race'), size: 200 }),
    (await chain.nextNonce()) + 1,
  )
  await chain.send(sooner)
  await chain.send(later)
  expect(await chain.status(later.hash)).toMatchObject({ state: 'reverted', final: true })
})

test('a nonce that another transaction took is named so', async () => {
  const { chain } = it
  const nonce = await chain.nextNonce()
  const first = await chain.sign(await anchorCall('first'), nonce)
  const second = await chain.sign(await anchorCall('second'), nonce)
  await chain.send(first)
  await expect(chain.send(second)).rejects.toMatchObject({ code: 'nonce-taken', parameters: { nonce } })
  await chain.send(first)
})

test('a replacement has the same nonce and pays at least an eighth more; past the cap it is refused', async () => {
  const { chain, embedded } = it
  const nonce = await chain.nextNonce()
  const call = await anchorCall('bumped')
  let last = await chain.sign(call, nonce)
  for (let bump = 0; bump < 5; bump++) {
    const next: SignedTransaction = await chain.sign(call, nonce, last)
    expect(next.nonce).toBe(nonce)
    expect(feesOf(next).maxFeePerGas * 8n >= feesOf(last).maxFeePerGas * 9n).toBe(true)
    expect(feesOf(next).maxPriorityFeePerGas * 8n >= feesOf(last).maxPriorityFeePerGas * 9n).toBe(true)
    last = next
  }
  const thrifty = await chainOver(embedded.provider, { maxFeeCapWei: feesOf(last).maxFeePerGas })
  await expect(thrifty.sign(call, nonce, last)).rejects.toMatchObject({ code: 'fee-cap-reached' })
})

test('a relayer without money is named so', async () => {
  const { embedded, chain } = it
  const poor = await createEthereumChain({
    provider: embedded.provider,
    relayerKey: keyNamed('poor'),
    contract: chain.address.contract,
    independent: false,
    clock: { now: () => START },
  })
  const transaction = await poor.sign(await anchorCall('poor'), 0)
  await expect(poor.send(transaction)).rejects.toMatchObject({
    code: 'relayer-out-of-funds',
    parameters: { relayer: poor.relayer },
  })
})

test('another chain, no contract and another contract are refused, with both named', async () => {
  const { provider } = it.embedded
  await expect(chainOver(provider, { chainId: 1 })).rejects.toMatchObject({
    code: 'chain-mismatch',
    parameters: { expected: 1, found: 31_337 },
  })
  const nowhere = addressOf(keyNamed('nowhere'))
  await expect(chainOver(provider, { contract: nowhere })).rejects.toMatchObject({
    code: 'contract-missing',
    parameters: { chainId: 31_337, contract: nowhere },
  })
  const deployer = '0x4e59b44847b379578588920cA78FbF26c0B4956C'
  await expect(chainOver(provider, { contract: deployer })).rejects.toMatchObject({
    code: 'contract-mismatch',
  })
  const otherDomain = lying({ eth_call: () => id('another domain') })
  await expect(chainOver(otherDomain)).rejects.toMatchObject({ code: 'contract-mismatch' })
})

test('chain and contract are looked at again before anything is sent', async () => {
  let chainId = '0x7a69'
  let code: string | undefined
  const provider = lying({
    eth_chainId: () => chainId,
    eth_getCode: (params) => code ?? it.embedded.provider.request({ method: 'eth_getCode', params }),
  })
  const chain = await chainOver(provider)
  const transaction = await chain.sign(await anchorCall('moved'), await chain.nextNonce())
  chainId = '0x1'
  await expect(chain.send(transaction)).rejects.toMatchObject({ code: 'chain-mismatch' })
  chainId = '0x7a69'
  code = '0x'
  await expect(chain.send(transaction)).rejects.toMatchObject({ code: 'contract-missing' })
  expect(await it.chain.batch(issuer.signer, rootNamed('moved'))).toBeUndefined()
})

test('an answer lost after the broadcast is settled by sending again', async () => {
  let lose = true
  const provider: Eip1193 = {
    request: async (call) => {
      const answer = await it.embedded.provider.request(call)
      if (call.method !== 'eth_sendRawTransaction' || !lose) return answer
      lose = false
      throw new Error('socket hang up')
    },
  }
  const chain = await chainOver(provider)
  const transaction = await chain.sign(await anchorCall('lost'), await chain.nextNonce())
  await chain.send(transaction)
  await chain.send(transaction)
  expect(await chain.status(transaction.hash)).toMatchObject({ state: 'mined' })
})

test('receipts that lie, nodes in the middle of a reorganisation and nonsense are not believed', async () => {
  const transaction = await it.chain.sign(await anchorCall('true'), await it.chain.nextNonce())
  await it.chain.send(transaction)
  const { hash } = transaction
  const statusOver = async (lies: Parameters<typeof lying>[0]) => (await chainOver(lying(lies))).status(hash)
  const receipt = (await it.embedded.provider.request({
    method: 'eth_getTransactionReceipt',
    params: [hash],
  })) as object
  const other = { eth_getTransactionReceipt: () => ({ ...receipt, transactionHash: id('other') }) }
  expect(await statusOver(other)).toEqual({ state: 'pending' })
  const orphaned = { eth_getTransactionReceipt: () => ({ ...receipt, blockHash: id('orphan') }) }
  expect(await statusOver(orphaned)).toEqual({ state: 'pending' })
  for (const nonsense of ['text', { ...receipt, blockNumber: 'x' }, { ...receipt, blockNumber: -1 }]) {
    const answer = { eth_getTransactionReceipt: () => nonsense }
    await expect(statusOver(answer)).rejects.toMatchObject({ code: 'chain-unavailable' })
  }
  const behind = {
    eth_getBlockByNumber: ([tag]: readonly unknown[]) =>
      it.embedded.provider.request({
        method: 'eth_getBlockByNumber',
        params: [tag === 'finalized' ? '0x0' : tag, false],
      }),
  }
  expect(await statusOver(behind)).toMatchObject({ state: 'mined', final: false })
})

test('where a chain has no finality, so many blocks on top count', async () => {
  const { embedded } = it
  const chain = await createEthereumChain({
    provider: embedded.provider,
    relayerKey,
    contract: it.chain.address.contract,
    independent: true,
    clock: { now: () => START },
    finality: { kind: 'confirmations', blocks: 3 },
  })
  const transaction = await it.chain.sign(await anchorCall('deep'), await it.chain.nextNonce())
  await chain.send(transaction)
  for (const final of [false, false, true]) {
    expect(await chain.status(transaction.hash)).toMatchObject({ state: 'mined', final })
    await it.deliver(anchorCall(`on top ${final} ${Math.random()}`))
  }
})

test('deploying again finds what is there, at the address that follows from the code', async () => {
  const again = await deployBadgeAnchor({ provider: it.embedded.provider, relayerKey })
  expect(again).toEqual({ chainId: 31_337, contract: BADGE_ANCHOR_ADDRESS, deployed: false })
})

test('the id of an issuer is the one that the contract derives', async () => {
  const { provider } = it.embedded
  const data = badgeAnchor.encodeFunctionData('issuerIdOf', [issuer.signer, issuer.did])
  const answer = await provider.request({
    method: 'eth_call',
    params: [{ to: it.chain.address.contract, data }, 'latest'],
  })
  expect(badgeAnchor.decodeFunctionResult('issuerIdOf', answer as string)[0]).toBe(issuer.id)
  const other = { id: issuer.id, did: 'did:web:other.example', anchoringKey: issuer.key }
  await expect(it.chain.registerIssuerCall(other)).rejects.toMatchObject({ code: 'issuer-id-mismatch' })
})

test('a BadgeAnchor at an address of its own is believed by whoever names it: its storage may have begun otherwise', async () => {
  const { provider } = it.embedded
  const { contract } = await deployDirectly(BADGE_ANCHOR, { provider, relayerKey })
  const question = {
    ...it.chain.address,
    contract,
    issuerId: issuer.id,
    signer: issuer.signer,
    root: rootNamed('x'),
  }
  const needs = { provider, chainId: 31_337, independent: false }
  expect(await createAnchorReader(needs).read(question)).toBe('unavailable')
  expect(await createAnchorReader({ ...needs, contracts: [contract] }).read(question)).toBe('unknown_batch')
  const place = { ...it.chain.address, issuerId: issuer.id }
  const histories = createIssuerHistories(needs)
  expect(await histories.readHistory(place)).toMatchObject({ did: issuer.did })
  expect(await histories.readHistory({ ...place, contract })).toBe('unavailable')
  const code = (await provider.request({ method: 'eth_getCode', params: [contract, 'latest'] })) as Hex
  expect(isBadgeAnchorAt(code, question)).toBe(false)
  expect(isBadgeAnchorAt(code, question, [contract])).toBe(true)
})

test('an endpoint that answers fewer words than it was asked for is asked once', async () => {
  await it.deliver(anchorCall('words'))
  const asked = badgeAnchor.getFunction('revocationWords')?.selector ?? ''
  let questions = 0
  const short: Eip1193 = {
    request: async (call) => {
      const [question] = (call.params ?? []) as readonly { data?: string }[]
      if (question?.data?.startsWith(asked) !== true) return it.embedded.provider.request(call)
      questions++
      return badgeAnchor.encodeFunctionResult('revocationWords', [[]])
    },
  }
  await expect(
    readBatchRecord(short, it.chain.address.contract, issuer.signer, rootNamed('words')),
  ).rejects.toMatchObject({ code: 'chain-unavailable' })
  expect(questions).toBe(1)
})

test('a reader believes any BadgeAnchor of its chain, and nothing else', async () => {
  await it.deliver(anchorCall('read'))
  const { provider } = it.embedded
  const question = {
    ...it.chain.address,
    issuerId: issuer.id,
    signer: issuer.signer,
    root: rootNamed('read'),
  }
  const reader = createAnchorReader({ provider, chainId: 31_337, independent: false })
  expect(await reader.read(question)).toMatchObject({
    record: { size: 184, revoked: false },
    key: { issuerId: issuer.id, roles: keyRoles.admin | keyRoles.anchor | keyRoles.revoke },
    independent: false,
  })
  expect(await reader.read({ ...question, root: rootNamed('unread') })).toBe('unknown_batch')
  expect(await reader.read({ ...question, chainId: 1 })).toBe('unavailable')
  expect(await reader.read({ ...question, contract: addressOf(keyNamed('nowhere')) })).toBe('unavailable')
  const silent: Eip1193 = { request: async () => Promise.reject(new Error('down')) }
  expect(
    await createAnchorReader({ provider: silent, chainId: 31_337, independent: true }).read(question),
  ).toBe('unavailable')
})

test('an address without the contract gives no record, but a code', async () => {
  const nowhere = addressOf(keyNamed('nowhere'))
  await expect(
    readBatchRecord(it.embedded.provider, nowhere, issuer.signer, rootNamed('x')),
  ).rejects.toMatchObject({
    code: 'chain-unavailable',
  })
})

test('what an issuer has said of its keys is read from the chain alone, and can only be shortened', async () => {
  const { chain, embedded, deliver } = it
  const south = await registerIssuer(it, 'south')
  const method = `${south.did}#z6MkExample`
  const say = (verificationMethod: string, validFrom: number, validUntil?: number) =>
    deliver(
      chain.publishIssuingKeyCall({
        issuerId: south.id,
        verificationMethod,
        validFrom: asInstant(validFrom),
        ...(validUntil === undefined ? {} : { validUntil: asInstant(validUntil) }),
        anchoringKey: south.key,
      }),
    )
  await say(method, START)
  await say(method, START - 5000, START + 90_000)
  await say(method, START, START + 200_000)
  await say(`${south.did}#z6MkOther`, START)
  const history = await readIssuerHistory(embedded.provider, chain.address.contract, south.id)
  expect(history).toMatchObject({ did: south.did, firstKey: south.signer, metadata: [] })
  expect(history?.issuingKeys).toEqual([
    { verificationMethod: method, validFrom: START, validUntil: START + 90_000 },
    { verificationMethod: `${south.did}#z6MkOther`, validFrom: START, validUntil: (2 ** 40 - 1) * 1000 },
  ])
  const nobody = `0x${'11'.repeat(20)}` as const
  expect(await readIssuerHistory(embedded.provider, chain.address.contract, nobody)).toBeUndefined()
})

test('a message is signed as any EIP-712 wallet would sign it', async () => {
  const call = await anchorCall('wallet')
  const [anchoring] = badgeAnchor.decodeFunctionData('anchorBySig', call.data)
  const { issuer: issuerId, signer, root, size, kind, deadline, signature } = anchoring
  const { chainId, contract } = it.chain.address
  const domain = { name: 'BadgeAnchor', version: '1', chainId, verifyingContract: contract }
  const fields = 'bytes20 issuer,address signer,bytes32 root,uint24 size,uint8 kind,uint64 deadline'
  const types = {
    Anchoring: fields.split(',').map((text) => {
      const [type, name] = text.split(' ') as [string, string]
      return { type, name }
    }),
  }
  const message = { issuer: issuerId, signer, root, size, kind, deadline }
  expect(signature).toBe(await new Wallet(toHex(issuer.key)).signTypedData(domain, types, message))
  expect(fromHex(issuer.id)).toHaveLength(20)
})

test('a batch of 10,000 is revoked in words and read back whole', async () => {
  const { chain, deliver } = it
  const batch = { ...batchOf('vast'), size: 10_168 }
  await deliver(chain.anchorCall(batch))
  const leafIndexes = Array.from({ length: 600 }, (_, n) => (n * 7919) % 10_168)
  await deliver(chain.revokeCall({ ...batch, leafIndexes }))
  const record = await chain.batch(issuer.signer, batch.root)
  expect(record?.revocationWords).toHaveLength(40)
  const bits = (record?.revocationWords ?? []).reduce(
    (sum, word) => sum + word.toString(2).replaceAll('0', '').length,
    0,
  )
  expect(bits).toBe(new Set(leafIndexes).size)
})
