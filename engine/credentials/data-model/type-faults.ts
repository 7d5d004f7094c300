import type { CredentialFault } from '#engine/credentials/prepared-credential.ts'
import { isJsonArray, type Json } from '#engine/shared/json.ts'
import { modelFault, pointerStep } from './model-fault.ts'

/** `type` of a credential or presentation is a list of texts with the word of the data model in it (section 4.5). */
export function documentTypeFaults(type: Json | undefined, required: string): readonly CredentialFault[] {
  if (!isJsonArray(type)) return [modelFault('/type', `must be a list with ${required}`)]
  const faults = type.flatMap((name, at) =>
    typeof name === 'string' && name !== ''
      ? []
      : [modelFault(`/type${pointerStep(at)}`, 'must be the name or the URL of a type')],
  )
  return type.includes(required) ? faults : [...faults, modelFault('/type', `must include ${required}`)]
}

/** Whether an object inside says of what type it is: one name, or a list of at least one. */
export const hasType = (type: Json | undefined): boolean => {
  if (isJsonArray(type)) return type.length > 0 && type.every(isTypeName)
  return isTypeName(type)
}

const isTypeName = (name: Json | undefined): boolean => typeof name === 'string' && name !== ''
