import type { CredentialFault } from '#engine/credentials/prepared-credential.ts'
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '#engine/shared/json.ts'
import { isAbsoluteUrl } from './absolute-url.ts'
import { VC_1_CONTEXT, VC_2_CONTEXT } from './data-model-version.ts'
import { modelFault, pointerStep } from './model-fault.ts'

/**
 * `@context` is a list that begins with the base context of a data model; each further item is a URL or an object
 * (VC Data Model 2.0, section 4.3).
 */
export function contextFaults(document: JsonObject): readonly CredentialFault[] {
  const contexts: Json | undefined = document['@context']
  if (!isJsonArray(contexts)) return [modelFault('/@context', 'must be a list of contexts')]
  const [first] = contexts
  if (first !== VC_2_CONTEXT && first !== VC_1_CONTEXT)
    return [modelFault('/@context/0', `must be ${VC_2_CONTEXT} or ${VC_1_CONTEXT}`)]
  return contexts.flatMap((context, at) =>
    isAbsoluteUrl(context) || isJsonObject(context)
      ? []
      : [modelFault(`/@context${pointerStep(at)}`, 'must be a URL or an object')],
  )
}
