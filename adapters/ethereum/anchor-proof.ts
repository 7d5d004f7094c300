import { anchoringErrors } from '#engine/anchoring/anchoring-errors.ts'
import { type Receipt, receiptPlace } from '#engine/anchoring/receipt.ts'
import { ANCHOR_PROOF_FORMAT, type AnchorProof, slotsOfBatch } from '#engine/chain-proof/anchor-proof.ts'
import { encodeRlp } from '#engine/chain-proof/rlp.ts'
import { fromHex, type Hex, toHex } from '#engine/shared/bytes.ts'
import { requireBadgeAnchor } from './contract-identity.ts'
import { askBytes, askObject, bytes, type Eip1193, quantity, whole } from './eip1193.ts'
import { keccak256 } from './keccak.ts'
import { quantityOf } from './read-logs.ts'

export interface MadeAnchorProof {
  readonly proof: AnchorProof
  readonly block: { readonly hash: Hex; readonly number: number }
}

/**
 * Asks a node for all that proves what the contract holds of the batch of a receipt at one block: `finalized`, `latest`
 * or a number. The node learns the batch, and not which leaf. Throws `chain-unavailable`, also for a node that does not keep the state
 * of that block, and what `requireBadgeAnchor` throws.
 */
export async function makeAnchorProof(
  provider: Eip1193,
  receipt: Receipt,
  at: 'finalized' | 'latest' | number,
): Promise<MadeAnchorProof> {
  const place = receiptPlace(receipt)
  await requireBadgeAnchor(provider, place)
  const method = 'eth_getBlockByNumber'
  const tag = typeof at === 'number' ? quantityOf(at) : at
  const block = await askObject(provider, method, [tag, false])
  if (block === undefined) throw anchoringErrors.chainUnavailable({ method, reason: `it has no block ${at}` })
  const header = encodeHeader(block)
  const hash = bytes(block['hash'], method)
  if (toHex(keccak256(header)) !== hash)
    throw anchoringErrors.chainUnavailable({
      method,
      reason: 'the header of its block is made in another way',
    })

  const number = quantityOf(whole(block['number'], method))
  const code = await askBytes(provider, 'eth_getCode', [place.contract, number])
  const slots = slotsOfBatch(receipt, keccak256)
  const proof = await askObject(provider, 'eth_getProof', [place.contract, slots, number])
  return {
    proof: {
      format: ANCHOR_PROOF_FORMAT,
      contract: receipt.contract,
      signer: receipt.signer,
      root: receipt.root,
      header: toHex(header),
      code,
      proof: readProof(proof),
    },
    block: { hash, number: whole(block['number'], method) },
  }
}

/** Members of a header in their order, and whether they are numbers; what a chain does not have yet is left out at the end. */
const HEADER: readonly (readonly [name: string, kind: 'bytes' | 'number'])[] = [
  ['parentHash', 'bytes'],
  ['sha3Uncles', 'bytes'],
  ['miner', 'bytes'],
  ['stateRoot', 'bytes'],
  ['transactionsRoot', 'bytes'],
  ['receiptsRoot', 'bytes'],
  ['logsBloom', 'bytes'],
  ['difficulty', 'number'],
  ['number', 'number'],
  ['gasLimit', 'number'],
  ['gasUsed', 'number'],
  ['timestamp', 'number'],
  ['extraData', 'bytes'],
  ['mixHash', 'bytes'],
  ['nonce', 'bytes'],
  ['baseFeePerGas', 'number'],
  ['withdrawalsRoot', 'bytes'],
  ['blobGasUsed', 'number'],
  ['excessBlobGas', 'number'],
  ['parentBeaconBlockRoot', 'bytes'],
  ['requestsHash', 'bytes'],
]

function encodeHeader(block: Readonly<Record<string, unknown>>): Uint8Array {
  const method = 'eth_getBlockByNumber'
  const members = HEADER.filter(([name]) => block[name] !== undefined && block[name] !== null)
  return encodeRlp(
    members.map(([name, kind]) =>
      kind === 'bytes' ? octets(bytes(block[name], method)) : shortest(quantity(block[name], method)),
    ),
  )
}

/** A number without leading zeros, and 0 as nothing at all. */
function shortest(value: bigint): Uint8Array {
  if (value === 0n) return new Uint8Array()
  const digits = value.toString(16)
  return octets(`0x${digits.padStart(digits.length + (digits.length % 2), '0')}`)
}

function readProof(answer: Readonly<Record<string, unknown>> | undefined): AnchorProof['proof'] {
  const method = 'eth_getProof'
  const list = (value: unknown): readonly unknown[] => {
    if (Array.isArray(value)) return value
    throw anchoringErrors.chainUnavailable({ method, reason: 'its answer is not a list' })
  }
  const nodes = (value: unknown): readonly Hex[] => list(value).map((node) => bytes(node, method))
  return {
    accountProof: nodes(answer?.['accountProof']),
    storageProof: list(answer?.['storageProof']).map((entry) => {
      const { key, proof } = entry as { readonly key?: unknown; readonly proof?: unknown }
      return { key: `0x${quantity(key, method).toString(16).padStart(64, '0')}`, proof: nodes(proof) }
    }),
  }
}

const octets = (hex: Hex): Uint8Array => fromHex(hex) ?? new Uint8Array()
