import { expect, test } from 'vitest'
import { disclosableDocument, disclosurePlan } from './disclosure-parts.ts'

const badge = {
  name: 'Sample',
  issuer: { id: 'did:web:badges.example.org', endorsement: [{ id: 'urn:uuid:1' }] },
  validFrom: '2026-11-01T10:00:00Z',
  awardedDate: '2026-10-31T10:00:00Z',
  credentialStatus: { id: 'https://badges.example.org/status/1#1' },
  endorsement: [{ id: 'urn:uuid:2' }],
  evidence: [
    { id: 'https://badges.example.org/evidence/1' },
    { name: 'Report', narrative: 'What was done.' },
  ],
  credentialSubject: {
    id: 'urn:uuid:7f0a1d5e-0000-4000-8000-000000000002',
    identifier: [{ identityHash: 'sha256$00' }],
    narrative: 'Well done.',
    result: [{ resultDescription: 'urn:result', value: '8' }],
    achievement: {
      id: 'urn:uuid:1',
      name: 'Sample',
      image: { id: 'https://badges.example.org/images/gold.png' },
      resultDescription: [{ id: 'urn:result', name: 'Exam' }],
      endorsement: [{ id: 'urn:uuid:3' }],
      endorsementJwt: ['e30.e30.AA'],
    },
  },
}

test('what was said of it by others is no part of a badge that is shown in parts', () => {
  const shown = JSON.stringify(disclosableDocument(badge))
  expect(shown).not.toContain('endorsement')
  expect(shown).toContain('gold.png')
})

test('issuer, dates of validity, status and all that every badge of the achievement says are always shown', () => {
  const { mandatory, parts } = disclosurePlan(disclosableDocument(badge), { pictureTells: false })
  expect(mandatory).toEqual([
    '/issuer',
    '/validFrom',
    '/credentialStatus',
    '/credentialSubject/id',
    '/name',
    '/credentialSubject/achievement/id',
    '/credentialSubject/achievement/name',
    '/credentialSubject/achievement/image',
    '/credentialSubject/achievement/resultDescription',
  ])
  expect(parts).toEqual([
    { id: 'awarded-date', kind: 'awarded-date', pointers: ['/awardedDate'] },
    { id: 'identifier', kind: 'identifier', pointers: ['/credentialSubject/identifier'] },
    { id: 'narrative', kind: 'narrative', pointers: ['/credentialSubject/narrative'] },
    { id: 'result-0', kind: 'result', pointers: ['/credentialSubject/result/0'], name: 'Exam', says: '8' },
    {
      id: 'evidence-0',
      kind: 'evidence',
      pointers: ['/evidence/0'],
      says: 'https://badges.example.org/evidence/1',
    },
    {
      id: 'evidence-1',
      kind: 'evidence',
      pointers: ['/evidence/1'],
      name: 'Report',
      says: 'What was done.',
    },
  ])
})

test('a picture that shows the level is the earner’s to show', () => {
  const { mandatory, parts } = disclosurePlan(badge, { pictureTells: true })
  expect(mandatory).not.toContain('/credentialSubject/achievement/image')
  expect(parts).toContainEqual({
    id: 'picture',
    kind: 'picture',
    pointers: ['/credentialSubject/achievement/image'],
  })
})

test('whoever has no id is told by an identifier, always', () => {
  const { id: _, ...subject } = badge.credentialSubject
  const { mandatory, parts } = disclosurePlan({ credentialSubject: subject }, { pictureTells: false })
  expect(mandatory).toContain('/credentialSubject/identifier')
  expect(parts.map(({ id }) => id)).toEqual(['narrative', 'result-0'])
})
