import { expect, test } from 'vitest'
import { asInstant } from '#engine/shared/instant.ts'
import type { Json } from '#engine/shared/json.ts'
import { type BadgeCredential, buildBadgeCredential } from './badge-credential.ts'
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

/** A badge with every member that a badge of ours may have. */
const SAYS_ALL: Required<BadgeCredential> = {
  issuer: { did: 'did:web:badges.example.org', name: 'Sample Institute', url: 'https://badges.example.org' },
  achievement: {
    id: 'https://badges.example.org/achievements/1',
    version: '1',
    name: 'Sample',
    description: 'A sample.',
    criteriaNarrative: 'Do it.',
    achievementType: 'Badge',
    image: { id: 'https://badges.example.org/images/gold.png' },
  },
  uuid: '7f0a1d5e-0000-4000-8000-000000000001',
  subjectId: 'urn:uuid:7f0a1d5e-0000-4000-8000-000000000002',
  subjectName: 'Ann Example',
  validFrom: asInstant(0),
  awardedDate: asInstant(0),
  validUntil: asInstant(1),
  narrative: 'Well done.',
  activityStartDate: asInstant(0),
  activityEndDate: asInstant(1),
  creditsEarned: 2.5,
  licenseNumber: 'L-12',
  role: 'Group leader',
  term: '2026–2027',
  source: { id: 'https://assessors.example.org', name: 'Assessors' },
  evidence: [{ id: 'https://badges.example.org/evidence/1', name: 'Report', narrative: 'What was done.' }],
  results: [{ resultDescription: 'urn:result', value: '8', status: 'Completed' }],
  status: { list: 'https://badges.example.org/status/1', index: 1 },
  endorsements: { issuer: [{ id: 'urn:uuid:1' }], achievement: ['e30.e30.AA'] },
  test: false,
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

test('what is said of the activity is chosen from, each by itself and its dates together', () => {
  const { parts } = disclosurePlan(buildBadgeCredential(SAYS_ALL), { pictureTells: false })
  const ofActivity = parts.filter(({ kind }) =>
    ['activity', 'role', 'term', 'credits', 'licence-number', 'assessor'].includes(kind),
  )
  expect(ofActivity).toEqual([
    {
      id: 'activity',
      kind: 'activity',
      pointers: ['/credentialSubject/activityStartDate', '/credentialSubject/activityEndDate'],
    },
    { id: 'role', kind: 'role', pointers: ['/credentialSubject/role'], says: 'Group leader' },
    { id: 'term', kind: 'term', pointers: ['/credentialSubject/term'], says: '2026–2027' },
    { id: 'credits', kind: 'credits', pointers: ['/credentialSubject/creditsEarned'], says: '2.5' },
    {
      id: 'licence-number',
      kind: 'licence-number',
      pointers: ['/credentialSubject/licenseNumber'],
      says: 'L-12',
    },
    { id: 'assessor', kind: 'assessor', pointers: ['/credentialSubject/source'] },
  ])
})

test.each([true, false])('whatever a badge says is shown always or can be chosen (%s)', (pictureTells) => {
  const document = disclosableDocument(buildBadgeCredential(SAYS_ALL))
  const { mandatory, parts } = disclosurePlan(document, { pictureTells })
  const pointers = [...mandatory, ...parts.flatMap((part) => part.pointers)]
  expect(new Set(pointers).size).toBe(pointers.length)
  // Type and id of whatever something is shown of are shown with it, and the contexts by which it is read.
  const isShown = (leaf: string) =>
    leaf.startsWith('/@context/') ||
    pointers.some((pointer) => leaf === pointer || leaf.startsWith(`${pointer}/`)) ||
    pointers.some((pointer) => pointer.startsWith(`${leaf.replace(/\/(?:id|type|type\/\d)$/, '')}/`))
  expect(leavesOf(document).filter((leaf) => !isShown(leaf))).toEqual([])
})

/** JSON pointers to all that holds nothing more. */
const leavesOf = (value: Json, at = ''): readonly string[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([name, inner]) => leavesOf(inner, `${at}/${name}`))
    : [at]

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
