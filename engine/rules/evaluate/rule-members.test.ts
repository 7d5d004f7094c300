import { describe, expect, test } from 'vitest'
import { FACT_TYPES } from '#engine/events/fact-events.ts'
import type { StoredEvent } from '#engine/events/learning-event.ts'
import { compileRules } from '#engine/rules/compile/rule-set.ts'
import { progress } from '#engine/rules/explain/explain.ts'
import { activeRule, catalogueOf, ruleFor, testHash } from '#engine/rules/testing/build-rules.ts'
import { createSmallStore } from '#engine/rules/testing/small-store.ts'
import { DAY_MS } from '#engine/shared/duration.ts'
import type { AchievementId, EventId, RuleId, SubjectId } from '#engine/shared/ids.ts'
import { asInstant } from '#engine/shared/instant.ts'
import type { Json } from '#engine/shared/json.ts'
import { evaluate } from './evaluate.ts'
import type { EvaluationInput, Holding } from './evaluation.ts'
import { recipientsOf } from './recipients.ts'
import { mapResults } from './results.ts'

const CATALOGUE = catalogueOf('first', 'second')
const day = (number: number) => asInstant(1_767_225_600_000 + number * DAY_MS)
const FAR = day(1000)
const ANN = 'ann' as SubjectId
const BOB = 'bob' as SubjectId

let count = 0
function event(type: string, on: number, more: Partial<StoredEvent> = {}): StoredEvent {
  const id = `event-${++count}`
  return {
    id: id as EventId,
    subjectId: ANN,
    source: 'urn:lms:1',
    sourceId: id,
    type,
    time: day(on),
    actor: { type: 'id', value: 'urn:lms:1#1' },
    data: {},
    ...more,
  }
}

const rule = (slug: string, when: Json, more: Record<string, Json> = {}) =>
  activeRule(ruleFor(slug, when, more), CATALOGUE)
const DONE = "event.type == 'completed'"
const EACH_MONTH = { kind: 'period', unit: 'month', zone: 'Europe/Amsterdam' }
const EACH_TIME = { kind: 'unlimited' }

const shown = (store: ReturnType<typeof createSmallStore>) =>
  store.decisions.map(({ subjectId, occurrence, outcome, reason }) =>
    [
      subjectId,
      occurrence.replace(/event:.*/, 'event'),
      outcome,
      ...(reason === undefined ? [] : [reason]),
    ].join(' '),
  )

describe('limits: who is decided on first comes first', () => {
  test('a cap is shared by all people, and says so to whoever comes too late', () => {
    const set = compileRules([rule('first', { event: 'completed' }, { limits: { cap: 1 } })], testHash)
    const store = createSmallStore(set, { capLeft: new Map([['rule-first' as RuleId, 1]]) })
    store.process(FAR, [event('completed', 5)])
    store.process(FAR, [event('completed', 1, { subjectId: BOB })])
    expect(shown(store)).toEqual(['ann once award', 'bob once blocked cap'])
  })

  test('within one batch a cap is used up as well', () => {
    const set = compileRules([rule('first', { event: 'completed' }, { limits: { cap: 1 } })], testHash)
    const store = createSmallStore(set, { capLeft: new Map([['rule-first' as RuleId, 1]]) })
    store.process(FAR, [event('completed', 5), event('completed', 1, { subjectId: BOB })])
    expect(shown(store)).toEqual(['ann once award', 'bob once blocked cap'])
  })

  test('one person gets so many, and not too soon after each other', () => {
    const limits = { capPerPerson: 2, cooldown: 'P40D' }
    const store = createSmallStore(
      compileRules([rule('first', { event: 'completed' }, { occurrence: EACH_MONTH, limits })], testHash),
    )
    for (const on of [5, 35, 65, 95]) store.process(FAR, [event('completed', on)])
    expect(shown(store)).toEqual([
      'ann period:2026-01@Europe/Amsterdam award',
      'ann period:2026-02@Europe/Amsterdam blocked cooldown',
      'ann period:2026-03@Europe/Amsterdam award',
      'ann period:2026-04@Europe/Amsterdam blocked cap-per-person',
    ])
  })

  test('onePerPerson: whoever has the badge by another road does not get it again', () => {
    const achievementId = 'achievement-first' as AchievementId
    const held: Holding = { achievementId, since: day(0), by: 'another-rule' as RuleId }
    const input = (holding: Holding): EvaluationInput => ({
      now: FAR,
      events: [event('completed', 5)],
      reconsider: [],
      states: new Map(),
      outcomes: new Map(),
      holdings: new Map([[ANN, [holding]]]),
    })
    const set = compileRules([rule('first', { event: 'completed' }, { onePerPerson: true })], testHash)
    expect(evaluate(set, input(held)).decisions).toMatchObject([
      { outcome: 'blocked', reason: 'one-per-person' },
    ])
    expect(evaluate(set, input({ ...held, until: day(10) })).decisions).toMatchObject([{ outcome: 'award' }])
  })

  test('onePerPerson: who was shut out is awarded when the other award is taken back', () => {
    const members = { onePerPerson: true, onRetract: 'revoke' }
    const other = { ...rule('first', { event: 'attended' }, members), ruleId: 'other' as RuleId }
    const store = createSmallStore(
      compileRules([rule('first', { event: 'completed' }, members), other], testHash),
    )
    const completed = event('completed', 1)
    store.process(FAR, [completed])
    store.process(FAR, [event('attended', 2)])
    // Looked at again while the other stands, it stays blocked, and nothing new is said.
    store.process(FAR, [event('attended', 3)])
    expect(store.decisions.map(({ ruleId, outcome }) => `${ruleId} ${outcome}`)).toEqual([
      'rule-first award',
      'other blocked',
    ])
    store.process(FAR, [event('voided', 4, { voids: completed.sourceId })])
    store.wake(FAR)
    expect(store.decisions.slice(2).map(({ ruleId, outcome }) => `${ruleId} ${outcome}`)).toEqual([
      'rule-first retracted',
      'other award',
    ])
  })
})

describe('occurrences', () => {
  test('unlimited: what was counted for one award is not counted for the next', () => {
    const store = createSmallStore(
      compileRules([rule('first', { count: 2, where: DONE }, { occurrence: EACH_TIME })], testHash),
    )
    for (const on of [1, 2, 3, 4, 5]) store.process(FAR, [event('completed', on)])
    expect(store.decisions.map(({ metAt }) => metAt)).toEqual([day(2), day(4)])
  })

  test('unlimited: two events of the same moment are two', () => {
    const store = createSmallStore(
      compileRules([rule('first', { event: 'completed' }, { occurrence: EACH_TIME })], testHash),
    )
    store.process(FAR, [event('completed', 1), event('completed', 1)])
    expect(shown(store)).toEqual(['ann event award', 'ann event award'])
  })

  test('unlimited: a late event moves no award that stands, and awards once more where there is one more', () => {
    const store = createSmallStore(
      compileRules([rule('first', { count: 2, where: DONE }, { occurrence: EACH_TIME })], testHash),
    )
    for (const on of [2, 4, 6, 3]) store.process(FAR, [event('completed', on)])
    expect(store.decisions.map(({ outcome, metAt }) => [outcome, metAt])).toEqual([
      ['award', day(4)],
      ['award', day(6)],
    ])
  })

  test('a renewal counts what came near the end of the award, and later', () => {
    const renewing = rule('first', { event: 'completed' }, { renewal: { before: 'P60D' } })
    const set = compileRules([renewing], testHash)
    const { ruleId, achievementId } = renewing
    const held: Holding = { achievementId, since: day(1), until: day(366), by: ruleId, occurrence: 'once' }
    const decide = (on: number, holding = held) =>
      evaluate(set, {
        now: FAR,
        events: [event('completed', 1), event('completed', on)],
        reconsider: [],
        states: new Map(),
        outcomes: new Map([[`${ruleId}\n${ANN}\nonce`, 'award']]),
        holdings: new Map([[ANN, [holding]]]),
      }).decisions.map(({ occurrence, metAt }) => [occurrence, metAt])
    expect(decide(305)).toEqual([])
    expect(decide(306)).toEqual([['renewal:1', day(306)]])
    expect(decide(500)).toEqual([['renewal:1', day(500)]])
    expect(decide(306, { ...held, isRevoked: true })).toEqual([])
  })

  test('what earned a badge does not earn its renewal, however early that may be', () => {
    const renewing = rule('first', { event: 'completed' }, { renewal: { before: 'P400D' } })
    const { ruleId, achievementId } = renewing
    const decide = (on: number) =>
      evaluate(compileRules([renewing], testHash), {
        now: FAR,
        events: [event('completed', 1), event('completed', on)],
        reconsider: [],
        states: new Map(),
        outcomes: new Map([[`${ruleId}\n${ANN}\nonce`, 'award']]),
        holdings: new Map([
          [ANN, [{ achievementId, since: day(1), until: day(366), by: ruleId, occurrence: 'once' }]],
        ]),
      }).decisions.map(({ occurrence, metAt }) => [occurrence, metAt])
    expect(decide(1)).toEqual([])
    expect(decide(2)).toEqual([['renewal:1', day(2)]])
  })

  test('whether what renews a badge comes with what earned it or later, it is renewed', () => {
    const renewing = {
      ...rule('first', { event: 'completed' }, { renewal: { before: 'P60D' } }),
      validFor: 'P365D',
    }
    const portions = (...sizes: readonly (readonly number[])[]) => {
      const store = createSmallStore(compileRules([renewing], testHash))
      for (const days of sizes)
        store.process(
          day(700),
          days.map((on) => event('completed', on)),
        )
      return store.decisions.map(({ occurrence, metAt }) => [occurrence, metAt])
    }
    const expected = [
      ['once', day(1)],
      ['renewal:1', day(340)],
      ['renewal:2', day(680)],
    ]
    // A renewal lasts from when it was earned: day 340 to day 705.
    expect(portions([1, 340, 680])).toEqual(expected)
    expect(portions([680, 1, 340])).toEqual(expected)
    expect(portions([1], [340, 680])).toEqual(expected)
    expect(portions([1], [340], [680])).toEqual(expected)
  })

  test('what a person is renews nothing by itself', () => {
    const when = { any: [{ holds: 'first' }, { event: 'passed' }] }
    const store = createSmallStore(
      compileRules(
        [
          { ...rule('first', { event: 'completed' }), validFor: 'P900D' },
          { ...rule('second', when, { renewal: { before: 'P60D' } }), validFor: 'P365D' },
        ],
        testHash,
      ),
    )
    // Looked at again, and too early to renew: the badge that it asks for is still held.
    for (const type of ['completed', 'passed', 'passed']) store.process(day(100), [event(type, 1)])
    expect(store.decisions.map(({ ruleId, occurrence }) => `${ruleId} ${occurrence}`)).toEqual([
      'rule-first once',
      'rule-second once',
    ])
  })

  test('a badge that was over before it was awarded meets no rule that asks for it', () => {
    const decide = (validFor: string) => {
      const store = createSmallStore(
        compileRules(
          [{ ...rule('first', { event: 'completed' }), validFor }, rule('second', { holds: 'first' })],
          testHash,
        ),
      )
      store.process(day(60), [event('completed', 1)])
      return shown(store).length
    }
    expect([decide('P30D'), decide('P90D')]).toEqual([1, 2])
  })
})

test('suggest: the organisation is told, and nothing is awarded', () => {
  const set = compileRules(
    [rule('first', { event: 'completed' }, { mode: 'suggest' }), rule('second', { holds: 'first' })],
    testHash,
  )
  const store = createSmallStore(set)
  store.process(FAR, [event('completed', 1)])
  expect(shown(store)).toEqual(['ann once would_award'])
})

test('a rule that wants to tell does so once, when what an award asked for stops being so', () => {
  const joined = (isMember: boolean, on: number) =>
    event(FACT_TYPES.cohort, on, { activity: 'staff', data: { member: isMember } })
  const when = { all: [{ event: 'completed' }, { cohort: 'staff' }] }
  const store = createSmallStore(compileRules([rule('first', when, { onFalse: 'notify' })], testHash))
  store.process(FAR, [joined(true, 1), event('completed', 2)])
  store.process(FAR, [joined(false, 3)])
  store.process(FAR, [event('completed', 4)])
  expect(store.lapsed).toEqual([{ ruleId: 'rule-first', subjectId: ANN, occurrence: 'once' }])
  expect(shown(store)).toEqual(['ann once award'])
})

describe('recipients', () => {
  const team = rule('first', { event: 'completed' }, { recipient: 'event.data.team.members' })
  const set = compileRules([team], testHash)
  const data: StoredEvent['data'] = {
    team: { members: ['mailto:Ann@example.org', 'bob@example.org', 'ann@example.org', 7, ''] },
  }

  test('a path may lead to several people, each once', () => {
    expect(recipientsOf(set, event('completed', 1, { data }))).toEqual([
      {
        path: 'event.data.team.members',
        identifiers: [
          { type: 'email', value: 'ann@example.org' },
          { type: 'email', value: 'bob@example.org' },
        ],
        isNearMiss: false,
        leftOut: [{ path: 'event.data.team.members', reason: 'unreadable', count: 2, examples: ['7', ''] }],
      },
    ])
    expect(recipientsOf(set, event('passed', 1, { data }))).toEqual([])
    const teams = { team: [{ members: ['ann@example.org'] }, { members: 'bob@example.org' }, 'x'] }
    expect(recipientsOf(set, event('completed', 1, { data: teams }))[0]?.identifiers).toHaveLength(2)
  })

  test('behind the first two hundred nobody is judged, and it is said who is left out', () => {
    const members = Array.from({ length: 207 }, (_, at) => `p${at}@example.org`)
    const [found] = recipientsOf(
      set,
      event('completed', 1, { data: { team: { members: [...members, ...members] } } }),
    )
    expect(found?.identifiers).toHaveLength(200)
    const examples = members.slice(200, 205).map((text) => `email:${text}`)
    expect(found?.leftOut).toEqual([
      { path: 'event.data.team.members', reason: 'too-many', count: 7, examples },
    ])
    // A field that is not there names nobody, and leaves nobody out.
    for (const none of [{}, { team: null }, { team: { members: null } }, { team: { members: [] } }])
      expect(recipientsOf(set, event('completed', 1, { data: none }))[0]).toMatchObject({
        identifiers: [],
        leftOut: [],
      })
  })

  test('what failed on one condition only is a near miss of those whom it names, and of nobody else', () => {
    const scored = compileRules(
      [
        rule(
          'first',
          { count: 1, where: "event.type == 'completed' && event.score >= 0.7" },
          { recipient: 'event.data.team.members' },
        ),
      ],
      testHash,
    )
    const low = event('completed', 1, { data, score: 0.5 })
    expect(recipientsOf(scored, low)).toMatchObject([{ isNearMiss: true, leftOut: [] }])
    expect(recipientsOf(scored, event('passed', 1, { data, score: 0.5 }))).toEqual([])
    const nearMissFor = (each: StoredEvent) => {
      const question = { now: FAR, subjectId: each.subjectId, states: new Map(), holdings: [] }
      const found = progress(scored, 'rule-first' as RuleId, { ...question, events: [each] })
      return found?.trace
    }
    const named = { ...low, subjectId: BOB, recipient: 'event.data.team.members' }
    expect(nearMissFor(named)).toMatchObject({
      nearMiss: { eventId: low.id, conjunct: expect.stringContaining('0.7') },
    })
    expect(nearMissFor(low)).not.toHaveProperty('nearMiss')
  })

  test('an event counts for those whom the path names, and for its actor only if they are named', () => {
    const store = createSmallStore(set)
    const done = event('completed', 1, { data })
    store.process(FAR, [done, { ...done, subjectId: BOB, recipient: 'event.data.team.members' }])
    expect(shown(store)).toEqual(['bob once award'])
  })
})

test('results and evidence come from the events of the part that the rule names', () => {
  const when = {
    all: [
      { id: 'exams', count: 2, where: "event.type == 'passed'" },
      { id: 'day', event: 'attended' },
    ],
  }
  const store = createSmallStore(compileRules([rule('first', when, { evidence: 'exams' })], testHash))
  const events = [
    event('passed', 1, { score: 0.9, data: { grade: 'A' } }),
    event('passed', 2, { score: 0.6, data: { grade: 'B' } }),
    event('attended', 3, { score: 1 }),
  ]
  const [decision] = store.process(FAR, events).decisions
  expect(decision?.evidence).toEqual([events[0]?.id, events[1]?.id])
  const results = (...values: readonly string[]) =>
    mapResults(
      values.map((value) => ({ resultDescription: 'r', value })),
      decision?.trace ?? { kind: 'all', status: 'not_met', have: 0, need: 0, children: [] },
      (id) => events.find((each) => each.id === id),
    ).map(({ value }) => value)
  expect(
    results('exams.best.score', 'exams.last.data.grade', 'exams.count', 'exams.avg', 'exams.first.score'),
  ).toEqual([0.9, 'B', 2, 0.75, 0.9])
  // Who it was is told by no result, and what is not there is left out.
  expect(results('exams.last.actor.value', 'exams.last.data.mark', 'exams.last.data.constructor')).toEqual([])
})

test('results read what is joined to the events that count, and do not count it', () => {
  const when = {
    id: 'courses',
    count: 1,
    where: "event.type == 'completed' && join.score >= 0.7",
    join: {
      score: { from: "event.type == 'scored'", value: 'event.score', on: 'event.activity', pick: 'max' },
    },
  }
  const store = createSmallStore(compileRules([rule('first', when)], testHash))
  const events = [
    event('completed', 1, { activity: 'c1' }),
    event('scored', 2, { activity: 'c1', score: 0.8 }),
    event('scored', 3, { activity: 'c1', score: 0.9 }),
    event('scored', 4, { activity: 'c2', score: 1 }),
  ]
  const [decision] = store.process(FAR, events).decisions
  expect(decision?.trace).toMatchObject({ evidence: [events[0]?.id], joined: [events[2]?.id] })
  const results = mapResults(
    ['courses.best.score', 'courses.count'].map((value) => ({ resultDescription: 'r', value })),
    decision?.trace ?? { kind: 'all', status: 'not_met', have: 0, need: 0, children: [] },
    (id) => events.find((each) => each.id === id),
  )
  expect(results.map(({ value }) => value)).toEqual([0.9, 1])
})

test('what no window can reach any more is let go, and a later event is looked for in the log', () => {
  const more = { allowedLateness: 'P5D' }
  const set = compileRules([rule('first', { count: 3, where: DONE, within: 'P10D' }, more)], testHash)
  const store = createSmallStore(set)
  for (const on of [1, 30, 31]) store.process(day(on), [event('completed', on)])
  const held = [...store.states.values()].flatMap((state) => (state.kind === 'items' ? state.items : []))
  expect(held.map(({ time }) => time)).toEqual([day(30), day(31)])
  // Two more from long ago: with the one that was let go they are three.
  store.process(day(32), [event('completed', 2)])
  expect(store.decisions).toEqual([])
  store.process(day(33), [event('completed', 3)])
  expect(store.decisions.map(({ metAt }) => metAt)).toEqual([day(3)])
})
