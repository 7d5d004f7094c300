import fc from 'fast-check'
import { expect, test } from 'vitest'
import { keccak256 } from '#adapters/crypto/hashes.ts'
import type { Hex } from '#engine/shared/bytes.ts'
import { ANCHOR_PROOF_FORMAT, readAnchorProof } from './anchor-proof.ts'

const place = { chainId: 1, contract: `0x${'ab'.repeat(20)}` as Hex }
const batch = { signer: `0x${'cd'.repeat(20)}` as Hex, root: `0x${'ef'.repeat(32)}` as Hex }

const proofOf = (change: { header?: string; code?: string; account?: string; storage?: string }) => ({
  format: ANCHOR_PROOF_FORMAT,
  contract: `eip155:1:${place.contract}`,
  ...batch,
  header: change.header ?? '0xc0',
  code: change.code ?? '0x',
  proof: {
    accountProof: [change.account ?? '0xc0'],
    storageProof: [{ key: '0x01', proof: [change.storage ?? '0xc0'] }],
  },
})

test('what is larger than any header, node or code is refused before anything is hashed or decoded', () => {
  const never = { keccak256: () => expect.unreachable(), isContract: () => expect.unreachable() }
  const larger = (bytes: number) =>
    fc.integer({ min: bytes + 1, max: bytes * 4 }).map((length) => `0x${'01'.repeat(length)}`)
  const change = fc.oneof(
    larger(65_536).map((header) => ({ header })),
    larger(49_152).map((code) => ({ code })),
    larger(1024).map((account) => ({ account })),
    larger(1024).map((storage) => ({ storage })),
  )
  fc.assert(
    fc.property(change, (large) => {
      const found = readAnchorProof(proofOf(large), { ...place, ...batch }, never)
      expect(found).toEqual({ kind: 'refused', code: 'state-proof-malformed' })
    }),
    { numRuns: 30 },
  )
})

test('a header of a million items of one byte costs no memory', () => {
  const header = `0xfa0f4240${'01'.repeat(1_000_000)}`
  const found = readAnchorProof(
    proofOf({ header }),
    { ...place, ...batch },
    { keccak256, isContract: () => true },
  )
  expect(found).toEqual({ kind: 'refused', code: 'state-proof-malformed' })
})
