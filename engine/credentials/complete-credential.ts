import { formatInstant, type Instant } from '#engine/shared/instant.ts'
import { isJsonObject, type Json, type JsonObject } from '#engine/shared/json.ts'
import { listOf } from '#engine/shared/list-of.ts'
import { dataModelVersion } from './data-model/data-model-version.ts'

const DATA_INTEGRITY_CONTEXTS = [
  'https://w3id.org/security/data-integrity/v1',
  'https://w3id.org/security/data-integrity/v2',
]
const STATUS_CONTEXT = 'https://www.w3.org/ns/credentials/status/v1'

/**
 * A credential as somebody hands it in to be signed, with what its signer adds: the issuer where it names none, entries of
 * status lists, and what the data model 1.1 lacks (a date of issue, the contexts of proofs and of status lists). What is there
 * stays as it is, whether it is right or not.
 */
export function completeCredential(
  given: JsonObject,
  {
    issuerId,
    now,
    status,
  }: { readonly issuerId: string; readonly now: Instant; readonly status: readonly JsonObject[] },
): JsonObject {
  const isOlder = dataModelVersion(given) === '1.1'
  const hasDate = given['issuanceDate'] !== undefined
  const entries = [...listOf(given['credentialStatus']), ...status]
  return {
    ...given,
    ...(isOlder ? { '@context': olderContexts(given, status.length > 0) } : {}),
    issuer: withId(given['issuer'], issuerId),
    ...(isOlder && !hasDate ? { issuanceDate: formatInstant(now) } : {}),
    ...(status.length === 0
      ? {}
      : { credentialStatus: entries.length === 1 ? (entries[0] ?? null) : entries }),
  }
}

function olderContexts(given: JsonObject, hasStatus: boolean): readonly Json[] {
  const contexts = listOf(given['@context'])
  const hasProofs = contexts.some(
    (each) => typeof each === 'string' && DATA_INTEGRITY_CONTEXTS.includes(each),
  )
  return [
    ...contexts,
    ...(hasProofs ? [] : DATA_INTEGRITY_CONTEXTS.slice(1)),
    ...(hasStatus && !contexts.includes(STATUS_CONTEXT) ? [STATUS_CONTEXT] : []),
  ]
}

function withId(issuer: Json | undefined, id: string): Json {
  if (issuer === undefined) return id
  return isJsonObject(issuer) && issuer['id'] === undefined ? { id, ...issuer } : issuer
}
