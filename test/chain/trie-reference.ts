import { encodeRlp, type Rlp } from '#engine/chain-proof/rlp.ts'
import type { Hash } from '#engine/shared/hash.ts'

/** For tests: a Merkle Patricia trie built as the Yellow Paper defines it (appendix D), whole and at once. */
export interface ReferenceTrie {
  readonly root: Uint8Array
  /** The nodes on the way to a key, as far as they are more than a part of their parent. */
  prove(key: Uint8Array): readonly Uint8Array[]
}

interface Pair {
  readonly path: readonly number[]
  readonly value: Uint8Array
}

export function buildReferenceTrie(
  entries: readonly (readonly [Uint8Array, Uint8Array])[],
  keccak256: Hash,
): ReferenceTrie {
  const pairs = entries.map(([key, value]) => ({ path: nibbles(key), value }))
  const top = encodeRlp(pairs.length === 0 ? new Uint8Array() : structure(pairs))
  return {
    root: keccak256(top),
    prove: (key) => (pairs.length === 0 ? [] : [top, ...walk(structure(pairs), pairs, nibbles(key))]),
  }

  /** What stands for some pairs in their parent: the node where it is short, else its hash. */
  function reference(some: readonly Pair[]): Rlp {
    if (some.length === 0) return new Uint8Array()
    const node = structure(some)
    const bytes = encodeRlp(node)
    return bytes.length < 32 ? node : keccak256(bytes)
  }

  function structure(some: readonly Pair[]): readonly Rlp[] {
    const [first] = some
    if (first !== undefined && some.length === 1) return [compact(first.path, true), first.value]
    const shared = sharedLength(some)
    if (shared > 0)
      return [compact(some[0]?.path.slice(0, shared) ?? [], false), reference(cut(some, shared))]
    const children = Array.from({ length: 16 }, (_, nibble) => reference(childOf(some, nibble)))
    return [...children, some.find(({ path }) => path.length === 0)?.value ?? new Uint8Array()]
  }

  function walk(node: readonly Rlp[], some: readonly Pair[], path: readonly number[]): Uint8Array[] {
    if (some.length === 1) return []
    const shared = sharedLength(some)
    if (shared > 0) {
      const fits = some[0]?.path.slice(0, shared).every((nibble, at) => nibble === path[at])
      return fits === true ? below(cut(some, shared), path.slice(shared)) : []
    }
    const [nibble, ...rest] = path
    return nibble === undefined || node.length !== 17 ? [] : below(childOf(some, nibble), rest)
  }

  function below(some: readonly Pair[], path: readonly number[]): Uint8Array[] {
    if (some.length === 0) return []
    const node = structure(some)
    const bytes = encodeRlp(node)
    return [...(bytes.length < 32 ? [] : [bytes]), ...walk(node, some, path)]
  }
}

const cut = (some: readonly Pair[], length: number): readonly Pair[] =>
  some.map(({ path, value }) => ({ path: path.slice(length), value }))

const childOf = (some: readonly Pair[], nibble: number): readonly Pair[] =>
  cut(
    some.filter(({ path }) => path[0] === nibble),
    1,
  )

function sharedLength(some: readonly Pair[]): number {
  const [first = { path: [] }] = some
  let length = 0
  while (length < first.path.length && some.every(({ path }) => path[length] === first.path[length])) length++
  return length
}

function compact(path: readonly number[], isLeaf: boolean): Uint8Array {
  const flag = isLeaf ? 2 : 0
  const whole = path.length % 2 === 1 ? [flag + 1, ...path] : [flag, 0, ...path]
  return Uint8Array.from(
    { length: whole.length / 2 },
    (_, at) => (whole[2 * at] ?? 0) * 16 + (whole[2 * at + 1] ?? 0),
  )
}

const nibbles = (bytes: Uint8Array): readonly number[] => [...bytes].flatMap((byte) => [byte >> 4, byte & 15])
