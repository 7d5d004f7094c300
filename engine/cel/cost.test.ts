import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { expressions } from '#test/cel/expressions.ts'
import { textOf } from '#test/cel/value-text.ts'
import { checkExpression } from './check.ts'
import { compileCounted } from './compile.ts'
import { costOf, stepLimitOf } from './cost.ts'
import { MAX_ELEMENTS } from './meter.ts'
import { parseExpression } from './parse.ts'
import { BOOL, type CelType, DOUBLE, DYN, INT, listOf, mapOf, STRING } from './type.ts'
import type { TypedNode } from './typed-node.ts'
import type { CelValue } from './value.ts'

const RUNS = Number(process.env['RULES_PROPERTY_RUNS'] ?? 3000)

const checked = (text: string, variables: Readonly<Record<string, CelType>>): TypedNode =>
  checkExpression(parseExpression(text), { variables: new Map(Object.entries(variables)) })

const count = (typed: TypedNode, values: Readonly<Record<string, CelValue>>) =>
  compileCounted(typed, { variable: (name) => () => values[name] })(undefined)

/** Counts how often a member of the lists and maps below is read. */
const reads = { count: 0 }

function watched(size: number): { readonly list: readonly string[]; readonly map: Record<string, string> } {
  const list: string[] = []
  const map: Record<string, string> = Object.create(null)
  for (let at = 0; at < size; at++) {
    const get = () => {
      reads.count++
      return `v${at % 7}`
    }
    Object.defineProperty(list, at, { get, enumerable: true })
    Object.defineProperty(map, `k${at}`, { get, enumerable: true })
  }
  return { list, map }
}

const WATCHED = [0, 3, 40, MAX_ELEMENTS, 5000].map(watched)

const { looking } = fc.letrec<{ looking: string; list: string; truth: string }>((tie) => ({
  looking: tie('truth'),
  list: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'list' },
    fc.constantFrom('d.list', 'd.map', 'd.list', '[d.list, d.list]', 'd.map.map(k, d.map[k])'),
    fc.tuple(tie('list'), tie('truth')).map(([over, body]) => `${over}.filter(x, ${body})`),
    fc.tuple(tie('list'), tie('list')).map(([over, body]) => `${over}.map(y, ${body})`),
    fc.tuple(tie('list'), tie('truth')).map(([over, body]) => `${over}.transformList(i, z, ${body}, z)`),
    fc.tuple(tie('list'), tie('list')).map(([a, b]) => `(${a} + ${b})`),
  ),
  truth: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'list' },
    fc.constantFrom(
      'd.list[0] == "v0"',
      'size(d.list) > 3',
      'd.b',
      '"v9" in d.list',
      'd.list == d.list',
      'd.map == d.map',
    ),
    fc
      .tuple(tie('list'), tie('truth'))
      .map(([over, body]) => `${over}.exists(a, dyn(a) == "none" || !(${body}))`),
    fc.tuple(tie('list'), tie('truth')).map(([over, body]) => `${over}.all(a, dyn(a) != "none" && ${body})`),
    fc.tuple(tie('list'), tie('list')).map(([item, over]) => `(${item} in ${over})`),
    fc.tuple(tie('list'), tie('list')).map(([a, b]) => `(${a} == ${b})`),
    fc.tuple(tie('truth'), tie('truth')).map(([a, b]) => `(${a} || ${b})`),
  ),
}))

test('no evaluation looks at more than its bound says, whatever the data', { timeout: 120_000 }, () => {
  let most = 0
  fc.assert(
    fc.property(looking, fc.constantFrom(...WATCHED), (text, data) => {
      const typed = checked(text, { d: mapOf(STRING, DYN) })
      // What costs more than any rule may is refused before it is run.
      fc.pre(costOf(typed) <= 200_000)
      reads.count = 0
      count(typed, { d: { list: data.list, map: data.map, b: false } })
      most = Math.max(most, reads.count)
      expect({ text, within: reads.count <= stepLimitOf(typed) }).toEqual({ text, within: true })
    }),
    { numRuns: Math.ceil(RUNS / 6), maxSkipsPerRun: 1000 },
  )
  // Some of them have worked hard.
  expect(most).toBeGreaterThan(1000)
})

test('with data of a common size no evaluation takes more than its cost', { timeout: 120_000 }, () => {
  const variables = { n: INT, x: DOUBLE, s: STRING, b: BOOL, l: listOf(INT), m: mapOf(STRING, INT), j: DYN }
  const values = fc.record({
    n: fc.bigInt(-9n, 9n),
    x: fc.double(),
    s: fc.string({ maxLength: 60 }),
    b: fc.boolean(),
    l: fc.array(fc.bigInt(-9n, 9n), { maxLength: 20 }),
    m: fc.constantFrom({}, { a: 1n, b: 2n }) as fc.Arbitrary<never>,
    j: fc.constant({ a: [1, 'b', null], c: { d: true } }),
  })
  fc.assert(
    fc.property(expressions, values, (text, given) => {
      // A pattern is reckoned with 16 characters only; what is longer lives on the allowance.
      fc.pre(!text.includes('matches('))
      let typed: TypedNode
      try {
        typed = checked(text, variables)
      } catch {
        return
      }
      const { steps } = count(typed, given)
      expect({ text, fits: steps <= costOf(typed) }).toEqual({ text, fits: true })
    }),
    { numRuns: RUNS },
  )
})

describe('texts that grow are given up', () => {
  const long = 'x'.repeat(10_000)
  const doubled = (times: number) =>
    `${Array.from({ length: times }, (_, at) => `cel.bind(v${at + 1}, v${at} + v${at}, `).join('')}size(v${times})${')'.repeat(times)}`

  test.each([
    ['by doubling', `cel.bind(v0, s, ${doubled(20)})`],
    ['by replacing', "s.replace('x', s).replace('x', s).size()"],
    ['by joining', 'l.map(a, s).join(s).size()'],
    ['by formatting', "l.map(a, '%s%s%s%s'.format([s, s, s, s])).join().size()"],
    ['by nested joins', 'l.map(a, l.map(b, s).join()).join().size()'],
  ])('%s', (_name, text) => {
    const { result } = count(checked(text, { s: STRING, l: listOf(STRING) }), {
      s: long,
      l: Array(1000).fill(long),
    })
    expect(textOf(result)).toMatch(/^failure: the expression took more steps/)
  })
})

test('what repeats is multiplied', () => {
  const cost = (text: string) => costOf(checked(text, { l: listOf(INT) }))
  expect(cost('l.all(x, x > 1)')).toBeGreaterThan(1000)
  expect(cost('l.all(x, l.all(y, x > y))')).toBeGreaterThan(1000 * cost('l.all(x, x > 1)') * 0.9)
  expect(cost('[1, 2].all(x, [1, 2].all(y, x > y))')).toBeLessThan(100)
  expect(cost('l.map(x, x).map(x, x).all(x, x > 1)')).toBeLessThan(4 * cost('l.all(x, x > 1)'))
})

test('a loop pays for every turn, whatever its bound', () => {
  const typed = checked("l.all(x, x != 'none' && x != 'nothing')", { l: listOf(STRING) })
  const steps = (elements: number) => count(typed, { l: Array(elements).fill('a') }).steps
  expect(steps(1000) - steps(0)).toBeGreaterThan(1000 * 5)
  expect(steps(1000)).toBeLessThanOrEqual(costOf(typed))
})
