import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Json } from '#engine/shared/json.ts'
import { issuerProfileDocument } from './issuer-profile.ts'
import { identifiersInLine, readInstitutionWords } from './read-institution.ts'

const OURS = issuerProfileDocument({
  did: 'did:web:example.org:issuers:a',
  name: 'Academie',
  official: 'Stichting Academie',
  phone: '+31201234567',
  address: {
    streetAddress: 'Plein 1',
    postOfficeBoxNumber: '12',
    postalCode: '1012 AB',
    addressLocality: 'Amsterdam',
    addressCountryCode: 'NL',
  },
  otherIdentifiers: [
    { identifier: '30AA', type: 'ext:BRIN' },
    { identifier: 'academie', type: 'sourcedId' },
  ],
  parentOrg: { id: 'did:web:university.example', name: 'Universiteit' },
})

test('what an institution says of itself is told in words', () => {
  const words = readInstitutionWords(OURS)
  expect(words).toEqual({
    official: 'Stichting Academie',
    identifiers: [
      { identifier: '30AA', type: 'ext:BRIN' },
      { identifier: 'academie', type: 'sourcedId' },
    ],
    address: 'Plein 1, 1012 AB Amsterdam, NL',
    postOfficeBox: '12',
    parent: 'Universiteit',
  })
  expect(identifiersInLine(words ?? {})).toBe('BRIN 30AA, sourcedId academie')
})

test.each([
  ['ext:nr', '1, BRIN 21PL, KVK 12345678', 'nr “1, BRIN 21PL, KVK 12345678”'],
  ['ext:nr', '1”, BRIN “21PL', "nr “1', BRIN '21PL”"],
  ['ext:nr', '1\nBRIN 21PL', 'nr “1 BRIN 21PL”'],
  ['nr 1, BRIN', '21PL', '“nr 1, BRIN” 21PL'],
])('an identifier that would read as several is told as one: %s %j', (identifierType, identifier, said) => {
  const words = readInstitutionWords({ otherIdentifier: [{ identifierType, identifier }] })
  expect(identifiersInLine(words ?? {})).toBe(said)
})

test.each(['familyName', 'givenName', 'patronymicName', 'dateOfBirth'])(
  'a profile with %s is that of a person: where they live and what they are numbered is not told',
  (name) => {
    expect(readInstitutionWords({ ...OURS, [name]: 'X' })).toBeUndefined()
  },
)

test.each(['name', 'emailAddress', 'nationalIdentityNumber', 'userName', 'accountId', 'ltiUserId'])(
  'an identifier of type %s is not told',
  (identifierType) => {
    const otherIdentifier = [{ type: 'IdentifierEntry', identifier: '123456782', identifierType }]
    expect(readInstitutionWords({ otherIdentifier })).toBeUndefined()
  },
)

test('a text that would read as another one is told as a reader sees it', () => {
  expect(
    readInstitutionWords({ official: 'Aca\u202Edemie', address: { addressLocality: '\u200B' } }),
  ).toEqual({
    official: 'Academie',
  })
})

test('of any profile it tells texts or nothing, and refuses none', () => {
  const value = fc.oneof(fc.jsonValue(), fc.string())
  const entry = fc.record({ identifier: value, identifierType: value }, { requiredKeys: [] })
  const profile = fc.record(
    { official: value, address: value, otherIdentifier: fc.oneof(value, fc.array(entry)), parentOrg: value },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(fc.oneof(profile, value), (issuer) => {
      const words = readInstitutionWords(issuer as Json)
      for (const text of [words?.official, words?.address, words?.parent])
        expect(['string', 'undefined']).toContain(typeof text)
      for (const { type, identifier } of words?.identifiers ?? [])
        expect([typeof type, typeof identifier]).toEqual(['string', 'string'])
    }),
  )
})
