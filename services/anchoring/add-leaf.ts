import { LEAF_KINDS, type LeafKindName, leafHash } from '#engine/anchoring/leaf.ts'
import type { LeafId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { Hashes } from '#services/ports/hashes.ts'
import type { Issuer } from '#services/ports/issuer-store.ts'
import type { Random } from '#services/ports/random.ts'
import type { SecretBox } from '#services/ports/secret-box.ts'
import type { Stores } from '#services/ports/stores.ts'

/** Puts something into the issuers' open batches, in the transaction that makes it. */
export type AddLeaf = (stores: Stores, ...wanted: readonly WantedLeaf[]) => Promise<void>

export interface WantedLeaf {
  readonly issuer: Issuer
  readonly kind: LeafKindName
  readonly id: LeafId
  /** The row that it speaks of. */
  readonly targetId: string
  /** SHA-256 of the bytes that are anchored. */
  readonly digest: Uint8Array
  readonly at: Instant
}

/** With which id a leaf's salt is sealed. */
export const leafSalt = (id: LeafId) => ({ keyId: 'leaf-salt', rowId: id })

export const createAddLeaf =
  ({
    random,
    hashes,
    secretBox,
  }: {
    readonly random: Random
    readonly hashes: Hashes
    readonly secretBox: SecretBox
  }): AddLeaf =>
  (stores, ...wanted) =>
    stores.anchoring.insertLeaves(
      wanted.map(({ issuer, kind, id, targetId, digest, at }) => {
        const salt = random.bytes(32)
        return {
          organisationId: issuer.organisationId,
          id,
          issuerId: issuer.id,
          kind: LEAF_KINDS[kind],
          targetId,
          digest,
          sealedSalt: secretBox.seal(salt, leafSalt(id)),
          hash: leafHash({ kind: LEAF_KINDS[kind], salt, digest }, hashes.keccak256),
          createdAt: at,
        }
      }),
    )
