import type { CredentialFault } from '#engine/credentials/prepared-credential.ts'
import { type Instant, parseInstant } from '#engine/shared/instant.ts'
import type { Json, JsonObject } from '#engine/shared/json.ts'
import type { DataModelVersion } from './data-model-version.ts'
import { modelFault } from './model-fault.ts'

/**
 * Dates are `xsd:dateTimeStamp`, with a zone, and the end is not before the beginning (VC Data Model 2.0, section 4.9; 1.1
 * under its older names, where the beginning must be there).
 */
export function dateFaults(document: JsonObject, version: DataModelVersion): readonly CredentialFault[] {
  const [begin, end] =
    version === '2.0' ? (['validFrom', 'validUntil'] as const) : (['issuanceDate', 'expirationDate'] as const)
  // Drafts of 2.0 and Open Badges use their names beside a base context of 1.1.
  const others = ['validFrom', 'validUntil', 'issuanceDate', 'expirationDate', 'awardedDate']
  const faults = others.flatMap((name) =>
    document[name] === undefined || instantOf(document[name]) !== undefined
      ? []
      : [modelFault(`/${name}`, 'must be a date and time with a zone')],
  )
  if (version === '1.1' && document['issuanceDate'] === undefined && document['validFrom'] === undefined)
    faults.push(modelFault('/issuanceDate', 'must be there'))
  const [from, until] = [instantOf(document[begin]), instantOf(document[end])]
  if (from !== undefined && until !== undefined && from > until)
    faults.push(modelFault(`/${end}`, `must not be before ${begin}`))
  return faults
}

/** The moment that a date of a credential says; undefined where it is none. */
export const instantOf = (value: Json | undefined): Instant | undefined =>
  typeof value === 'string' && DATE_TIME_STAMP.test(value) ? parseInstant(value) : undefined

/** What `parseInstant` takes beyond XML Schema is left out: a space for the `T`, small letters, a zone without a colon. */
const DATE_TIME_STAMP = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/
