import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { JsonObject } from '#engine/shared/json.ts'
import { matchAssertion, matchHolder } from './holder-match.ts'

const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest())
const ANN = [{ type: 'email', value: 'a@example.com' }] as const
const naming = (...identifier: JsonObject[]): JsonObject => ({ credentialSubject: { identifier } })
const hashed = (identityHash: string, more: JsonObject = {}): JsonObject => ({
  type: 'IdentityObject',
  hashed: true,
  identityHash,
  identityType: 'emailAddress',
  ...more,
})
const match = (document: JsonObject) => matchHolder(document, ANN, sha256)

describe('whether a badge names its holder', () => {
  test('the example of the standard: a salted hash of an address', () => {
    const standard = 'sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399'
    expect(match(naming(hashed(standard, { salt: 'Kosher' })))).toBe('yes')
    expect(
      match(naming(hashed(standard.toUpperCase().replace('SHA256', 'sha256'), { salt: 'Kosher' }))),
    ).toBe('yes')
    expect(match(naming(hashed(standard, { salt: 'Treif' })))).toBe('no')
    expect(match(naming(hashed(standard)))).toBe('no')
  })

  test('what cannot be compared is unknown, and never a no', () => {
    expect(match({})).toBe('unknown')
    expect(match({ credentialSubject: { id: 'did:example:somebody' } })).toBe('unknown')
    expect(match(naming(hashed('md5$900150983cd24fb0d6963f7d28e17f72')))).toBe('unknown')
    expect(match(naming({ identityType: 'name', hashed: false, identityHash: 'A' }))).toBe('unknown')
    expect(match(naming({ identityType: 'emailAddress', hashed: true, identityHash: 7 }))).toBe('unknown')
  })

  test('one identity that fits is enough; an address or DID in plain text is compared too', () => {
    const other = { identityType: 'emailAddress', hashed: false, identityHash: 'b@example.com' }
    expect(match(naming(other))).toBe('no')
    expect(match(naming(other, { ...other, identityHash: 'A@Example.com' }))).toBe('yes')
    expect(match({ credentialSubject: { id: 'mailto:a@example.com' } })).toBe('yes')
    expect(match({ credentialSubject: { id: 'mailto:b@example.com' } })).toBe('no')
    const did = [{ type: 'did', value: 'did:example:ann' }] as const
    expect(matchHolder({ credentialSubject: { id: 'did:example:ann' } }, did, sha256)).toBe('yes')
  })

  test('a hash fits exactly the addresses from which it was made', () => {
    const address = fc.constantFrom('a@example.com', 'b@example.com', 'c@example.com')
    fc.assert(
      fc.property(address, fc.string(), fc.uniqueArray(address), (named, salt, proven) => {
        const hash = createHash('sha256')
          .update(named + salt)
          .digest('hex')
        const document = naming(hashed(`sha256$${hash}`, { salt }))
        const identities = proven.map((value) => ({ type: 'email' as const, value }))
        expect(matchHolder(document, identities, sha256)).toBe(proven.includes(named) ? 'yes' : 'no')
      }),
    )
  })
})

test.each<[string, JsonObject, string]>([
  ['in plain text', { type: 'email', hashed: false, identity: 'A@example.com' }, 'yes'],
  ['of somebody else', { type: 'email', hashed: false, identity: 'b@example.com' }, 'no'],
  [
    'hashed, with a salt',
    {
      type: 'email',
      hashed: true,
      salt: 'Kosher',
      identity: 'sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399',
    },
    'yes',
  ],
  ['in MD5', { type: 'email', hashed: true, identity: 'md5$00' }, 'unknown'],
  ['of another type', { type: 'url', hashed: false, identity: 'a@example.com' }, 'unknown'],
])('a recipient of Open Badges 2.0 %s', (_, recipient, expected) => {
  expect(matchAssertion({ recipient }, ANN, sha256)).toBe(expected)
  expect(matchAssertion({}, ANN, sha256)).toBe('unknown')
})
