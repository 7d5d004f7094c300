/**
 * Writes docs/vectors/anchoring.json with the reference of rfc9162.ts and plain hash functions: without the engine, which
 * is tested against the file. Run by hand when a vector is added: node test/chain/write-vectors.ts
 */
import { writeFile } from 'node:fs/promises'
import { sha256 } from '@noble/hashes/sha2'
import { keccak_256 } from '@noble/hashes/sha3'
import { concat, toHex, utf8 } from '#engine/shared/bytes.ts'
import { referenceProof, referenceRoot } from './rfc9162.ts'

const KINDS = [0, 1, 2, 3, 4, 5, 6, 7, 255]
const SIZES = [1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 16, 17, 184, 300]
const ADDRESS = '0x7e5f4552091a69125d5dfcb7b8c2659029395bdf'
const DID = 'did:web:badges.example:issuers:north'

const salt = (n: number) => sha256(utf8(`salt ${n}`))
const digest = (n: number) => sha256(utf8(`document ${n}`))
const leaf = (kind: number, n: number) => keccak_256(concat(Uint8Array.of(0, kind), salt(n), digest(n)))
const leaves = (size: number) => Array.from({ length: size }, (_, n) => leaf(1, n))
const hexes = (list: readonly Uint8Array[]) => list.map(toHex)

const tag = keccak_256(utf8('waarmerk-issuer/1'))
const key = Uint8Array.from(Buffer.from(ADDRESS.slice(2), 'hex'))
const issuerId = toHex(keccak_256(concat(tag, new Uint8Array(12), key, keccak_256(utf8(DID)))).slice(0, 20))
const header = { count: 7, previousRoot: `0x${'00'.repeat(32)}`, sequence: 0 }

const vectors = {
  about:
    'Test vectors of leaf, tree, issuer id, header and receipt. Leaf n of a tree is of kind 1, with salt sha256("salt n") and digest sha256("document n").',
  leaves: KINDS.map((kind, n) => ({
    kind,
    salt: toHex(salt(n)),
    digest: toHex(digest(n)),
    hash: toHex(leaf(kind, n)),
  })),
  trees: SIZES.map((size) => {
    const all = leaves(size)
    const indexes = [...new Set([0, 1, Math.floor(size / 2), size - 1])].filter((index) => index < size)
    return {
      size,
      root: toHex(referenceRoot(all)),
      proofs: indexes.map((index) => ({
        index,
        leaf: toHex(all[index] as Uint8Array),
        proof: hexes(referenceProof(index, all)),
      })),
    }
  }),
  issuerId: { firstKey: ADDRESS, did: DID, id: issuerId },
  header: {
    ...header,
    json: `{"count":7,"previousRoot":"${header.previousRoot}","sequence":0}`,
    digest: toHex(sha256(utf8(`{"count":7,"previousRoot":"${header.previousRoot}","sequence":0}`))),
  },
  receipt: {
    format: 'waarmerk-receipt/1',
    contract: `eip155:31337:${ADDRESS}`,
    issuerId,
    signer: ADDRESS,
    root: toHex(referenceRoot(leaves(5))),
    size: 5,
    index: 4,
    kind: 1,
    salt: toHex(salt(4)),
    digest: toHex(digest(4)),
    proof: hexes(referenceProof(4, leaves(5))),
  },
}

await writeFile(
  new URL('../../docs/vectors/anchoring.json', import.meta.url),
  `${JSON.stringify(vectors, undefined, 2)}\n`,
)
