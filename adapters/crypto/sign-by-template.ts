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

/** A proof with its value. */
export interface MadeProof {
  readonly type: string
  readonly created: string
  readonly verificationMethod: string
  readonly cryptosuite: string
  readonly proofPurpose: string
  readonly proofValue: string
}

export interface SignByTemplate {
  /** Throws `signing-failed`. */
  sign(hashed: Hashed, key: SigningKey, created: Instant): Promise<JsonObject>
  /** The proof alone, of a document with this `@context`. Throws `signing-failed`. */
  prove(
    document: { readonly context: Json; readonly hash: Uint8Array },
    key: SigningKey,
    created: Instant,
  ): Promise<MadeProof>
}

/** Of a second and a key. */
interface ProofOptions {
  readonly context: Json
  readonly created: Instant
  readonly verificationMethod: string
  readonly options: Omit<MadeProof, 'proofValue'>
  readonly hash: Uint8Array
}

/**
 * Signs documents without proofs, whose canonical quads are known, with `eddsa-rdfc-2022`, as Digital Bazaar's library would.
 */
export function createSignByTemplate(canonicalise: Canonicalise, hash: TextHash): SignByTemplate {
  // Badges that are signed within one second by one key have the same proof but for its value.
  let last: ProofOptions | undefined

  const optionsOf = async (context: Json, key: SigningKey, at: Instant): Promise<ProofOptions> => {
    const { verificationMethod } = key
    const created = asInstant(Math.floor(at / 1000) * 1000)
    if (
      last?.created === created &&
      last.verificationMethod === verificationMethod &&
      (last.context === context || JSON.stringify(last.context) === JSON.stringify(context))
    )
      return last
    const options = {
      type: 'DataIntegrityProof',
      created: formatInstant(created),
      verificationMethod,
      cryptosuite: 'eddsa-rdfc-2022',
      proofPurpose: 'assertionMethod',
    }
    const ofProof = proofContext({ '@context': context }, DATA_INTEGRITY_CONTEXT)
    const canonical = await canonicalise({ '@context': ofProof, ...options })
    if (!canonical.ok) throw new Error(`The proof ${canonical.fault.message}`)
    last = { context, created, verificationMethod, options, hash: hash.bytes(canonical.quads) }
    return last
  }

  const prove: SignByTemplate['prove'] = async (document, key, created) => {
    try {
      const { options, hash: optionsHash } = await optionsOf(document.context, key, created)
      const signature = await key.sign(concat(optionsHash, document.hash))
      return { ...options, proofValue: toMultibase(signature) }
    } catch (error) {
      throw credentialErrors.signingFailed({ verificationMethod: key.verificationMethod }, error)
    }
  }

  return {
    prove,
    sign: async ({ prepared, documentHash }, key, created) => {
      const context = prepared['@context'] ?? []
      const made: JsonObject = { ...(await prove({ context, hash: documentHash }, key, created)) }
      return { ...prepared, proof: wantsProofArray(prepared) ? [made] : made }
    },
  }
}
