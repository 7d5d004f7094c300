import { expect, test } from 'vitest'
import { controllerAddress, didOfIssuer, domainOf, readDidWeb, trustedWith } from './did-web.ts'

test.each([
  [
    'https://badges.example.org',
    'did:web:badges.example.org:issuers:acme',
    'https://badges.example.org/issuers/acme/did.json',
    'badges.example.org',
  ],
  [
    'https://badges.example.org:8443',
    'did:web:badges.example.org%3A8443:issuers:acme',
    'https://badges.example.org:8443/issuers/acme/did.json',
    'badges.example.org',
  ],
  [
    'http://localhost:3000',
    'did:web:localhost%3A3000:issuers:acme',
    'http://localhost:3000/issuers/acme/did.json',
    'localhost',
  ],
  [
    'http://127.0.0.1:3000',
    'did:web:127.0.0.1%3A3000:issuers:acme',
    'http://127.0.0.1:3000/issuers/acme/did.json',
    '127.0.0.1',
  ],
])('the issuer acme at %s has a DID that leads back there', (origin, did, url, domain) => {
  expect(didOfIssuer(origin, 'acme')).toBe(did)
  expect(readDidWeb(did)).toEqual({ domain, url })
  expect(domainOf(did)).toBe(domain)
})

test('a DID of a whole domain leads to its well-known address', () => {
  expect(readDidWeb('did:web:example.org')?.url).toBe('https://example.org/.well-known/did.json')
})

test.each([
  'did:key:z6Mk',
  'did:web:',
  'did:web:example.org:',
  'did:web:example.org:a:..:b',
  'did:web:example.org:a%2Fb',
  'did:web:user%40example.org',
  'did:web:example.org%3A80%3A90',
  'did:web:example.org%3Aport',
  'did:web:example.org/path',
  'did:web:example.org:a?b',
  'did:web:exa mple.org',
])('%s leads nowhere', (did) => {
  expect(readDidWeb(did)).toBeUndefined()
})

test('the domain behind an https issuer is its host, behind a did:key nobody', () => {
  expect(domainOf('https://example.edu/issuers/1')).toBe('example.edu')
  expect(domainOf('did:key:z6Mk')).toBeUndefined()
  expect(domainOf('javascript:alert(1)')).toBeUndefined()
})

test.each([
  ['did:web:example.org:issuers:a', 'https://example.org/issuers/a/did.json'],
  ['https://example.org/issuers/a', 'https://example.org/issuers/a'],
  ['http://localhost:3000/issuers/a', 'http://localhost:3000/issuers/a'],
  ['http://example.org/issuers/a', undefined],
  ['https://example.org/issuers/a#key', undefined],
  ['https://user:secret@example.org/', undefined],
  ['did:key:z6MkSample', undefined],
  ['urn:uuid:7f0a1d5e-0000-4000-8000-000000000001', undefined],
  ['', undefined],
])('the keys of %s are at %s', (id, address) => {
  expect(controllerAddress(id)).toBe(address)
})

test.each([
  ['https://uni.example.nl', ['uni.example.nl']],
  ['https://uni.example.nl/', ['uni.example.nl']],
  ['did:web:uni.example.nl', ['uni.example.nl']],
  ['did:web:uni.example.nl:a:b', ['uni.example.nl/a/b', 'uni.example.nl/a', 'uni.example.nl']],
  ['https://uni.example.nl/a/b', ['uni.example.nl/a/b', 'uni.example.nl/a']],
  ['https://uni.example.nl/a/', ['uni.example.nl/a']],
  ['https://uni.example.nl/~student', ['uni.example.nl/~student']],
  ['did:web:uni.example.nl:~student', ['uni.example.nl/~student']],
  // A home deeper down is a home as well, and what lies above it is not its user's.
  ['did:web:uni.example.nl:staff:~student', ['uni.example.nl/staff/~student']],
  ['https://uni.example.nl/users/~student', ['uni.example.nl/users/~student']],
  [
    'did:web:uni.example.nl:staff:~student:badges',
    ['uni.example.nl/staff/~student/badges', 'uni.example.nl/staff/~student'],
  ],
  ['https://uni.example.nl/~a/~b', ['uni.example.nl/~a/~b']],
  [`did:web:uni.example.nl:${'a:'.repeat(20)}~student`, []],
  ['did:web:localhost%3A3000:issuers:a', ['localhost']],
  ['http://localhost:3000/a', ['localhost']],
  // Another server, or whatever a server makes of it.
  ['did:web:uni.example.nl%3A8443', []],
  ['did:web:uni.example.nl%3a8443:a', []],
  ['https://uni.example.nl:8443/a', []],
  ['http://uni.example.nl', []],
  ['https://uni.example.nl?user=a', []],
  ['https://uni.example.nl/?user=a', []],
  ['https://uni.example.nl/#a', []],
  ['https://a@uni.example.nl', []],
  ['https://uni.example.nl/a//b', []],
  ['https://uni.example.nl/a/../~student', []],
  ['https://uni.example.nl/a/..%2f~student', []],
  ['https://uni.example.nl/a\\b', []],
  ['https://uni.example.nl:443/a', []],
  ['https://UNI.example.nl', []],
  ['did:key:z6Mk', []],
])('%s has the good name of %j', (id, names) => {
  expect(trustedWith(id)).toEqual(names)
})
