import { id } from 'ethers'
import { keccak256 } from '#adapters/crypto/hashes.ts'
import { addressOf, signMessage } from '#adapters/ethereum/anchor-messages.ts'
import { badgeAnchor } from '#adapters/ethereum/badge-anchor.ts'
import artifact from '#adapters/ethereum/badge-anchor-artifact.json' with { type: 'json' }
import { revocationMasks } from '#engine/anchoring/batch-record.ts'
import { buildTree, inclusionProof } from '#engine/anchoring/merkle-tree.ts'
import { fromHex, type Hex, toHex, utf8 } from '#engine/shared/bytes.ts'
import { asInstant, type Instant } from '#engine/shared/instant.ts'
import {
  keyNamed,
  registerIssuer,
  relayerKey,
  START,
  type TestChain,
  type TestIssuer,
} from '#test/chain/harness.ts'
import { create, gasOf, intrinsicGas } from './gas-used.ts'
import { measureAttestedAward } from './measure-attested-award.ts'
import { LARGE, MANY, SIZES } from './sizes.ts'

export type Ours = Awaited<ReturnType<typeof measureOurs>>

/** As many leaves as one word has revocation bits for; a batch of fewer is padded up to this. */
const PADDED = 184
/** Every role of the contract. */
const ROLES = 7
const FOREVER = 2 ** 40 - 1

/** What our contracts use, each operation for the first time, as it is paid for in earnest. */
export async function measureOurs(it: TestChain) {
  const { chain } = it
  const { provider } = it.embedded
  const to = chain.address.contract
  const relayer = { provider, key: relayerKey }
  const call = (method: string, ...values: readonly unknown[]) => ({
    to,
    data: badgeAnchor.encodeFunctionData(method, values) as Hex,
  })

  const { gas: deploy } = await create(relayer, artifact.bytecode as Hex)

  const newcomer = keyNamed('newcomer')
  const did = 'did:web:badges.example:issuers:newcomer'
  const newcomerId = toHex(chain.issuerId({ did, firstKey: addressOf(newcomer) }))
  const register = await gasOf(
    relayer,
    await chain.registerIssuerCall({ id: newcomerId, did, anchoringKey: newcomer }),
  )

  const issuer = await registerIssuer(it, 'bench')
  await it.embedded.fund(issuer.signer)
  const { id: issuerId, key: anchoringKey, signer } = issuer
  const own = (method: string, ...values: readonly unknown[]) =>
    gasOf({ provider, key: issuer.key }, call(method, ...values))
  const batch = (name: string, size = PADDED, kind = 0) => ({
    issuerId,
    root: id(name) as Hex,
    size,
    kind,
    anchoringKey,
  })

  const anchor: number[] = []
  const anchorRelayed: number[] = []
  for (const size of SIZES) {
    const leaves = Math.max(size, PADDED)
    anchor.push(await own('anchor', id(`own ${size}`), leaves, 0))
    anchorRelayed.push(await gasOf(relayer, await chain.anchorCall(batch(`relayed ${size}`, leaves))))
  }

  const revokeMany = async (name: string, indexes: readonly number[]) => {
    const root = id(name)
    await own('anchor', root, LARGE, 0)
    return own(
      'revokeWords',
      signer,
      root,
      revocationMasks(indexes).map(({ word, bits }) => [word, bits]),
    )
  }
  const root = id('own 100')
  const relayed = batch('relayed 100')

  return {
    deploy,
    register,
    /** By `SIZES`. */
    anchor,
    anchorRelayed,
    furtherAnchor: await furtherGas(it, issuer),
    revokeOne: await own('revoke', signer, root, 77),
    revokeOneRelayed: await gasOf(relayer, await chain.revokeCall({ ...relayed, leafIndexes: [5] })),
    revokeOnePastWord: await own('revoke', signer, id(`own ${LARGE}`), 5_000),
    revokeContiguous: await revokeMany(
      'contiguous',
      Array.from({ length: MANY }, (_, n) => n),
    ),
    // 7,919 is a prime: all are different, and they fall on every word.
    revokeScattered: await revokeMany(
      'scattered',
      Array.from({ length: MANY }, (_, n) => (n * 7_919) % LARGE),
    ),
    revokeBatch: await own('revokeBatch', signer, root),
    revokeBatchRelayed: await gasOf(relayer, await chain.revokeBatchCall(relayed)),
    endorse: await gasOf(relayer, await chain.anchorCall(batch('endorsement', PADDED, 2))),
    ...(await measureRotation(it, issuer)),
    verify: await verifyGas(it, issuer),
    ...(await measureAttestedAward(relayer)),
  }
}

/** A second key comes, works for an hour, gets an end, and turns out to have been stolen after a minute. */
async function measureRotation(it: TestChain, issuer: TestIssuer) {
  const { chain } = it
  const relayer = { provider: it.embedded.provider, key: relayerKey }
  const second = keyNamed('second')
  const validFrom = asInstant(START + 60_000)
  const narrow = async (validUntil: Instant) =>
    gasOf(
      relayer,
      await chain.narrowKeyCall({
        issuerId: issuer.id,
        key: addressOf(second),
        roles: ROLES,
        validFrom,
        validUntil,
        anchoringKey: issuer.key,
      }),
    )
  const grantKey = await gasOf(relayer, grantCall(it, issuer, second, validFrom / 1000))
  it.pass(3_600)
  return {
    grantKey,
    narrowKey: await narrow(asInstant(START + 86_400_000)),
    // Into the past: what the key anchored from then on was never authorised.
    cutOff: await narrow(asInstant(START + 120_000)),
  }
}

/** As the administrating key and, for its consent, the new one sign it. */
function grantCall(
  { chain }: TestChain,
  { id: issuer, key: admin }: TestIssuer,
  granted: Uint8Array,
  validFrom: number,
) {
  const deadline = validFrom + 86_400
  const message = { issuer, key: addressOf(granted), roles: ROLES, validFrom, validUntil: FOREVER, deadline }
  const signedBy = (key: Uint8Array) => [
    addressOf(key),
    deadline,
    signMessage(key, chain.address, 'KeyGrant', message),
  ]
  const values = [issuer, ROLES, validFrom, FOREVER, signedBy(admin), signedBy(granted)]
  return {
    to: chain.address.contract,
    data: badgeAnchor.encodeFunctionData('grantKey', values) as Hex,
  }
}

/** What one more signed anchor adds to a call that brings some. */
async function furtherGas(it: TestChain, { id: issuerId, key: anchoringKey }: TestIssuer): Promise<number> {
  const anchorMany = async (count: number) => {
    const signed: unknown[] = []
    for (let n = 0; n < count; n++) {
      const root = id(`${n} of ${count}`) as Hex
      const { data } = await it.chain.anchorCall({ issuerId, root, size: PADDED, kind: 2, anchoringKey })
      signed.push(badgeAnchor.decodeFunctionData('anchorBySig', data)[0].toArray())
    }
    const data = badgeAnchor.encodeFunctionData('anchorMany', [signed]) as Hex
    return gasOf({ provider: it.embedded.provider, key: relayerKey }, { to: it.chain.address.contract, data })
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
