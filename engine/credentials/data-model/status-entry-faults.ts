import type { CredentialFault } from '#engine/credentials/prepared-credential.ts'
import { isJsonObject, type JsonObject } from '#engine/shared/json.ts'
import { isAbsoluteUrl } from './absolute-url.ts'
import { modelFault } from './model-fault.ts'
import { oneOrMany } from './one-or-many.ts'

/**
 * What an entry of a bitstring status list must say (Bitstring Status List v1.0, section 2.1). An id of its own is optional,
 * and is not the address of the list.
 */
export function statusEntryFaults(document: JsonObject): readonly CredentialFault[] {
  return oneOrMany(document['credentialStatus'], '/credentialStatus').flatMap(({ value, path }) => {
    if (!isJsonObject(value) || value['type'] !== 'BitstringStatusListEntry') return []
    const { id, statusPurpose, statusListIndex, statusListCredential } = value
    const faults: CredentialFault[] = []
    if (typeof statusPurpose !== 'string' || statusPurpose === '')
      faults.push(modelFault(`${path}/statusPurpose`, 'must be a text'))
    if (typeof statusListIndex !== 'string' || !/^\d+$/.test(statusListIndex))
      faults.push(modelFault(`${path}/statusListIndex`, 'must be a whole number, written as a text'))
    if (!isAbsoluteUrl(statusListCredential))
      faults.push(modelFault(`${path}/statusListCredential`, 'must be the URL of a list'))
    else if (id === statusListCredential)
      faults.push(modelFault(`${path}/id`, 'must not be the URL of the list'))
    return faults
  })
}
