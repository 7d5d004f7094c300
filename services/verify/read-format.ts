import { credentialFaults } from '#engine/credentials/data-model/credential-faults.ts'
import type { KnownDigests } from '#engine/credentials/data-model/related-resource-faults.ts'
import type { CredentialFault } from '#engine/credentials/prepared-credential.ts'
import { isJsonArray, isJsonObject, type JsonObject } from '#engine/shared/json.ts'
import type { FormatFact, FormatFault } from '#engine/verification/verification-facts.ts'

/** Which code the first breach gets, by the member that it is of. */
const CODES: readonly (readonly [RegExp, FormatFault])[] = [
  [/^\/(?:@context|type)(?:\/|$)/, 'not-a-credential'],
  [/^\/issuer(?:\/id)?$/, 'issuer-missing'],
  [/^\/credentialSubject(?:\/|$)/, 'subject-missing'],
  [/^\/(?:validFrom|validUntil|awardedDate|issuanceDate|expirationDate)$/, 'dates-malformed'],
]

/** What a verifiable credential must be (VC Data Model 2.0 and 1.1) before a proof is worth checking. */
export const readFormat = (document: JsonObject, known?: KnownDigests): FormatFact =>
  formatOf(credentialFaults(document, known))

/** What its faults come to. */
export function formatOf([fault]: readonly CredentialFault[]): FormatFact {
  if (fault === undefined) return { kind: 'readable' }
  const code = CODES.find(([of]) => of.test(fault.path))?.[1] ?? 'data-model-breached'
  return {
    kind: 'unreadable',
    code,
    detail: `The document is no verifiable credential: ${fault.path} ${fault.message}.`,
  }
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
