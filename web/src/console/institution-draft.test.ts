import { expect, test } from 'vitest'
import type { Issuer } from '#web/api/wire.ts'
import { institutionDraftOf, institutionOf } from './institution-draft.ts'

const BEFORE = {
  official: 'Stichting Voorbeeld',
  phone: '+31201234567',
  address: { addressLocality: 'Utrecht', geo: { latitude: 52.09, longitude: 5.12 } },
  otherIdentifiers: [{ type: 'ext:BRIN', identifier: '30AA' }],
  parentOrg: {
    id: 'https://university.example.edu',
    name: 'Example University',
    otherIdentifiers: [{ type: 'ext:BRIN', identifier: '21PC' }],
  },
} as unknown as Issuer

test('a form that nobody touched says what was there, also what it does not show', () => {
  const { official, phone, address, otherIdentifiers, parentOrg } = BEFORE
  expect(institutionOf(institutionDraftOf(BEFORE), BEFORE)).toEqual({
    official,
    phone,
    address,
    otherIdentifiers,
    parentOrg,
  })
})

test('what is emptied is said no more, and a number is read as people write it', () => {
  const draft = institutionDraftOf(BEFORE)
  const emptied = {
    ...draft,
    official: ' ',
    phone: '+31 (20) 123-45.67',
    address: { ...draft.address, addressLocality: '' },
    identifiers: draft.identifiers.map((each) => ({ ...each, identifier: '' })),
    parent: { id: '', name: '', url: '' },
  }
  expect(institutionOf(emptied, BEFORE)).toEqual({
    official: null,
    phone: '+31201234567',
    address: null,
    otherIdentifiers: null,
    parentOrg: null,
  })
})
