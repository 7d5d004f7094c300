import { readFileSync } from 'node:fs'
import { sha256 } from '@noble/hashes/sha2'
import { keccak_256 } from '@noble/hashes/sha3'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fromHex, type Hex, toHex, utf8 } from '#engine/shared/bytes.ts'
import type { Json } from '#engine/shared/json.ts'
import { headerDigest } from './batch.ts'
import { deriveIssuerId } from './issuer-id.ts'
import { LEAF_KINDS, type LeafKind, type LeafPreimage, leafHash } from './leaf.ts'
import { buildTree, inclusionProof, verifyInclusion } from './merkle-tree.ts'
import { buildReceipt, parseReceipt, type Receipt, receiptPlace, verifyReceipt } from './receipt.ts'

const vectors = JSON.parse(readFileSync('docs/vectors/anchoring.json', 'utf8')) as Vectors
const schema = JSON.parse(readFileSync('docs/schemas/receipt.schema.json', 'utf8')) as object
const fitsSchema = new Ajv2020().compile(schema)

test('leaves are those of the published vectors', () => {
  expect(vectors.leaves.map(({ kind }) => kind)).toEqual(Object.values(LEAF_KINDS))
  for (const { kind, salt, digest, hash } of vectors.leaves) {
    expect(toHex(leafHash({ kind, salt: bytes(salt), digest: bytes(digest) }, keccak_256))).toBe(hash)
  }
})

test('trees, proofs, issuer id and header are those of the published vectors', () => {
  for (const { size, root, proofs } of vectors.trees) {
    const tree = buildTree(leavesOf(size), keccak_256)
    expect(toHex(tree.root)).toBe(root)
    for (const { index, leaf, proof } of proofs) {
      expect(inclusionProof(tree, index).map(toHex)).toEqual(proof)
      const question = { root: bytes(root), size, index, leaf: bytes(leaf), proof: proof.map(bytes) }
      expect(verifyInclusion(question, keccak_256)).toBe(true)
    }
  }
  const { firstKey, did, id } = vectors.issuerId
  expect(deriveIssuerId(did, firstKey, keccak_256)).toBe(id)
  const { previousRoot, sequence, count, digest } = vectors.header
  expect(toHex(headerDigest({ previousRoot: bytes(previousRoot), sequence, count }, sha256))).toBe(digest)
})

test('the published receipt is read, verified and built again', () => {
  const read = parseReceipt(vectors.receipt as unknown as Json)
  expect(read).toEqual({ ok: true, receipt: vectors.receipt })
  const { digest, salt, root, index, size } = vectors.receipt
  expect(verifyReceipt(vectors.receipt, bytes(digest), keccak_256)).toMatchObject({ ok: true, root })
  const place = {
    ...receiptPlace(vectors.receipt),
    issuerId: vectors.receipt.issuerId,
    signer: vectors.receipt.signer,
  }
  const leaf: LeafPreimage = { kind: 1, salt: bytes(salt), digest: bytes(digest) }
  expect(buildReceipt(place, buildTree(leavesOf(size), keccak_256), index, leaf)).toEqual(vectors.receipt)
})

test('a receipt for another document is refused by code', () => {
  const verdict = verifyReceipt(vectors.receipt, sha256(utf8('another')), keccak_256)
  expect(verdict).toEqual({ ok: false, code: 'receipt-digest-mismatch' })
})

test('a receipt with any value changed does not verify', () => {
  const { receipt } = vectors
  const other = `0x${'11'.repeat(32)}` as const
  const changes: Partial<Receipt>[] = [
    { kind: 2 },
    { salt: other },
    { root: other },
    { index: 3 },
    { size: 4, index: 3 },
    { size: 9 },
    { proof: [] },
    { proof: [...receipt.proof, other] },
    { proof: [other] },
  ]
  for (const change of changes) {
    const verdict = verifyReceipt({ ...receipt, ...change }, bytes(receipt.digest), keccak_256)
    expect(verdict).toEqual({ ok: false, code: 'receipt-proof-wrong' })
  }
})

const oddities: Record<string, readonly Json[]> = {
  contract: [
    null,
    '',
    `eip155:0:0x${'1'.repeat(40)}`,
    `eip155:9999999999999999:0x${'1'.repeat(40)}`,
    'eip155:1:0x12',
  ],
  issuerId: [null, 1, '0x', `0x${'1'.repeat(64)}`, `0x${'A'.repeat(40)}`],
  signer: [null, `0x${'1'.repeat(41)}`],
  root: [null, `0x${'A'.repeat(64)}`, `${'1'.repeat(64)}`],
  size: [null, 0, -1, 1.5, 16_777_216, '5'],
  index: [null, -1, 5, 6, 0.5, '4'],
  kind: [null, 8, 254, 256, -1, '1'],
  salt: [null, `0x${'1'.repeat(62)}`],
  digest: [null, `0x${'1'.repeat(66)}`],
  proof: [null, 'x', [null], ['0x11'], Array.from({ length: 25 }, () => `0x${'1'.repeat(64)}`)],
}

test('the receipt that the docs show is a true one', () => {
  const shown = /```json\n([^`]*)```/.exec(readFileSync('docs/receipt.md', 'utf8'))?.[1] ?? ''
  expect(JSON.parse(shown)).toEqual(vectors.receipt)
})

test('each member is read in its one form; the schema agrees', () => {
  expect(fitsSchema(vectors.receipt)).toBe(true)
  for (const [member, values] of Object.entries(oddities)) {
    for (const value of values) {
      const odd = { ...vectors.receipt, [member]: value } as unknown as Json
      expect(parseReceipt(odd)).toEqual({ ok: false, fault: { code: 'receipt-malformed', member } })
      // What a schema cannot say: an index below the size, and a chain id that is exact.
      const beyondSchema =
        (member === 'index' && Number(value) >= 5) || String(value).includes('9999999999999999')
      expect(fitsSchema(odd)).toBe(beyondSchema)
    }
    const { [member]: _, ...without } = vectors.receipt as unknown as Record<string, Json>
    expect(parseReceipt(without)).toEqual({ ok: false, fault: { code: 'receipt-malformed', member } })
    expect(fitsSchema(without)).toBe(false)
  }
})

test('unknown members, other formats and what is no object are refused', () => {
  const receipt = vectors.receipt as unknown as Record<string, Json>
  expect(parseReceipt({ ...receipt, transaction: '0x' })).toMatchObject({ fault: { member: 'transaction' } })
  expect(parseReceipt({ ...receipt, constructor: 1 })).toMatchObject({ fault: { member: 'constructor' } })
  const unknown = { ok: false, fault: { code: 'receipt-format-unknown', member: 'format' } }
  expect(parseReceipt({ ...receipt, format: 'waarmerk-receipt/2' })).toEqual(unknown)
  for (const value of [undefined, null, 1, 'x', [], [receipt]])
    expect(parseReceipt(value)).toMatchObject({ ok: false })
})

test('whatever it is given, reading ends in an answer', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(parseReceipt(value as Json).ok).toBe(false)
    }),
  )
})

function leavesOf(size: number): Uint8Array[] {
  return Array.from({ length: size }, (_, n) =>
    leafHash({ kind: 1, salt: sha256(utf8(`salt ${n}`)), digest: sha256(utf8(`document ${n}`)) }, keccak_256),
  )
}

function bytes(hex: Hex): Uint8Array {
  const read = fromHex(hex)
  if (read === undefined) throw new Error(`not hexadecimal: ${hex}`)
  return read
}

interface Vectors {
  readonly leaves: readonly {
    readonly kind: LeafKind
    readonly salt: Hex
    readonly digest: Hex
    readonly hash: Hex
  }[]
  readonly trees: readonly {
    readonly size: number
    readonly root: Hex
    readonly proofs: readonly { readonly index: number; readonly leaf: Hex; readonly proof: readonly Hex[] }[]
  }[]
  readonly issuerId: { readonly firstKey: Hex; readonly did: string; readonly id: Hex }
  readonly header: {
    readonly previousRoot: Hex
    readonly sequence: number
    readonly count: number
    readonly digest: Hex
  }
  readonly receipt: Receipt
}
