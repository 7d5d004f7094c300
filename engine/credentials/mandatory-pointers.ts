import { isJsonObject, type Json, type JsonObject } from '#engine/shared/json.ts'

/** Without one of these a credential says more than its issuer does: another end, no status, nobody's badge. */
const OF_CREDENTIAL = [
  'issuer',
  'validFrom',
  'validUntil',
  'issuanceDate',
  'expirationDate',
  'credentialStatus',
  'termsOfUse',
  'credentialSchema',
  'refreshService',
]

/** What an Achievement must have (Open Badges 3.0, section B.1.1): without it a disclosure is no badge. */
const OF_ACHIEVEMENT = ['id', 'name', 'description', 'criteria']

/**
 * JSON pointers to what every disclosure of a credential should show, where its issuer says nothing else: what it must
 * not be shown without, and to whom it was given.
 */
export function mandatoryPointersOf(credential: JsonObject): readonly string[] {
  const { credentialSubject = null } = credential
  const subject = isJsonObject(credentialSubject) ? credentialSubject : {}
  const { achievement = null } = subject
  return [
    ...present(credential, '', OF_CREDENTIAL),
    // An id is shown with whatever has it. Who has none is told by an identifier.
    ...present(subject, '/credentialSubject', subject['id'] === undefined ? ['identifier'] : ['id']),
    ...present(achievement, '/credentialSubject/achievement', OF_ACHIEVEMENT),
  ]
}

const present = (value: Json, path: string, names: readonly string[]): readonly string[] =>
  isJsonObject(value)
    ? names.filter((name) => value[name] !== undefined).map((name) => `${path}/${name}`)
    : []
