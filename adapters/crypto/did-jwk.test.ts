import { exportJWK, generateKeyPair } from 'jose'
import { expect, test } from 'vitest'
import { readDidDocument } from '#engine/credentials/did-document.ts'
import { utf8 } from '#engine/shared/bytes.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import { resolveDidJwk } from './did-jwk.ts'
import { toBase64Url } from './multibase.ts'

const didOf = (jwk: unknown) => `did:jwk:${toBase64Url(utf8(JSON.stringify(jwk)))}`

const jwkOf = async (alg: string, options = {}) => {
  const { publicKey } = await generateKeyPair(alg, { extractable: true, ...options })
  return (await exportJWK(publicKey)) as unknown as JsonObject
}

test.each(['EdDSA', 'ES256', 'ES384', 'RS256'])('a did:jwk of a key for %s is its one key', async (alg) => {
  const jwk = await jwkOf(alg)
  const did = didOf(jwk)
  expect(readDidDocument(resolveDidJwk(did) ?? {})).toEqual({
    id: did,
    methods: [{ id: `${did}#0`, type: 'JsonWebKey2020', controller: did, publicKeyJwk: jwk }],
    assertionMethod: [`${did}#0`],
    authentication: [`${did}#0`],
  })
})

test('the example of the did:jwk method resolves', () => {
  // github.com/quartzjer/did-jwk, spec.md (CC0), with its P-256 key.
  const did =
    'did:jwk:eyJjcnYiOiJQLTI1NiIsImt0eSI6IkVDIiwieCI6ImFjYklRaXVNczNpOF91c3pFakoydHBUdFJNNEVVM3l6OTFQSDZDZEgyVjAiLCJ5IjoiX0tjeUxqOXZXTXB0bm1LdG00NkdxRHo4d2Y3NEk1TEtncmwyR3pIM25TRSJ9'
  expect(resolveDidJwk(did)).toMatchObject({
    id: did,
    verificationMethod: [
      {
        publicKeyJwk: {
          crv: 'P-256',
          kty: 'EC',
          x: 'acbIQiuMs3i8_uszEjJ2tpTtRM4EU3yz91PH6CdH2V0',
          y: '_KcyLj9vWMptnmKtm46GqDz8wf74I5LKgrl2GzH3nSE',
        },
      },
    ],
  })
})

test('what is no public key for signatures resolves to nothing', async () => {
  const [ed25519, p256, rsa] = await Promise.all([jwkOf('EdDSA'), jwkOf('ES256'), jwkOf('RS256')])
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  const zero = toBase64Url(new Uint8Array(32))
  for (const jwk of [
    await exportJWK(privateKey),
    { ...ed25519, d: zero },
    { ...ed25519, use: 'enc' },
    { ...ed25519, crv: 'X25519' },
    { ...p256, y: zero },
    { ...p256, x: 'AA' },
    { ...p256, crv: 'P-521' },
    { ...p256, crv: 'secp256k1' },
    { ...rsa, n: toBase64Url(new Uint8Array(128).fill(255)) },
    { ...rsa, n: toBase64Url(new Uint8Array(2000).fill(255)) },
    { ...rsa, e: toBase64Url(new Uint8Array(9).fill(255)) },
    { kty: 'oct', k: zero },
    {},
    [],
    'x',
    null,
  ]) {
    expect(resolveDidJwk(didOf(jwk)), JSON.stringify(jwk)).toBeUndefined()
  }
  for (const did of [
    'did:jwk:',
    'did:jwk:e',
    'did:jwk:!',
    'did:key:z6Mk',
    `${didOf(p256)}#0`,
    `did:jwk:${'A'.repeat(9000)}`,
  ])
    expect(resolveDidJwk(did)).toBeUndefined()
})
