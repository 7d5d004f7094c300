import { type StatusPlace, statusEntry } from '#engine/credentials/status-list.ts'
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '#engine/shared/json.ts'

/** What is known of a document that was signed over VC-API, besides its bytes. */
export interface RecordedDocument {
  readonly issuer: string
  /** The `id` that it bore, where it bore one. */
  readonly credentialId?: string
  readonly places: readonly StatusPlace[]
}

/** The members of a signed document that say something else than what was recorded of it, in order. */
export function differingMembers(document: JsonObject, recorded: RecordedDocument): readonly string[] {
  const { id, issuer = null, credentialStatus = null } = document
  const issuerId = isJsonObject(issuer) ? issuer['id'] : issuer
  const entries = isJsonArray(credentialStatus) ? credentialStatus : [credentialStatus]
  return [
    ...(id === recorded.credentialId ? [] : ['id']),
    ...(issuerId === recorded.issuer ? [] : ['issuer']),
    // Whoever had it signed may have put other entries beside those that were allocated here.
    ...(recorded.places.every((place) => entries.some((entry) => isAt(entry, place)))
      ? []
      : ['credentialStatus']),
  ]
}

function isAt(entry: Json, place: StatusPlace): boolean {
  if (!isJsonObject(entry)) return false
  const expected = statusEntry(place)
  return ['statusPurpose', 'statusListIndex', 'statusListCredential'].every(
    (name) => entry[name] === expected[name],
  )
}
