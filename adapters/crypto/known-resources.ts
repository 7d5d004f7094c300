import { sha256, sha384, sha512 } from '@noble/hashes/sha2'
import type { KnownDigests } from '#engine/credentials/data-model/related-resource-faults.ts'
import { concat, toHex, utf8 } from '#engine/shared/bytes.ts'
import { toBase64, toBase64Url, toMultibase } from './multibase.ts'

/** Multihash headers: code of the algorithm, length of the digest. */
const ALGORITHMS = [
  { name: 'sha256', hash: sha256, header: [0x12, 0x20] },
  { name: 'sha384', hash: sha384, header: [0x20, 0x30] },
  { name: 'sha512', hash: sha512, header: [0x13, 0x40] },
] as const

/** The context of examples is served with these very bytes; its digest stands in VC Data Model 2.0, section 5.3. */
const EXAMPLES = '{\n  "@context": {\n    "@vocab": "https://www.w3.org/ns/credentials/examples#"\n  }\n}\n'

/**
 * The context of VC Data Model 2.0 as the Recommendation of May 2025 has it (section B.1 names its SHA-256). Earlier drafts
 * were served at the same address, the one of July 2024 for long: an installation that meets them names them.
 */
const RECOMMENDATION = [
  'sha256-WZVc7WaX1h4D8rJVb+vlMIqxaEKEb1tYbX8fet7JJzQ',
  'uEiBZlVztZpfWHgPyslVv6-UwirFoQoRvW1htfx963sknNA',
  'sha384-l/HrjlBCNWyAX91hr6LFV2Y3heB5Tcr6IeE4/Tje8YyzYBM8IhqjHWiWpr8+ZbYU',
]

/** Every form in which a document may write the digest of these bytes, without padding. */
export function digestsOf(bytes: Uint8Array): readonly string[] {
  return ALGORITHMS.flatMap(({ name, hash, header }) => {
    const digest = hash(bytes)
    const multihash = concat(Uint8Array.from(header), digest)
    const plain = (text: string) => text.replace(/=+$/, '')
    return [
      `${name}-${plain(toBase64(digest))}`,
      `u${toBase64Url(multihash)}`,
      `m${plain(toBase64(multihash))}`,
      `f${toHex(multihash).slice(2)}`,
      toMultibase(multihash),
    ]
  })
}

const BUILT_IN: ReadonlyMap<string, readonly string[]> = new Map([
  ['https://www.w3.org/ns/credentials/v2', RECOMMENDATION],
  ['https://www.w3.org/ns/credentials/examples/v2', digestsOf(utf8(EXAMPLES))],
])

/** The digests that are built in, and those that an installation adds to them: other versions, and other resources. */
export const createKnownDigests =
  (added: ReadonlyMap<string, readonly string[]> = new Map()): KnownDigests =>
  (address) => {
    const [builtIn, more] = [BUILT_IN.get(address), added.get(address)]
    return builtIn === undefined ? more : [...builtIn, ...(more ?? [])]
  }
