import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { CriterionItem } from './criterion-item.ts'
import { checkSmart, type SmartGap } from './smart-check.ts'
import { phraseSmart } from './smart-phrases.ts'

const good: CriterionItem = {
  id: 'dress-a-wound',
  text: { en: 'Dresses a bleeding wound', nl: 'Verbindt een bloedende wond' },
  measure: { en: 'steps of the protocol', nl: 'stappen van het protocol' },
  target: { en: 'at least 8 of 10', nl: 'ten minste 8 van 10' },
  evidence: 'observation',
  due: 'P10W',
  reviewable: true,
}
const gapsOf = (item: CriterionItem, language = 'en') =>
  checkSmart([item], language).map(({ letter, gap }) => `${letter}: ${gap}`)

test('a criterion that says everything lacks nothing', () => {
  expect(gapsOf(good)).toEqual([])
  expect(gapsOf(good, 'nl')).toEqual([])
})

test('a bare criterion is told all that it lacks, each with its place', () => {
  expect(checkSmart([good, { id: 'bare', text: { en: 'Knows things' } }], 'en')).toEqual(
    (
      [
        ['text', 'specific', 'text-too-short'],
        ['text', 'specific', 'verb-vague'],
        ['measure', 'measurable', 'measure-missing'],
        ['target', 'measurable', 'target-missing'],
        ['evidence', 'acceptable', 'evidence-missing'],
        ['reviewable', 'acceptable', 'not-reviewable'],
        ['due', 'time-bound', 'due-missing'],
      ] as const
    ).map(([member, letter, gap]) => ({
      item: 'bare',
      pointer: `/criteriaItems/1/${member}`,
      letter,
      gap,
    })),
  )
})

test.each([
  ['en', 'always', true],
  ['en', '100 % of the steps', true],
  ['en', '80 to 100% right', true],
  ['en', 'at least 1100 % more', false],
  ['en', 'in all hallways', false],
  ['nl', 'foutloos', true],
  ['nl', 'ten minste 9 van 10', false],
])('a target in %s of "%s" is absolute: %s', (language, target, isAbsolute) => {
  const gaps = gapsOf({ ...good, target: { [language]: target } }, language)
  expect(gaps).toEqual(isAbsolute ? ['realistic: target-absolute'] : [])
})

test('each member that is taken away is missed, and nothing else: as counted one by one', () => {
  const gapOf: Readonly<Record<string, SmartGap>> = {
    measure: 'measure-missing',
    target: 'target-missing',
    evidence: 'evidence-missing',
    due: 'due-missing',
    reviewable: 'not-reviewable',
  }
  fc.assert(
    fc.property(fc.array(fc.subarray(Object.keys(gapOf)), { maxLength: 5 }), (taken) => {
      const items = taken.map(
        (names, n) =>
          Object.fromEntries(
            Object.entries({ ...good, id: `item-${n}` }).filter(([name]) => !names.includes(name)),
          ) as unknown as CriterionItem,
      )
      const found = checkSmart(items, 'en').map(({ item, gap }) => `${item} ${gap}`)
      const expected = taken.flatMap((names, n) => names.map((name) => `item-${n} ${gapOf[name]}`))
      expect(found.toSorted()).toEqual(expected.toSorted())
    }),
  )
})

test('every gap has its sentence in Dutch and in English', () => {
  for (const finding of checkSmart([{ id: 'x', text: { en: 'Knows' }, target: { en: 'always' } }], 'en'))
    expect(phraseSmart(finding, 'nl')).not.toBe(phraseSmart(finding, 'en'))
})
