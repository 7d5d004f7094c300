import { judgeAnchor, keyRoles } from '#engine/anchoring/anchor-verdict.ts'
import { deriveIssuerId } from '#engine/anchoring/issuer-id.ts'
import { LEAF_KINDS, type LeafKind } from '#engine/anchoring/leaf.ts'
import { parseReceipt, type Receipt, receiptPlace, verifyReceipt } from '#engine/anchoring/receipt.ts'
import type { DidDocument } from '#engine/credentials/did-document.ts'
import { fromHex, type Hex } from '#engine/shared/bytes.ts'
import type { Hash } from '#engine/shared/hash.ts'
import type { Json } from '#engine/shared/json.ts'
import type { AnchorFact } from '#engine/verification/verification-facts.ts'
import type { AnchorReader, AnchorRecord } from '#services/ports/verification-sources.ts'

export interface AnchorNeeds {
  readonly anchors: AnchorReader
  readonly keccak256: Hash
}

/** A document with what its anchor is held against. */
export interface AnchoredDocument {
  readonly digest: Uint8Array
  readonly kind: LeafKind
  /**
   * Not readable when the proof does not hold, as nothing is then bound to the issuer. `recorded` when the keys came from
   * what the chain of the receipt records of the issuer: the account that anchored is then one of it.
   */
  readonly issuer: DidDocument | 'not_found' | 'unavailable' | 'recorded'
}

/**
 * Follows a receipt from the document to the chain. The path is checked here, so that the chain is asked for the
 * whole batch and nobody learns which leaf is meant.
 */
export async function checkAnchor(
  given: Json | undefined,
  { digest, kind, issuer }: AnchoredDocument,
  { anchors, keccak256 }: AnchorNeeds,
): Promise<AnchorFact> {
  // 1. The receipt against the document.
  if (given === undefined) return { kind: 'no-receipt' }
  const reading = parseReceipt(given)
  if (!reading.ok) return { kind: 'malformed', reason: `${reading.fault.code} at /${reading.fault.member}` }
  const { receipt } = reading
  if (receipt.kind !== kind) return { kind: 'mismatch', reason: 'it is for another kind of document' }
  const held = verifyReceipt(receipt, digest, keccak256)
  if (!held.ok) {
    const another = held.code === 'receipt-digest-mismatch'
    return {
      kind: 'mismatch',
      reason: another ? 'it is for another document' : 'its path does not lead to its root',
    }
  }

  // 2. The receipt against the chain.
  const { chainId, contract } = receiptPlace(receipt)
  const { issuerId, signer, root, index, size, proof } = receipt
  const summary = { chainId, contract, issuerId, signer, root, leafIndex: index, size }
  const found = await anchors.read({ chainId, contract, issuerId, signer, root })
  if (found === 'unavailable') return { kind: 'unavailable', summary }
  if (found === 'unknown_batch') return { kind: 'not-on-chain', summary }
  if ('kind' in found) return { ...found, summary }
  const question = { issuerId, root, leaf: held.leaf, index, proof }
  const verdict = judgeAnchor(question, found.record, found.key, keccak256)
  if (verdict === 'unknown_batch') return { kind: 'not-on-chain', summary }
  return {
    kind: 'on-chain',
    summary: {
      ...summary,
      independent: found.independent,
      anchoredAt: found.record.anchoredAt,
      ...(found.asOf === undefined ? {} : { asOf: found.asOf.time, asOfBlock: found.asOf.block }),
    },
    verdict,
    isProved: found.proved === true,
    revocable: isRevocable(found),
    // An endorsement is anchored by the endorsed, and names what it endorses but no DID of whose that is.
    signerListed:
      kind === LEAF_KINDS.endorsement ? undefined : isOfIssuer(receipt, chainId, issuer, keccak256),
  }
}

/** A key whose time is over sets no bits any more, and then a clear one may be an old story. */
function isRevocable({ record, key, asOf }: AnchorRecord): boolean {
  if (key === undefined || (key.roles & keyRoles.revoke) === 0) return false
  return (asOf?.time ?? record.anchoredAt) < key.validUntil
}

/**
 * Whether the issuer's DID lists the account that anchored, and the issuer on chain is that DID: its id follows from
 * the DID and one of the accounts. Undefined when the DID could not be read.
 */
function isOfIssuer(
  { signer, issuerId }: Receipt,
  chainId: number,
  issuer: AnchoredDocument['issuer'],
  keccak256: Hash,
): boolean | undefined {
  if (issuer === 'recorded') return true
  if (typeof issuer === 'string') return undefined
  const prefix = `eip155:${chainId}:`
  const accounts = issuer.methods
    .map(({ blockchainAccountId = '' }) => blockchainAccountId.toLowerCase())
    .filter((account) => account.startsWith(prefix))
    .map((account) => account.slice(prefix.length) as Hex)
    .filter((address) => fromHex(address)?.length === 20)
  return (
    accounts.includes(signer) &&
    accounts.some((address) => deriveIssuerId(issuer.id, address, keccak256) === issuerId)
  )
}
