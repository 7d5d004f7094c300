import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey'
import { p256 } from '@noble/curves/nist'
import { computeAddress, hexlify } from 'ethers'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readDidDocument } from '#engine/credentials/did-document.ts'
import { anchoringKeyOf, generateAnchoringKey } from './anchoring-key.ts'
import { didKeyMethod, didKeyOf, resolveDidKey } from './did-key.ts'
import { generateIssuingKey, issuingKeyOf } from './issuing-key.ts'
import { fromBase64Url, fromMultibase, toBase64, toBase64Url, toMultibase } from './multibase.ts'
import { isSignedBy, readMultikey, toJwk } from './public-key.ts'
import { signingKeyOf } from './signing-key.ts'

const seed = fc.uint8Array({ minLength: 32, maxLength: 32 })

test("an issuing key is the one that Digital Bazaar's library makes of the seed", async () => {
  await fc.assert(
    fc.asyncProperty(seed, async (secretKey) => {
      const theirs = await Ed25519Multikey.generate({ seed: secretKey })
      expect(issuingKeyOf(secretKey).publicKeyMultibase).toBe(theirs.publicKeyMultibase)
    }),
    { numRuns: 20 },
  )
  expect(generateIssuingKey().publicKeyMultibase).not.toBe(generateIssuingKey().publicKeyMultibase)
})

test('a P-256 key is the one that WebCrypto makes of the number, and signs the same way twice', async () => {
  const { publicKey, privateKey } = await crypto.subtle.generateKey(
    { name: 'ECDSA', namedCurve: 'P-256' },
    true,
    ['sign', 'verify'],
  )
  const { d = '', x, y } = await crypto.subtle.exportKey('jwk', privateKey)
  const secretKey = fromBase64Url(d) ?? expect.unreachable()
  const { publicKeyMultibase } = issuingKeyOf(secretKey, 'P-256')
  expect(publicKeyMultibase).toMatch(/^zDn/)
  const read = readMultikey(publicKeyMultibase) ?? expect.unreachable()
  expect(toJwk(read)).toEqual({ kty: 'EC', crv: 'P-256', x, y })

  const key = signingKeyOf('did:example:a', secretKey, undefined, 'P-256')
  const message = Uint8Array.from([1, 2, 3])
  const signature = await key.sign(message)
  expect(signature).toEqual(await key.sign(message))
  const algorithm = { name: 'ECDSA', hash: 'SHA-256' }
  expect(await crypto.subtle.verify(algorithm, publicKey, new Uint8Array(signature), message)).toBe(true)
  const theirs = new Uint8Array(await crypto.subtle.sign(algorithm, privateKey, message))
  expect(await isSignedBy(read, theirs, message)).toBe(true)
  expect(await isSignedBy(read, highS(theirs), message)).toBe(true)
  expect(await isSignedBy(read, p256.Signature.fromCompact(theirs).toBytes('der'), message)).toBe(false)
})

/** The other of the two signatures that hold: n - s in the place of s. */
function highS(signature: Uint8Array): Uint8Array {
  const { r, s } = p256.Signature.fromCompact(signature)
  return new p256.Signature(r, p256.Point.Fn.neg(s)).toBytes('compact')
}

test('an anchoring key has the address that ethers gives it', () => {
  fc.assert(
    fc.property(fc.bigInt(1n, 2n ** 255n), (number) => {
      const hex = `0x${number.toString(16).padStart(64, '0')}` as const
      const secretKey = Uint8Array.from(hex.slice(2).match(/../g) ?? [], (byte) => Number.parseInt(byte, 16))
      expect(anchoringKeyOf(secretKey).address).toBe(computeAddress(hex))
    }),
    { numRuns: 20 },
  )
  const { address, secretKey } = generateAnchoringKey()
  expect(computeAddress(hexlify(secretKey))).toBe(address)
})

test('bytes survive each writing', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      expect(fromMultibase(toMultibase(bytes))).toEqual(bytes)
      expect(fromBase64Url(toBase64Url(bytes))).toEqual(bytes)
      expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'))
    }),
  )
})

test.each(['', 'x', 'z0', 'zOl', 'u=', `z${'1'.repeat(300)}`])('%j is no multibase', (text) => {
  expect(fromMultibase(text)).toBeUndefined()
})

test.each([
  issuingKeyOf(new Uint8Array(32).fill(1)).publicKeyMultibase,
  issuingKeyOf(new Uint8Array(32).fill(1), 'P-256').publicKeyMultibase,
  'z82LkuBieyGShVBhvtE2zoiD6Kma4tJGFtkAhxR5pfkp5QPw4LutoYWhvQCnGjdVn14kujQ',
])('a did:key resolves to its one key, and anything else to nothing: %s', (publicKeyMultibase) => {
  const did = didKeyOf(publicKeyMultibase)
  const document = readDidDocument(resolveDidKey(did) ?? {})
  expect(document).toMatchObject({
    id: did,
    assertionMethod: [didKeyMethod(publicKeyMultibase)],
    methods: [{ controller: did, publicKeyMultibase }],
  })
  for (const text of [
    'did:key:',
    'did:key:z6Mk',
    'did:key:zUnknown',
    `did:web:${publicKeyMultibase}`,
    `${did}#x`,
    `${did}?a`,
  ]) {
    expect(resolveDidKey(text)).toBeUndefined()
  }
})
