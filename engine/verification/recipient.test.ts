import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { JsonObject } from '#engine/shared/json.ts'
import { matchRecipient, readRecipient } from './recipient.ts'

const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest())
const hex = (text: string) => createHash('sha256').update(text).digest('hex')

const naming = (...identifier: JsonObject[]): JsonObject => ({ credentialSubject: { identifier } })

test.each([
  ['a@example.org', { identityType: 'emailAddress', value: 'a@example.org' }],
  ['mailto:Ann@Example.org', { identityType: 'emailAddress', value: 'Ann@Example.org' }],
  ['did:web:ann.example.org', { identityType: 'did', value: 'did:web:ann.example.org' }],
  ['name=Ann Example', { identityType: 'name', value: 'Ann Example' }],
  ['ext:eppn=ann@example.org', { identityType: 'ext:eppn', value: 'ann@example.org' }],
  ['', undefined],
  ['Ann Example', undefined],
  ['a@b@c', undefined],
  ['name=', undefined],
  ['a@example.org\u0000', undefined],
])('%j names %j', (text, recipient) => {
  expect(readRecipient(text)).toEqual(recipient)
})

const ANN = { identityType: 'emailAddress', value: 'Ann@Example.org' }

test('an address fits whatever case it was hashed in, and in plain text', () => {
  const hashed = (text: string) =>
    naming({
      identityType: 'emailAddress',
      hashed: true,
      salt: 'pepper',
      identityHash: `sha256$${hex(text)}`,
    })
  expect(matchRecipient(hashed('ann@example.orgpepper'), ANN, sha256)).toBe('yes')
  expect(matchRecipient(hashed('Ann@Example.orgpepper'), ANN, sha256)).toBe('yes')
  expect(matchRecipient(hashed('bob@example.orgpepper'), ANN, sha256)).toBe('no')
  const plain = { identityType: 'emailAddress', hashed: false, identityHash: 'ANN@example.org' }
  expect(matchRecipient(naming(plain), ANN, sha256)).toBe('yes')
  expect(matchRecipient({ credentialSubject: { id: 'urn:uuid:1' } }, ANN, sha256)).toBe('unknown')
})

test('another kind of identity is compared with its own kind alone', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.string(), fc.boolean(), (value, other, isHashed) => {
      const salt = 's'
      const badge = naming({
        identityType: 'ext:studentId',
        hashed: isHashed,
        salt,
        identityHash: isHashed ? `sha256$${hex(value + salt)}` : value,
      })
      const ask = (identityType: string, named: string) =>
        matchRecipient(badge, { identityType, value: named }, sha256)
      expect(ask('ext:studentId', value)).toBe('yes')
      expect(ask('ext:studentId', other)).toBe(other === value ? 'yes' : 'no')
      expect(ask('name', value)).toBe('unknown')
    }),
  )
})
