import type { CredentialFault } from '#engine/credentials/prepared-credential.ts'
import { isJsonObject, type Json } from '#engine/shared/json.ts'
import { isAbsoluteUrl } from './absolute-url.ts'
import { modelFault } from './model-fault.ts'
import { oneOrMany } from './one-or-many.ts'

/**
 * Digests of the bytes that are known to stand at an address, in every form that a document may write them; undefined
 * for an address whose bytes nobody here knows. A page that was changed in place has those of each of its versions.
 */
export type KnownDigests = (address: string) => readonly string[] | undefined

/** Subresource Integrity: an algorithm and base64, each hash apart by a space. */
const SRI = /^sha(?:256|384|512)-[A-Za-z\d+/_-]+=*(?:\?\S*)?$/

/** Multibase headers with the alphabets of their digits (Controlled Identifiers 1.0, section 2.4). */
const MULTIBASE: readonly RegExp[] = [
  // base64url of a multihash: its header says SHA-256, SHA-384 or SHA-512 and how long it is.
  /^u(?:Ei[A-D]|IDA|E0[A-D])[A-Za-z\d_-]{40,}$/,
  /^m(?:Ei[A-D]|IDA|E0[A-D])[A-Za-z\d+/]{40,}$/,
  /^f(?:1220|2030|1340)[a-f\d]{64,}$/,
  /^z[1-9A-HJ-NP-Za-km-z]{40,}$/,
]

/**
 * Each related resource has an id of its own and a digest, which is that of the bytes at this address where they are known
 * (VC Data Model 2.0, section 5.3). Nothing is fetched: a digest of what is not known here says nothing for or against.
 */
export function relatedResourceFaults(
  resources: Json | undefined,
  known: KnownDigests,
): readonly CredentialFault[] {
  const seen = new Set<string>()
  return oneOrMany(resources, '/relatedResource').flatMap(({ value, path }) => {
    if (!isJsonObject(value)) return [modelFault(path, 'must be an object with an id and a digest')]
    const { id, digestSRI, digestMultibase, mediaType } = value
    const faults: CredentialFault[] = []
    if (!isAbsoluteUrl(id)) faults.push(modelFault(`${path}/id`, 'must be one URL'))
    else if (seen.has(id)) faults.push(modelFault(`${path}/id`, 'must not stand there twice'))
    else seen.add(id)
    if (digestSRI === undefined && digestMultibase === undefined)
      faults.push(modelFault(path, 'must have digestSRI or digestMultibase'))
    if (mediaType !== undefined && (typeof mediaType !== 'string' || !/^[^\s/]+\/[^\s/]+/.test(mediaType)))
      faults.push(modelFault(`${path}/mediaType`, 'must be a media type'))
    const of = isAbsoluteUrl(id) ? known(id) : undefined
    return [
      ...faults,
      ...digestFaults(digestSRI, `${path}/digestSRI`, isSri, of),
      ...digestFaults(digestMultibase, `${path}/digestMultibase`, isMultibase, of),
    ]
  })
}

const isSri = (text: string): boolean => text.split(' ').every((each) => SRI.test(each))
const isMultibase = (text: string): boolean => MULTIBASE.some((form) => form.test(text))

function digestFaults(
  digests: Json | undefined,
  path: string,
  isWellFormed: (text: string) => boolean,
  known: readonly string[] | undefined,
): readonly CredentialFault[] {
  return oneOrMany(digests, path).flatMap(({ value, path: at }) => {
    if (typeof value !== 'string' || !isWellFormed(value)) return [modelFault(at, 'must be a digest')]
    if (known === undefined || value.split(' ').some((each) => known.includes(plain(each)))) return []
    return [modelFault(at, 'is not the digest of what stands at that address')]
  })
}

/** Without options and padding, as digests are compared. */
const plain = (digest: string): string => digest.split('?', 1)[0]?.replace(/=+$/, '') ?? ''
