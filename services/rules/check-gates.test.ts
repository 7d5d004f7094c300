import { expect, test } from 'vitest'
import type { AchievementDefinition } from '#engine/achievements/achievement-definition.ts'
import { fourEyesFaults, requireResults } from './check-gates.ts'

const gate = { approval: { right: 'award', quorum: 1, fourEyes: true } } as const

test('four eyes need somebody who may approve and neither writes the rule nor brings it into force', () => {
  const codes = (approvers: readonly string[], hands: readonly string[]) =>
    fourEyesFaults({ gate }, new Set(approvers), hands).map(({ code, path }) => [code, path])
  const refused = [['rule-quorum-impossible', '/gate/approval/fourEyes']]
  expect(codes(['account:1'], ['account:1'])).toEqual(refused)
  expect(codes(['account:1', 'account:2'], ['account:2', 'account:1'])).toEqual(refused)
  expect(codes([], ['account:1'])).toEqual(refused)
  expect(codes(['account:1', 'account:2'], ['account:1'])).toEqual([])
  const withoutFourEyes = { gate: { approval: { right: 'award', quorum: 1 } } } as const
  expect(fourEyesFaults(withoutFourEyes, new Set(), [])).toEqual([])
})

test('a rule fills in what its achievement describes, and is refused otherwise', () => {
  const definition: AchievementDefinition = {
    language: 'en',
    name: { en: 'X' },
    description: { en: 'X' },
    criteria: { en: 'X' },
    achievementType: 'Badge',
    tags: [],
    alignments: [],
    resultDescriptions: [{ id: 'exam', name: { en: 'Exam' }, type: 'Percent' }],
  }
  const { resultDescriptions: _, ...withoutResults } = definition
  const results = (...ids: string[]) => ({
    results: ids.map((resultDescription) => ({ resultDescription, value: 'x' })),
  })
  expect(() => requireResults({}, withoutResults)).not.toThrow()
  expect(() => requireResults(results('exam'), definition)).not.toThrow()
  expect(() => requireResults(results('exam', 'hours'), definition)).toThrow(
    expect.objectContaining({ code: 'rule-result-unknown', parameters: { results: ['hours'] } }),
  )
  expect(() => requireResults(results('exam'), withoutResults)).toThrow(
    expect.objectContaining({ code: 'rule-result-unknown' }),
  )
})
