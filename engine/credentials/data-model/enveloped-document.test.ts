import { expect, test } from 'vitest'
import type { JsonObject } from '#engine/shared/json.ts'
import { envelopeType, readEnvelope } from './enveloped-document.ts'
import { presentationFaults } from './presentation-faults.ts'

const V2 = 'https://www.w3.org/ns/credentials/v2'
const envelope: JsonObject = {
  '@context': [V2],
  id: 'data:application/vc+jwt,a.b.c',
  type: 'EnvelopedVerifiableCredential',
}

test.each([
  ['data:application/vc+jwt,a.b.c', 'a.b.c'],
  ['data:application/vc+jwt;charset=utf-8;x=y,a.b.c', 'a.b.c'],
  ['data:application/jwt,a.b.c', 'a.b.c'],
  ['DATA:application/VP+JWT,a.b.c', 'a.b.c'],
])('%s holds a token', (id, token) => {
  expect(readEnvelope({ ...envelope, id })).toEqual({ kind: 'enveloped', token })
})

test.each<[string, JsonObject, string]>([
  ['no context', { ...envelope, '@context': [] }, '/@context'],
  ['another context', { ...envelope, '@context': 'https://example.org/v2' }, '/@context'],
  ['no data: URL', { ...envelope, id: 'a.b.c' }, '/id'],
  ['no token', { ...envelope, id: 'data:application/vc+jwt,' }, '/id'],
  ['something else inside', { ...envelope, id: 'data:text/plain,a.b.c' }, '/id'],
])('an envelope with %s is malformed', (_name, document, path) => {
  expect(readEnvelope(document)).toMatchObject({ kind: 'malformed', fault: { path } })
})

test('the type says which envelope it is', () => {
  expect(envelopeType(envelope)).toBe('EnvelopedVerifiableCredential')
  expect(envelopeType({ type: ['EnvelopedVerifiablePresentation'] })).toBe('EnvelopedVerifiablePresentation')
  expect(envelopeType({ type: 'VerifiableCredential' })).toBeUndefined()
  expect(envelopeType({})).toBeUndefined()
})

const presentation: JsonObject = { '@context': [V2], type: ['VerifiablePresentation'] }

test.each<[string, JsonObject, string[]]>([
  ['nothing', {}, []],
  ['a holder', { holder: 'did:example:holder' }, []],
  ['a holder as object', { holder: { id: 'did:example:holder' } }, []],
  ['a holder without an id', { holder: {} }, ['/holder/id']],
  ['an id that is none', { id: 'x' }, ['/id']],
  [
    'a credential that is a text',
    { verifiableCredential: ['https://example.org/1'] },
    ['/verifiableCredential/0'],
  ],
  ['another type', { type: ['Other'] }, ['/type']],
  ['one type alone', { type: 'VerifiablePresentation' }, []],
  ['another type alone', { type: 'Other' }, ['/type']],
  ['no type', { type: 7 }, ['/type']],
  ['another context', { '@context': ['https://example.org/v2'] }, ['/@context/0']],
])('a presentation with %s', (_name, change, paths) => {
  expect(presentationFaults({ ...presentation, ...change }).map(({ path }) => path)).toEqual(paths)
})
