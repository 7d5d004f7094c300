import { isJsonArray, isJsonObject, type Json, type JsonObject } from '#engine/shared/json.ts'
import { without } from './proof-suites.ts'

/** The proofs of a document, which stand alone or in a list. */
export function proofsOf(document: JsonObject): readonly Json[] {
  const { proof } = document
  if (proof === undefined || proof === null) return []
  return isJsonArray(proof) ? proof : [proof]
}

/**
 * What a proof covers: the document without proofs, or with just those that `previousProof` names (Data Integrity 1.0,
 * section 4.5). Undefined when one of those is not there, there twice, or the proof itself.
 */
export function securedDocument(
  document: JsonObject,
  proof: JsonObject,
  proofs: readonly Json[],
): JsonObject | undefined {
  const bare = without(document, 'proof')
  const previous = proof['previousProof']
  if (previous === undefined) return bare
  const named: JsonObject[] = []
  for (const name of isJsonArray(previous) ? previous : [previous]) {
    const matches = proofs.filter(isJsonObject).filter(({ id }) => typeof name === 'string' && id === name)
    const [match] = matches
    if (match === undefined || matches.length > 1 || match === proof) return undefined
    named.push(match)
  }
  return { ...bare, proof: named }
}
