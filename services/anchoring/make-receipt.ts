import { buildTree } from '#engine/anchoring/merkle-tree.ts'
import { buildReceipt, type Receipt } from '#engine/anchoring/receipt.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { toHex } from '#engine/shared/bytes.ts'
import type { LeafId } from '#engine/shared/ids.ts'
import type { Hashes } from '#services/ports/hashes.ts'
import type { SecretBox } from '#services/ports/secret-box.ts'
import type { Stores } from '#services/ports/stores.ts'
import { preimage } from './seal-batches.ts'

/**
 * Makes the receipt of a leaf from its stored batch. Costs a tree over the batch: some 200 hashes for a small one.
 * Throws `receipt-not-ready` until the batch is on chain: a receipt that no chain confirms is worth nothing.
 */
export type MakeReceipt = (stores: Stores, leafId: LeafId) => Promise<Receipt>

export const createMakeReceipt =
  ({ hashes, secretBox }: { readonly hashes: Hashes; readonly secretBox: SecretBox }): MakeReceipt =>
  async (stores, leafId) => {
    const leaf = await stores.anchoring.findLeaf(leafId)
    const place = leaf?.place
    const batch = place === undefined ? undefined : await stores.anchoring.findBatch(place.batchId)
    const issuer = leaf === undefined ? undefined : await stores.issuers.find(leaf.issuerId)
    if (leaf === undefined || place === undefined || batch === undefined || issuer?.onchainId === undefined)
      throw errors.receiptNotReady({ state: 'waiting' })
    if (batch.state !== 'mined' && batch.state !== 'final')
      throw errors.receiptNotReady({ state: batch.state })
    const leaves = Array.from({ length: batch.size }, (_, at) =>
      batch.leafHashes.subarray(at * 32, at * 32 + 32),
    )
    return buildReceipt(
      {
        chainId: batch.chainId,
        contract: batch.contract,
        issuerId: toHex(issuer.onchainId),
        signer: batch.signer,
      },
      buildTree(leaves, hashes.keccak256),
      place.position,
      preimage(secretBox, leaf),
    )
  }
