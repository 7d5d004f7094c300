import { expect, test } from 'vitest'
import { parseInstant } from '#engine/shared/instant.ts'
import { buildDidDocument, readDidDocument, verificationMethodId } from './did-document.ts'

const DID = 'did:web:badges.example.org:issuers:acme'
const ADDRESS = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed'

test('active and retired keys may assert, a compromised one may not, and the anchoring account is listed', () => {
  const since = parseInstant('2026-01-01T00:00:00Z') ?? expect.unreachable()
  const json = buildDidDocument({
    did: DID,
    issuingKeys: [
      { publicKeyMultibase: 'z6MkA', state: { kind: 'active' } },
      { publicKeyMultibase: 'z6MkR', state: { kind: 'retired' } },
      { publicKeyMultibase: 'z6MkC', state: { kind: 'compromised', since } },
    ],
    anchoring: [{ chainId: 1, address: ADDRESS }],
    alsoKnownAs: ['https://badges.example.org/issuers/acme'],
  })
  const read = readDidDocument(json)
  expect(read?.assertionMethod).toEqual([
    verificationMethodId(DID, 'z6MkA'),
    verificationMethodId(DID, 'z6MkR'),
  ])
  expect(read?.methods.map(({ id, revoked }) => [id, revoked])).toEqual([
    [`${DID}#z6MkA`, undefined],
    [`${DID}#z6MkR`, undefined],
    [`${DID}#z6MkC`, '2026-01-01T00:00:00Z'],
    [`${DID}#anchoring`, undefined],
  ])
  expect(read?.methods.at(-1)?.blockchainAccountId).toBe(`eip155:1:${ADDRESS}`)
  expect(json['alsoKnownAs']).toEqual(['https://badges.example.org/issuers/acme'])
})

test('relative ids are completed, embedded methods count, and what cannot be read is left out', () => {
  const read = readDidDocument({
    id: DID,
    verificationMethod: [
      { id: '#a', type: 'Multikey', controller: DID, publicKeyMultibase: 'z1' },
      'text',
      { id: 5 },
      null,
    ],
    assertionMethod: [
      '#a',
      { id: `${DID}#b`, type: 'Multikey', controller: DID, publicKeyMultibase: 'z2' },
      7,
    ],
  })
  expect(read?.methods.map(({ id }) => id)).toEqual([`${DID}#a`, `${DID}#b`])
  expect(read?.assertionMethod).toEqual([`${DID}#a`, `${DID}#b`])
  expect(readDidDocument({ verificationMethod: [] })).toBeUndefined()
})
