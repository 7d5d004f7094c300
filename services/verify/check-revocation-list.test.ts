import { expect, test } from 'vitest'
import { buildBadgeCredential } from '#engine/credentials/badge-credential.ts'
import { OB_EXTENSIONS_CONTEXT } from '#engine/credentials/contexts.ts'
import type { Json, JsonObject } from '#engine/shared/json.ts'
import { badge, DID, sign, verifierOf } from '#test/verification/sample-issuer.ts'

const AT = 'https://badges.example.org/revocations'

function unsigned(change: JsonObject = {}): JsonObject {
  const document = buildBadgeCredential(badge())
  return {
    ...document,
    '@context': [...(document['@context'] as readonly string[]), OB_EXTENSIONS_CONTEXT],
    credentialStatus: { id: AT, type: '1EdTechRevocationList' },
    ...change,
  }
}

const ID = `${unsigned()['id']}`

test.each<[string, Json | 'unavailable', string, string]>([
  ['an empty list', { id: AT, issuer: DID, revokedCredentials: [] }, 'not-revoked', 'valid'],
  ['others', { issuer: DID, revokedCredential: [{ id: 'urn:x' }, 'urn:y'] }, 'not-revoked', 'valid'],
  [
    'it',
    { id: AT, issuer: DID, revokedCredentials: [{ id: ID, revocationReason: 'mistake' }] },
    'revoked',
    'invalid',
  ],
  ['its id alone', { issuer: { id: DID }, revokedCredential: [ID] }, 'revoked', 'invalid'],
  [
    'it, taken back',
    { issuer: DID, revokedCredentials: [{ id: ID, revoked: false }] },
    'not-revoked',
    'valid',
  ],
  ['it, by somebody else', { issuer: 'did:web:example.org', revokedCredentials: [ID] }, 'revoked', 'invalid'],
  [
    'a list by somebody else',
    { issuer: 'did:web:example.org', revokedCredentials: [] },
    'status-untrusted',
    'undecided',
  ],
  ['a list without an issuer', { revokedCredentials: [] }, 'status-untrusted', 'undecided'],
  ['another list', { id: `${AT}/2`, issuer: DID, revokedCredentials: [] }, 'status-untrusted', 'undecided'],
  ['no list', { issuer: DID }, 'status-untrusted', 'undecided'],
  ['a text', 'a.b.c', 'status-untrusted', 'undecided'],
  ['nothing', 'unavailable', 'status-unavailable', 'undecided'],
])('a list of the older kind with %s: %s', async (_, list, code, verdict) => {
  const asked: string[] = []
  const statusLists = {
    fetch: async (url: string) => {
      asked.push(url)
      return list as JsonObject | 'unavailable'
    },
  }
  const report = await verifierOf({ statusLists }).verify({ document: await sign(unsigned()) })
  expect(report.checks.find(({ name }) => name === 'status')).toMatchObject({ code })
  expect(report.verdict).toBe(verdict)
  expect(asked).toEqual([AT])
})

test('an address that is not https is malformed', async () => {
  const credentialStatus = { id: 'http://example.org/revocations', type: '1EdTechRevocationList' }
  const report = await verifierOf().verify({ document: await sign(unsigned({ credentialStatus })) })
  expect(report.checks.find(({ name }) => name === 'status')).toMatchObject({ code: 'status-malformed' })
})
