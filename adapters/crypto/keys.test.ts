import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey'
import { computeAddress, hexlify } from 'ethers'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readDidDocument } from '#engine/credentials/did-document.ts'
import { anchoringKeyOf, generateAnchoringKey } from './anchoring-key.ts'
import { didKeyMethod, didKeyOf, resolveDidKey } from './did-key.ts'
import { generateIssuingKey, issuingKeyOf } from './issuing-key.ts'
import { fromBase64Url, fromMultibase, toBase64, toBase64Url, toMultibase } from './multibase.ts'

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

test('a did:key resolves to its one key, and anything else to nothing', () => {
  const { publicKeyMultibase } = issuingKeyOf(new Uint8Array(32).fill(1))
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
