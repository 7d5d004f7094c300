import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Json, JsonObject } from '#engine/shared/json.ts'
import { credentialFaults } from './credential-faults.ts'

const V2 = 'https://www.w3.org/ns/credentials/v2'
const V1 = 'https://www.w3.org/2018/credentials/v1'

const minimal: JsonObject = {
  '@context': [V2],
  type: ['VerifiableCredential'],
  issuer: 'did:example:issuer',
  credentialSubject: { id: 'did:example:subject' },
}

const older: JsonObject = { ...minimal, '@context': [V1], issuanceDate: '2020-03-16T22:37:26.544Z' }

const pathsOf = (change: JsonObject, of = minimal) =>
  credentialFaults({ ...of, ...change }).map(({ path }) => path)

const without = (name: string, of = minimal): JsonObject =>
  Object.fromEntries(Object.entries(of).filter(([key]) => key !== name))

const known = (address: string) =>
  address === 'https://example.org/known' ? ['sha256-AAAA', 'uEiAA'] : undefined

const SHA = 'sha384-l/HrjlBCNWyAX91hr6LFV2Y3heB5Tcr6IeE4/Tje8YyzYBM8IhqjHWiWpr8+ZbYU'
const MULTIBASE = 'uEiBZlVztZpfWHgPyslVv6-UwirFoQoRvW1htfx963sknNA'
const typed = { type: 'https://example.org/#Type' }
const entry = { ...typed, id: 'https://example.org/1' }

/** Members that keep to the data model, each with changes that do not and where these are told. */
const MEMBERS: Readonly<
  Record<string, { readonly good: readonly Json[]; readonly bad: readonly (readonly [Json, string])[] }>
> = {
  '@context': {
    good: [[V2], [V2, 'https://example.org/v1'], [V2, { term: 'https://example.org/term' }]],
    bad: [
      [V2, '/@context'],
      [[], '/@context/0'],
      [{}, '/@context'],
      [['https://example.org/v1', V2], '/@context/0'],
      [[V2, 123192875], '/@context/1'],
      [[V2, 'no url'], '/@context/1'],
      [[V2, ['https://example.org/v1']], '/@context/1'],
    ],
  },
  id: {
    good: ['https://example.org/1', 'urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33', 'did:example:a'],
    bad: [
      [null, '/id'],
      [['https://example.org/1'], '/id'],
      ['not a url', '/id'],
      ['relative', '/id'],
      [7, '/id'],
    ],
  },
  type: {
    good: [['VerifiableCredential'], ['https://example.org/#A', 'VerifiableCredential']],
    bad: [
      ['VerifiableCredential', '/type'],
      [['Other'], '/type'],
      [['VerifiableCredential', null], '/type/1'],
      [{}, '/type'],
    ],
  },
  name: {
    good: [
      'Text',
      { '@value': 'Text', '@language': 'en', '@direction': 'ltr' },
      [{ '@value': 'Tekst', '@language': 'nl-NL' }, { '@value': 'Text' }],
    ],
    bad: [
      [7, '/name'],
      [['Text', null], '/name/1'],
      [{ '@language': 'en' }, '/name/@value'],
      [{ '@value': 1 }, '/name/@value'],
      [{ '@value': 'x', '@language': 'not a tag' }, '/name/@language'],
      [{ '@value': 'x', '@direction': 'up' }, '/name/@direction'],
      [{ '@value': 'x', url: 'x' }, '/name/url'],
    ],
  },
  issuer: {
    good: ['did:example:a', { id: 'did:example:a', name: { '@value': 'A', '@direction': 'rtl' } }],
    bad: [
      ['no url', '/issuer'],
      [null, '/issuer'],
      [['did:example:a'], '/issuer'],
      [{}, '/issuer/id'],
      [{ id: 'x' }, '/issuer/id'],
      [{ id: 'did:example:a', description: 7 }, '/issuer/description'],
    ],
  },
  credentialSubject: {
    good: [{ name: 'X' }, [{ id: 'did:example:a' }, { id: 'urn:b' }]],
    bad: [
      ['did:example:subject', '/credentialSubject'],
      [{}, '/credentialSubject'],
      [[], '/credentialSubject'],
      [[{ id: 'did:example:a' }, {}], '/credentialSubject/1'],
      [{ id: 'not a url' }, '/credentialSubject/id'],
      [{ id: ['did:example:a'] }, '/credentialSubject/id'],
    ],
  },
  validFrom: {
    good: ['2023-02-26T01:21:23Z', '4023-02-26T01:02:58.447Z', '2023-02-25T19:21:29-06:00'],
    bad: [
      ['Sat 25 Feb 2023 07:16:31 PM CST', '/validFrom'],
      ['2023-02-26', '/validFrom'],
      ['2023-02-26T01:21:23', '/validFrom'],
      ['2023-02-26 01:21:23Z', '/validFrom'],
      ['2023-02-30T01:21:23Z', '/validFrom'],
      [1677374483, '/validFrom'],
    ],
  },
  credentialStatus: {
    good: [typed, [entry, typed]],
    bad: [
      [{ id: 'https://example.org/1' }, '/credentialStatus/type'],
      [{ ...typed, id: 'x' }, '/credentialStatus/id'],
      ['https://example.org/1', '/credentialStatus'],
    ],
  },
  credentialSchema: {
    good: [entry, [entry, { ...entry, id: 'did:example:schemas/2' }]],
    bad: [
      [typed, '/credentialSchema/id'],
      [{ id: 'https://example.org/1' }, '/credentialSchema/type'],
      [{ ...typed, id: 'https ://not-a-url.org/1' }, '/credentialSchema/id'],
    ],
  },
  evidence: {
    good: [typed, [{ type: ['A', 'B'] }]],
    bad: [
      [{}, '/evidence/type'],
      [[typed, { type: [] }], '/evidence/1/type'],
    ],
  },
  termsOfUse: { good: [typed, [entry]], bad: [[{ id: 'https://example.org/1' }, '/termsOfUse/type']] },
  refreshService: {
    good: [typed, [entry]],
    bad: [[{ id: 'https://example.org/1' }, '/refreshService/type']],
  },
  relatedResource: {
    good: [
      { id: 'https://example.org/a', digestSRI: SHA },
      [
        { id: 'https://example.org/a', digestMultibase: MULTIBASE, mediaType: 'application/json' },
        { id: 'https://example.org/b', digestSRI: SHA },
      ],
      { id: 'https://example.org/known', digestSRI: 'sha256-AAAA=' },
    ],
    bad: [
      [['https://example.org/a'], '/relatedResource/0'],
      [{ digestSRI: SHA }, '/relatedResource/id'],
      [{ id: 'https://example.org/a' }, '/relatedResource'],
      [{ id: 'https://example.org/a', digestSRI: 'md5-AAAA' }, '/relatedResource/digestSRI'],
      [{ id: 'https://example.org/a', digestMultibase: 'uZTQ0MjM1NiAg' }, '/relatedResource/digestMultibase'],
      [{ id: 'https://example.org/known', digestSRI: SHA }, '/relatedResource/digestSRI'],
      [{ id: 'https://example.org/known', digestMultibase: MULTIBASE }, '/relatedResource/digestMultibase'],
      [
        [
          { id: 'https://example.org/a', digestSRI: SHA },
          { id: 'https://example.org/a', digestSRI: SHA },
        ],
        '/relatedResource/1/id',
      ],
    ],
  },
}

const names = Object.keys(MEMBERS)
const member = (name: string) => MEMBERS[name] ?? { good: [], bad: [] }

/** A credential with good values of any members. */
const goodCredential = fc
  .record(Object.fromEntries(names.map((name) => [name, fc.constantFrom(...member(name).good)])), {
    requiredKeys: ['@context', 'type', 'issuer', 'credentialSubject'],
  })
  .map((credential) => credential as JsonObject)

test('whatever members are put together well make a credential without faults', () => {
  fc.assert(
    fc.property(goodCredential, (credential) => {
      expect(credentialFaults(credential, known)).toEqual([])
    }),
  )
})

test('one bad member among good ones is told, at its place, and nothing else', () => {
  const bad = fc
    .constantFrom(...names)
    .chain((name) => fc.constantFrom(...member(name).bad.map((each) => [name, ...each] as const)))
  fc.assert(
    fc.property(goodCredential, bad, (credential, [name, value, path]) => {
      const faults = credentialFaults({ ...credential, [name]: value }, known)
      expect(faults.map((fault) => fault.path)).toEqual([path])
    }),
  )
})

test('whatever JSON a member holds, the answer is a list of faults', () => {
  fc.assert(
    fc.property(fc.constantFrom(...names, 'validUntil', 'description'), fc.jsonValue(), (name, value) => {
      expect(Array.isArray(credentialFaults({ ...minimal, [name]: value as Json }))).toBe(true)
    }),
  )
})

test.each(['@context', 'type', 'issuer', 'credentialSubject'])('%s must be there', (name) => {
  expect(credentialFaults(without(name)).map(({ path }) => path)).toEqual([`/${name}`])
})

test('the end is not before the beginning, in whatever zone they are written', () => {
  const dates = (validFrom: string, validUntil: string) => pathsOf({ validFrom, validUntil })
  expect(dates('2023-02-26T01:21:23Z', '2023-02-25T19:21:29-06:00')).toEqual([])
  expect(dates('2023-02-26T01:21:23Z', '2023-02-25T19:21:22-06:00')).toEqual(['/validUntil'])
  expect(pathsOf({ expirationDate: '2019-03-16T22:37:26Z' }, older)).toEqual(['/expirationDate'])
})

test('the data model 1.1 wants a date of issue, and ids of what 2.0 lets go without', () => {
  expect(pathsOf({}, older)).toEqual([])
  expect(pathsOf({}, without('issuanceDate', older))).toEqual(['/issuanceDate'])
  expect(pathsOf({ refreshService: typed }, older)).toEqual(['/refreshService/id'])
  // Names and descriptions are none of its terms.
  expect(pathsOf({ name: 7 }, older)).toEqual([])
})
