import { sha256 } from '@noble/hashes/sha2'
import { keccak_256 } from '@noble/hashes/sha3'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toHex, utf8 } from '#engine/shared/bytes.ts'
import { referenceRoot } from '#test/chain/rfc9162.ts'
import { headerDigest, NO_PREVIOUS_ROOT, paddedSize, type SealingNeeds, sealBatch } from './batch.ts'
import { LEAF_KINDS, type LeafPreimage, leafHash } from './leaf.ts'

const FIRST = { previousRoot: NO_PREVIOUS_ROOT, sequence: 0 }

test('every given leaf stands where the batch says, the header at 0 and no two in one place', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 500 }), fc.nat(), (count, seed) => {
      const given = preimages(count)
      const batch = sealBatch(FIRST, given, chance(seed))
      expect(toHex(batch.leaves[0] as Uint8Array)).toBe(toHex(leafHash(batch.header, keccak_256)))
      expect(new Set([0, ...batch.positions]).size).toBe(count + 1)
      given.forEach((preimage, at) => {
        const leaf = batch.leaves[batch.positions[at] as number] as Uint8Array
        expect(toHex(leaf)).toBe(toHex(leafHash(preimage, keccak_256)))
      })
      expect(new Set(batch.leaves.map(toHex)).size).toBe(batch.size)
    }),
    { numRuns: 25 },
  )
})

test('the root is that of its leaves in their order', () => {
  const batch = sealBatch(FIRST, preimages(3), chance(1))
  expect(toHex(batch.root)).toBe(toHex(referenceRoot(batch.leaves)))
})

test('a size tells a range only', () => {
  expect(paddedSize(1)).toBe(184)
  expect(paddedSize(183)).toBe(184)
  expect(paddedSize(184)).toBe(440)
  expect(paddedSize(439)).toBe(440)
  expect(paddedSize(440)).toBe(696)
  const batch = sealBatch(FIRST, preimages(30), chance(2))
  expect(batch.size).toBe(184)
  expect(batch.leaves).toHaveLength(184)
})

test('places are spread over the whole batch, whatever the order of the leaves', () => {
  const seen = new Set<number>()
  for (let seed = 0; seed < 300; seed++)
    seen.add(sealBatch(FIRST, preimages(1), chance(seed)).positions[0] as number)
  expect(seen.has(0)).toBe(false)
  expect(Math.max(...seen)).toBeGreaterThan(170)
  expect(Math.min(...seen)).toBeLessThan(14)
  expect(seen.size).toBeGreaterThan(100)
})

test('the header commits to the batch before, the place in the log and the count', () => {
  const previousRoot = sha256(utf8('before'))
  const batch = sealBatch({ previousRoot, sequence: 4 }, preimages(7), chance(3))
  const json = `{"count":7,"previousRoot":"${toHex(previousRoot)}","sequence":4}`
  expect(batch.header.kind).toBe(LEAF_KINDS.header)
  expect(toHex(batch.header.digest)).toBe(toHex(sha256(utf8(json))))
  expect(toHex(headerDigest({ previousRoot, sequence: 4, count: 7 }, sha256))).toBe(toHex(sha256(utf8(json))))
})

test('a batch of nothing and a batch that no size can hold are refused by code', () => {
  const impossible = expect.objectContaining({ code: 'batch-size-impossible' })
  expect(() => sealBatch(FIRST, [], chance(0))).toThrow(impossible)
  expect(() => paddedSize(2 ** 24)).toThrow(impossible)
})

test('a leaf of an unknown kind, or with a short salt or digest, is refused by code', () => {
  const malformed = expect.objectContaining({ code: 'leaf-malformed' })
  const [right] = preimages(1) as [LeafPreimage]
  expect(() => leafHash({ ...right, kind: 9 as never }, keccak_256)).toThrow(malformed)
  expect(() => leafHash({ ...right, salt: right.salt.slice(1) }, keccak_256)).toThrow(malformed)
  expect(() => leafHash({ ...right, digest: new Uint8Array(33) }, keccak_256)).toThrow(malformed)
})

function preimages(count: number): LeafPreimage[] {
  return Array.from({ length: count }, (_, n) => ({
    kind: LEAF_KINDS.credential,
    salt: sha256(utf8(`salt ${n}`)),
    digest: sha256(utf8(`document ${n}`)),
  }))
}

/** Chance that can be repeated: a hash chain. */
function chance(seed: number): SealingNeeds {
  let state = sha256(utf8(`seed ${seed}`))
  const randomBytes = (length: number) => {
    state = sha256(state)
    return state.slice(0, length)
  }
  const randomInteger = (below: number) => new DataView(randomBytes(8).buffer).getUint32(0) % below
  return { keccak256: keccak_256, sha256, randomBytes, randomInteger }
}
