import { equalBytes, type Hex, toHex } from '#engine/shared/bytes.ts'
import type { Hash } from '#engine/shared/hash.ts'
import { decodeRlp, encodeRlp, type Rlp } from './rlp.ts'

export type TrieReading =
  /** What the trie holds under the key; undefined when it is proved to hold nothing. */
  | { readonly ok: true; readonly value: Uint8Array | undefined }
  /** The nodes do not lead from the root to an answer. */
  | { readonly ok: false }

/**
 * Reads a key in a Merkle Patricia trie of which only the root is known, by the nodes on the way (Yellow Paper, appendix
 * D). Each node is looked up by its hash, so that one that was changed, or is of another trie, is simply not there.
 * The key is taken as it is: Ethereum's state and storage tries are kept under the hash of their keys.
 */
export function readTrie(
  root: Uint8Array,
  key: Uint8Array,
  nodes: readonly Uint8Array[],
  keccak256: Hash,
): TrieReading {
  if (equalBytes(root, keccak256(encodeRlp(new Uint8Array())))) return NOTHING
  const byHash = new Map<Hex, Uint8Array>(nodes.map((node) => [toHex(keccak256(node)), node]))
  let path = nibblesOf(key)
  let node = nodeOf(root, byHash)
  for (;;) {
    const step = node === undefined ? undefined : descend(node, path)
    if (step === undefined) return { ok: false }
    if (step.kind === 'end') return { ok: true, value: step.value }
    path = step.rest
    node = nodeOf(step.child, byHash)
  }
}

const NOTHING: TrieReading = { ok: true, value: undefined }

type Step =
  | { readonly kind: 'end'; readonly value: Uint8Array | undefined }
  | { readonly kind: 'on'; readonly child: Rlp; readonly rest: readonly number[] }

/** A child is the hash of a node, or the node itself where that is shorter than a hash. */
function nodeOf(child: Rlp, byHash: ReadonlyMap<Hex, Uint8Array>): readonly Rlp[] | undefined {
  if (!(child instanceof Uint8Array)) return child
  const bytes = child.length === 32 ? byHash.get(toHex(child)) : undefined
  const node = bytes === undefined ? undefined : decodeRlp(bytes)
  return node === undefined || node instanceof Uint8Array ? undefined : node
}

function descend(node: readonly Rlp[], path: readonly number[]): Step | undefined {
  if (node.length === 17) return descendBranch(node, path)
  if (node.length !== 2) return undefined
  const [prefix, next] = node
  const compact = prefix instanceof Uint8Array ? readCompact(prefix) : undefined
  if (compact === undefined || next === undefined) return undefined
  const { nibbles, isLeaf } = compact
  const fits = nibbles.length <= path.length && nibbles.every((nibble, at) => nibble === path[at])
  if (!isLeaf) {
    // An extension of nothing would lead back to itself for ever.
    if (nibbles.length === 0) return undefined
    return fits ? { kind: 'on', child: next, rest: path.slice(nibbles.length) } : ABSENT
  }
  if (!(next instanceof Uint8Array) || next.length === 0) return undefined
  return fits && nibbles.length === path.length ? { kind: 'end', value: next } : ABSENT
}

function descendBranch(node: readonly Rlp[], path: readonly number[]): Step | undefined {
  const [nibble, ...rest] = path
  const child = node[nibble ?? 16]
  if (child === undefined) return undefined
  if (child instanceof Uint8Array && child.length === 0) return ABSENT
  if (nibble !== undefined) return { kind: 'on', child, rest }
  return child instanceof Uint8Array ? { kind: 'end', value: child } : undefined
}

const ABSENT: Step = { kind: 'end', value: undefined }

/** Reads a hex-prefix encoded path (Yellow Paper, appendix C). */
function readCompact(
  bytes: Uint8Array,
): { readonly nibbles: readonly number[]; readonly isLeaf: boolean } | undefined {
  const [flag = 16, first = 0, ...rest] = nibblesOf(bytes)
  if (flag > 3) return undefined
  const isOdd = (flag & 1) === 1
  if (!isOdd && first !== 0) return undefined
  return { nibbles: isOdd ? [first, ...rest] : rest, isLeaf: flag >= 2 }
}

const nibblesOf = (bytes: Uint8Array): readonly number[] =>
  [...bytes].flatMap((byte) => [byte >> 4, byte & 15])
