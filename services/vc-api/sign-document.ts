import type { PreparedCredential } from '#engine/credentials/prepared-credential.ts'
import { credentialBytes } from '#engine/credentials/prepared-credential.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { CredentialSuite } from '#services/ports/credential-suite.ts'
import type { SigningKey } from '#services/ports/key-store.ts'
import type { SigningSuite } from '#services/ports/sign-options.ts'

/** How whoever asks wants the credential secured. */
export interface WantedProof {
  readonly cryptosuite?: SigningSuite
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

/** Signs what passed, with one proof as an object. Throws `suite-not-for-key`. */
export async function signDocument(
  suite: CredentialSuite,
  prepared: PreparedCredential,
  key: SigningKey,
  now: Instant,
  { cryptosuite }: WantedProof,
): Promise<SignedDocument> {
  const answer = await suite.sign(prepared, key, now, {
    proofAs: 'object',
    ...(cryptosuite === undefined ? {} : { cryptosuite }),
  })
  return { answer, bytes: credentialBytes(answer) }
}
