import type { CredentialFault } from '#engine/credentials/prepared-credential.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import { isAbsoluteUrl } from './absolute-url.ts'
import { contextFaults } from './context-faults.ts'
import { dataModelVersion } from './data-model-version.ts'
import { dateFaults } from './date-faults.ts'
import { partyFaults } from './issuer-faults.ts'
import { modelFault } from './model-fault.ts'
import { type KnownDigests, relatedResourceFaults } from './related-resource-faults.ts'
import { subjectFaults } from './subject-faults.ts'
import { textFaults } from './text-faults.ts'
import { documentTypeFaults } from './type-faults.ts'
import { typedObjectFaults } from './typed-object-faults.ts'

/**
 * Every breach of a MUST of VC Data Model 2.0 (or 1.1, by its first context) that shows in the document alone; empty when
 * there is none. What an entry of a status list must say is for `statusEntryFaults`, as a verifier reads it more kindly.
 * What JSON-LD adds (undefined and redefined terms, unknown contexts) is for the expansion to find. Proofs are
 * not looked at. Costs one walk over the members that are named here.
 */
export function credentialFaults(
  document: JsonObject,
  known: KnownDigests = () => undefined,
): readonly CredentialFault[] {
  const version = dataModelVersion(document)
  if (version === undefined) return contextFaults(document)
  const { id, type, name, description, issuer, credentialSubject, relatedResource } = document
  return [
    ...contextFaults(document),
    ...documentTypeFaults(type, 'VerifiableCredential'),
    ...(id === undefined || isAbsoluteUrl(id) ? [] : [modelFault('/id', 'must be one URL')]),
    ...partyFaults(issuer, '/issuer'),
    ...(version === '2.0' ? [...textFaults(name, '/name'), ...textFaults(description, '/description')] : []),
    ...subjectFaults(credentialSubject),
    ...dateFaults(document, version),
    ...typedObjectFaults(document, version),
    ...(version === '2.0' ? relatedResourceFaults(relatedResource, known) : []),
  ]
}
