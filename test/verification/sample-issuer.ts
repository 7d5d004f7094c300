import { importJWK, SignJWT } from 'jose'
import { anchoringKeyOf } from '#adapters/crypto/anchoring-key.ts'
import { createCredentialSuite } from '#adapters/crypto/credential-suite.ts'
import { toBase64Url } from '#adapters/crypto/multibase.ts'
import { readMultikey } from '#adapters/crypto/public-key.ts'
import { signingKeyOf } from '#adapters/crypto/signing-key.ts'
import type { AchievementDescription } from '#engine/credentials/achievement-document.ts'
import { type BadgeCredential, buildBadgeCredential } from '#engine/credentials/badge-credential.ts'
import { buildDidDocument, type IssuingKeyState } from '#engine/credentials/did-document.ts'
import {
  buildStatusListCredential,
  STATUS_LIST_MIN_ENTRIES,
  withStatusBits,
} from '#engine/credentials/status-list.ts'
import { asInstant, type Instant, parseInstant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { ResolveMethod } from '#services/ports/credential-suite.ts'
import type { SigningKey } from '#services/ports/key-store.ts'
import type { AnchorReader } from '#services/ports/verification-sources.ts'
import { createVerifier, type VerifierNeeds } from '#services/verify/verify-credential.ts'
import { fakeSources } from './fake-sources.ts'

/** For tests: an issuer with fixed keys, its badges, and a verifier that knows it. Nothing here is secret or real. */

export const NOW = parseInstant('2026-11-25T10:00:00Z') as Instant
export const ORIGIN = 'https://badges.example.org'
export const DID = 'did:web:badges.example.org:issuers:sample'
export const LIST = `${ORIGIN}/issuers/sample/status/1`

export const suite = createCredentialSuite()

export const seed = (byte: number): Uint8Array => new Uint8Array(32).fill(byte)

export const keyOf = (controller: string, byte: number): SigningKey => signingKeyOf(controller, seed(byte))

export const issuingKey = keyOf(DID, 1)
export const anchoringKey = anchoringKeyOf(seed(2))
export const CHAIN_ID = 31_337

export const achievement: AchievementDescription = {
  id: `${ORIGIN}/achievements/0192f0c4-7c1e-7c3a-9a1e-2d7b8c0e4f31`,
  version: '1',
  name: 'First aid at work',
  description: 'Gives first aid on the shop floor without help.',
  criteriaNarrative: 'Passed the test with 7 or more.',
  achievementType: 'Badge',
  image: { id: `${ORIGIN}/images/abc.png`, caption: 'A red cross on white' },
  tags: ['sample'],
  inLanguage: 'en',
  creator: { did: DID, name: 'Sample Institute' },
}

export const badge = (change: Partial<BadgeCredential> = {}): BadgeCredential => ({
  issuer: { did: DID, name: 'Sample Institute', url: `${ORIGIN}/issuers/sample` },
  achievement,
  uuid: '7f0a1d5e-0000-4000-8000-000000000001',
  subjectId: 'urn:uuid:7f0a1d5e-0000-4000-8000-000000000002',
  validFrom: asInstant(NOW - 86_400_000),
  awardedDate: asInstant(NOW - 86_400_000),
  status: { list: LIST, index: 94_567 },
  test: false,
  ...change,
})

export async function sign(
  unsigned: JsonObject,
  key: SigningKey = issuingKey,
  created: Instant = NOW,
): Promise<JsonObject> {
  const preparation = await suite.prepare(unsigned)
  if (!preparation.ok) throw new Error(`unfit: ${JSON.stringify(preparation.faults)}`)
  return suite.sign(preparation.prepared, key, created)
}

/** Finds the key of the sample issuer, whatever it is asked for. */
export const resolveIssuingKey: ResolveMethod = async (id) => {
  const { controller, publicKeyMultibase } = issuingKey
  return {
    kind: 'found',
    method: { id, type: 'Multikey', controller, publicKeyMultibase },
    forAssertion: true,
  }
}

/** A token of the sample issuer, with whatever credential: nothing holds it to a schema. */
export async function signedToken(credential: JsonObject): Promise<string> {
  const x = toBase64Url(readMultikey(issuingKey.publicKeyMultibase)?.bytes ?? new Uint8Array())
  const jwk = { kty: 'OKP', crv: 'Ed25519', x, d: toBase64Url(seed(1)) }
  return new SignJWT(credential as never)
    .setProtectedHeader({ alg: 'EdDSA', kid: issuingKey.verificationMethod })
    .sign(await importJWK(jwk, 'EdDSA'))
}

export const signedBadge = (change: Partial<BadgeCredential> = {}): Promise<JsonObject> =>
  sign(buildBadgeCredential(badge(change)))

export async function statusList(
  revoked: readonly number[] = [],
  issuerDid = DID,
  key = issuingKey,
  entries = STATUS_LIST_MIN_ENTRIES,
): Promise<JsonObject> {
  const bits = withStatusBits(new Uint8Array(entries / 8), revoked)
  const encodedList = await suite.encodeStatusList(bits)
  return sign(
    buildStatusListCredential({ url: LIST, issuerDid, validFrom: asInstant(NOW - 1000), encodedList }),
    key,
  )
}

export const didDocument = (state: IssuingKeyState = { kind: 'active' }): JsonObject =>
  buildDidDocument({
    did: DID,
    issuingKeys: [{ publicKeyMultibase: issuingKey.publicKeyMultibase, state }],
    anchoring: [{ chainId: CHAIN_ID, address: anchoringKey.address }],
  })

export const noChain: AnchorReader = { read: async () => 'unavailable' }

/** A verifier that knows the sample issuer; `change` puts another source in place of a good one. */
export function verifierOf(change: Partial<VerifierNeeds> = {}) {
  return createVerifier({
    suite,
    resolver: fakeSources(new Map([[DID, didDocument()]])),
    statusLists: { fetch: async (url) => fakeSources(new Map([[LIST, await statusList()]])).fetch(url) },
    anchors: noChain,
    trust: { look: async (id) => (id === DID ? { by: 'registry' } : undefined) },
    clock: { now: () => NOW },
    ...change,
  })
}
