import { keccak_256 } from '@noble/hashes/sha3'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toHex } from '#engine/shared/bytes.ts'
import { referenceProof, referenceRoot } from '#test/chain/rfc9162.ts'
import { buildTree, inclusionProof, nodeHash, verifyInclusion } from './merkle-tree.ts'

/** The same nodes come up again and again: of each the hash is worked out once. */
const hashes = new Map<string, Uint8Array>()
const keccak256 = (bytes: Uint8Array): Uint8Array => {
  const key = Buffer.from(bytes).toString('latin1')
  const hash = hashes.get(key) ?? keccak_256(bytes)
  hashes.set(key, hash)
  return hash.slice()
}

const leafAt = (n: number): Uint8Array => keccak256(Uint8Array.of(n >> 8, n & 255))
const leavesOf = (size: number): Uint8Array[] => Array.from({ length: size }, (_, n) => leafAt(n))

test('root and proofs are those of RFC 9162 for every size to 300', () => {
  for (let size = 1; size <= 300; size++) {
    const leaves = leavesOf(size)
    const tree = buildTree(leaves, keccak256)
    expect(toHex(tree.root)).toBe(toHex(referenceRoot(leaves)))
    const indexes = size <= 24 ? leaves.keys() : [0, 1, size >> 1, size - 2, size - 1, (size * 7) % size]
    for (const index of indexes) {
      const proof = inclusionProof(tree, index)
      expect(proof.map(toHex)).toEqual(referenceProof(index, leaves).map(toHex))
      const question = { root: tree.root, size, index, leaf: leaves[index] as Uint8Array, proof }
      expect(verifyInclusion(question, keccak256)).toBe(true)
    }
  }
})

const place = fc
  .integer({ min: 1, max: 300 })
  .chain((size) => fc.record({ size: fc.constant(size), index: fc.nat(size - 1), other: fc.nat(310) }))

test('a proof for one place passes at no other place and for no other leaf', () => {
  fc.assert(
    fc.property(place, ({ size, index, other }) => {
      fc.pre(other !== index)
      const leaves = leavesOf(size)
      const tree = buildTree(leaves, keccak256)
      const whole = { root: tree.root, size, index, leaf: leafAt(index), proof: inclusionProof(tree, index) }
      expect(verifyInclusion({ ...whole, index: other }, keccak256)).toBe(false)
      expect(verifyInclusion({ ...whole, leaf: leafAt(other) }, keccak256)).toBe(false)
    }),
  )
})

test('a proof with a bit changed, a node too few or a node too many is refused', () => {
  fc.assert(
    fc.property(place, fc.nat(), fc.nat(255), ({ size, index }, which, bit) => {
      const leaves = leavesOf(size)
      const tree = buildTree(leaves, keccak256)
      const proof = inclusionProof(tree, index)
      const passes = (changed: Uint8Array[]) =>
        verifyInclusion({ root: tree.root, size, index, leaf: leafAt(index), proof: changed }, keccak256)
      expect(passes([...proof, leafAt(1)])).toBe(false)
      if (proof.length === 0) return
      expect(passes(proof.slice(1))).toBe(false)
      expect(passes(proof.slice(0, -1))).toBe(false)
      const flipped = proof.map((sibling) => Uint8Array.from(sibling))
      const node = flipped[which % proof.length] as Uint8Array
      node[bit >> 3] = (node[bit >> 3] as number) ^ (1 << (bit & 7))
      expect(passes(flipped)).toBe(false)
    }),
  )
})

test('an inner node never passes for a leaf, and a shorter tree never for a longer', () => {
  for (let size = 2; size <= 33; size++) {
    const tree = buildTree(leavesOf(size), keccak256)
    const levels = tree.levels.map(nodesOf)
    for (const [height, level] of levels.entries()) {
      if (height === 0) continue
      for (const [at, leaf] of level.entries()) {
        const proof = siblingsAbove(levels, height, at)
        for (let index = 0; index < size; index++) {
          // A node that was carried up unhashed is a leaf, in its own place.
          const isLeaf = leafAt(index).every((byte, n) => byte === leaf[n])
          const question = { root: tree.root, size, index, leaf, proof }
          if (!isLeaf) expect(verifyInclusion(question, keccak256)).toBe(false)
        }
      }
    }
  }
})

test('an odd leaf is never doubled', () => {
  const [a, b, c] = leavesOf(3) as [Uint8Array, Uint8Array, Uint8Array]
  const left = nodeHash(a, b, keccak256)
  const doubled = nodeHash(left, nodeHash(c, c, keccak256), keccak256)
  expect(toHex(buildTree([a, b, c], keccak256).root)).not.toBe(toHex(doubled))
  expect(verifyInclusion({ root: doubled, size: 3, index: 2, leaf: c, proof: [c, left] }, keccak256)).toBe(
    false,
  )
})

test('sizes and places that cannot be are refused, not thrown at', () => {
  const { root } = buildTree(leavesOf(1), keccak256)
  const question = { root, size: 1, index: 0, leaf: leafAt(0), proof: [] }
  expect(verifyInclusion(question, keccak256)).toBe(true)
  for (const size of [0, -1, 1.5, Number.NaN, 2 ** 24, Number.POSITIVE_INFINITY]) {
    expect(verifyInclusion({ ...question, size }, keccak256)).toBe(false)
  }
  for (const index of [1, -1, 0.5, Number.NaN]) {
    expect(verifyInclusion({ ...question, index }, keccak256)).toBe(false)
  }
  expect(verifyInclusion({ ...question, leaf: root.slice(1) }, keccak256)).toBe(false)
})

test('a tree without leaves and a leaf past its end are refused by code', () => {
  expect(() => buildTree([], keccak256)).toThrow(expect.objectContaining({ code: 'batch-size-impossible' }))
  const tree = buildTree(leavesOf(3), keccak256)
  for (const index of [3, -1, 0.5]) {
    expect(() => inclusionProof(tree, index)).toThrow(expect.objectContaining({ code: 'leaf-out-of-range' }))
  }
})

const nodesOf = (level: Uint8Array): Uint8Array[] =>
  Array.from({ length: level.length / 32 }, (_, at) => level.subarray(at * 32, at * 32 + 32))

function siblingsAbove(
  levels: readonly (readonly Uint8Array[])[],
  height: number,
  from: number,
): Uint8Array[] {
  let at = from
  return levels.slice(height).flatMap((level) => {
    const sibling = level[at ^ 1]
    at >>= 1
    return sibling === undefined ? [] : [sibling]
  })
}
