import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { id } from 'ethers'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { addressOf } from '#adapters/ethereum/anchor-messages.ts'
import { makeAnchorProof } from '#adapters/ethereum/anchor-proof.ts'
import { createAnchorReader } from '#adapters/ethereum/anchor-reader.ts'
import { isBadgeAnchorAt } from '#adapters/ethereum/contract-identity.ts'
import { deployBadgeAnchor } from '#adapters/ethereum/deploy.ts'
import type { Eip1193 } from '#adapters/ethereum/eip1193.ts'
import { createEthereumChain } from '#adapters/ethereum/ethereum-chain.ts'
import { keccak256 } from '#adapters/ethereum/keccak.ts'
import type { Receipt } from '#engine/anchoring/receipt.ts'
import type { AnchorProof } from '#engine/chain-proof/anchor-proof.ts'
import { STORAGE_LAYOUT } from '#engine/chain-proof/anchor-slots.ts'
import { fromHex, type Hex } from '#engine/shared/bytes.ts'
import { asInstant } from '#engine/shared/instant.ts'
import type { Json } from '#engine/shared/json.ts'
import type { Chain, ContractCall } from '#services/ports/chain.ts'
import { createProvedAnchors } from '#services/verify/proved-anchors.ts'
import { type Anvil, startAnvil } from './anvil.ts'
import { keyNamed, openTestChain, registerIssuer, type TestChain } from './harness.ts'

const ANVIL_KEY = fromHex('0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80') as Uint8Array

let embedded: TestChain
let anvil: Anvil
let onAnvil: Chain

beforeAll(async () => {
  embedded = await openTestChain()
  anvil = await startAnvil()
  const { provider } = anvil
  const { contract } = await deployBadgeAnchor({ provider, relayerKey: ANVIL_KEY })
  onAnvil = await createEthereumChain({
    provider,
    relayerKey: ANVIL_KEY,
    contract,
    independent: true,
    clock: { now: () => asInstant(Date.now()) },
    finality: { kind: 'confirmations', blocks: 1 },
  })
})
afterAll(async () => {
  await embedded.close()
  anvil.close()
})

const needs = { keccak256, isContract: isBadgeAnchorAt }
const rootNamed = (name: string): Hex => id(name) as Hex

interface Batch {
  readonly provider: Eip1193
  readonly chain: Chain
  readonly receipt: Receipt
}

/** Anchors a batch and revokes some of its leaves. Only the place of a leaf and not the leaf matters here. */
async function anchored(
  {
    provider,
    chain,
    deliver,
  }: { provider: Eip1193; chain: Chain; deliver: (call: Promise<ContractCall>) => Promise<unknown> },
  name: string,
  size: number,
  revoked: readonly number[],
): Promise<Batch> {
  const issuer = await registerIssuer({ chain, deliver } as unknown as TestChain, name)
  const batch = { issuerId: issuer.id, root: rootNamed(name), anchoringKey: issuer.key }
  await deliver(chain.anchorCall({ ...batch, size, kind: 0 }))
  if (revoked.length > 0) await deliver(chain.revokeCall({ ...batch, leafIndexes: revoked }))
  return { provider, chain, receipt: receiptOf(chain, issuer.id, issuer.signer, batch.root, size) }
}

function receiptOf(chain: Chain, issuerId: Hex, signer: Hex, root: Hex, size: number): Receipt {
  const { chainId, contract } = chain.address
  const zero: Hex = `0x${'00'.repeat(32)}`
  return {
    format: 'waarmerk-receipt/1',
    contract: `eip155:${chainId}:${contract}`,
    issuerId,
    signer: signer.toLowerCase() as Hex,
    root,
    size,
    index: 0,
    kind: 1,
    salt: zero,
    digest: zero,
    proof: [],
  }
}

const questionOf = ({ chain, receipt }: Batch) => {
  const { issuerId, signer, root } = receipt
  return { ...chain.address, issuerId, signer, root }
}

const onEmbedded = () => ({
  provider: embedded.embedded.provider,
  chain: embedded.chain,
  deliver: embedded.deliver,
})

const onNode = () => ({
  provider: anvil.provider,
  chain: onAnvil,
  deliver: async (call: Promise<ContractCall>) => {
    const transaction = await onAnvil.sign(await call, await onAnvil.nextNonce())
    await onAnvil.send(transaction)
    // The node has it before its block is made.
    await vi.waitFor(async () => expect((await onAnvil.status(transaction.hash)).state).toBe('mined'), {
      timeout: 15_000,
    })
  },
})

test.each([
  ['the embedded chain', onEmbedded],
  ['a real node', onNode],
])('what is proved of a batch on %s is what the contract says of it', async (_name, where) => {
  for (const [name, size, revoked] of [
    ['small', 184, [3, 183]],
    ['whole', 184, []],
    ['large', 184 + 3 * 256, [0, 184, 700, 951]],
  ] as const) {
    const batch = await anchored(where(), name, size, revoked)
    const { proof, block } = await makeAnchorProof(batch.provider, batch.receipt, 'latest')
    const question = questionOf(batch)
    const { chainId } = question
    const asked = await createAnchorReader({ provider: batch.provider, chainId, independent: true }).read(
      question,
    )
    const proved = await createProvedAnchors(proof as unknown as Json, block.hash, needs).read(question)
    expect(proved).toEqual({ ...(asked as object), independent: false, proved: true })
    expect(proved).toMatchObject({ record: { size }, asOf: { block: block.number } })
  }
})

test('the schema in docs takes what is made, and the layout is the compiler’s', async () => {
  const batch = await anchored(onEmbedded(), 'schema', 184, [])
  const { proof } = await makeAnchorProof(batch.provider, batch.receipt, 'latest')
  const schema = JSON.parse(readFileSync('docs/schemas/anchor-proof.schema.json', 'utf8'))
  const validate = new Ajv2020({ strict: true }).compile(schema)
  expect(validate(proof)).toBe(true)
  expect(validate({ ...proof, root: '0x12' })).toBe(false)

  const slots = Object.fromEntries(storageLayout().map(({ label, slot }) => [label, Number(slot)]))
  expect(slots).toMatchObject(STORAGE_LAYOUT)
})

test('a batch that the block does not hold is proved to be absent', async () => {
  const batch = await anchored(onEmbedded(), 'present', 184, [])
  const receipt = { ...batch.receipt, root: rootNamed('absent') }
  const { proof, block } = await makeAnchorProof(batch.provider, receipt, 'latest')
  const read = createProvedAnchors(proof as unknown as Json, block.hash, needs)
  expect(await read.read({ ...questionOf(batch), root: receipt.root })).toBe('unknown_batch')
})

test('whatever is changed in a proof, or asked of it that it is not about, is refused with its own code', async () => {
  const batch = await anchored(onEmbedded(), 'changed', 184 + 256, [200])
  const { proof, block } = await makeAnchorProof(batch.provider, batch.receipt, 'latest')
  const question = questionOf(batch)
  const code = async (given: unknown, hash: string | null = block.hash, asked = question) => {
    const read = await createProvedAnchors(given as Json, hash ?? undefined, needs).read(asked)
    return typeof read === 'object' && 'kind' in read ? read.code : read
  }
  const { storageProof, accountProof } = proof.proof
  const withStorage = (
    change: (entry: AnchorProof['proof']['storageProof'][number], at: number) => object,
  ) => ({
    ...proof,
    proof: { accountProof, storageProof: storageProof.map(change) },
  })

  // The header: of another block, or with another state root. Its hash is then another one.
  expect(await code(proof, null)).toBe('block-unconfirmed')
  expect(await code(proof, `0x${'11'.repeat(32)}`)).toBe('block-differs')
  const forged = proof.header.replace(stateRootOf(proof.header), 'ee'.repeat(32))
  expect(await code({ ...proof, header: forged })).toBe('state-proof-wrong')
  expect(await code({ ...proof, header: `${proof.header}00` })).toBe('state-proof-malformed')

  // Its nodes: changed, left out, or of another slot.
  const bent = (node: string) => `${node.slice(0, -2)}${node.endsWith('ff') ? '00' : 'ff'}`
  expect(await code({ ...proof, proof: { ...proof.proof, accountProof: accountProof.map(bent) } })).toBe(
    'state-proof-wrong',
  )
  expect(await code(withStorage((entry) => ({ ...entry, proof: entry.proof.map(bent) })))).toBe(
    'state-proof-wrong',
  )
  expect(await code(withStorage((entry) => ({ ...entry, proof: [] })))).toBe('state-proof-wrong')
  for (const left of [0, 1, 2]) {
    const some = {
      ...proof,
      proof: { accountProof, storageProof: storageProof.filter((_, at) => at !== left) },
    }
    expect(await code(some)).toBe('state-proof-elsewhere')
  }
  // A key's nodes under the name of the batch's slot lead elsewhere in the same trie.
  expect(
    await code(withStorage((entry, at) => ({ ...entry, proof: storageProof[at === 1 ? 0 : at]?.proof }))),
  ).toBe('state-proof-wrong')

  // Another batch, contract, chain or code.
  expect(await code(proof, block.hash, { ...question, root: rootNamed('other') })).toBe(
    'state-proof-elsewhere',
  )
  expect(await code(proof, block.hash, { ...question, chainId: 1 })).toBe('state-proof-elsewhere')
  const elsewhere = addressOf(keyNamed('elsewhere'))
  const moved = { ...proof, contract: `eip155:31337:${elsewhere}` }
  expect(['state-proof-wrong', 'state-proof-other-contract']).toContain(
    await code(moved, block.hash, { ...question, contract: elsewhere }),
  )
  expect(await code({ ...proof, code: '0x6000' })).toBe('state-proof-other-contract')
  const large = (bytes: number) => `0x${'01'.repeat(bytes)}`
  for (const broken of [
    null,
    { ...proof, header: large(65_537) },
    { ...proof, code: large(49_153) },
    { ...proof, proof: { ...proof.proof, accountProof: [large(1025)] } },
    withStorage((entry) => ({ ...entry, proof: [large(1025)] })),
    {},
    { ...proof, format: 'x' },
    { ...proof, proof: {} },
    { ...proof, header: '0x' },
  ])
    expect(await code(broken)).toBe('state-proof-malformed')
})

test('a node that cannot give the proof says so', async () => {
  const batch = await anchored(onEmbedded(), 'unhelpful', 184, [])
  const without = (method: string, answer: unknown): Eip1193 => ({
    request: (call) => (call.method === method ? Promise.resolve(answer) : batch.provider.request(call)),
  })
  const unavailable = { code: 'chain-unavailable' }
  for (const [method, answer] of [
    ['eth_getProof', null],
    ['eth_getProof', { accountProof: ['0x00'], storageProof: 'none' }],
    ['eth_getBlockByNumber', null],
  ] as const)
    await expect(makeAnchorProof(without(method, answer), batch.receipt, 'latest')).rejects.toMatchObject(
      unavailable,
    )
  const block = (await batch.provider.request({
    method: 'eth_getBlockByNumber',
    params: ['latest', false],
  })) as object
  const strange = without('eth_getBlockByNumber', { ...block, extraData: '0x1234' })
  await expect(makeAnchorProof(strange, batch.receipt, 'latest')).rejects.toMatchObject(unavailable)
})

/** Digits of the state root: the fourth member of 32 bytes (after two hashes and an address). */
function stateRootOf(header: string): string {
  const start = header.indexOf('94') // the address of the fee recipient is the first of 20 bytes
  const at = header.indexOf('a0', start + 2 + 40)
  return header.slice(at + 2, at + 2 + 64)
}

/** What the compiler says of where the variables of the contract stand. */
function storageLayout(): readonly { readonly label: string; readonly slot: string }[] {
  const require = createRequire(import.meta.url)
  const solc = require('solc') as { compile: (input: string, callbacks: object) => string }
  const entry = 'contracts/BadgeAnchor.sol'
  const read = (path: string) =>
    readFileSync(path.startsWith('contracts/') ? path : require.resolve(path), 'utf8')
  const input = {
    language: 'Solidity',
    sources: { [entry]: { content: read(entry) } },
    settings: { outputSelection: { [entry]: { BadgeAnchor: ['storageLayout'] } } },
  }
  const output = JSON.parse(
    solc.compile(JSON.stringify(input), { import: (path: string) => ({ contents: read(path) }) }),
  )
  return output.contracts[entry].BadgeAnchor.storageLayout.storage
}
