import { DataIntegrityProof } from '@digitalbazaar/data-integrity'
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite'
import * as vc from '@digitalbazaar/vc'
import { credentialErrors } from '#engine/credentials/credential-errors.ts'
import type { PreparedCredential } from '#engine/credentials/prepared-credential.ts'
import { canonicalJson } from '#engine/shared/canonical-json.ts'
import { formatInstant, type Instant } from '#engine/shared/instant.ts'
import { isJsonArray, type JsonObject } from '#engine/shared/json.ts'
import type { SigningKey } from '#services/ports/key-store.ts'
import type { DocumentLoader } from './document-loader.ts'
import { without } from './proof-suites.ts'
import { wantsProofArray } from './wants-proof-array.ts'

/**
 * Signs with `eddsa-rdfc-2022` through Digital Bazaar's library, and looks that it signed what it was given.
 * `created` is cut to whole seconds.
 */
export async function signCredential(
  prepared: PreparedCredential,
  key: SigningKey,
  created: Instant,
  documentLoader: DocumentLoader,
): Promise<JsonObject> {
  const { verificationMethod } = key
  let issued: JsonObject
  try {
    const signer = {
      id: verificationMethod,
      algorithm: key.curve,
      sign: ({ data }: { readonly data: Uint8Array }) => key.sign(data),
    }
    const suite = new DataIntegrityProof({ signer, date: formatInstant(created), cryptosuite })
    // The library writes the proof into what it is given, so it gets a copy.
    issued = await vc.issue({ credential: structuredClone<JsonObject>(prepared), suite, documentLoader })
  } catch (error) {
    throw credentialErrors.signingFailed({ verificationMethod }, error)
  }
  const proof = issued['proof']
  if (proof === undefined || canonicalJson(without(issued, 'proof')) !== canonicalJson(prepared)) {
    throw credentialErrors.signedDiffers({})
  }
  return { ...prepared, proof: wantsProofArray(prepared) && !isJsonArray(proof) ? [proof] : proof }
}
