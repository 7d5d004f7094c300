import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { importJWK, SignJWT } from 'jose'
import { expect } from 'vitest'
import { createCredentialSuite } from '#adapters/crypto/credential-suite.ts'
import { didKeyOf } from '#adapters/crypto/did-key.ts'
import { issuingKeyOf } from '#adapters/crypto/issuing-key.ts'
import { toBase64Url } from '#adapters/crypto/multibase.ts'
import { readMultikey } from '#adapters/crypto/public-key.ts'
import { signingKeyOf } from '#adapters/crypto/signing-key.ts'
import type { PreparedCredential } from '#engine/credentials/prepared-credential.ts'
import { asInstant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { SignOptions } from '#services/ports/sign-options.ts'
import { ApiCaller } from '#test/product/api-caller.ts'
import { startTestProduct } from '#test/product/test-product.ts'

export const V2 = 'https://www.w3.org/ns/credentials/v2'
export const V1 = 'https://www.w3.org/2018/credentials/v1'
export const EXAMPLES = 'https://www.w3.org/ns/credentials/examples/v2'
/** A text that was served at the address of the v2 context before the Recommendation; the operator names its digest. */
export const DRAFT_DIGEST = 'sha384-e2AY0FBy6KUAgZ3rMaz7Uj/Gp0bkIIIB/bjgmVQS2PPSOr+Ufx9P5mVrVU+jxFXR'
export const RECOMMENDATION_DIGEST = 'sha384-l/HrjlBCNWyAX91hr6LFV2Y3heB5Tcr6IeE4/Tje8YyzYBM8IhqjHWiWpr8+ZbYU'

export const suite = createCredentialSuite()
export const now = () => asInstant(Date.now() - 5000)

/** Somebody else with a did:key: an issuer, a holder. */
function person(byte: number) {
  const secret = new Uint8Array(32).fill(byte)
  const did = didKeyOf(issuingKeyOf(secret).publicKeyMultibase)
  const key = signingKeyOf(did, secret)
  return {
    did,
    key,
    sign: (credential: JsonObject, options: SignOptions = {}) =>
      suite.sign(credential as unknown as PreparedCredential, key, now(), { proofAs: 'object', ...options }),
    present: (presentation: JsonObject, options: SignOptions = {}) =>
      suite.addProof(presentation, key, now(), { purpose: 'authentication', proofAs: 'object', ...options }),
    token: async (claims: JsonObject, header: object = {}) => {
      const x = toBase64Url(readMultikey(key.publicKeyMultibase)?.bytes ?? new Uint8Array())
      const jwk = { kty: 'OKP', crv: 'Ed25519', x, d: toBase64Url(secret) }
      return new SignJWT(claims as never)
        .setProtectedHeader({ alg: 'EdDSA', kid: key.verificationMethod, ...header })
        .sign(await importJWK(jwk, 'EdDSA'))
    },
  }
}

export const [teacher, holder] = [person(41), person(42)]
export const CONTROLLER = 'https://institute.example.org/issuers/1'

export const minimal: JsonObject = {
  '@context': [V2],
  type: ['VerifiableCredential'],
  credentialSubject: { id: 'did:example:subject' },
}
export const older: JsonObject = { ...minimal, '@context': [V1] }

export const REVOCATION = { type: 'BitstringStatusListEntry', statusPurpose: 'revocation' }

/** What a refusal says is wrong. */
export const codesOf = ({ body }: { body: { problemDetails?: { code: string }[] } }) =>
  body.problemDetails?.map(({ code }) => code)

/** A product whose built-in issuer signs, with one organisation and its issuer; and the calls of VC-API. */
export async function startVcApi() {
  const folder = await mkdtemp(join(tmpdir(), 'waarmerk-vc-api-'))
  const [controllers, resources] = [join(folder, 'controllers.json'), join(folder, 'resources.json')]
  const { verificationMethod } = teacher.key
  const controller = { id: CONTROLLER, assertionMethod: [verificationMethod] }
  await writeFile(controllers, JSON.stringify({ [CONTROLLER]: controller }))
  await writeFile(resources, JSON.stringify({ [V2]: [DRAFT_DIGEST] }))
  const product = await startTestProduct({
    VC_API_DID_KEY_ISSUER: 'true',
    TRUSTED_CONTROLLERS_FILE: controllers,
    RELATED_RESOURCES_FILE: resources,
  })
  const school = await product.organisation('vc-school')
  const anybody = new ApiCaller(product.url)
  const issue = (body: object, by: ApiCaller = anybody) => by.post('/vc/credentials/issue', body)
  const verify = (verifiableCredential: unknown, options: object = {}) =>
    anybody.post('/vc/credentials/verify', { verifiableCredential, options })
  const present = (verifiablePresentation: unknown, options: object = {}) =>
    anybody.post('/vc/presentations/verify', { verifiablePresentation, options })
  const issued = async (body: object, by?: ApiCaller): Promise<JsonObject> => {
    const answer = await issue(body, by)
    expect([answer.status, answer.body.detail]).toEqual([201, undefined])
    return answer.body.verifiableCredential
  }

  const { body } = await school.api.post('/v1/issuers', { slug: 'vc-academy', name: 'Academy' })
  const schoolDid: string = body.did
  const first = await issue({ credential: { ...minimal, issuer: undefined } })
  const did: string = first.body.verifiableCredential.issuer
  const other = await issue({
    credential: minimal,
    options: { cryptosuite: 'ecdsa-rdfc-2019', keyType: 'P-256' },
  })
  const p256Did: string = other.body.verifiableCredential.issuer
  return {
    product,
    school,
    anybody,
    did,
    p256Did,
    schoolDid,
    issue,
    verify,
    present,
    issued,
    stop: async () => {
      await product.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
