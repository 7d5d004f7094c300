import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ResultDefinition } from './achievement-definition.ts'
import { fitsResult, resultDefinitionFaults } from './result-value.ts'

const described = (type: string, over: Partial<ResultDefinition> = {}): ResultDefinition => ({
  id: 'exam',
  name: { en: 'Exam' },
  type,
  ...over,
})
const fitting = (definition: ResultDefinition, values: readonly string[]) =>
  values.filter((value) => fitsResult(definition, value))

/** The obvious way of writing a number with two decimals, in hundredths. */
const written = (hundredths: number): string => {
  const digits = String(Math.abs(hundredths)).padStart(3, '0')
  return `${hundredths < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
}
const hundredths = fc.integer({ min: -20_000, max: 20_000 })

test('a number fits where counting in whole hundredths says that it is within its bounds', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('RawScore', 'ScaledScore', 'GradePointAverage', 'Percent', 'LetterGrade', 'ext:Own'),
      hundredths,
      hundredths,
      hundredths,
      (type, min, max, value) => {
        const definition = described(type, { valueMin: written(min), valueMax: written(max) })
        expect(fitsResult(definition, written(value))).toBe(value >= min && value <= max)
        expect(resultDefinitionFaults(definition).length === 0).toBe(min <= max)
      },
    ),
  )
})

test('a definition without fault has a value that fits: each of its bounds, and what is required', () => {
  const bound = fc.option(fc.oneof(hundredths.map(written), fc.constantFrom('abc', 'A', 'F', '', '93%')), {
    nil: undefined,
  })
  fc.assert(
    fc.property(
      fc.constantFrom('RawScore', 'Percent', 'LetterGrade', 'Status'),
      fc.record({ valueMin: bound, valueMax: bound, requiredValue: bound }),
      (type, { valueMin, valueMax, requiredValue }) => {
        const members = { valueMin, valueMax, requiredValue }
        const given = Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))
        const definition = described(type, given)
        const isFit = Object.values(given).every((value) => fitsResult(definition, value ?? ''))
        if (resultDefinitionFaults(definition).length === 0) expect(isFit).toBe(true)
        else expect(isFit).toBe(false)
      },
    ),
  )
})

test('whatever stands there, what fits a number is one, and nothing but digits, a point and a sign', () => {
  const odd = fc.constantFrom(
    'NaN',
    'Infinity',
    '0x10',
    '93%',
    ' 93',
    '8,5',
    '+8',
    '',
    '.5',
    '5.',
    '<b>9</b>',
  )
  fc.assert(
    fc.property(fc.oneof(fc.string(), odd, fc.double().map(String)), (value) => {
      if (!fitsResult(described('RawScore'), value)) return
      expect(Number.isFinite(Number(value))).toBe(true)
      expect(value).toMatch(/^[-+.\de]+$/i)
    }),
  )
  expect(fitting(described('RawScore'), ['NaN', 'Infinity', '0x10', '93%', ' 93', '8,5', '.5', ''])).toEqual(
    [],
  )
})

test('a percent is from 0 to 100 unless it says otherwise', () => {
  const values = ['-1', '-0.01', '0', '93', '100', '100.1', '200', 'veel', '93%', '<b>93</b>']
  expect(fitting(described('Percent'), values)).toEqual(['0', '93', '100'])
  expect(fitting(described('Percent', { valueMax: '120' }), values)).toEqual(['0', '93', '100', '100.1'])
})

test('letters and words are texts, and their bounds are not compared', () => {
  const grade = described('LetterGrade', { valueMin: 'F', valueMax: 'A', requiredValue: 'C' })
  expect([fitsResult(grade, 'B'), resultDefinitionFaults(grade)]).toEqual([true, []])
  expect(fitsResult(described('Status'), 'Passed')).toBe(true)
})

test('where there are levels, the value is one of them', () => {
  const rubric = described('RubricCriterionLevel', { levels: [{ id: 'able', name: { en: 'Able' } }] })
  expect(fitting(rubric, ['able', '7', ''])).toEqual(['able'])
})
