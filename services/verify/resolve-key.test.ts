import { expect, test } from 'vitest'
import { didKeyMethod, didKeyOf } from '#adapters/crypto/did-key.ts'
import { toBase64Url } from '#adapters/crypto/multibase.ts'
import { utf8 } from '#engine/shared/bytes.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import { fakeSources } from '#test/verification/fake-sources.ts'
import { issuingKey, suite } from '#test/verification/sample-issuer.ts'
import { createFindDid, keysOf } from './resolve-key.ts'

const ISSUER = 'https://badges.example.org/issuers/1'
const JWK = { kty: 'OKP', crv: 'Ed25519', x: toBase64Url(new Uint8Array(32).fill(7)) }

const methodOf = (id: string, change: JsonObject = {}): JsonObject => ({
  id,
  type: 'JsonWebKey',
  controller: ISSUER,
  publicKeyJwk: JWK,
  ...change,
})

const documentOf = (...methods: readonly JsonObject[]): JsonObject => ({
  id: ISSUER,
  verificationMethod: methods,
  assertionMethod: methods.map(({ id = null }) => id),
})

/** Resolves the key under an issuer, in a web that serves just this. */
const look = async (issuer: string, key: string, served: Record<string, JsonObject> = {}) => {
  const found = await keysOf(issuer, createFindDid(suite, fakeSources(new Map(Object.entries(served)))))(key)
  return found.kind === 'found' ? found.method.id : found.kind
}

test('a key is found by its id, by the kid of its JWK, and by its owner where it is the only one', async () => {
  const named = methodOf(`${ISSUER}#key-1`, { publicKeyJwk: { ...JWK, kid: 'thumb' } })
  const served = { [ISSUER]: documentOf(named) }
  for (const name of [`${ISSUER}#key-1`, `${ISSUER}#thumb`, `${ISSUER}#`])
    expect(await look(ISSUER, name, served)).toBe(`${ISSUER}#key-1`)
  expect(await look(ISSUER, `${ISSUER}#key-2`, served)).toBe('not-found')

  const twice = { [ISSUER]: documentOf(named, { ...named, id: `${ISSUER}#key-2` }) }
  expect(await look(ISSUER, `${ISSUER}#`, twice)).toBe('not-found')
  expect(await look(ISSUER, ISSUER, served)).toBe('not-found')
  expect(await look(ISSUER, `${ISSUER}#thumb`, twice)).toBe('not-found')
})

test('a JWK at an address under the issuer is its key, and nowhere else', async () => {
  const under = `${ISSUER}/keys/1`
  const jwk = { ...JWK }
  expect(await look(ISSUER, under, { [under]: jwk })).toBe(under)
  expect(await look('did:web:badges.example.org:issuers:1', under, { [under]: jwk })).toBe(under)
  expect(await look('did:web:badges.example.org', under, { [under]: jwk })).toBe(under)
  for (const elsewhere of [
    'https://badges.example.org/issuers/2/keys/1',
    'https://badges.example.org/issuers/10',
    'https://elsewhere.example.org/issuers/1/keys/1',
    `${ISSUER}/../2/key`,
    `${ISSUER}/%2e%2e/2/key`,
    'https://badges.example.org@elsewhere.example.org/issuers/1/keys/1',
  ]) {
    expect(await look(ISSUER, elsewhere, { [elsewhere]: jwk })).toBe('not-of-issuer')
  }
  expect(await look('did:key:z6Mk', 'did:key:z6Mk/key', {})).toBe('not-of-issuer')
})

test('did:key and did:jwk ask nobody', async () => {
  const { publicKeyMultibase } = issuingKey
  const key = didKeyMethod(publicKeyMultibase)
  expect(await look(didKeyOf(publicKeyMultibase), key)).toBe(key)
  expect(await look(didKeyOf(publicKeyMultibase), `${didKeyOf(publicKeyMultibase)}#`)).toBe(key)
  const did = `did:jwk:${toBase64Url(utf8(JSON.stringify(JWK)))}`
  expect(await look(did, `${did}#0`)).toBe(`${did}#0`)
  expect(await look(did, `${did}#`)).toBe(`${did}#0`)
  expect(await look(did, `${did}#1`)).toBe('not-found')
})
