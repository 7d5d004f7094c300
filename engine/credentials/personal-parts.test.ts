import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { levelUri, resultDescriptionUri, resultEntries } from '#engine/awards/award-results.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import { achievementDocument } from './achievement-document.ts'
import { hasParts, readPersonalParts } from './personal-parts.ts'

const URI = 'https://badges.example.org/achievements/1'
const LEVELS = ['starting', 'able', 'master']

const badge = (over: JsonObject): JsonObject => ({
  credentialSubject: {
    achievement: achievementDocument(
      {
        id: URI,
        version: '1',
        name: 'First aid',
        description: 'Knows it.',
        criteriaNarrative: 'Do it.',
        achievementType: 'Badge',
        resultDescriptions: [
          { id: resultDescriptionUri(URI, 'exam'), name: 'Exam', resultType: 'Percent', valueMax: '100' },
          {
            id: resultDescriptionUri(URI, 'skill'),
            name: 'Skill',
            resultType: 'RubricCriterionLevel',
            rubricCriterionLevels: LEVELS.map((id) => ({
              id: levelUri(URI, 'skill', id),
              name: `Level ${id}`,
              description: `Is ${id}.`,
            })),
          },
        ],
      },
      false,
    ),
    ...over,
  },
})

describe('what a badge says of one person', () => {
  test('is its narrative, its results by their descriptions and levels, and its evidence', () => {
    const described = [
      { id: 'exam', name: { en: 'Exam' }, type: 'Percent' },
      {
        id: 'skill',
        name: { en: 'Skill' },
        type: 'RubricCriterionLevel',
        levels: LEVELS.map((id) => ({ id, name: { en: id } })),
      },
    ]
    const result = resultEntries(URI, described as never, [
      { resultDescription: 'exam', value: '87' },
      { resultDescription: 'skill', value: 'able' },
    ]).map((each) => ({ ...each }))
    const document = badge({ narrative: 'She led it.', result })
    const evidence = [{ id: 'https://x.example.org/film', name: 'Film' }, 'https://x.example.org/2', 7]
    expect(readPersonalParts({ ...document, evidence })).toEqual({
      narrative: 'She led it.',
      results: [
        { name: 'Exam', type: 'Percent', value: '87', valueMax: '100' },
        {
          name: 'Skill',
          type: 'RubricCriterionLevel',
          value: 'able',
          level: { name: 'Level able', description: 'Is able.' },
        },
      ],
      evidence: [{ url: 'https://x.example.org/film', name: 'Film' }, { url: 'https://x.example.org/2' }],
    })
  })

  test('is told by the end of its name where nothing describes it, as in badges of others', () => {
    const parts = readPersonalParts({
      credentialSubject: {
        result: { resultDescription: 'urn:other#grade', value: 8, achievedLevel: 'https://o.example/l/gold' },
      },
    })
    expect(parts.results).toEqual([{ name: 'grade', value: '8', level: { name: 'gold' } }])
  })

  test('is read of whatever comes, without refusing: only texts come out', () => {
    fc.assert(
      fc.property(
        fc.record({
          evidence: fc.jsonValue(),
          credentialSubject: fc.oneof(
            fc.jsonValue(),
            fc.record({ narrative: fc.jsonValue(), result: fc.jsonValue(), achievement: fc.jsonValue() }),
            fc.record({
              activityStartDate: fc.oneof(fc.jsonValue(), fc.constant('2026-09-01T00:00:00Z')),
              role: fc.jsonValue(),
              creditsEarned: fc.jsonValue(),
              source: fc.oneof(fc.jsonValue(), fc.record({ name: fc.jsonValue() })),
            }),
          ),
        }),
        (document) => {
          const parts = readPersonalParts(document as JsonObject)
          expect(hasParts(parts)).toBe(
            [parts.narrative ?? [], Object.keys(parts.particulars ?? {}), parts.results, parts.evidence].some(
              ({ length }) => length > 0,
            ),
          )
          for (const each of [parts.particulars ?? {}, ...parts.results, ...parts.evidence])
            for (const [name, value] of Object.entries(each))
              expect(typeof value).toBe(name === 'level' ? 'object' : 'string')
        },
      ),
    )
  })
})
