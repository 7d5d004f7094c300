import { didKeyMethod, didKeyOf } from '#adapters/crypto/did-key.ts'
import { issuingKeyOf } from '#adapters/crypto/issuing-key.ts'
import { signPlainJson } from '#adapters/crypto/sign-plain-json.ts'
import { asInstant, formatInstant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import { DID, NOW, seed } from './sample-issuer.ts'

/** For tests: a publisher with a fixed key, and lists of theirs. */

const publisherKey = issuingKeyOf(seed(40))
export const PUBLISHER = didKeyOf(publisherKey.publicKeyMultibase)

const DAY_MS = 86_400_000

export const unsignedTrustList = (change: JsonObject = {}): JsonObject => ({
  format: 'waarmerk-trust-list/1',
  id: 'urn:uuid:7f0a1d5e-0000-4000-8000-0000000000aa',
  name: 'Sample schools',
  version: 3,
  publisher: { id: PUBLISHER, name: 'Sample council' },
  validFrom: formatInstant(asInstant(NOW - 10 * DAY_MS)),
  validUntil: formatInstant(asInstant(NOW + 10 * DAY_MS)),
  issuers: [
    {
      name: 'Sample Institute',
      ids: [DID],
      domain: 'badges.example.org',
      brin: '00AA',
      ror: 'https://ror.org/012345678',
    },
  ],
  ...change,
})

export const signTrustList = (unsigned: JsonObject): JsonObject =>
  signPlainJson(unsigned, {
    verificationMethod: didKeyMethod(publisherKey.publicKeyMultibase),
    secretKey: publisherKey.secretKey,
    created: asInstant(NOW - DAY_MS),
  })

export const trustList = (change: JsonObject = {}): JsonObject => signTrustList(unsignedTrustList(change))
