import { isJsonArray, type JsonObject } from '#engine/shared/json.ts'

/** Base contexts of the two data models; the first context of a document says which one it follows. */
export const VC_2_CONTEXT = 'https://www.w3.org/ns/credentials/v2'
export const VC_1_CONTEXT = 'https://www.w3.org/2018/credentials/v1'

export type DataModelVersion = '2.0' | '1.1'

/** Undefined where the first context is neither, or the contexts are no list. */
export function dataModelVersion(document: JsonObject): DataModelVersion | undefined {
  const contexts = document['@context']
  const first = isJsonArray(contexts) ? contexts[0] : undefined
  if (first === VC_2_CONTEXT) return '2.0'
  return first === VC_1_CONTEXT ? '1.1' : undefined
}
