import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { JsonObject } from '#engine/shared/json.ts'
import { plainMarkdown } from '#engine/shared/plain-markdown.ts'
import { certificateOf } from './certificate.ts'

const DOCUMENT: JsonObject = {
  id: 'urn:uuid:0c6b4f2a-6a2e-4f53-9a5e-1d9c2b7e8f10',
  name: 'Eerste hulp op de werkplek',
  issuer: { id: 'did:web:example.org:issuers:a', name: 'Academie', url: 'https://example.org/' },
  validFrom: '2026-12-31T23:30:00Z',
  awardedDate: '2026-12-31T23:30:00Z',
  validUntil: '2028-02-29T22:59:59Z',
  credentialSubject: {
    identifier: [
      { type: 'IdentityObject', hashed: true, identityHash: 'sha256$aa', identityType: 'emailAddress' },
      { type: 'IdentityObject', hashed: false, identityHash: 'Noor Bakker', identityType: 'name' },
    ],
    narrative: 'Zij hielp *echt*.',
    achievement: {
      inLanguage: 'nl-NL',
      name: 'Eerste hulp op de werkplek',
      achievementType: 'MicroCredential',
      description: 'Kent eerste hulp.',
      criteria: { narrative: '## Wat\n- **twee** modules\n- [regels](https://example.org/r)' },
      alignment: [
        {
          targetName: 'NLQF niveau 4',
          targetFramework: 'NLQF',
          targetDescription: 'Eigen inschatting van de uitgever.',
        },
      ],
      resultDescription: [
        { id: 'urn:r', name: 'Toets', resultType: 'Percent', valueMin: '0', valueMax: '100' },
      ],
    },
    result: [{ resultDescription: 'urn:r', value: '82' }],
  },
  evidence: [{ id: 'https://example.org/e', name: 'Verslag' }],
}
const SETTINGS = {
  domain: 'example.org',
  isTest: false,
  target: { kind: 'page', url: 'https://example.org/credentials/1' },
  timeZone: 'Europe/Amsterdam',
} as const

test('a badge in Dutch is told in Dutch, with the dates of the calendar of its holder', () => {
  const certificate = certificateOf(DOCUMENT, SETTINGS)
  expect(certificate).toMatchObject({
    language: 'nl',
    kind: 'Microcredential',
    holder: { label: 'Toegekend aan', name: 'Noor Bakker' },
    sections: [
      { heading: 'Waarvoor', text: 'Wat\n•  twee modules\n•  regels (https://example.org/r)' },
      { heading: 'Waarom aan deze persoon', text: 'Zij hielp echt.' },
      { heading: 'Resultaten', items: ['Toets: 82 (0–100)'] },
      { heading: 'Bewijsstukken', items: ['Verslag – https://example.org/e'] },
      { heading: 'Sluit aan bij', items: ['NLQF niveau 4 – Eigen inschatting van de uitgever.'] },
    ],
  })
  expect(certificate.testMark).toBeUndefined()
  expect(certificate.facts).toContainEqual({ name: 'Toegekend op', value: '1 januari 2027' })
  expect(certificate.facts).toContainEqual({ name: 'Geldig tot', value: '29 februari 2028' })
  const far = certificateOf(DOCUMENT, { ...SETTINGS, timeZone: 'America/New_York', isTest: true })
  expect(far.facts).toContainEqual({ name: 'Toegekend op', value: '31 december 2026' })
  expect(far.testMark).toMatch(/^TEST/)
})

test('any other language has English labels; who is not named stays unnamed; what has no end says so', () => {
  const { validUntil: _, evidence: __, ...endless } = DOCUMENT
  const certificate = certificateOf(
    { ...endless, credentialSubject: { achievement: { inLanguage: 'de', name: 'Erste Hilfe' } } },
    { ...SETTINGS, target: { kind: 'verify', url: 'https://example.org/verify' } },
  )
  expect(certificate).toMatchObject({ language: 'en', kind: 'Open badge', sections: [] })
  expect(certificate.holder).toBeUndefined()
  expect(certificate.facts).toContainEqual({ name: 'Valid until', value: 'without an end' })
  expect(certificate.check.text).toContain('it has no public page')
})

test('what an achievement says by the educredential profile stands on paper, its workload once', () => {
  const achievement = (DOCUMENT['credentialSubject'] as JsonObject)['achievement'] as JsonObject
  const profile = {
    ...achievement,
    type: ['Achievement', 'EducredentialAchievement'],
    creditsAvailable: 2.5,
    ECTS: 2.5,
    participationType: 'onsite or blended',
    assessmentType: 'application of a skill',
    supervisionType: 'onsite with identity verification',
    identityChecked: true,
    educationProgramIdentifier: 25_743,
  }
  const subject = { achievement: profile, creditsEarned: 2.5 }
  const { sections, facts } = certificateOf({ ...DOCUMENT, credentialSubject: subject }, SETTINGS)
  expect(sections.find(({ heading }) => heading === 'Educredential-profiel')?.items).toEqual([
    'Studielast: 2,5 ECTS',
    'Hoe mensen deelnemen: Op locatie, of op locatie en online',
    'Hoe het wordt beoordeeld: Toepassing van een vaardigheid',
    'Toezicht bij de beoordeling: Op locatie, met controle van de identiteit',
    'Identiteit is gecontroleerd: Ja',
    'Nummer van de opleiding: 25743',
  ])
  expect(facts).toContainEqual({ name: 'Behaalde studiepunten', value: '2,5' })
  expect(JSON.stringify(facts)).not.toContain('Studiepunten van deze badge')

  // In English, of an achievement that has but one of it.
  const little = { inLanguage: 'en', type: ['Achievement', 'EducredentialAchievement'], SBU: 70 }
  const other = certificateOf({ ...DOCUMENT, credentialSubject: { achievement: little } }, SETTINGS)
  expect(other.sections.find(({ heading }) => heading === 'Educredential profile')?.items).toEqual([
    'Workload: 70 hours of study (SBU)',
  ])
  const plain = certificateOf(
    { ...DOCUMENT, credentialSubject: { achievement: { inLanguage: 'en', creditsAvailable: 1.5 } } },
    SETTINGS,
  )
  expect(plain.facts).toContainEqual({ name: 'Credits of this badge', value: '1.5' })
  expect(JSON.stringify(plain.sections)).not.toContain('Educredential')
})

test('no certificate promises what a check does not show', () => {
  const never =
    /tamper[- ]?proof|blockchain proves|bewijst de blockchain|contract awarded|proves when|anonymous|anoniem|for ever|voor altijd|trustworthy|betrouwbaar|1EdTech certified|endorsed by/i
  for (const inLanguage of ['nl', 'en'])
    for (const kind of ['page', 'verify'] as const) {
      const subject = { achievement: { inLanguage } }
      const words = certificateOf(
        { ...DOCUMENT, credentialSubject: subject },
        { ...SETTINGS, target: { kind, url: 'x' } },
      )
      expect(JSON.stringify(words)).not.toMatch(never)
      // "Not revoked" only with "at that moment".
      expect(words.check.text).toMatch(/op dat moment niet is ingetrokken|not revoked at that moment/)
    }
})

test('whatever a document says, there is a certificate; only addresses of the web become links', () => {
  fc.assert(
    fc.property(fc.object({ maxDepth: 4 }), (document) => {
      const { facts } = certificateOf(document as JsonObject, SETTINGS)
      for (const { link } of facts) if (link !== undefined) expect(link).toMatch(/^https?:/i)
    }),
  )
  const script = { ...DOCUMENT, issuer: { name: 'A', url: 'javascript:alert(1)' } }
  expect(certificateOf(script, SETTINGS).facts[0]).toEqual({ name: 'Uitgever', value: 'A' })
})

test.each([
  ['**vet** en _schuin_', 'vet en schuin'],
  ['2 * 3 * 4 en snake_case_name', '2 * 3 * 4 en snake_case_name'],
  ['# Kop\n\n\n\n1. een', 'Kop\n\n1. een'],
  ['<b>blijft</b> `code`', '<b>blijft</b> code'],
])('Markdown %j is %j on paper', (markdown, plain) => {
  expect(plainMarkdown(markdown)).toBe(plain)
})

test('who issues is told as an institution, and when the activity was, on the days that the badge means', () => {
  const { credentialSubject, issuer } = DOCUMENT as { credentialSubject: JsonObject; issuer: JsonObject }
  const told = (subject: JsonObject, timeZone = 'Europe/Amsterdam') =>
    certificateOf(
      {
        ...DOCUMENT,
        issuer: {
          ...issuer,
          official: 'Stichting Academie',
          address: { addressLocality: 'Utrecht', addressCountryCode: 'NL' },
          otherIdentifier: [{ identifier: '30AA', identifierType: 'ext:BRIN' }],
          parentOrg: { name: 'Universiteit' },
        },
        credentialSubject: { ...credentialSubject, ...subject },
      },
      { ...SETTINGS, timeZone },
    ).facts
  const facts = told({
    activityStartDate: '2026-09-01T00:00:00Z',
    activityEndDate: '2026-11-30T23:30:00Z',
    role: 'Ploegleider',
    term: 'Najaar',
    licenseNumber: 'A-1',
    source: { name: 'Bureau' },
  })
  for (const fact of [
    { name: 'Officiële naam', value: 'Stichting Academie' },
    { name: 'Bekend als', value: 'BRIN 30AA' },
    { name: 'Adres', value: 'Utrecht, NL' },
    { name: 'Onderdeel van', value: 'Universiteit' },
    { name: 'Periode van de activiteit', value: '1 september 2026 – 1 december 2026' },
    { name: 'In de rol van', value: 'Ploegleider' },
    { name: 'Onderwijsperiode', value: 'Najaar' },
    { name: 'Nummer van de bevoegdheid', value: 'A-1' },
    { name: 'Beoordeeld door', value: 'Bureau' },
  ])
    expect(facts).toContainEqual(fact)
  const period = (subject: JsonObject) =>
    told(subject, 'America/New_York').find(({ name }) => name === 'Periode van de activiteit')?.value
  // A day is that day wherever its holder is.
  expect(period({ activityStartDate: '2026-09-01T00:00:00Z' })).toBe('vanaf 1 september 2026')
  expect(period({ activityEndDate: '2026-09-01T00:00:00Z' })).toBe('tot en met 1 september 2026')
  expect(period({ activityStartDate: '2026-09-01T01:00:00Z', activityEndDate: '2026-08-31T23:00:00Z' })).toBe(
    '31 augustus 2026',
  )
  expect(period({ activityStartDate: 'soon' })).toBeUndefined()
})
