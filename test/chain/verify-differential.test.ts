import { keccak_256 } from '@noble/hashes/sha3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { badgeAnchor } from '#adapters/ethereum/badge-anchor.ts'
import { type AnchorVerdict, judgeAnchor, keyRoles } from '#engine/anchoring/anchor-verdict.ts'
import { buildTree, inclusionProof, type MerkleTree } from '#engine/anchoring/merkle-tree.ts'
import { type Hex, toHex } from '#engine/shared/bytes.ts'
import { asInstant } from '#engine/shared/instant.ts'
import type { ContractCall } from '#services/ports/chain.ts'
import { openTestChain, registerIssuer, START, type TestChain, type TestIssuer } from './harness.ts'
import { referenceProof, referenceRoot } from './rfc9162.ts'

let test_: TestChain
let issuer: TestIssuer
let stranger: TestIssuer

beforeAll(async () => {
  test_ = await openTestChain()
  issuer = await registerIssuer(test_, 'north')
  stranger = await registerIssuer(test_, 'south')
})
afterAll(() => test_.close())

const leavesOf = (size: number): Uint8Array[] =>
  Array.from({ length: size }, (_, n) => keccak_256(Uint8Array.of(size >> 8, size & 255, n >> 8, n & 255)))

async function anchor(size: number): Promise<MerkleTree> {
  const tree = buildTree(leavesOf(size), keccak_256)
  const { id: issuerId, key: anchoringKey } = issuer
  await test_.deliver(
    test_.chain.anchorCall({ issuerId, root: toHex(tree.root), size, kind: 0, anchoringKey }),
  )
  return tree
}

interface Question {
  readonly issuerId: Hex
  readonly signer: Hex
  readonly root: Hex
  readonly leaf: Hex
  readonly index: number
  readonly proof: readonly Hex[]
}

/** What contract and engine say; a disagreement fails here, wherever it comes up. */
async function judge(question: Question): Promise<AnchorVerdict> {
  const { chain } = test_
  const onChain = await chain.verify(question)
  const record = await chain.batch(question.signer, question.root)
  const offChain = judgeAnchor(question, record, await chain.key(question.signer), keccak_256)
  expect(offChain, JSON.stringify(question)).toBe(onChain)
  return onChain
}

const questionOf = (tree: MerkleTree, index: number): Question => ({
  issuerId: issuer.id,
  signer: issuer.signer,
  root: toHex(tree.root),
  leaf: toHex(tree.levels[0]?.subarray(index * 32, index * 32 + 32) as Uint8Array),
  index,
  proof: inclusionProof(tree, index).map(toHex),
})

test('contract and engine agree on every leaf of every small size, at its place and beside it', async () => {
  for (let size = 1; size <= 40; size++) {
    const tree = await anchor(size)
    for (const index of sample(size)) {
      const question = questionOf(tree, index)
      expect(await judge(question)).toBe('valid')
      expect(await judge({ ...question, index: (index + 1) % (size + 1) })).toBe('not_in_batch')
    }
  }
}, 120_000)

test('the contract takes the proofs of RFC 9162 as it is written, for every size to 300', async () => {
  const { chain, deliver } = test_
  const { id: issuerId, key: anchoringKey, signer } = issuer
  const trees = Array.from({ length: 300 }, (_, n) => {
    // Other leaves than elsewhere in this file: a root is anchored once.
    const leaves = leavesOf(n + 1).map((leaf) => keccak_256(leaf))
    return { leaves, root: toHex(referenceRoot(leaves)) }
  })
  for (let from = 0; from < trees.length; from += 50) {
    const calls = trees
      .slice(from, from + 50)
      .map(({ root, leaves }) =>
        chain.anchorCall({ issuerId, root, size: leaves.length, kind: 0, anchoringKey }),
      )
    await deliver(allInOne(await Promise.all(calls)))
  }
  for (const { leaves, root } of trees) {
    const size = leaves.length
    // The last leaf, where odd trees differ, and one that could be any.
    const some = (leaves[0]?.[0] ?? 0) % size
    for (const index of new Set([some, size - 1])) {
      const leaf = toHex(leaves[index] as Uint8Array)
      const question = {
        issuerId,
        signer,
        root,
        leaf,
        index,
        proof: referenceProof(index, leaves).map(toHex),
      }
      expect(await chain.verify(question), `${index} of ${size}`).toBe('valid')
    }
  }
}, 120_000)

/** One transaction that anchors what several would. */
async function allInOne(calls: readonly ContractCall[]): Promise<ContractCall> {
  const [{ to } = { to: issuer.signer }] = calls
  const anchorings = calls.map(({ data }) => badgeAnchor.decodeFunctionData('anchorBySig', data)[0])
  return { to, data: badgeAnchor.encodeFunctionData('anchorMany', [anchorings]) as Hex }
}

test('they agree on large batches, wrong places, and proofs too short, too long or changed', async () => {
  for (const size of [184, 300]) {
    const tree = await anchor(size)
    for (const index of [0, 1, 127, 128, 183, size - 2, size - 1]) {
      const question = questionOf(tree, index)
      const { proof } = question
      expect(await judge(question)).toBe('valid')
      const wrong: Partial<Question>[] = [
        { index: index ^ 1 },
        { index: size },
        { index: 2 ** 40 },
        { proof: [] },
        { proof: proof.slice(1) },
        { proof: proof.slice(0, -1) },
        { proof: [...proof, question.leaf] },
        { proof: [question.leaf, ...proof] },
        { proof: proof.toReversed() },
        { leaf: question.root },
        { leaf: proof[0] as Hex },
      ]
      for (const change of wrong) expect(await judge({ ...question, ...change })).toBe('not_in_batch')
    }
  }
}, 120_000)

test('they agree that an inner node is never a leaf', async () => {
  const tree = await anchor(41)
  for (const [height, level] of tree.levels.entries()) {
    if (height === 0) continue
    const question = questionOf(tree, 0)
    const inner = toHex(level.subarray(0, 32))
    for (const index of [0, 1, 2 ** height]) {
      const asked = { ...question, leaf: inner, index, proof: question.proof.slice(height) }
      expect(await judge(asked)).toBe('not_in_batch')
    }
  }
})

test('they agree on unknown batches and on issuers and keys that are not theirs', async () => {
  const tree = await anchor(42)
  const question = questionOf(tree, 5)
  expect(await judge({ ...question, root: question.leaf })).toBe('unknown_batch')
  expect(await judge({ ...question, signer: stranger.signer })).toBe('unknown_batch')
  expect(await judge({ ...question, issuerId: stranger.id })).toBe('unauthorised')
  expect(await judge({ ...question, issuerId: `0x${'00'.repeat(20)}` })).toBe('unauthorised')
})

test('they agree on revoked leaves in the first word and in later ones, and on whole batches', async () => {
  const { chain, deliver } = test_
  const tree = await anchor(500)
  const revoked = [0, 7, 183, 184, 439, 440, 499]
  const revocation = { issuerId: issuer.id, root: toHex(tree.root), anchoringKey: issuer.key }
  await deliver(chain.revokeCall({ ...revocation, leafIndexes: revoked }))
  for (const index of [...revoked, 1, 8, 182, 185, 438, 441, 498]) {
    expect(await judge(questionOf(tree, index))).toBe(revoked.includes(index) ? 'revoked' : 'valid')
  }
  await deliver(chain.revokeBatchCall(revocation))
  expect(await judge(questionOf(tree, 8))).toBe('revoked')
  expect(await judge({ ...questionOf(tree, 8), index: 9 })).toBe('not_in_batch')
})

test('they agree on a stolen key that was cut off: what came before stands, what came after never counted', async () => {
  const { chain, deliver, pass } = test_
  const before = await anchor(43)
  pass(1000)
  const after = await anchor(44)
  const window = { validFrom: START, validUntil: asInstant(START + 1_000_000) }
  const { id: issuerId, key: anchoringKey, signer } = issuer
  expect(await judge(questionOf(after, 3))).toBe('valid')
  const roles = keyRoles.admin | keyRoles.anchor
  await deliver(chain.narrowKeyCall({ issuerId, key: signer, roles, ...window, anchoringKey }))
  expect(await judge(questionOf(before, 3))).toBe('valid')
  expect(await judge(questionOf(after, 3))).toBe('unauthorised')
})

/** Every index of a small tree, and the edges of a larger one. */
const sample = (size: number): number[] =>
  size <= 20 ? [...Array(size).keys()] : [0, 1, size >> 1, size - 2, size - 1]
