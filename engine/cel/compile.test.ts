import { run } from '@bufbuild/cel'
import { strings } from '@bufbuild/cel/ext'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { expressions } from '#test/cel/expressions.ts'
import { libraryText } from '#test/cel/library-text.ts'
import { textOf } from '#test/cel/value-text.ts'
import { checkExpression } from './check.ts'
import { compileExpression } from './compile.ts'
import { parseExpression } from './parse.ts'
import { printExpression } from './print.ts'
import { ExpressionRefusal } from './refusal.ts'
import { BOOL, DOUBLE, DYN, INT, listOf, mapOf, STRING } from './type.ts'
import type { TypedNode } from './typed-node.ts'
import type { CelValue } from './value.ts'

const RUNS = Number(process.env['RULES_PROPERTY_RUNS'] ?? 3000)

const VALUES: Readonly<Record<string, CelValue & (bigint | number | string | object)>> = {
  n: 5n,
  x: 2.5,
  s: 'b, a',
  l: [3n, 1n, 2n],
  m: { a: 1n, b: 2n } as never,
  j: { a: [1, 'b', null], c: { d: true } },
  b: true as never,
}

const environment = {
  variables: new Map([
    ['n', INT],
    ['x', DOUBLE],
    ['s', STRING],
    ['b', BOOL],
    ['l', listOf(INT)],
    ['m', mapOf(STRING, INT)],
    ['j', DYN],
  ]),
}

const evaluate = (typed: TypedNode): string =>
  textOf(compileExpression(typed, { variable: (name) => () => VALUES[name] })(undefined))

const valueOfLibrary = (text: string): string =>
  libraryText(run(text, VALUES as Parameters<typeof run>[1], { funcs: strings }))

function typedOrRefused(text: string): TypedNode | undefined {
  try {
    return checkExpression(parseExpression(text), environment)
  } catch (error) {
    expect(error).toBeInstanceOf(ExpressionRefusal)
    return undefined
  }
}

test('every value is the one that the library gives', { timeout: 120_000 }, () => {
  let compared = 0
  let failed = 0
  fc.assert(
    fc.property(expressions, (text) => {
      const typed = typedOrRefused(text)
      if (typed === undefined) return
      compared++
      const ours = evaluate(typed).replace(/^failure.*/, 'failure')
      failed += Number(ours === 'failure')
      expect({ text, is: ours }).toEqual({ text, is: valueOfLibrary(text) })
    }),
    { numRuns: RUNS },
  )
  // The expressions are made by type, so most of them are accepted, and most have a value.
  expect(compared).toBeGreaterThan(RUNS * 0.8)
  expect(failed).toBeLessThan(compared * 0.5)
})

test.each([
  'getFullYear',
  'getMonth',
  'getDate',
  'getDayOfMonth',
  'getDayOfWeek',
  'getDayOfYear',
  'getHours',
])('%s where a clock shows the year 10000 already', (accessor) => {
  for (const time of ['22:59:59', '23:00:00', '23:59:59.500'])
    for (const zone of ['Europe/Amsterdam', 'Pacific/Kiritimati', 'America/New_York', 'UTC']) {
      const text = `timestamp('9999-12-31T${time}Z').${accessor}('${zone}')`
      const typed = checkExpression(parseExpression(text), environment)
      expect({ text, is: evaluate(typed) }).toEqual({ text, is: valueOfLibrary(text) })
    }
})

test('the printed text is read as the same expression, with the same value', { timeout: 120_000 }, () => {
  fc.assert(
    fc.property(expressions, (text) => {
      const typed = typedOrRefused(text)
      if (typed === undefined) return
      const printed = printExpression(typed)
      const again = checkExpression(parseExpression(printed), environment)
      expect(printExpression(again)).toBe(printed)
      expect(evaluate(again)).toBe(evaluate(typed))
    }),
    { numRuns: RUNS },
  )
})
