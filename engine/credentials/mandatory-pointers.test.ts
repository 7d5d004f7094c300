import { expect, test } from 'vitest'
import { mandatoryPointersOf } from './mandatory-pointers.ts'

test('what a badge must not be shown without is mandatory', () => {
  const badge = {
    issuer: { id: 'did:web:badges.example.org' },
    validFrom: '2026-11-01T10:00:00Z',
    validUntil: '2029-11-01T10:00:00Z',
    credentialStatus: { id: 'https://badges.example.org/status/1#1' },
    name: 'Sample',
    evidence: [{ id: 'https://badges.example.org/evidence/1' }],
    credentialSubject: {
      id: 'urn:uuid:7f0a1d5e-0000-4000-8000-000000000002',
      identifier: [{ identityHash: 'sha256$00' }],
      achievement: { id: 'urn:uuid:1', name: 'Sample', criteria: {}, tag: ['sample'] },
    },
  }
  expect(mandatoryPointersOf(badge)).toEqual([
    '/issuer',
    '/validFrom',
    '/validUntil',
    '/credentialStatus',
    '/credentialSubject/id',
    '/credentialSubject/achievement/id',
    '/credentialSubject/achievement/name',
    '/credentialSubject/achievement/criteria',
  ])
})

test('whoever has no id is told by an identifier, and what is not there is not asked for', () => {
  expect(mandatoryPointersOf({ credentialSubject: { identifier: [] } })).toEqual([
    '/credentialSubject/identifier',
  ])
  expect(mandatoryPointersOf({ credentialSubject: [{ id: 'urn:uuid:1' }] })).toEqual([])
  expect(mandatoryPointersOf({})).toEqual([])
})
