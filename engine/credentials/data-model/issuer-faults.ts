import type { CredentialFault } from '#engine/credentials/prepared-credential.ts'
import { isJsonObject, type Json } from '#engine/shared/json.ts'
import { isAbsoluteUrl } from './absolute-url.ts'
import { modelFault } from './model-fault.ts'
import { textFaults } from './text-faults.ts'

/** An issuer or holder is one URL, or an object with one as its `id` (VC Data Model 2.0, sections 4.7 and 4.13). */
export function partyFaults(party: Json | undefined, path: string): readonly CredentialFault[] {
  if (isAbsoluteUrl(party)) return []
  if (!isJsonObject(party)) return [modelFault(path, 'must be a URL, or an object with an id')]
  const { id, name, description } = party
  return [
    ...(isAbsoluteUrl(id) ? [] : [modelFault(`${path}/id`, 'must be a URL')]),
    ...textFaults(name, `${path}/name`),
    ...textFaults(description, `${path}/description`),
  ]
}
