import type { Branded } from '#engine/shared/brand.ts'
import { concat } from '#engine/shared/bytes.ts'
import type { Hash } from '#engine/shared/hash.ts'
import { anchoringErrors } from './anchoring-errors.ts'

/** What a leaf stands for. Part of the hash, so that a receipt for one kind never passes for another. */
export const LEAF_KINDS = {
  header: 0,
  credential: 1,
  endorsement: 2,
  'achievement-version': 3,
  'rule-version': 4,
  decision: 5,
  'status-list': 6,
  'audit-head': 7,
  padding: 255,
} as const

export type LeafKindName = keyof typeof LEAF_KINDS
export type LeafKind = (typeof LEAF_KINDS)[LeafKindName]

/** Hash of a leaf: 32 bytes. */
export type Leaf = Branded<Uint8Array, 'Leaf'>

/**
 * What a leaf hides. The digest is SHA-256 of the JCS of the secured JSON with its proof, or of the ASCII of a compact
 * JWS; the salt is 32 random bytes, so that nobody can guess a leaf from a document that they suspect.
 */
export interface LeafPreimage {
  readonly kind: LeafKind
  readonly salt: Uint8Array
  readonly digest: Uint8Array
}

const KNOWN: ReadonlySet<number> = new Set(Object.values(LEAF_KINDS))

export const isLeafKind = (kind: number): kind is LeafKind => KNOWN.has(kind)

/**
 * keccak256(0x00 ‖ kind ‖ salt ‖ digest): the prefix keeps leaves apart from inner nodes (RFC 9162, section 2.1.1).
 * Refuses an unknown kind and a salt or digest of other than 32 bytes (`leaf-malformed`).
 */
export function leafHash({ kind, salt, digest }: LeafPreimage, keccak256: Hash): Leaf {
  if (!isLeafKind(kind)) throw anchoringErrors.malformedLeaf({ reason: `kind ${String(kind)} is not known` })
  if (salt.length !== 32) throw anchoringErrors.malformedLeaf({ reason: `its salt has ${salt.length} bytes` })
  if (digest.length !== 32)
    throw anchoringErrors.malformedLeaf({ reason: `its digest has ${digest.length} bytes` })
  return keccak256(concat(Uint8Array.of(0x00, kind), salt, digest)) as Leaf
}
