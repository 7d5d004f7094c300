import * as vc from '@digitalbazaar/vc'
import { credentialErrors } from '#engine/credentials/credential-errors.ts'
import type { PreparedCredential } from '#engine/credentials/prepared-credential.ts'
import { concat } from '#engine/shared/bytes.ts'
import { asInstant, formatInstant, type Instant } from '#engine/shared/instant.ts'
import type { Json, JsonObject } from '#engine/shared/json.ts'
import type { SigningKey } from '#services/ports/key-store.ts'
import type { Canonicalise } from './crypto-means.ts'
import { toMultibase } from './multibase.ts'
import { DATA_INTEGRITY_CONTEXT, proofContext } from './proof-suites.ts'

import type { TextHash } from './text-hash.ts'
import { wantsProofArray } from './wants-proof-array.ts'

/** A document that was prepared, with the hash of its canonical quads. */
export interface Hashed {
  readonly prepared: PreparedCredential
  readonly documentHash: Uint8Array
}

/**
 * Signs documents without proofs, whose canonical quads are known, with `eddsa-rdfc-2022`: what Digital Bazaar's library asks
 * of a credential is asked, and what it would sign is signed. Throws `signing-failed`.
 */
export function createSignByTemplate(canonicalise: Canonicalise, hash: TextHash) {
  // Badges that are signed within one second by one key have the same proof but for its value.
  let last: { readonly options: JsonObject; readonly context: string; readonly hash: Uint8Array } | undefined

  const hashOf = async (options: JsonObject, context: Json): Promise<Uint8Array> => {
    const named = JSON.stringify(context)
    const { created, verificationMethod } = options
    if (
      last?.context === named &&
      last.options['created'] === created &&
      last.options['verificationMethod'] === verificationMethod
    )
      return last.hash
    const canonical = await canonicalise({ '@context': context, ...options })
    if (!canonical.ok) throw new Error(`The proof ${canonical.fault.message}`)
    last = { options, context: named, hash: hash.bytes(canonical.quads) }
    return last.hash
  }

  return async (
    { prepared, documentHash }: Hashed,
    key: SigningKey,
    created: Instant,
  ): Promise<JsonObject> => {
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
      const proofHash = await hashOf(options, proofContext(prepared, DATA_INTEGRITY_CONTEXT))
      const signature = await key.sign(concat(proofHash, documentHash))
      const proof = { ...options, proofValue: toMultibase(signature) }
      return { ...prepared, proof: wantsProofArray(prepared) ? [proof] : proof }
    } catch (error) {
      throw credentialErrors.signingFailed({ verificationMethod }, error)
    }
  }
}
