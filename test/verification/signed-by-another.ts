import { DataIntegrityProof } from '@digitalbazaar/data-integrity'
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey'
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite'
import * as vc from '@digitalbazaar/vc'
import { createDocumentLoader } from '#adapters/crypto/document-loader.ts'
import { formatInstant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import { issuingKey, NOW, seed } from './sample-issuer.ts'

const documentLoader = createDocumentLoader()

/**
 * What Digital Bazaar's library makes of a document with the key of the sample issuer, as it is published. It asks less of a document than
 * we do before it signs, as other issuers may.
 */
export async function signedByAnother(document: JsonObject): Promise<JsonObject> {
  const { verificationMethod: id, controller } = issuingKey
  const pair = await Ed25519Multikey.generate({ id, controller, seed: seed(1) })
  const suite = new DataIntegrityProof({ signer: pair.signer(), date: formatInstant(NOW), cryptosuite })
  // It writes the proof into what it is given.
  const credential = structuredClone<JsonObject>(document)
  const issued = await vc.issue({ credential, suite, documentLoader })
  // 1EdTech's schema wants the proof in an array.
  return { ...issued, proof: [issued['proof'] ?? null].flat() }
}
