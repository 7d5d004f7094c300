import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FRAMEWORKS, searchTargets } from './search-targets.ts'

const found = (question: string, language = 'en') =>
  searchTargets(FRAMEWORKS, question, language).map(
    ({ frameworkId, alignment }) => `${frameworkId} ${alignment.targetCode}`,
  )

test('what is bundled: ids and codes stand once, and every alignment leads somewhere', () => {
  expect(FRAMEWORKS.map(({ id, targets }) => `${id} ${targets.length}`)).toEqual([
    'eqf 8',
    'nlqf 10',
    'digcomp-2.2 21',
    'lifecomp 9',
    'entrecomp 15',
    'greencomp 12',
  ])
  for (const { targets, source, licence } of FRAMEWORKS) {
    expect(new Set(targets.map(({ code }) => code)).size).toBe(targets.length)
    expect(licence).not.toBe('')
    for (const { url } of targets) expect(URL.canParse(url ?? source)).toBe(true)
  }
})

test.each([
  ['eqf 4', 'nl', ['eqf 4']],
  ['NLQF 4+', 'nl', ['nlqf 4+']],
  ['critical thinking', 'en', ['lifecomp L2', 'greencomp 2.2']],
  ['digcomp PRIVACY', 'en', ['digcomp-2.2 4.2']],
  ['instroomniveau', 'nl', ['nlqf Instroomniveau']],
  ['ambiguity risk', 'en', ['entrecomp 3.3']],
  ['nothing of the kind', 'en', []],
])('%s finds what it says', (question, language, expected) => {
  expect(found(question, language)).toEqual(expected)
})

test('a target is found by any words of its own, in any order and case', () => {
  const all = FRAMEWORKS.flatMap(({ id, targets }) => targets.map((target) => ({ id, ...target })))
  fc.assert(
    fc.property(fc.constantFrom(...all), fc.infiniteStream(fc.nat()), fc.boolean(), (target, picks, loud) => {
      const words = (target.name['en'] ?? '').split(/[\s,]+/)
      const some = words.filter(() => Number(picks.next().value) % 2 === 0).toReversed()
      const question = loud ? some.join(' ').toUpperCase() : some.join('  ')
      expect(found(question)).toContain(`${target.id} ${target.code}`)
    }),
  )
})

test('an alignment is named in the language that was asked for, where there is a name', () => {
  expect(searchTargets(FRAMEWORKS, 'eqf 6', 'nl')[0]?.alignment).toMatchObject({
    targetName: 'EQF-niveau 6',
    targetUrl: 'http://data.europa.eu/snb/eqf/6',
    targetType: 'ext:EQF',
    targetCode: '6',
  })
  expect(searchTargets(FRAMEWORKS, 'netiquette', 'nl')[0]?.alignment.targetName).toBe('Netiquette')
})
