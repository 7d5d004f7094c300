import { isPublicChain } from '#engine/anchoring/public-chains.ts'
import { type AnchorProofNeeds, readAnchorProof } from '#engine/chain-proof/anchor-proof.ts'
import { type Hex, toHex } from '#engine/shared/bytes.ts'
import type { Json } from '#engine/shared/json.ts'
import type { AnchorReader } from '#services/ports/verification-sources.ts'

/**
 * Reads batches from a proof that was kept, and asks nobody. It proves what one block holds; that the block is one of the chain
 * is for whoever names its hash to know.
 */
export const createProvedAnchors = (
  proof: Json,
  blockHash: string | undefined,
  needs: AnchorProofNeeds,
): AnchorReader => ({
  read: async (question) => {
    const found = readAnchorProof(proof, question, needs)
    if (found.kind === 'refused') return found
    const { block, record, key } = found
    const hash: Hex = toHex(block.hash)
    const asOf = { block: block.number, time: block.time }
    if (blockHash === undefined)
      return { kind: 'refused', code: 'block-unconfirmed', block: { hash, ...asOf } }
    if (blockHash.toLowerCase() !== hash)
      return { kind: 'refused', code: 'block-differs', block: { hash, ...asOf } }
    if (record === undefined) return 'unknown_batch'
    return { record, key, independent: isPublicChain(question.chainId), asOf, proved: true }
  },
})
