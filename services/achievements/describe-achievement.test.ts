import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { AchievementDefinition, AchievementStory } from '#engine/achievements/achievement-definition.ts'
import { achievementBytes, achievementDocument } from '#engine/credentials/achievement-document.ts'
import type { IssuerId, OrganisationId, UnitId } from '#engine/shared/ids.ts'
import type { Issuer } from '#services/ports/issuer-store.ts'
import { describeAchievement } from './describe-achievement.ts'

const ID = '0197a2c0-0000-4000-8000-0000000000a1'
const issuer: Issuer = {
  organisationId: ID as OrganisationId,
  id: ID as IssuerId,
  unitId: ID as UnitId,
  slug: 'academy',
  origin: 'https://badges.example.org',
  did: 'did:web:badges.example.org:issuers:academy',
  name: 'Academy',
  url: 'https://badges.example.org/issuers/academy',
  state: 'verified',
  revision: 1,
}
const plain: AchievementDefinition = {
  language: 'en',
  name: { en: 'First aid', nl: 'Eerste hulp' },
  description: { en: 'Helps at an accident.', nl: 'Helpt bij een ongeluk.' },
  criteria: { en: '# Criteria\n\nTwo of three modules.', nl: 'Twee van drie modules.' },
  achievementType: 'Badge',
  tags: [],
  alignments: [],
}
const full: AchievementDefinition = {
  ...plain,
  language: 'nl',
  achievementType: 'MicroCredential',
  tags: ['ehbo', 'zorg'],
  alignments: [
    {
      targetName: 'EQF 4',
      targetUrl: 'https://example.org/eqf/4',
      targetType: 'ext:EQF',
      targetFramework: 'EQF',
      targetCode: '4',
      targetDescription: 'Level 4.',
    },
  ],
  image: 'ab'.repeat(32),
  imageAlt: { nl: 'Een kruis' },
  validFor: 'P2Y',
  resultDescriptions: [
    {
      id: 'exam',
      name: { nl: 'Toets' },
      type: 'RawScore',
      valueMin: '1',
      valueMax: '10',
      requiredValue: '7',
    },
  ],
}

const bytesOf = (definition: AchievementDefinition, test = false) =>
  achievementBytes(describeAchievement(issuer, ID, 2, definition), test)
const digestOf = (definition: AchievementDefinition, test = false) =>
  createHash('sha256').update(bytesOf(definition, test)).digest('hex')

describe('documents that exist', () => {
  test('have the bytes that they had before an achievement told more of itself', () => {
    expect([digestOf(plain), digestOf(full), digestOf(full, true)]).toEqual([
      '6e8d75c6cc0088f3dd52169f3a55b27ec08c81d54d64f051a9b93b0651557c92',
      '04ddd9dfefdaa4ac8bf4b04c454a3c12423e1e49b3d1a90aadf37f649e3ac35d',
      '7a09f3f749a6dbbf01c36660118e24ede9763c8f8373e05a6a091345957d0236',
    ])
  })

  test('keep them, whatever the page tells beside', () => {
    const words = fc.record({ en: fc.string({ minLength: 1 }), nl: fc.string({ minLength: 1 }) })
    const story: fc.Arbitrary<AchievementStory> = fc.record(
      {
        badgeType: fc.constantFrom('micro-credential', 'regular', 'extracurricular'),
        purpose: words,
        audience: words,
        recognises: fc.array(fc.constantFrom('skill', 'participation', 'membership', 'fun')),
        recognisedThrough: fc.constantFrom('process', 'result', 'both'),
        learningOutcomes: fc.array(words),
        place: words,
        use: words,
        participation: fc.constantFrom('on-site', 'online', 'blended'),
        assessment: words,
        qualityAssurance: words,
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(story, fc.constantFrom(plain, full), (told, definition) => {
        expect(bytesOf({ ...definition, ...told })).toEqual(bytesOf(definition))
      }),
    )
  })
})

test.each([
  ['nl', 'Niveau 4. Grondslag: het niveau is ingeschaald door de nationale autoriteit.'],
  ['en', 'Niveau 4. Basis: the level was classified by the national authority.'],
])('a level says in %s what it rests on, in a member that the standard has', (language, words) => {
  const [alignment] = full.alignments
  if (alignment === undefined) throw new Error('The sample has one.')
  const level = { ...alignment, targetDescription: 'Niveau 4.', basis: 'classified' } as const
  const definition = { ...plain, language, alignments: [level, { ...level, targetDescription: '' }] }
  const { alignment: written } = achievementDocument(describeAchievement(issuer, ID, 1, definition), false)
  expect(written).toMatchObject([{ targetDescription: words }, {}])
  expect(JSON.stringify(written)).not.toContain('"basis"')
})

test('what the standard has a member for stands in the document, and hours are no credits', () => {
  const definition: AchievementDefinition = {
    ...plain,
    criteriaItems: [
      {
        id: 'exam',
        text: { en: 'Passes the\ntest' },
        measure: { en: 'score' },
        target: { en: 'at least 7' },
      },
      { id: 'practice', text: { en: 'Helps a volunteer' } },
    ],
    workload: { unit: 'ects', amount: 2.5 },
    humanCode: 'EHBO-2',
    fieldOfStudy: 'Care',
    specialization: 'First aid',
    otherIdentifiers: [{ identifier: '25743', type: 'ext:crebo' }],
  }
  const document = achievementDocument(describeAchievement(issuer, ID, 1, definition), false)
  expect(document).toMatchObject({
    criteria: {
      narrative:
        '# Criteria\n\nTwo of three modules.\n\n1. Passes the test (score: at least 7)\n2. Helps a volunteer',
    },
    creditsAvailable: 2.5,
    humanCode: 'EHBO-2',
    fieldOfStudy: 'Care',
    specialization: 'First aid',
    otherIdentifier: [{ type: 'IdentifierEntry', identifier: '25743', identifierType: 'ext:crebo' }],
  })
  const inHours = { ...definition, workload: { unit: 'hours', amount: 70 } } as const
  expect(achievementDocument(describeAchievement(issuer, ID, 1, inHours), false)).not.toHaveProperty(
    'creditsAvailable',
  )
})

test.each([
  [
    { unit: 'ects', amount: 2.5 },
    { ECTS: 2.5, creditsAvailable: 2.5 },
  ],
  [{ unit: 'sbu', amount: 70 }, { SBU: 70 }],
  [{ unit: 'hours', amount: 12 }, { timeInvestment: 12 }],
] as const)('an achievement of the educredential profile with a workload of %j', (workload, members) => {
  const definition = {
    ...plain,
    workload,
    educredential: { participationType: 'online', identityChecked: false } as const,
  }
  expect(achievementDocument(describeAchievement(issuer, ID, 1, definition), false)).toMatchObject({
    type: ['Achievement', 'EducredentialAchievement'],
    participationType: 'online',
    identityChecked: false,
    ...members,
  })
})
