import { describe, expect, test } from 'vitest'
import { usedCpuMs } from '#test/used-cpu.ts'
import { checkExpression } from './check.ts'
import { costOf } from './cost.ts'
import { parseExpression } from './parse.ts'
import { printExpression } from './print.ts'
import { ExpressionRefusal } from './refusal.ts'
import { DYN } from './type.ts'

const environment = {
  variables: new Map([
    ['x', DYN],
    ['y', DYN],
  ]),
}

const printed = (text: string): string => printExpression(checkExpression(parseExpression(text), environment))

const refusal = (text: string): ExpressionRefusal['fault'] | undefined => {
  try {
    checkExpression(parseExpression(text), environment)
    return undefined
  } catch (error) {
    if (error instanceof ExpressionRefusal) return error.fault
    throw error
  }
}

test.each([
  ['x.?a.b', 'x.?a.b'],
  ['x[?"a"]', 'x[?"a"]'],
  ['[?x.?a, ? x.?b, y]', '[?x.?a, ?x.?b, y]'],
  ['{?"a": x.a || y ? x.?b : x.?c}', '{?"a": ((x.a || y) ? x.?b : x.?c)}'],
  ['x . ? a', 'x.?a'],
  ['x.`a-b`', 'x.`a-b`'],
  ['x.?`a b`', 'x.?`a b`'],
  ['.x == y', '(x == y)'],
  ['y ? .5 : x', '(y ? 0.5 : x)'],
  ['x.all(i, v, i < v)', 'x.all(i, v, (i < v))'],
  ['x.existsOne(i, v, i == v)', 'x.exists_one(i, v, (i == v))'],
  ['x.map(a, a, a)', 'x.filter(a, a)'],
  ['x.map(a, a > 1, a + 1)', 'x.map(a, (a > 1), (a + 1))'],
  ['x.size() == size(y)', '(size(x) == size(y))'],
  ['cel.bind(a, x, a + a)', 'cel.bind(a, x, (a + a))'],
  ['x // here\n == // and here\n y', '(x == y)'],
  ["'// no comment ? [?'", '"// no comment ? [?"'],
  [`'${'a?[?'.repeat(40)}' == x`, `("${'a?[?'.repeat(40)}" == x)`],
  ["r'\\' + x", '("\\\\" + x)'],
  ["'''it's''' == \"\"\"\n\"\"\"", '("it\'s" == "\\n")'],
])('%s is read', (text, expected) => {
  expect(printed(text)).toBe(expected)
})

test.each([
  ['x.?', 'syntax'],
  ['x.?[0]', 'syntax'],
  ['?x', 'syntax'],
  ['[x ?]', 'syntax'],
  ['has(x.?a)', 'syntax'],
  ['x.?f()', 'syntax'],
  ['..x', 'syntax'],
  ["'no end", 'syntax'],
  ['"""no end""', 'syntax'],
  ['x.all(1, true)', 'syntax'],
  ['x.transformList(a, a, a)', 'syntax'],
  ['9223372036854775808', 'syntax'],
  ['cel_mark__0', 'unsupported'],
  ['x.cel_mark__0', 'unsupported'],
  ['Message{a: 1}', 'unsupported'],
  ['[?1]', 'mismatch'],
])('%s is refused', (text, problem) => {
  expect(refusal(text)).toMatchObject({ problem })
})

test('a refusal names its place in the text that the author wrote', () => {
  const long = `'${'x'.repeat(100)}'`
  expect(refusal(`x.?a.orValue(1)   // ?\n == z`)).toMatchObject({ problem: 'unknown-name', at: 27 })
  expect(refusal(`${long} == x || [?x] == zz`)).toMatchObject({ problem: 'unknown-name', at: 119 })
})

describe('hostile texts are refused before they cost more than 50 ms', () => {
  const deep = (open: string, close: string, times = 5000) => `${open.repeat(times)}x${close.repeat(times)}`
  test.each([
    ['brackets', deep('(', ')')],
    ['optional lists', deep('[?', ']')],
    ['two-variable macros', deep('x.all(i, v, ', ')')],
    ['bindings', deep('cel.bind(a, x, ', ')')],
    ['a chain of sums', `x${' + x'.repeat(900)}`],
    ['a chain of members', `x${'.a'.repeat(5000)}`],
    ['white space before a mistake', `x${' '.repeat(16_000)})`],
    ['comments', `${'//\n'.repeat(5000)}x)`],
    ['quotes', "'\\".repeat(8000)],
    ['a text with escapes', `'${'\\n'.repeat(8000)}'`],
    ['quotes without an end', '"""'.repeat(5001)],
    ['a huge number', '9'.repeat(16_000)],
    ['a huge pattern', `x.matches('${'(a{1,99})'.repeat(1000)}' + )`],
    ['commas', `f(${','.repeat(1900)})`],
    ['question marks', `x${'?'.repeat(1900)}`],
  ])('%s', (_name, text) => {
    const times = Array.from({ length: 4 }, () => {
      const begin = usedCpuMs()
      expect(refusal(text)).toBeDefined()
      return usedCpuMs() - begin
    })
    // The best of them: the first is for the compiler, and the machine has other work to do.
    expect(Math.min(...times)).toBeLessThan(50)
  })

  test('macros within macros are accepted, and cost more than any rule may', () => {
    const typed = checkExpression(parseExpression(deep('x.all(i, ', ')', 12)), environment)
    expect(costOf(typed)).toBeGreaterThan(1e30)
  })
})
