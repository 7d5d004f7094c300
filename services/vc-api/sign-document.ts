import { envelopeOf } from '#engine/credentials/data-model/enveloped-document.ts'
import type { PreparedCredential } from '#engine/credentials/prepared-credential.ts'
import { credentialBytes } from '#engine/credentials/prepared-credential.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { utf8 } from '#engine/shared/bytes.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { CredentialSuite } from '#services/ports/credential-suite.ts'
import type { SigningKey } from '#services/ports/key-store.ts'
import type { SigningSuite } from '#services/ports/sign-options.ts'

/** How whoever asks wants the credential secured. */
export interface WantedProof {
  readonly cryptosuite?: SigningSuite
  /** Of `ecdsa-sd-2023`: JSON pointers to what every disclosure must show. */
  readonly mandatoryPointers?: readonly string[]
  /** A token in its envelope, instead of a proof. */
  readonly envelope?: 'vc+jwt'
}

export interface SignedDocument {
  /** As it is answered. */
  readonly answer: JsonObject
  /** As it is kept. */
  readonly bytes: Uint8Array
}

/** Throws `credential-refused` for what must not be signed. */
export async function lintOrRefuse(
  suite: CredentialSuite,
  document: JsonObject,
): Promise<PreparedCredential> {
  const checked = await suite.prepare(document)
  if (!checked.ok) throw errors.credentialRefused({ faults: checked.faults })
  return checked.prepared
}

/**
 * Does all of the signing but the signature, so that whatever may be refused is refused: a suite that is not for the key, pointers
 * that lead nowhere, a form that has no place for the document. Throws what `signDocument` throws.
 */
export async function rehearse(
  suite: CredentialSuite,
  prepared: PreparedCredential,
  key: SigningKey,
  now: Instant,
  wanted: WantedProof,
): Promise<void> {
  await signDocument(suite, prepared, { ...key, sign: async () => new Uint8Array(64) }, now, wanted)
}

/** Signs what passed, with one proof as an object. Throws `suite-not-for-key`, `pointers-unmatched`, `credential-unfit`. */
export async function signDocument(
  suite: CredentialSuite,
  prepared: PreparedCredential,
  key: SigningKey,
  now: Instant,
  { cryptosuite, mandatoryPointers, envelope }: WantedProof,
): Promise<SignedDocument> {
  if (envelope !== undefined) {
    const token = await suite.signJwt(prepared, key, envelope)
    return { answer: envelopeOf(token, 'EnvelopedVerifiableCredential'), bytes: utf8(token) }
  }
  const answer = await suite.sign(prepared, key, now, {
    proofAs: 'object',
    ...(cryptosuite === undefined ? {} : { cryptosuite }),
    ...(mandatoryPointers === undefined ? {} : { mandatoryPointers }),
  })
  return { answer, bytes: credentialBytes(answer) }
}
