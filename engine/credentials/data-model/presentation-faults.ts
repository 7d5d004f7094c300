import type { CredentialFault } from '#engine/credentials/prepared-credential.ts'
import { isJsonObject, type JsonObject } from '#engine/shared/json.ts'
import { isAbsoluteUrl } from './absolute-url.ts'
import { contextFaults } from './context-faults.ts'
import { dataModelVersion } from './data-model-version.ts'
import { partyFaults } from './issuer-faults.ts'
import { modelFault } from './model-fault.ts'
import { oneOrMany } from './one-or-many.ts'
import { documentTypeFaults } from './type-faults.ts'

/**
 * Every breach of a MUST on a verifiable presentation itself (VC Data Model 2.0 and 1.1, section 4.13): not on the credentials in
 * it. In 1.1 these may also be texts, which are tokens.
 */
export function presentationFaults(document: JsonObject): readonly CredentialFault[] {
  const version = dataModelVersion(document)
  if (version === undefined) return contextFaults(document)
  const { id, type, holder, verifiableCredential } = document
  return [
    ...contextFaults(document),
    // One name alone stands for a list of one (section 4.5), and tokens of others have it so.
    ...documentTypeFaults(typeof type === 'string' ? [type] : type, 'VerifiablePresentation'),
    ...(id === undefined || isAbsoluteUrl(id) ? [] : [modelFault('/id', 'must be one URL')]),
    ...(holder === undefined ? [] : partyFaults(holder, '/holder')),
    ...oneOrMany(verifiableCredential, '/verifiableCredential').flatMap(({ value, path }) =>
      isJsonObject(value) || (version === '1.1' && typeof value === 'string')
        ? []
        : [modelFault(path, 'must be a credential')],
    ),
  ]
}
