import type { CredentialFault } from '#engine/credentials/prepared-credential.ts'
import { isJsonObject, type JsonObject } from '#engine/shared/json.ts'
import { isAbsoluteUrl } from './absolute-url.ts'
import type { DataModelVersion } from './data-model-version.ts'
import { modelFault } from './model-fault.ts'
import { oneOrMany } from './one-or-many.ts'
import { hasType } from './type-faults.ts'

/** Members whose values are objects that must say of what type they are; which of them must have an id as well. */
const TYPED: readonly { readonly name: string; readonly needsId: readonly DataModelVersion[] }[] = [
  { name: 'credentialStatus', needsId: ['1.1'] },
  { name: 'credentialSchema', needsId: ['2.0', '1.1'] },
  { name: 'termsOfUse', needsId: [] },
  { name: 'evidence', needsId: [] },
  { name: 'refreshService', needsId: ['1.1'] },
  { name: 'confidenceMethod', needsId: [] },
  { name: 'renderMethod', needsId: [] },
]

/** VC Data Model 2.0, sections 4.10, 4.11, 5.4 to 5.6 and 5.10: each has a type, and its id is one URL. */
export function typedObjectFaults(
  document: JsonObject,
  version: DataModelVersion,
): readonly CredentialFault[] {
  return TYPED.flatMap(({ name, needsId }) =>
    oneOrMany(document[name], `/${name}`).flatMap(({ value, path }) => {
      if (!isJsonObject(value)) return [modelFault(path, 'must be an object')]
      const { id, type } = value
      const faults = hasType(type) ? [] : [modelFault(`${path}/type`, 'must be there')]
      const lacksId = id === undefined && needsId.includes(version)
      return lacksId || (id !== undefined && !isAbsoluteUrl(id))
        ? [...faults, modelFault(`${path}/id`, 'must be one URL')]
        : faults
    }),
  )
}
