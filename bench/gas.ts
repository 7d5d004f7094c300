import { id } from 'ethers'
import { keccak256 } from '#adapters/crypto/hashes.ts'
import { badgeAnchor } from '#adapters/ethereum/badge-anchor.ts'
import { buildTree, inclusionProof } from '#engine/anchoring/merkle-tree.ts'
import { fromHex, type Hex, toHex, utf8 } from '#engine/shared/bytes.ts'
import {
  openTestChain,
  registerIssuer,
  relayerKey,
  type TestChain,
  type TestIssuer,
} from '#test/chain/harness.ts'
import type { Benchmark, Table } from './benchmark.ts'
import { gasOf, intrinsicGas, oneSlotGas } from './gas-used.ts'
import { whole } from './table.ts'

/** As many leaves as one word has revocation bits for; a batch of fewer is padded up to this. */
const SIZE = 184
const LARGE = 10_000

/**
 * Recorded, not measured here: gas of others, each at its nearest operation, with the prices of the Prague fork.
 * EAS: `@ethereum-attestation-service/eas-contracts`; document store: `@tradetrust-tt/document-store`.
 */
const RECORDED = {
  easTimestamp: { who: 'EAS timestamp', gas: 45_869 },
  easAttestByDelegation: { who: 'EAS attestByDelegation', gas: 216_376 },
  easRevokeOffchain: { who: 'EAS revokeOffchain', gas: 46_361 },
  storeIssue: { who: 'document-store issue', gas: 48_156 },
  storeRevoke: { who: 'document-store revoke, in 10,000', gas: 64_080 },
} as const
type Recorded = (typeof RECORDED)[keyof typeof RECORDED]

interface Row {
  readonly what: string
  readonly gas: number
  /** Default true; where it is none, its gas cannot be held against that of one. */
  readonly isTransaction?: boolean
  readonly beside?: readonly Recorded[]
}

/** Gas is exact: one run, no rounds, and the same figures on every machine. */
export const gasBenchmark: Benchmark = {
  name: 'gas',
  about: 'gas of anchoring, revoking and verifying, beside one new slot and recorded figures of others',
  run: async () => {
    const chain = await openTestChain()
    try {
      const floor = await oneSlotGas(chain.embedded.provider, relayerKey)
      return [tableOf(floor, await measure(chain))]
    } finally {
      await chain.close()
    }
  },
}

async function measure(it: TestChain): Promise<readonly Row[]> {
  const { provider } = it.embedded
  const issuer = await registerIssuer(it, 'bench')
  await it.embedded.fund(issuer.signer)
  const { id: issuerId, key: anchoringKey, signer } = issuer
  const to = it.chain.address.contract
  const own = (method: string, ...values: readonly unknown[]) =>
    gasOf(provider, issuer.key, { to, data: badgeAnchor.encodeFunctionData(method, values) as Hex })
  const root = id('own') as Hex
  const relayed = { issuerId, root: id('relayed') as Hex, size: SIZE, kind: 0, anchoringKey }
  const { easTimestamp, easAttestByDelegation, easRevokeOffchain, storeIssue, storeRevoke } = RECORDED

  return [
    {
      what: 'anchor a batch, the key itself pays',
      gas: await own('anchor', root, SIZE, 0),
      beside: [easTimestamp, storeIssue],
    },
    {
      what: 'anchor a batch, relayed',
      gas: await gasOf(provider, relayerKey, await it.chain.anchorCall(relayed)),
      beside: [easAttestByDelegation],
    },
    { what: 'a further batch in the same call, relayed', gas: await furtherAnchorGas(it, issuer) },
    {
      what: 'revoke one leaf, the key itself pays',
      gas: await own('revoke', signer, root, 77),
      beside: [easRevokeOffchain, storeRevoke],
    },
    {
      what: 'revoke one leaf, relayed',
      gas: await gasOf(provider, relayerKey, await it.chain.revokeCall({ ...relayed, leafIndexes: [5] })),
    },
    { what: 'revoke a whole batch, the key itself pays', gas: await own('revokeBatch', signer, root) },
    {
      what: `verify a leaf of ${whole(LARGE)}, in a call`,
      gas: await verifyGas(it, issuer),
      isTransaction: false,
    },
  ]
}

async function furtherAnchorGas(
  it: TestChain,
  { id: issuerId, key: anchoringKey }: TestIssuer,
): Promise<number> {
  const anchorMany = async (count: number) => {
    const signed: unknown[] = []
    for (let n = 0; n < count; n++) {
      const root = id(`${n} of ${count}`) as Hex
      const { data } = await it.chain.anchorCall({ issuerId, root, size: SIZE, kind: 2, anchoringKey })
      signed.push(badgeAnchor.decodeFunctionData('anchorBySig', data)[0].toArray())
    }
    const data = badgeAnchor.encodeFunctionData('anchorMany', [signed]) as Hex
    return gasOf(it.embedded.provider, relayerKey, { to: it.chain.address.contract, data })
  }
  return (await anchorMany(3)) - (await anchorMany(2))
}

/** What a contract that asks has to pay: without the 21,000 and the bytes of a transaction. */
async function verifyGas(
  it: TestChain,
  { id: issuerId, key: anchoringKey, signer }: TestIssuer,
): Promise<number> {
  const leaves = Array.from({ length: LARGE }, (_, n) => keccak256(utf8(`leaf ${n}`)))
  const tree = buildTree(leaves, keccak256)
  const root = toHex(tree.root)
  await it.deliver(it.chain.anchorCall({ issuerId, root, size: LARGE, kind: 0, anchoringKey }))
  const index = LARGE / 2
  const leaf = toHex(leaves[index] ?? new Uint8Array())
  const proof = inclusionProof(tree, index).map(toHex)
  const question = { issuerId, signer, root, leaf, index, proof }
  const verdict = await it.chain.verify(question)
  if (verdict !== 'valid') throw new Error(`The contract says ${verdict} of a leaf that is in the batch.`)
  const data = badgeAnchor.encodeFunctionData('verify', [issuerId, signer, root, leaf, index, proof]) as Hex
  const call = { from: signer, to: it.chain.address.contract, data }
  const whole = await it.embedded.provider.request({ method: 'eth_estimateGas', params: [call] })
  return Number(whole) - intrinsicGas(fromHex(data) ?? new Uint8Array())
}

/** Gas is exact, so more digits than of a time. */
const ratio = (gas: number, other: number): string => (gas / other).toFixed(3)

function tableOf(floor: number, rows: readonly Row[]): Table {
  return {
    title: 'gas: what the contract costs',
    columns: ['operation', 'gas', '÷ one new slot', 'recorded of others', 'ours ÷ theirs'],
    rows: [
      ['one new slot and nothing else (the floor)', whole(floor), '1', '', ''],
      ...rows.map(({ what, gas, isTransaction = true, beside = [] }) => [
        what,
        whole(gas),
        isTransaction ? ratio(gas, floor) : '',
        beside.map(({ who, gas: theirs }) => `${who} ${whole(theirs)}`).join('; '),
        beside.map(({ gas: theirs }) => ratio(gas, theirs)).join('; '),
      ]),
    ],
    notes: [
      'Ours and the floor: measured in this run on the embedded chain (Prague prices). The floor is a contract that writes the time into the slot that it is told, and does nothing else.',
      'The others: recorded figures, not measured in this run. They are their nearest operations and not the same ones: a timestamp of EAS names no signer and has no revocation bits; a delegated attestation of EAS is of one statement, a batch of ours is of any number.',
      `A batch costs the same with 1 leaf or ${SIZE} (it is padded), and next to nothing more with 10,000 until one of its later leaves is revoked. Gas is not a price: that is up to the chain and the day.`,
    ],
  }
}
