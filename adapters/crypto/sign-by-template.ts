import * as vc from '@digitalbazaar/vc'
import { credentialErrors } from '#engine/credentials/credential-errors.ts'
import type { PreparedCredential } from '#engine/credentials/prepared-credential.ts'
import { concat } from '#engine/shared/bytes.ts'
import { asInstant, formatInstant, type Instant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { SigningKey } from '#services/ports/key-store.ts'
import type { Canonicalise } from './crypto-means.ts'
import { toMultibase } from './multibase.ts'
import { DATA_INTEGRITY_CONTEXT, proofContext } from './proof-suites.ts'

import type { TextHash } from './text-hash.ts'
import { wantsProofArray } from './wants-proof-array.ts'

/**
 * Signs a document without proofs, whose canonical quads are known, with `eddsa-rdfc-2022`: what Digital Bazaar's library
 * asks of a credential is asked, and what it would sign is signed. Throws `signing-failed`.
 */
export async function signByTemplate(
  { prepared, quads }: { readonly prepared: PreparedCredential; readonly quads: string },
  key: SigningKey,
  created: Instant,
  { canonicalise, hash }: { readonly canonicalise: Canonicalise; readonly hash: TextHash },
): Promise<JsonObject> {
  const { verificationMethod } = key
  try {
    vc._checkCredential({ credential: prepared, mode: 'issue' })
    const options: JsonObject = {
      type: 'DataIntegrityProof',
      created: formatInstant(asInstant(Math.floor(created / 1000) * 1000)),
      verificationMethod,
      cryptosuite: 'eddsa-rdfc-2022',
      proofPurpose: 'assertionMethod',
    }
    const context = proofContext(prepared, DATA_INTEGRITY_CONTEXT)
    const canonical = await canonicalise({ '@context': context, ...options })
    if (!canonical.ok) throw new Error(`The proof ${canonical.fault.message}`)
    const signature = await key.sign(concat(hash.bytes(canonical.quads), hash.bytes(quads)))
    const proof = { ...options, proofValue: toMultibase(signature) }
    return { ...prepared, proof: wantsProofArray(prepared) ? [proof] : proof }
  } catch (error) {
    throw credentialErrors.signingFailed({ verificationMethod }, error)
  }
}
