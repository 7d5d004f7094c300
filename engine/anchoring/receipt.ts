import { equalBytes, fromHex, type Hex, toHex } from '#engine/shared/bytes.ts'
import type { Hash } from '#engine/shared/hash.ts'
import { isJsonArray, isJsonObject, type Json } from '#engine/shared/json.ts'
import { isLeafKind, type LeafKind, type LeafPreimage, leafHash } from './leaf.ts'
import { inclusionProof, MAX_BATCH_SIZE, type MerkleTree, rootFromProof } from './merkle-tree.ts'

export const RECEIPT_FORMAT = 'waarmerk-receipt/1'

/**
 * What a holder needs to show that a document is in an anchored batch: docs/receipt.md, docs/schemas/receipt.schema.json.
 * It holds the salt, so it is given to whoever may read the document and never listed in public. It names no
 * transaction: a replaced transaction or a reorganised chain changes nothing.
 */
export interface Receipt {
  readonly format: typeof RECEIPT_FORMAT
  /** CAIP-10 account of the contract: `eip155:31337:0x…`. */
  readonly contract: string
  /** 20 bytes: see `deriveIssuerId`. */
  readonly issuerId: Hex
  /** The key in whose name the batch was anchored: 20 bytes. */
  readonly signer: Hex
  readonly root: Hex
  readonly size: number
  readonly index: number
  readonly kind: LeafKind
  readonly salt: Hex
  readonly digest: Hex
  readonly proof: readonly Hex[]
}

/** Where a batch is to be found. */
export interface ReceiptPlace {
  readonly chainId: number
  readonly contract: Hex
  readonly issuerId: Hex
  readonly signer: Hex
}

/** Makes the receipt of one leaf. Refuses an index that the tree does not have (`leaf-out-of-range`). */
export function buildReceipt(
  place: ReceiptPlace,
  tree: MerkleTree,
  index: number,
  leaf: LeafPreimage,
): Receipt {
  return {
    format: RECEIPT_FORMAT,
    contract: `eip155:${place.chainId}:${place.contract}`,
    issuerId: lower(place.issuerId),
    signer: lower(place.signer),
    root: toHex(tree.root),
    size: tree.size,
    index,
    kind: leaf.kind,
    salt: toHex(leaf.salt),
    digest: toHex(leaf.digest),
    proof: inclusionProof(tree, index).map(toHex),
  }
}

/** Names the member at fault. Stable: callers may rely on them. */
export interface ReceiptFault {
  readonly code: 'receipt-malformed' | 'receipt-format-unknown'
  readonly member: string
}

export type ReceiptReading =
  | { readonly ok: true; readonly receipt: Receipt }
  | { readonly ok: false; readonly fault: ReceiptFault }

/** Reads a receipt strictly: every member there, none besides, each in the one form that it may have. */
export function parseReceipt(value: Json | undefined): ReceiptReading {
  if (!isJsonObject(value)) return malformed('')
  if (value['format'] !== RECEIPT_FORMAT) {
    return { ok: false, fault: { code: 'receipt-format-unknown', member: 'format' } }
  }
  const surplus = Object.keys(value).find((member) => member !== 'format' && !Object.hasOwn(MEMBERS, member))
  if (surplus !== undefined) return malformed(surplus)
  for (const [member, isRight] of Object.entries(MEMBERS)) {
    if (!isRight(value[member])) return malformed(member)
  }
  const receipt = value as unknown as Receipt
  return receipt.index < receipt.size ? { ok: true, receipt } : malformed('index')
}

export type ReceiptVerdict =
  | { readonly ok: true; readonly root: Hex; readonly leaf: Hex }
  /** `receipt-digest-mismatch`: of another document. `receipt-proof-wrong`: the proof does not lead to the root. */
  | { readonly ok: false; readonly code: 'receipt-digest-mismatch' | 'receipt-proof-wrong' }

/**
 * Checks a receipt against the digest of the document at hand, with no chain. What is left to ask is whether the chain
 * has the root, with this size, under a key of the issuer, and not revoked (`judgeAnchor`).
 */
export function verifyReceipt(receipt: Receipt, digest: Uint8Array, keccak256: Hash): ReceiptVerdict {
  if (!equalBytes(bytesOf(receipt.digest), digest)) return { ok: false, code: 'receipt-digest-mismatch' }
  const leaf = leafHash({ kind: receipt.kind, salt: bytesOf(receipt.salt), digest }, keccak256)
  const { size, index } = receipt
  const root = rootFromProof({ size, index, leaf, proof: receipt.proof.map(bytesOf) }, keccak256)
  if (root === undefined || toHex(root) !== receipt.root) return { ok: false, code: 'receipt-proof-wrong' }
  return { ok: true, root: receipt.root, leaf: toHex(leaf) }
}

/** Which contract on which chain a receipt speaks of. */
export function receiptPlace(receipt: Receipt): { readonly chainId: number; readonly contract: Hex } {
  const [, chainId, contract] = receipt.contract.split(':')
  return { chainId: Number(chainId), contract: contract as Hex }
}

type Check = (value: Json | undefined) => boolean

const matches =
  (pattern: RegExp): Check =>
  (value) =>
    typeof value === 'string' && pattern.test(value)
const isHash = matches(/^0x[0-9a-f]{64}$/)
const isAddress = matches(/^0x[0-9a-f]{40}$/)
const isWhole =
  (least: number, most: number): Check =>
  (value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most

const MEMBERS: Readonly<Record<Exclude<keyof Receipt, 'format'>, Check>> = {
  // At most 2^53 - 1, so that the number is exact. The address may be checksummed.
  contract: (value) =>
    matches(/^eip155:[1-9][0-9]{0,15}:0x[0-9a-fA-F]{40}$/)(value) &&
    Number.isSafeInteger(Number((value as string).split(':')[1])),
  issuerId: isAddress,
  signer: isAddress,
  root: isHash,
  size: isWhole(1, MAX_BATCH_SIZE),
  index: isWhole(0, MAX_BATCH_SIZE - 1),
  kind: (value) => typeof value === 'number' && isLeafKind(value),
  salt: isHash,
  digest: isHash,
  proof: (value) => isJsonArray(value) && value.length <= 24 && value.every(isHash),
}

const malformed = (member: string): ReceiptReading => ({
  ok: false,
  fault: { code: 'receipt-malformed', member },
})
const lower = (hex: Hex): Hex => hex.toLowerCase() as Hex
const bytesOf = (hex: Hex): Uint8Array => fromHex(hex) ?? new Uint8Array()
