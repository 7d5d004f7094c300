import { isJsonArray, isJsonObject, type Json, type JsonObject } from '#engine/shared/json.ts'
import type { StatusFact } from '#engine/verification/verification-facts.ts'
import type { StatusListSource } from '#services/ports/verification-sources.ts'
import { issuerIdOf } from './read-format.ts'

/** More than this is no list that anybody keeps by hand, and is not walked. */
const MAX_REVOKED = 100_000

/**
 * Looks a credential up in a list of 1EdTech's older kind (Verifiable Credentials Revocation List 1.0): the ids of what was
 * revoked, unsigned. It counts for what it is: the address stands under the issuer's signature and is asked over https, so
 * whoever answers there speaks for the issuer. That all is well it can say only of a credential that has an id.
 */
export async function checkRevocationList(
  address: string,
  document: JsonObject,
  statusLists: StatusListSource,
): Promise<StatusFact> {
  const untrusted = (reason: string): StatusFact => ({ kind: 'untrusted', reason })
  const { id } = document
  if (typeof id !== 'string') return { kind: 'malformed', reason: 'the credential has no id to look up' }
  const list = await statusLists.fetch(address)
  if (list === 'unavailable') return { kind: 'unavailable', list: address }
  if (!isJsonObject(list)) return untrusted('it is no list of revoked credentials')

  const entries = list['revokedCredentials'] ?? list['revokedCredential']
  if (!isJsonArray(entries ?? null)) return untrusted('it is no list of revoked credentials')
  const revoked = entries as readonly Json[]
  if (revoked.length > MAX_REVOKED) return untrusted('it is too large')
  if (revoked.some((entry) => revokes(entry, id))) return { kind: 'set', purpose: 'revocation' }
  // A list of somebody else says nothing of what this issuer revoked.
  if (issuerIdOf(list) !== issuerIdOf(document)) return untrusted('it is not of the issuer of the badge')
  if (list['id'] !== undefined && list['id'] !== address)
    return untrusted('it has another id than its address')
  return { kind: 'clear', purpose: 'revocation' }
}

/** The id alone, or an object with it; `revoked: false` takes it back. */
function revokes(entry: Json, id: string): boolean {
  if (typeof entry === 'string') return entry === id
  return isJsonObject(entry) && entry['id'] === id && entry['revoked'] !== false
}
