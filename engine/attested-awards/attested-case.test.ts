import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Hex } from '#engine/shared/bytes.ts'
import { type CaseEvent, EMPTY_CASE, foldCase, judgeCase, seatsOf } from './attested-case.ts'
import { type AttestedRule, attestedRuleFaults, seatOf } from './attested-rule.ts'

const address = (number: number): Hex => `0x${number.toString(16).padStart(40, '0')}`

/** Criteria that share some attesters, as organisations do that grant together. */
const rules = fc
  .array(fc.uniqueArray(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 }), {
    minLength: 1,
    maxLength: 5,
  })
  .chain((criteria) =>
    fc.record({
      achievement: fc.constant<Hex>(`0x${'11'.repeat(32)}`),
      threshold: fc.integer({ min: 1, max: criteria.length }),
      opensAt: fc.constant(10),
      closesAt: fc.constant(20),
      criteria: fc.constant(
        criteria.map((attesters) => ({
          statement: `0x${'22'.repeat(32)}` as Hex,
          attesters: attesters.map(address),
        })),
      ),
    }),
  )

const said = fc.record({
  kind: fc.constantFrom('attested' as const, 'withdrawn' as const),
  criterion: fc.integer({ min: 0, max: 5 }),
  attester: fc.integer({ min: 1, max: 6 }).map(address),
})

test('folding event by event agrees with asking, of every seat, what was said there last', () => {
  fc.assert(
    fc.property(rules, fc.array(said, { maxLength: 30 }), (rule, events) => {
      const state = events.reduce((state, event) => foldCase(rule, state, event), EMPTY_CASE)
      const judged = judgeCase(rule, state)
      const stands = (criterion: number, attester: Hex) =>
        events.findLast((event) => event.criterion === criterion && event.attester === attester)?.kind ===
        'attested'
      const expected = rule.criteria.map(({ attesters }, criterion) =>
        attesters.filter((attester) => stands(criterion, attester)),
      )
      expect(judged.criteria.map(({ attestedBy }) => attestedBy)).toEqual(expected)
      const met = expected.filter((attesters) => attesters.length > 0).length
      expect(judged.missing).toBe(Math.max(0, rule.threshold - met))
    }),
  )
})

test('after the award nothing changes any more', () => {
  fc.assert(
    fc.property(rules, fc.array(said), fc.array(said), (rule, before, after) => {
      const awarded: readonly CaseEvent[] = [...before, { kind: 'awarded', at: 15 }]
      const fold = (events: readonly CaseEvent[]) =>
        events.reduce((state, event) => foldCase(rule, state, event), EMPTY_CASE)
      expect(fold([...awarded, ...after, { kind: 'awarded', at: 16 }])).toEqual(fold(awarded))
    }),
  )
})

test('seats are numbered through the rule, and are the bits of the word of the contract', () => {
  fc.assert(
    fc.property(rules, (rule) => {
      const seats = rule.criteria.flatMap(({ attesters }, criterion) =>
        attesters.map((attester) => seatOf(rule, criterion, attester)),
      )
      expect(seats).toEqual(seats.map((_, at) => at))
      expect(seatsOf((1n << BigInt(seats.length)) - 1n)).toEqual(new Set(seats))
    }),
  )
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 215 })), (seats) => {
      const word = seats.reduce((word, seat) => word | (1n << BigInt(seat)), 0n)
      expect(seatsOf(word)).toEqual(new Set(seats))
    }),
  )
})

test('a rule that nobody could fulfil is told where it is wrong', () => {
  const good: AttestedRule = {
    achievement: `0x${'11'.repeat(32)}`,
    threshold: 1,
    opensAt: 10,
    closesAt: 20,
    criteria: [{ statement: `0x${'22'.repeat(32)}`, attesters: [address(1)] }],
  }
  const faultsOf = (over: Partial<AttestedRule>) =>
    attestedRuleFaults({ ...good, ...over }).map(({ code, path }) => `${code} ${path}`)
  const [criterion] = good.criteria
  expect(faultsOf({})).toEqual([])
  expect(faultsOf({ threshold: 0 })).toEqual(['threshold-impossible /threshold'])
  expect(faultsOf({ threshold: 2 })).toEqual(['threshold-impossible /threshold'])
  expect(faultsOf({ closesAt: 10 })).toEqual(['window-empty /closesAt'])
  expect(faultsOf({ closesAt: 2 ** 40 })).toEqual(['time-out-of-range /closesAt'])
  expect(faultsOf({ achievement: '0x11' })).toEqual(['digest-malformed /achievement'])
  expect(
    faultsOf({
      criteria: [
        { statement: '0x22', attesters: [] },
        { ...good.criteria[0], attesters: ['0x1'] },
      ] as never,
    }),
  ).toEqual([
    'digest-malformed /criteria/0/statement',
    'no-attester /criteria/0/attesters',
    'address-malformed /criteria/1/attesters/0',
  ])
  const crowd = Array.from({ length: 216 }, (_, at) => address(at + 1))
  const statement = criterion?.statement ?? '0x'
  expect(faultsOf({ criteria: [{ statement, attesters: crowd }] })).toEqual([])
  expect(faultsOf({ criteria: [{ statement, attesters: [...crowd, address(999)] }] })).toEqual([
    'too-many-seats /criteria',
  ])
})
