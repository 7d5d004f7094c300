import type { CredentialFault } from '#engine/credentials/prepared-credential.ts'
import { isJsonArray, isJsonObject, type JsonObject } from '#engine/shared/json.ts'
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
    const { id, statusPurpose, statusListIndex, statusListCredential, statusReference } = value
    const faults: CredentialFault[] = []
    if (typeof statusPurpose !== 'string' || statusPurpose === '')
      faults.push(modelFault(`${path}/statusPurpose`, 'must be a text'))
    if (typeof statusListIndex !== 'string' || !/^\d+$/.test(statusListIndex))
      faults.push(modelFault(`${path}/statusListIndex`, 'must be a whole number, written as a text'))
    if (!isAbsoluteUrl(statusListCredential))
      faults.push(modelFault(`${path}/statusListCredential`, 'must be the URL of a list'))
    else if (id === statusListCredential)
      faults.push(modelFault(`${path}/id`, 'must not be the URL of the list'))
    for (const reference of oneOrMany(statusReference, `${path}/statusReference`))
      if (!isAbsoluteUrl(reference.value)) faults.push(modelFault(reference.path, 'must be a URL'))
    return [...faults, ...messageFaults(value, path)]
  })
}

/** More bits than this would need more messages than anybody writes. */
const MOST_BITS = 8

/** What the values of an entry mean: one message for each value that so many bits may have. */
function messageFaults({ statusSize: size = 1, statusMessage }: JsonObject, path: string): CredentialFault[] {
  if (typeof size !== 'number' || !Number.isInteger(size) || size < 1 || size > MOST_BITS)
    return [modelFault(`${path}/statusSize`, `must be a whole number of bits from 1 to ${MOST_BITS}`)]
  const at = `${path}/statusMessage`
  if (statusMessage === undefined)
    return size === 1 ? [] : [modelFault(at, 'must be there where an entry has several bits')]
  if (!isJsonArray(statusMessage) || statusMessage.length !== 2 ** size)
    return [modelFault(at, `must be a list of ${2 ** size} messages, one for each value`)]
  const faults: CredentialFault[] = []
  for (const [number, each] of statusMessage.entries()) {
    const { status, message } = isJsonObject(each) ? each : {}
    if (typeof status !== 'string' || !/^0x[0-9a-f]+$/i.test(status))
      faults.push(modelFault(`${at}/${number}/status`, 'must be the value in hexadecimal, as "0x0"'))
    if (typeof message !== 'string') faults.push(modelFault(`${at}/${number}/message`, 'must be a text'))
  }
  return faults
}
