import type { AnchoringKey } from '#engine/anchoring/anchor-verdict.ts'
import { type BatchRecord, revocationWordCount } from '#engine/anchoring/batch-record.ts'
import { MAX_BATCH_SIZE } from '#engine/anchoring/merkle-tree.ts'
import { equalBytes, fromHex, type Hex, toHex } from '#engine/shared/bytes.ts'
import type { Hash } from '#engine/shared/hash.ts'
import { isJsonArray, isJsonObject, type Json } from '#engine/shared/json.ts'
import { batchSlot, keySlot, readBatchWord, readKeyWord, wordSlot } from './anchor-slots.ts'
import { type BlockHeader, readBlockHeader } from './block-header.ts'
import { decodeRlp } from './rlp.ts'
import { readTrie } from './trie-proof.ts'

export const ANCHOR_PROOF_FORMAT = 'waarmerk-anchor-proof/1'

/**
 * What the contract holds of a batch and of the key that anchored it, proved from the hash of one block, so that no
 * endpoint has to be believed or asked: docs/verification.md, docs/schemas/anchor-proof.schema.json.
 */
export interface AnchorProof {
  readonly format: typeof ANCHOR_PROOF_FORMAT
  /** CAIP-10 account of the contract, as in a receipt. */
  readonly contract: string
  readonly signer: Hex
  readonly root: Hex
  /** RLP of the header of a block. */
  readonly header: Hex
  /** Code of the contract. */
  readonly code: Hex
  /** As `eth_getProof` answers for the contract; further members of it are not looked at. */
  readonly proof: {
    readonly accountProof: readonly Hex[]
    readonly storageProof: readonly { readonly key: Hex; readonly proof: readonly Hex[] }[]
  }
}

export type AnchorProofFinding =
  | {
      readonly kind: 'proved'
      readonly block: BlockHeader
      /** Undefined when the block holds no such batch. */
      readonly record: BatchRecord | undefined
      readonly key: AnchoringKey | undefined
    }
  | { readonly kind: 'refused'; readonly code: AnchorProofFault }

export type AnchorProofFault =
  /** It has not the form of one. */
  | 'state-proof-malformed'
  /** It is of another chain, contract or batch, or a slot that is needed is not in it. */
  | 'state-proof-elsewhere'
  /** Its nodes do not follow from the state of the block: somebody changed something. */
  | 'state-proof-wrong'
  /** The block has another contract at the address, or none. */
  | 'state-proof-other-contract'

export interface AnchorProofNeeds {
  readonly keccak256: Hash
  /** Whether this is the code of BadgeAnchor at this very place. */
  readonly isContract: (code: Hex, place: { readonly chainId: number; readonly contract: Hex }) => boolean
}

/** Ethereum's headers are some 600 bytes; those of Polygon and of QBFT hold all validators in their extra data, of several KB. */
const MAX_HEADER_BYTES = 65_536
/** A branch of a trie has 16 hashes, which is 532 bytes; a leaf has a word or an account. */
const MAX_NODE_BYTES = 1024
/** Twice what a chain takes as the code of a contract (EIP-170). */
const MAX_CODE_BYTES = 49_152

/** Works out what a proof proves of a batch. Whether the block is one of the chain, only its hash can tell: ask elsewhere. */
export function readAnchorProof(
  given: Json,
  question: { readonly chainId: number; readonly contract: Hex; readonly signer: Hex; readonly root: Hex },
  { keccak256, isContract }: AnchorProofNeeds,
): AnchorProofFinding {
  // 1. Its form, and whether it is about what is asked.
  const proof = parseAnchorProof(given)
  const block = proof === undefined ? undefined : readBlockHeader(bytesOf(proof.header), keccak256)
  if (proof === undefined || block === undefined) return refused('state-proof-malformed')
  const { chainId, contract, signer, root } = question
  const isAsked =
    same(proof.contract, `eip155:${chainId}:${contract}`) &&
    same(proof.signer, signer) &&
    same(proof.root, root)
  if (!isAsked) return refused('state-proof-elsewhere')

  // 2. The contract in the state of the block.
  const accountNodes = proof.proof.accountProof.map(bytesOf)
  const found = readTrie(block.stateRoot, keccak256(bytesOf(contract)), accountNodes, keccak256)
  if (!found.ok) return refused('state-proof-wrong')
  const account = found.value === undefined ? undefined : readAccount(found.value)
  if (account === undefined) return refused('state-proof-other-contract')
  const isCode = equalBytes(account.codeHash, keccak256(bytesOf(proof.code)))
  if (!isCode || !isContract(proof.code, { chainId, contract })) return refused('state-proof-other-contract')

  // 3. Key and batch in the storage of the contract.
  const slots = new Map(
    proof.proof.storageProof.map(({ key, proof: nodes }) => [slotName(key), nodes.map(bytesOf)]),
  )
  const read = (slot: Uint8Array) => readSlot(account.storageRoot, slot, slots, keccak256)
  const key = read(keySlot(signer, keccak256))
  const batch = read(batchSlot(signer, root, keccak256))
  if (typeof key === 'string') return refused(key)
  if (typeof batch === 'string') return refused(batch)
  const size = readBatchWord(batch, [])?.size ?? 0
  if (size > MAX_BATCH_SIZE) return refused('state-proof-wrong')
  const further: bigint[] = []
  for (let at = 1; at < revocationWordCount(size); at++) {
    const word = read(wordSlot(signer, root, at, keccak256))
    if (typeof word === 'string') return refused(word)
    further.push(word)
  }
  return { kind: 'proved', block, record: readBatchWord(batch, further), key: readKeyWord(key) }
}

/** The slots that a proof of a batch of this size needs, in order: the key, the batch, its further words. */
export const slotsOfBatch = (
  { signer, root, size }: { readonly signer: Hex; readonly root: Hex; readonly size: number },
  keccak256: Hash,
): readonly Hex[] => [
  toHex(keySlot(signer, keccak256)),
  toHex(batchSlot(signer, root, keccak256)),
  ...Array.from({ length: revocationWordCount(size) - 1 }, (_, at) =>
    toHex(wordSlot(signer, root, at + 1, keccak256)),
  ),
]

/** Reads a slot: 0 where it is proved to be empty. */
function readSlot(
  storageRoot: Uint8Array,
  slot: Uint8Array,
  slots: ReadonlyMap<string, readonly Uint8Array[]>,
  keccak256: Hash,
): bigint | 'state-proof-elsewhere' | 'state-proof-wrong' {
  const nodes = slots.get(slotName(toHex(slot)))
  if (nodes === undefined) return 'state-proof-elsewhere'
  const found = readTrie(storageRoot, keccak256(slot), nodes, keccak256)
  if (!found.ok) return 'state-proof-wrong'
  if (found.value === undefined) return 0n
  const value = decodeRlp(found.value)
  if (!(value instanceof Uint8Array) || value.length > 32) return 'state-proof-wrong'
  return value.length === 0 ? 0n : BigInt(toHex(value))
}

function readAccount(
  bytes: Uint8Array,
): { readonly storageRoot: Uint8Array; readonly codeHash: Uint8Array } | undefined {
  const account = decodeRlp(bytes)
  if (account === undefined || account instanceof Uint8Array || account.length !== 4) return undefined
  const [, , storageRoot, codeHash] = account
  return storageRoot instanceof Uint8Array && codeHash instanceof Uint8Array
    ? { storageRoot, codeHash }
    : undefined
}

/** Undefined for what has not the form of a proof. */
function parseAnchorProof(given: Json): AnchorProof | undefined {
  if (!isJsonObject(given) || given['format'] !== ANCHOR_PROOF_FORMAT) return undefined
  const { contract, signer, root, header, code, proof } = given
  const areTexts =
    isText(contract, /^eip155:[1-9][0-9]{0,15}:0x[0-9a-fA-F]{40}$/) &&
    isText(signer, /^0x[0-9a-fA-F]{40}$/) &&
    isText(root, /^0x[0-9a-fA-F]{64}$/) &&
    isHex(header, MAX_HEADER_BYTES) &&
    isHex(code, MAX_CODE_BYTES)
  if (!areTexts || !isJsonObject(proof) || !isNodeList(proof['accountProof'])) return undefined
  const storageProof = proof['storageProof'] ?? null
  const isWhole =
    isJsonArray(storageProof) &&
    storageProof.every(
      (entry) =>
        isJsonObject(entry) && isText(entry['key'], /^0x[0-9a-fA-F]{1,64}$/) && isNodeList(entry['proof']),
    )
  return isWhole ? (given as unknown as AnchorProof) : undefined
}

const isText = (value: Json | undefined, pattern: RegExp): boolean =>
  typeof value === 'string' && pattern.test(value)
const isHex = (value: Json | undefined, maxBytes: number): boolean =>
  typeof value === 'string' && value.length <= 2 + maxBytes * 2 && /^0x(?:[0-9a-fA-F]{2})*$/.test(value)
const isNodeList = (value: Json | undefined): boolean =>
  isJsonArray(value ?? null) && (value as Json[]).every((node) => isHex(node, MAX_NODE_BYTES))

/** Nodes answer with keys of 32 bytes or without their leading zeros. */
const slotName = (key: string): string => key.slice(2).toLowerCase().padStart(64, '0')
const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()
const bytesOf = (hex: string): Uint8Array => fromHex(hex) ?? new Uint8Array()
const refused = (code: AnchorProofFault): AnchorProofFinding => ({ kind: 'refused', code })
