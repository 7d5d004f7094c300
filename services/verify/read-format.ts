import { parseInstant } from '#engine/shared/instant.ts'
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '#engine/shared/json.ts'
import type { FormatFact, FormatFault } from '#engine/verification/verification-facts.ts'

const CREDENTIAL_CONTEXTS = ['https://www.w3.org/ns/credentials/v2', 'https://www.w3.org/2018/credentials/v1']

/** The least that a verifiable credential must have (VC Data Model 2.0 and 1.1) before a proof is worth checking. */
export function readFormat(document: JsonObject): FormatFact {
  const unreadable = (code: FormatFault, detail: string): FormatFact => ({ kind: 'unreadable', code, detail })
  const contexts = document['@context']
  const types = document['type']
  const first = isJsonArray(contexts) ? contexts[0] : undefined
  if (typeof first !== 'string' || !CREDENTIAL_CONTEXTS.includes(first)) {
    return unreadable(
      'not-a-credential',
      'The document is no verifiable credential: its first context is not that of one.',
    )
  }
  if (!isJsonArray(types ?? null) || !(types as readonly Json[]).includes('VerifiableCredential')) {
    return unreadable(
      'not-a-credential',
      'The document is no verifiable credential: its type does not say so.',
    )
  }
  if (issuerIdOf(document) === undefined)
    return unreadable('issuer-missing', 'The credential names no issuer.')
  const subject = document['credentialSubject']
  if (!isJsonObject(subject) && !isJsonArray(subject ?? null)) {
    return unreadable('subject-missing', 'The credential says nothing about anybody.')
  }
  for (const name of ['validFrom', 'validUntil', 'awardedDate', 'issuanceDate', 'expirationDate']) {
    const value = document[name]
    if (value !== undefined && (typeof value !== 'string' || parseInstant(value) === undefined)) {
      return unreadable('dates-malformed', `The credential's ${name} is no date and time with a zone.`)
    }
  }
  return { kind: 'readable' }
}

export const isEndorsement = (document: JsonObject): boolean => {
  const { type = null } = document
  return isJsonArray(type) && type.includes('EndorsementCredential')
}

/** The id of the issuer, which stands alone or in a profile. */
export function issuerIdOf(document: JsonObject): string | undefined {
  const { issuer } = document
  if (typeof issuer === 'string') return issuer
  const id = isJsonObject(issuer) ? issuer['id'] : undefined
  return typeof id === 'string' ? id : undefined
}
