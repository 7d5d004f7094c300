import { credentialErrors } from '#engine/credentials/credential-errors.ts'
import { asInstant, formatInstant, type Instant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { SigningKey } from '#services/ports/key-store.ts'
import type { SignOptions } from '#services/ports/sign-options.ts'
import type { DocumentLoader } from './document-loader.ts'
import { proofsOf, securedBy } from './proof-set.ts'
import { suiteNamed, without } from './proof-suites.ts'
import { readMultikey } from './public-key.ts'
import { secureDocument } from './secured-document.ts'
import { wantsProofArray } from './wants-proof-array.ts'

const DEFAULT_SUITES = { Ed25519: 'eddsa-rdfc-2022', 'P-256': 'ecdsa-rdfc-2019' } as const

/**
 * Adds a proof to a document, beside those that it has. `created` is cut to whole seconds.
 * Throws `suite-not-for-key`, `previous-proof-missing`, `pointers-unmatched`, `credential-unfit` and `signing-failed`.
 */
export async function addProof(
  document: JsonObject,
  key: SigningKey,
  created: Instant,
  options: SignOptions,
  documentLoader: DocumentLoader,
): Promise<JsonObject> {
  const name = options.cryptosuite ?? DEFAULT_SUITES[key.curve]
  const suite = suiteNamed(name)
  const publicKey = readMultikey(key.publicKeyMultibase)
  if (suite === undefined || publicKey === undefined || !suite.curves.includes(key.curve))
    throw credentialErrors.suiteNotForKey({ cryptosuite: name, curve: key.curve })

  const others = proofsOf(document)
  const bare: JsonObject = {
    ...(options.proofId === undefined ? {} : { id: options.proofId }),
    type: 'DataIntegrityProof',
    cryptosuite: name,
    created: formatInstant(wholeSecond(created)),
    ...(options.expires === undefined ? {} : { expires: formatInstant(options.expires) }),
    verificationMethod: key.verificationMethod,
    proofPurpose: options.purpose ?? 'assertionMethod',
    ...(options.challenge === undefined ? {} : { challenge: options.challenge }),
    ...(options.domain === undefined ? {} : { domain: options.domain }),
    ...(options.previousProof === undefined ? {} : { previousProof: options.previousProof }),
  }
  const secure = (of: JsonObject) => secureDocument(of, documentLoader)
  const secured = securedBy(bare, others, secure(without(document, 'proof')), secure)
  if (secured === undefined) {
    const missing = [options.previousProof ?? []].flat()
    throw credentialErrors.previousProofMissing({ previousProof: missing })
  }
  const parts = { secured, proof: bare, key: publicKey, documentLoader }
  const made = await suite.make(parts, (message) => signed(key, message), options)
  if (!made.ok && made.code === 'pointers-refused')
    throw credentialErrors.pointersUnmatched({ pointers: options.mandatoryPointers ?? [] })
  if (!made.ok) throw credentialErrors.credentialUnfit({ faults: [{ path: '', message: made.detail }] })
  const { proof } = made
  const asArray =
    options.proofAs === undefined
      ? others.length > 0 || wantsProofArray(document)
      : options.proofAs === 'array'
  return { ...without(document, 'proof'), proof: asArray || others.length > 0 ? [...others, proof] : proof }
}

async function signed(key: SigningKey, message: Uint8Array): Promise<Uint8Array> {
  try {
    return await key.sign(message)
  } catch (error) {
    throw credentialErrors.signingFailed({ verificationMethod: key.verificationMethod }, error)
  }
}

const wholeSecond = (at: Instant): Instant => asInstant(Math.floor(at / 1000) * 1000)
