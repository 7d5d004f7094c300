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

test('a JWK at an address is a key of the issuer whose document names it, and of no other', async () => {
  const key = 'https://badges.example.org/keys/1'
  const naming = { id: ISSUER, assertionMethod: [key] }
  expect(await look(ISSUER, key, { [ISSUER]: naming, [key]: JWK })).toBe(key)
  expect(await look(ISSUER, key, { [ISSUER]: naming })).toBe('not-found')
  expect(await look(ISSUER, key, { [ISSUER]: documentOf(methodOf(key)) })).toBe(key)
  for (const did of ['did:web:badges.example.org:issuers:1', 'did:web:badges.example.org']) {
    expect(await look(did, key, { [did]: { id: did, assertionMethod: [key] }, [key]: JWK })).toBe(key)
    expect(await look(did, key, { [did]: { id: did }, [key]: JWK })).toBe('not-of-issuer')
  }
})

test('a page of somebody at the host of an issuer is no key of the issuer', async () => {
  const page = 'https://university.example.edu/~student/homework.json'
  const origin = 'https://university.example.edu'
  for (const issuer of ['did:web:university.example.edu', origin, `${origin}/`, `${origin}/badges`]) {
    const under = issuer.startsWith('did:') ? page : `${issuer.replace(/\/$/, '')}/~student/homework.json`
    for (const key of [page, under, `${origin}/homework.json`]) {
      expect(await look(issuer, key, { [key]: JWK })).toBe('not-of-issuer')
      expect(await look(issuer, key, { [key]: { ...documentOf(methodOf(key)), id: key } })).toBe(
        'not-of-issuer',
      )
    }
  }
})

test('where an https issuer with a path has no document of keys, a JWK directly under it is its key', async () => {
  const under = `${ISSUER}/key-1`
  expect(await look(ISSUER, under, { [under]: JWK })).toBe(under)
  expect(await look(ISSUER, under, { [ISSUER]: { id: ISSUER, type: 'Profile' }, [under]: JWK })).toBe(under)
  const listing = documentOf(methodOf(`${ISSUER}#key-1`))
  expect(await look(ISSUER, under, { [ISSUER]: listing, [under]: JWK })).toBe('not-of-issuer')
  for (const elsewhere of [
    `${ISSUER}/keys/1`,
    `${ISSUER}/key?1`,
    'https://badges.example.org/issuers/2/key',
    'https://badges.example.org/issuers/10',
    'https://elsewhere.example.org/issuers/1/key',
    `${ISSUER}/../2/key`,
    `${ISSUER}/%2e%2e/2/key`,
    'https://badges.example.org@elsewhere.example.org/issuers/1/key',
  ]) {
    expect(await look(ISSUER, elsewhere, { [elsewhere]: JWK })).toBe('not-of-issuer')
  }
  const did = 'did:web:badges.example.org:issuers:1'
  expect(await look(did, under, { [under]: JWK })).toBe('not-of-issuer')
  expect(await look('did:key:z6Mk', 'did:key:z6Mk/key', {})).toBe('not-of-issuer')
})

test('a JWK in the place of a DID document is none', async () => {
  const did = 'did:web:badges.example.org'
  expect(await look(did, `${did}#key-1`, { [did]: JWK })).toBe('not-found')
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
