import { createHmac } from 'node:crypto'
import { didKeyMethod, didKeyOf } from '#adapters/crypto/did-key.ts'
import { issuingKeyOf } from '#adapters/crypto/issuing-key.ts'
import { toBase64Url } from '#adapters/crypto/multibase.ts'
import { readMultikey } from '#adapters/crypto/public-key.ts'
import { signPlainJson } from '#adapters/crypto/sign-plain-json.ts'
import { buildBadgeCredential } from '#engine/credentials/badge-credential.ts'
import { buildStatusListCredential, STATUS_LIST_MIN_ENTRIES } from '#engine/credentials/status-list.ts'
import { asInstant, parseInstant } from '#engine/shared/instant.ts'
import type { Json, JsonObject } from '#engine/shared/json.ts'
import { achievement, badge, keyOf, seed, sign } from '#test/verification/sample-issuer.ts'

/** For tests: an issuer whose DID is its key, so that nothing need be fetched to check a signature of theirs. */

export const HOSTILE_KEY = issuingKeyOf(seed(60))
export const HOSTILE = didKeyOf(HOSTILE_KEY.publicKeyMultibase)
export const METHOD = didKeyMethod(HOSTILE_KEY.publicKeyMultibase)

/** A time that has passed on any clock that runs the tests. */
export const CREATED = parseInstant('2026-11-25T10:00:00Z') ?? asInstant(0)

/** Nobody should ever be asked for this. */
export const LIST = 'https://lists.example.net/status/1'

export const unsigned = (change: JsonObject = {}): JsonObject => ({
  ...buildBadgeCredential(
    badge({
      issuer: { did: HOSTILE, name: 'A stranger', url: 'https://stranger.example.net' },
      achievement: {
        ...achievement,
        id: 'https://stranger.example.net/achievements/1',
        creator: { did: HOSTILE, name: 'A stranger' },
      },
      status: { list: LIST, index: 7 },
    }),
  ),
  ...change,
})

/** A badge that is good but for whatever is done to it next. */
export const goodBadge = (change: JsonObject = {}): Promise<JsonObject> =>
  sign(unsigned(change), keyOf(HOSTILE, 60), CREATED)

/** The same with what no linter would let through: under JCS anything can be signed. */
export const signedAsIs = (document: JsonObject): JsonObject =>
  signPlainJson(document, { verificationMethod: METHOD, secretKey: HOSTILE_KEY.secretKey, created: CREATED })

/** The status list of a good badge, with whatever bitstring. */
export const listOf = (encodedList: string): JsonObject =>
  signPlainJson(
    buildStatusListCredential({ url: LIST, issuerDid: HOSTILE, validFrom: CREATED, encodedList }),
    { verificationMethod: METHOD, secretKey: HOSTILE_KEY.secretKey, created: CREATED },
  )

export const EMPTY_BITS = new Uint8Array(STATUS_LIST_MIN_ENTRIES / 8)

/** The public key as everybody has it. */
export const PUBLIC_BYTES = readMultikey(HOSTILE_KEY.publicKeyMultibase)?.bytes ?? new Uint8Array()

const part = (value: Json | string): string =>
  toBase64Url(new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value)))

/** A token with any header, signed as `sign` says; `payload` may be text that is no good JSON. */
export async function token(
  header: JsonObject,
  payload: JsonObject | string,
  signature: (input: Uint8Array) => Uint8Array | Promise<Uint8Array> = edSignature,
): Promise<string> {
  const input = `${part(header)}.${part(payload)}`
  return `${input}.${toBase64Url(await signature(new TextEncoder().encode(input)))}`
}

async function edSignature(input: Uint8Array): Promise<Uint8Array> {
  const { ed25519 } = await import('@noble/curves/ed25519')
  return ed25519.sign(input, HOSTILE_KEY.secretKey)
}

/** The classic: a public key taken for the secret of an HMAC. */
export const hmacWithPublicKey = (input: Uint8Array): Uint8Array =>
  new Uint8Array(createHmac('sha256', PUBLIC_BYTES).update(input).digest())

/** What a token says besides its credential. */
export const claimsOf = (credential: JsonObject): JsonObject => {
  const subject = credential['credentialSubject'] as JsonObject
  return {
    ...credential,
    iss: HOSTILE,
    jti: credential['id'] ?? null,
    sub: subject['id'] ?? null,
    nbf: Math.floor((parseInstant(String(credential['validFrom'])) ?? 0) / 1000),
  }
}
