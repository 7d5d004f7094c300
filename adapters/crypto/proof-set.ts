import { isJsonArray, isJsonObject, type Json, type JsonObject } from '#engine/shared/json.ts'
import type { SecuredDocument } from './secured-document.ts'

/** The proofs of a document, which stand alone or in a list. */
export function proofsOf(document: JsonObject): readonly Json[] {
  const { proof } = document
  if (proof === undefined || proof === null) return []
  return isJsonArray(proof) ? proof : [proof]
}

/**
 * What a proof covers: the document without proofs, or with just those that `previousProof` names (Data Integrity 1.0,
 * section 4.5). Undefined when one of those is not there or there twice, or the proof builds on itself, be it through others.
 */
export function securedBy(
  proof: JsonObject,
  proofs: readonly Json[],
  bare: SecuredDocument,
  secure: (document: JsonObject) => SecuredDocument,
): SecuredDocument | undefined {
  if (proof['previousProof'] === undefined) return bare
  const named = previousOf(proof, proofs)
  return named === undefined || buildsOnItself(proof, proofs)
    ? undefined
    : secure({ ...bare.document, proof: named })
}

function previousOf(proof: JsonObject, proofs: readonly Json[]): readonly JsonObject[] | undefined {
  const { previousProof = [] } = proof
  const named: JsonObject[] = []
  for (const name of isJsonArray(previousProof) ? previousProof : [previousProof]) {
    const matches = proofs.filter(isJsonObject).filter(({ id }) => typeof name === 'string' && id === name)
    const [match] = matches
    if (match === undefined || matches.length > 1) return undefined
    named.push(match)
  }
  return named
}

function buildsOnItself(proof: JsonObject, proofs: readonly Json[]): boolean {
  const reached = new Set<JsonObject>()
  const follow = (from: JsonObject): boolean =>
    (previousOf(from, proofs) ?? []).some((previous) => {
      if (previous === proof) return true
      if (reached.has(previous)) return false
      reached.add(previous)
      return follow(previous)
    })
  return follow(proof)
}
