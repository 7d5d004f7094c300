import type { Identifier } from '#engine/events/identifier.ts'
import { toHex, utf8 } from '#engine/shared/bytes.ts'
import type { Hash } from '#engine/shared/hash.ts'
import { isJsonObject, type Json, type JsonObject } from '#engine/shared/json.ts'
import { listOf } from '#engine/shared/list-of.ts'

/**
 * Whether a badge names somebody. `yes`: by an address or DID that they have proven. `no`: it names an address, and none
 * that they have proven. `unknown`: it names nobody in a way that can be compared, which most badges do.
 */
export type HolderMatch = 'yes' | 'no' | 'unknown'

/**
 * Compares what Open Badges 3.0 calls an IdentityObject with what somebody has proven: an e-mail address in plain text, or
 * as `sha256$HEX` of address and salt. Other kinds of identity, and MD5, say nothing here. Addresses are compared in lower
 * case, as they are kept; a DID or `mailto:` as the subject's id is compared as it stands.
 */
export function matchHolder(document: JsonObject, proven: readonly Identifier[], sha256: Hash): HolderMatch {
  const addresses = proven.filter(({ type }) => type === 'email').map(({ value }) => value)
  const dids = proven.filter(({ type }) => type === 'did').map(({ value }) => value)
  const answers = listOf(document['credentialSubject']).flatMap((subject) => {
    if (!isJsonObject(subject)) return []
    const id = matchId(subject['id'], addresses, dids)
    const named = listOf(subject['identifier']).map((each) => matchAddress(each, addresses, sha256))
    return [id, ...named]
  })
  if (answers.includes('yes')) return 'yes'
  return answers.includes('no') ? 'no' : 'unknown'
}

/** The same for the recipient of an assertion of Open Badges 2.0: an `IdentityObject` of the type `email`. */
export function matchAssertion(
  { recipient = null }: JsonObject,
  proven: readonly Identifier[],
  sha256: Hash,
): HolderMatch {
  if (!isJsonObject(recipient)) return 'unknown'
  const { type, identity = null, hashed = false, salt = '' } = recipient
  if (!listOf(type).includes('email')) return 'unknown'
  const addresses = proven.filter((each) => each.type === 'email').map(({ value }) => value)
  return matchAddress(
    { identityType: 'emailAddress', identityHash: identity, hashed, salt },
    addresses,
    sha256,
  )
}

function matchId(id: Json | undefined, addresses: readonly string[], dids: readonly string[]): HolderMatch {
  if (typeof id !== 'string') return 'unknown'
  if (dids.includes(id)) return 'yes'
  const address = /^mailto:(.+)$/i.exec(id)?.[1]
  if (address === undefined) return 'unknown'
  return addresses.includes(address.toLowerCase()) ? 'yes' : 'no'
}

function matchAddress(identity: Json, addresses: readonly string[], sha256: Hash): HolderMatch {
  if (!isJsonObject(identity) || identity['identityType'] !== 'emailAddress') return 'unknown'
  const { identityHash: named, hashed } = identity
  if (hashed === false && typeof named === 'string')
    return addresses.includes(named.toLowerCase()) ? 'yes' : 'no'
  return matchIdentity(identity, addresses, sha256)
}

/** Compares one IdentityObject with what somebody may be named by, character by character. */
export function matchIdentity(identity: JsonObject, values: readonly string[], sha256: Hash): HolderMatch {
  const { identityHash: named, hashed, salt = '' } = identity
  if (typeof named !== 'string' || typeof salt !== 'string') return 'unknown'
  if (hashed === false) return values.includes(named) ? 'yes' : 'no'
  const digest = /^sha256\$([0-9a-f]{64})$/i.exec(named)?.[1]?.toLowerCase()
  if (digest === undefined) return 'unknown'
  return values.some((value) => toHex(sha256(utf8(value + salt))) === `0x${digest}`) ? 'yes' : 'no'
}
