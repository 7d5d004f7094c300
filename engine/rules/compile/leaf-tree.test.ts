import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LearningEvent } from '#engine/events/learning-event.ts'
import { ANY_EVENT_TYPE, checkPredicate } from '#engine/rules/cel/cel-check.ts'
import { compilePredicate } from '#engine/rules/cel/cel-compile.ts'
import { conjunctsOf } from '#engine/rules/cel/cel-conjuncts.ts'
import { parseCel } from '#engine/rules/cel/cel-syntax.ts'
import { asInstant } from '#engine/shared/instant.ts'
import { buildLeafTree } from './leaf-tree.ts'

const NUMBERS = [-1, -0.5, 0, 0.25, 0.5, 1] as const
const OPERATORS = ['>=', '>', '<=', '<', '=='] as const

const number = fc.constantFrom(...NUMBERS)
const literal = number.map((value) => value.toFixed(2))
const text = fc.constantFrom('a', 'b', 'c')

const condition = fc.oneof(
  fc
    .tuple(fc.constantFrom('score', 'duration'), fc.constantFrom(...OPERATORS), literal)
    .map(([field, operator, value]) => `event.${field} ${operator} ${value}`),
  fc
    .tuple(literal, fc.constantFrom(...OPERATORS))
    .map(([value, operator]) => `${value} ${operator} event.score`),
  fc
    .tuple(fc.constantFrom('type', 'source', 'activity', 'activityType'), text)
    .map(([field, value]) => `event.${field} == '${value}'`),
  fc.uniqueArray(text, { minLength: 1 }).map((values) => `event.activity in ${JSON.stringify(values)}`),
  fc.constantFrom(
    'event.success',
    "event.activity != 'a'",
    '!(event.score >= 0.50)',
    'event.score >= event.duration',
  ),
)
const predicate = fc.array(condition, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(' && '))

const optional = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined })
const event = fc
  .record({
    type: text,
    source: text,
    activity: optional(text),
    activityType: optional(text),
    score: optional(number),
    duration: optional(number),
    success: optional(fc.boolean()),
  })
  .map(
    (fields): LearningEvent => ({
      sourceId: '1',
      time: asInstant(0),
      actor: { type: 'id', value: '1' },
      data: {},
      ...(JSON.parse(JSON.stringify(fields)) as Pick<LearningEvent, 'type' | 'source'>),
    }),
  )

const typed = (where: string) => checkPredicate(parseCel(where), { eventTypes: ANY_EVENT_TYPE })

describe('the discrimination tree', () => {
  it('finds exactly the leaves whose whole predicate the event meets, each once', () => {
    fc.assert(
      fc.property(
        fc.array(predicate, { maxLength: 12 }),
        fc.array(event, { maxLength: 8 }),
        (wheres, events) => {
          const leaves = wheres.map((where, place) => ({ place, node: typed(where) }))
          const tree = buildLeafTree(leaves.map((leaf) => [leaf, conjunctsOf(leaf.node)]))
          for (const each of events) {
            const found: typeof leaves = []
            tree.match(each, found)
            const expected = leaves.filter(({ node }) => compilePredicate(node)(each) === true)
            expect(found.map(({ place }) => place).sort((a, b) => a - b)).toEqual(
              expected.map(({ place }) => place),
            )
          }
        },
      ),
      { numRuns: 500 },
    )
  })

  it('offers what an event misses by a bound or by what no place in the tree says', () => {
    fc.assert(
      fc.property(fc.array(predicate, { maxLength: 12 }), event, (wheres, each) => {
        const leaves = wheres.map((where, place) => ({ place, conjuncts: conjunctsOf(typed(where)) }))
        const tree = buildLeafTree(leaves.map((leaf) => [leaf, leaf.conjuncts]))
        const offered: typeof leaves = []
        tree.candidates(each, offered)
        const isMissedByIndex = (conjuncts: (typeof leaves)[number]['conjuncts']) =>
          conjuncts.some(({ node, index }) => index !== undefined && compilePredicate(node)(each) !== true)
        expect(offered.map(({ place }) => place).sort((a, b) => a - b)).toEqual(
          leaves.filter(({ conjuncts }) => !isMissedByIndex(conjuncts)).map(({ place }) => place),
        )
      }),
      { numRuns: 500 },
    )
  })
})
