import fc from 'fast-check'
import { expect, test } from 'vitest'
import { generateIssuingKey, issuingKeyOf } from '#adapters/crypto/issuing-key.ts'
import { isSignedBy, readMultikey } from '#adapters/crypto/public-key.ts'
import { signingKeyOf } from '#adapters/crypto/signing-key.ts'
import type { KeyId } from '#engine/shared/ids.ts'
import { issuerKeySecret } from '#services/ports/key-store.ts'
import { createLocalKeyStore } from './local-key-store.ts'
import { createSecretBox } from './secret-box.ts'

const DID = 'did:web:badges.example.org:issuers:sample'
const box = createSecretBox([new Uint8Array(32).fill(9)])
const store = createLocalKeyStore(box)
const id = '01900000-0000-7000-8000-000000000001' as KeyId

/** From the test vectors of W3C's vc-di-ecdsa. */
const P384 = 'z82LkuBieyGShVBhvtE2zoiD6Kma4tJGFtkAhxR5pfkp5QPw4LutoYWhvQCnGjdVn14kujQ'

const rowOf = (publicKey: string, secret: Uint8Array) => ({
  id,
  publicKey,
  sealedSecret: box.seal(secret, issuerKeySecret(id)),
})

test('the key of a row signs as the same key in memory does', async () => {
  const { publicKeyMultibase, secretKey } = generateIssuingKey()
  const key = store.issuingKey(DID, rowOf(publicKeyMultibase, secretKey))
  const { sign: _, ...inMemory } = signingKeyOf(DID, secretKey)
  expect(key).toMatchObject(inMemory)
  const message = new TextEncoder().encode('a message')
  expect(await key.sign(message)).toEqual(await signingKeyOf(DID, secretKey).sign(message))
})

test('a P-256 key of a row signs, and what it signs holds', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (message) => {
      const { publicKeyMultibase, secretKey } = generateIssuingKey('P-256')
      const key = store.issuingKey(DID, rowOf(publicKeyMultibase, secretKey))
      const { sign: _, ...inMemory } = signingKeyOf(DID, secretKey, undefined, 'P-256')
      expect(key).toMatchObject(inMemory)
      const publicKey = readMultikey(publicKeyMultibase) ?? expect.unreachable()
      const signature = await key.sign(message)
      expect(signature).toHaveLength(64)
      expect(await isSignedBy(publicKey, signature, message)).toBe(true)
      expect(await isSignedBy(publicKey, signature, Uint8Array.of(...message, 0))).toBe(false)
    }),
    { numRuns: 20 },
  )
})

test.each([
  ['another Ed25519 seed', generateIssuingKey().publicKeyMultibase, generateIssuingKey().secretKey],
  [
    'another number of P-256',
    generateIssuingKey('P-256').publicKeyMultibase,
    generateIssuingKey('P-256').secretKey,
  ],
  ['zero, which is no number of P-256', generateIssuingKey('P-256').publicKeyMultibase, new Uint8Array(32)],
  ['a key on a curve that is not for issuing', P384, new Uint8Array(32).fill(3)],
  ['a public key that is none', 'zNone', new Uint8Array(32).fill(3)],
])('a row whose two halves do not belong together signs nothing: %s', (_name, publicKey, secretKey) => {
  expect(() => store.issuingKey(DID, rowOf(publicKey, secretKey))).toThrow(
    expect.objectContaining({ code: 'signing-failed' }),
  )
})

test('a secret of another row does not open', () => {
  const { publicKeyMultibase, secretKey } = issuingKeyOf(new Uint8Array(32).fill(3))
  const other = '01900000-0000-7000-8000-000000000002' as KeyId
  expect(() => store.issuingKey(DID, { ...rowOf(publicKeyMultibase, secretKey), id: other })).toThrow(
    expect.objectContaining({ code: 'secret-unreadable' }),
  )
})
