import { credentialErrors } from '#engine/credentials/credential-errors.ts'
import { isJsonArray, isJsonObject, type JsonObject } from '#engine/shared/json.ts'
import { type BaseValue, readDisclosureValue } from './disclosure-value.ts'
import type { DocumentLoader } from './document-loader.ts'
import { fromBase64Url } from './multibase.ts'
import { proofsOf } from './proof-set.ts'
import { without } from './proof-suites.ts'
import { deriveValue } from './selective-disclosure.ts'

/**
 * What a holder shows of a document with an `ecdsa-sd-2023` base proof: its mandatory statements and those to which the
 * JSON pointers lead. Whether the base proof holds, whoever is shown it will see. Other proofs are left behind, as they
 * cover the whole. Throws `no-base-proof`, `pointers-unmatched` and `credential-unfit`.
 */
export async function deriveDisclosure(
  document: JsonObject,
  pointers: readonly string[],
  documentLoader: DocumentLoader,
): Promise<JsonObject> {
  const bases = proofsOf(document)
    .filter(isJsonObject)
    .flatMap((proof) => {
      const value = baseValueOf(proof)
      return value === undefined ? [] : [{ proof, value }]
    })
  const [base] = bases
  if (base === undefined || bases.length > 1 || base.proof['previousProof'] !== undefined)
    throw credentialErrors.noBaseProof({})
  const derived = await deriveValue(without(document, 'proof'), base.value, pointers, documentLoader)
  if (!derived.ok) {
    const { code, detail } = derived
    throw code === 'pointers-refused'
      ? credentialErrors.pointersUnmatched({ pointers })
      : credentialErrors.credentialUnfit({ faults: [{ path: '', message: detail }] })
  }
  const proof = { ...base.proof, proofValue: derived.value }
  return { ...derived.revealed, proof: isJsonArray(document['proof'] ?? null) ? [proof] : proof }
}

function baseValueOf({ cryptosuite, proofValue }: JsonObject): BaseValue | undefined {
  if (cryptosuite !== 'ecdsa-sd-2023' || typeof proofValue !== 'string') return undefined
  const bytes = proofValue.startsWith('u') ? fromBase64Url(proofValue.slice(1)) : undefined
  const value = bytes === undefined ? undefined : readDisclosureValue(bytes)
  return value?.kind === 'base' ? value : undefined
}
