import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type AchievementDefinition, BADGE_TYPES } from './achievement-definition.ts'
import { missingMembers, REQUIRED_MEMBERS } from './required-members.ts'

const en = { en: 'Text.' }
const whole: AchievementDefinition = {
  language: 'en',
  name: en,
  description: en,
  criteria: en,
  achievementType: 'MicroCredential',
  tags: [],
  alignments: [],
  purpose: en,
  audience: en,
  recognises: ['skill'],
  recognisedThrough: 'both',
  learningOutcomes: [en],
  place: en,
  use: en,
  criteriaItems: [{ id: 'one', text: en, measure: en, target: en, evidence: 'test' }],
  workload: { unit: 'ects', amount: 1 },
  participation: 'online',
  assessment: en,
  qualityAssurance: en,
}
const pointersOf = (definition: AchievementDefinition) =>
  missingMembers(definition).map(({ pointer }) => pointer)

test('an achievement without a type lacks nothing: those from before there were types', () => {
  const { language, name, description, criteria, achievementType, tags, alignments } = whole
  expect(
    missingMembers({ language, name, description, criteria, achievementType, tags, alignments }),
  ).toEqual([])
})

test('each type misses exactly the members of its row that are not there, all at once', () => {
  const optional = Object.keys(whole).filter(
    (name) =>
      !['language', 'name', 'description', 'criteria', 'achievementType', 'tags', 'alignments'].includes(
        name,
      ),
  )
  fc.assert(
    fc.property(fc.constantFrom(...BADGE_TYPES), fc.subarray(optional), (badgeType, taken) => {
      const left = Object.fromEntries(Object.entries(whole).filter(([name]) => !taken.includes(name)))
      const row: readonly string[] = REQUIRED_MEMBERS[badgeType]
      const definition = { ...left, badgeType } as unknown as AchievementDefinition
      expect(pointersOf(definition).toSorted()).toEqual(
        taken
          .filter((name) => row.includes(name))
          .map((name) => `/${name}`)
          .toSorted(),
      )
    }),
  )
})

test('an empty list is as good as none', () => {
  expect(pointersOf({ ...whole, badgeType: 'regular', learningOutcomes: [], recognises: [] })).toEqual([
    '/recognises',
    '/learningOutcomes',
  ])
})

test('a micro-credential is called one, and each criterion says measure, target and evidence', () => {
  const bare = { ...whole, achievementType: 'Badge', criteriaItems: [{ id: 'one', text: en }] }
  expect(missingMembers({ ...bare, badgeType: 'micro-credential' })).toEqual([
    { pointer: '/achievementType', reason: 'must-be-micro-credential' },
    { pointer: '/criteriaItems/0/measure', reason: 'measure-missing' },
    { pointer: '/criteriaItems/0/target', reason: 'target-missing' },
    { pointer: '/criteriaItems/0/evidence', reason: 'evidence-missing' },
  ])
  expect(missingMembers({ ...bare, badgeType: 'regular' })).toEqual([])
})

test('a level of a qualification framework is never published without its basis, whatever the type', () => {
  const level = { targetName: 'EQF level 4', targetUrl: 'http://data.europa.eu/snb/eqf/4' }
  const other = { ...level, targetType: 'ext:DigComp' }
  for (const targetType of ['ext:EQF', 'ext:EQFLevel', 'ext:NLQF']) {
    const at = (basis: { basis?: 'classified' }) => ({
      ...whole,
      alignments: [other, { ...level, targetType, ...basis }],
    })
    expect(missingMembers(at({}))).toEqual([{ pointer: '/alignments/1/basis', reason: 'basis-missing' }])
    expect(missingMembers(at({ basis: 'classified' }))).toEqual([])
  }
})

test('the page for people has the same table', () => {
  const page = readFileSync(new URL('../../docs/achievements.md', import.meta.url), 'utf8')
  for (const [n, type] of BADGE_TYPES.entries()) {
    const named = [...page.matchAll(/^\| `(\w+)` \| (\S*) *\| (\S*) *\| (\S*) *\|$/gm)]
      .filter((row) => row[n + 2] === 'yes')
      .map(([, name]) => name)
    expect([type, named]).toEqual([type, [...REQUIRED_MEMBERS[type]]])
  }
})
