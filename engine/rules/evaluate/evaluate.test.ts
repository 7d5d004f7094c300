import { describe, expect, test } from 'vitest'
import type { StoredEvent } from '#engine/events/learning-event.ts'
import { compileRules } from '#engine/rules/compile/rule-set.ts'
import { progress } from '#engine/rules/explain/explain.ts'
import { explainInWords } from '#engine/rules/explain/words.ts'
import { activeRule, catalogueOf, ruleFor, testHash } from '#engine/rules/testing/build-rules.ts'
import { createSmallStore } from '#engine/rules/testing/small-store.ts'
import { DAY_MS } from '#engine/shared/duration.ts'
import type { AchievementId, EventId, SubjectId } from '#engine/shared/ids.ts'
import { asInstant } from '#engine/shared/instant.ts'
import type { Json } from '#engine/shared/json.ts'
import { VOIDS_LEAF_HASH } from '#engine/state/leaf-state.ts'
import { evaluate } from './evaluate.ts'
import { type DecisionOutcome, type EvaluationInput, type Holding, outcomeKey } from './evaluation.ts'

const CATALOGUE = catalogueOf('first', 'second', 'third')
const SUBJECT = 'subject-a' as SubjectId
const day = (number: number) => asInstant(1_767_225_600_000 + number * DAY_MS)
const FAR = day(1000)

let count = 0
function event(type: string, on: number, more: Partial<StoredEvent> = {}): StoredEvent {
  const id = `event-${++count}`
  return {
    id: id as EventId,
    subjectId: SUBJECT,
    source: 'urn:lms:1',
    sourceId: id,
    type,
    time: day(on),
    actor: { type: 'id', value: 'urn:lms:1#1' },
    data: {},
    ...more,
  }
}

const voiding = (other: StoredEvent, on: number) => event('voided', on, { voids: other.sourceId })

const rule = (slug: string, when: Json, more: Record<string, Json> = {}) =>
  activeRule(ruleFor(slug, when, more), CATALOGUE)

const setUp = (...rules: ReturnType<typeof rule>[]) => createSmallStore(compileRules(rules, testHash))

const input = (more: Partial<EvaluationInput>): EvaluationInput => ({
  now: FAR,
  events: [],
  reconsider: [],
  states: new Map(),
  outcomes: new Map(),
  holdings: new Map(),
  ...more,
})

const outcomesOf = (store: ReturnType<typeof setUp>) =>
  store.decisions.map(({ ruleId, outcome }) => `${ruleId.slice(5)} ${outcome}`)

const TWICE: Json = { count: 2, where: "event.type == 'completed'" }
const ONCE: Json = { event: 'completed' }

test('an outcome is decided once, with the event time and the events that made it', () => {
  const store = setUp(rule('first', TWICE))
  const [a, b, c] = [event('completed', 3), event('completed', 1), event('completed', 9)]
  expect(store.process(FAR, [a]).decisions).toEqual([])
  const { decisions } = store.process(FAR, [b])
  expect(decisions).toMatchObject([
    { outcome: 'award', occurrence: 'once', metAt: day(3), trace: { status: 'met', evidence: [b.id, a.id] } },
  ])
  expect(store.process(FAR, [c]).decisions).toEqual([])
})

test('an event that meets no leaf is not matched and leaves no state', () => {
  const store = setUp(rule('first', TWICE))
  const other = event('passed', 1)
  const counted = event('completed', 1)
  expect([...store.process(FAR, [other, counted]).matched]).toEqual([counted.id])
  expect(store.states.size).toBe(1)
})

test('leaves that differ in their threshold share one state', () => {
  const store = setUp(rule('first', TWICE), rule('second', { count: 3, where: "event.type=='completed'" }))
  store.process(FAR, [event('completed', 1), event('completed', 2)])
  expect(store.states.size).toBe(1)
  store.process(FAR, [event('completed', 3)])
  expect(outcomesOf(store)).toEqual(['first award', 'second award'])
})

test('a state that is met for good keeps no later events', () => {
  const store = setUp(rule('first', TWICE))
  store.process(
    FAR,
    [1, 2, 3, 4].map((on) => event('completed', on)),
  )
  const [state] = store.states.values()
  expect(state).toMatchObject({ kind: 'items', latched: true, dropped: true })
  expect(state?.kind === 'items' && state.items.map(({ time }) => time)).toEqual([day(1), day(2)])
  expect(store.process(FAR, [event('completed', 8)]).states.size).toBe(0)
})

test('events exactly the length of the window apart are within it, and a moment more is not', () => {
  const within: Json = { count: 2, where: "event.type == 'completed'", within: 'P10D' }
  const exact = setUp(rule('first', within))
  exact.process(FAR, [event('completed', 0), event('completed', 10)])
  expect(outcomesOf(exact)).toEqual(['first award'])
  const late = setUp(rule('first', within))
  late.process(FAR, [event('completed', 0), event('completed', 10, { time: asInstant(day(10) + 1) })])
  expect(outcomesOf(late)).toEqual([])
})

test('awards cascade through prerequisites in one call, in the order in which they follow', () => {
  const store = setUp(
    rule('third', { all: [{ holds: 'second' }, ONCE] }),
    rule('second', { holds: 'first' }),
    rule('first', ONCE),
  )
  const { decisions } = store.process(FAR, [event('completed', 5)])
  expect(decisions.map(({ achievementId }) => achievementId)).toEqual([
    'achievement-first',
    'achievement-second',
    'achievement-third',
  ])
  expect(decisions.every(({ metAt }) => metAt === day(5))).toBe(true)
})

test('a cascade deeper than 16 goes on by a timer that is due at once', () => {
  const slugs = Array.from({ length: 20 }, (_, at) => `step-${at}`)
  const catalogue = catalogueOf(...slugs)
  const rules = slugs.map((slug, at) =>
    activeRule(ruleFor(slug, at === 0 ? ONCE : { holds: `step-${at - 1}` }), catalogue),
  )
  const store = createSmallStore(compileRules(rules, testHash))
  const first = store.process(FAR, [event('completed', 1)])
  expect(first.decisions).toHaveLength(17)
  expect(first.timers).toMatchObject([{ ruleId: 'rule-step-17', at: FAR }])
  store.wake(FAR)
  expect(store.decisions).toHaveLength(20)
})

test('a holding that has ended does not count for a new award', () => {
  const ruleSet = compileRules([rule('second', { all: [{ holds: 'first' }, ONCE] })], testHash)
  const held = (more: Partial<Holding>) =>
    new Map([[SUBJECT, [{ achievementId: 'achievement-first' as AchievementId, since: day(0), ...more }]]])
  const events = [event('completed', 1)]
  expect(evaluate(ruleSet, input({ events, holdings: held({}) })).decisions).toHaveLength(1)
  expect(evaluate(ruleSet, input({ events, holdings: held({ until: FAR }) })).decisions).toHaveLength(0)
  expect([...ruleSet.dependants]).toEqual([['achievement-first', ['rule-second']]])
})

describe('negatives', () => {
  const when = (not: Json, settle = 'P0D'): Json => ({ all: [{ event: 'passed' }, { not, settle }] })
  const noFailure: Json = { event: 'failed', within: 'P30D' }

  test('wait for their settling time by a timer, and an event in between still counts', () => {
    const store = setUp(rule('first', when({ event: 'failed' }, 'P14D')))
    const { decisions, timers } = store.process(day(10), [event('passed', 10)])
    expect(decisions).toEqual([])
    expect(timers).toEqual([{ ruleId: 'rule-first', subjectId: SUBJECT, at: day(24) }])
    store.process(day(20), [event('failed', 9)])
    store.wake(FAR)
    expect(outcomesOf(store)).toEqual([])
  })

  test('are met when the settling time is over and nothing came', () => {
    const store = setUp(rule('first', when({ event: 'failed' }, 'P14D')))
    store.process(day(10), [event('passed', 10)])
    store.wake(asInstant(day(24) - 1))
    expect(outcomesOf(store)).toEqual([])
    store.wake(day(24))
    expect(store.decisions).toMatchObject([{ outcome: 'award', metAt: day(10) }])
  })

  test('delay the award until what they forbid lies a window back', () => {
    const store = setUp(rule('first', when(noFailure)))
    const { timers } = store.process(day(12), [event('failed', 5), event('passed', 10)])
    expect(timers.map(({ at }) => at)).toEqual([day(35)])
    store.wake(day(35))
    expect(store.decisions).toMatchObject([{ metAt: day(35) }])
  })

  test('take back an award when what they forbid turns out to have come before', () => {
    const store = setUp(rule('first', when({ event: 'failed' })))
    store.process(FAR, [event('passed', 10)])
    store.process(FAR, [event('failed', 11)])
    expect(outcomesOf(store)).toEqual(['first award'])
    store.process(FAR, [event('failed', 9)])
    expect(outcomesOf(store)).toEqual(['first award', 'first retracted'])
  })
})

describe('corrections', () => {
  test('take an event out, and retract what stood on it', () => {
    const store = setUp(rule('first', TWICE))
    const last = event('completed', 2)
    store.process(FAR, [event('completed', 1), last])
    const { matched, decisions } = store.process(FAR, [voiding(last, 3)])
    expect(decisions).toMatchObject([{ outcome: 'retracted', trace: { have: 1, need: 2 } }])
    expect(matched.size).toBe(1)
    store.process(FAR, [event('completed', 4)])
    expect(outcomesOf(store)).toEqual(['first award', 'first retracted', 'first award'])
  })

  test('work when they come before what they correct', () => {
    const store = setUp(rule('first', ONCE))
    const mistake = event('completed', 1)
    store.process(FAR, [voiding(mistake, 2)])
    store.process(FAR, [mistake])
    expect(outcomesOf(store)).toEqual([])
    expect([...store.states.keys()]).toEqual([`${VOIDS_LEAF_HASH}:${SUBJECT}`])
  })

  test('concern the events of their own source only', () => {
    const store = setUp(rule('first', ONCE))
    const good = event('completed', 1)
    store.process(FAR, [good])
    store.process(FAR, [event('voided', 2, { source: 'urn:lms:2', voids: good.sourceId })])
    expect(outcomesOf(store)).toEqual(['first award'])
  })

  test('ask for a rescan where a state has left out events, and decide nothing before', () => {
    const ruleSet = compileRules([rule('first', TWICE)], testHash)
    const events = [1, 2, 3].map((on) => event('completed', on))
    const before = evaluate(ruleSet, input({ events }))
    const states = new Map([...before.states].map(([key, { state }]) => [key, state]))
    const outcomes = new Map([[outcomeKey(rule('first', TWICE).ruleId, SUBJECT, 'once'), 'award' as const]])
    const [gone] = events
    const correction = voiding(gone ?? event('completed', 1), 4)
    const torn = evaluate(ruleSet, input({ events: [correction], states, outcomes }))
    expect(torn).toMatchObject({ decisions: [], rescan: [{ ruleId: 'rule-first', subjectId: SUBJECT }] })
    const again = evaluate(ruleSet, input({ events: [...events, correction], outcomes }))
    expect(again).toMatchObject({ decisions: [], rescan: [] })
  })

  test('leave an award alone where the rule says keep', () => {
    const store = setUp(rule('first', ONCE, { onRetract: 'keep' }))
    const only = event('completed', 1)
    store.process(FAR, [only])
    store.process(FAR, [voiding(only, 2)])
    expect(outcomesOf(store)).toEqual(['first award'])
  })

  test('go on to what was built on the award only where it is revoked without a person', () => {
    for (const [onRetract, expected] of [
      ['revoke', ['first award', 'second award', 'first retracted', 'second retracted']],
      ['review', ['first award', 'second award', 'first retracted']],
    ] as const) {
      const store = setUp(rule('first', ONCE, { onRetract }), rule('second', { holds: 'first' }))
      const only = event('completed', 1)
      store.process(FAR, [only])
      store.process(FAR, [voiding(only, 2)])
      expect(outcomesOf(store)).toEqual(expected)
    }
  })
})

describe('outcomes', () => {
  test.each<[string, Record<string, Json>, DecisionOutcome]>([
    ['an automatic rule awards', {}, 'award'],
    ['a reviewed rule asks a person', { mode: 'review' }, 'needs_review'],
    ['a gate asks for approval', { gate: { approval: { right: 'award', quorum: 1 } } }, 'needs_review'],
  ])('%s', (_name, more, outcome) => {
    const store = setUp(rule('first', ONCE, more), rule('second', { holds: 'first' }))
    store.process(FAR, [event('completed', 1)])
    expect(store.decisions[0]).toMatchObject({ outcome })
    expect(store.decisions.length).toBe(outcome === 'award' ? 2 : 1)
  })

  test('a shadow version decides beside the active one, and awards nothing', () => {
    const shadow = activeRule(ruleFor('first', TWICE), CATALOGUE, { status: 'shadow', version: '2' })
    const store = createSmallStore(compileRules([rule('first', ONCE), shadow], testHash))
    store.process(FAR, [event('completed', 1)])
    store.process(FAR, [event('completed', 2)])
    expect(store.decisions.map(({ outcome, occurrence }) => [outcome, occurrence])).toEqual([
      ['award', 'once'],
      ['would_award', 'shadow:version-first-2'],
    ])
  })

  test('what a person has blocked stays blocked', () => {
    const ruleSet = compileRules([rule('first', ONCE)], testHash)
    const outcomes = new Map([[outcomeKey(rule('first', ONCE).ruleId, SUBJECT, 'once'), 'blocked' as const]])
    expect(evaluate(ruleSet, input({ events: [event('completed', 1)], outcomes })).decisions).toEqual([])
  })

  test('a stricter edit takes nothing away and keeps the progress of unchanged leaves', () => {
    const store = setUp(rule('first', ONCE))
    const done = event('completed', 1)
    store.process(FAR, [done])
    const stricter = compileRules([rule('first', { all: [ONCE, { event: 'passed' }] })], testHash)
    const reconsider = [{ ruleId: rule('first', ONCE).ruleId, subjectId: SUBJECT }]
    const { states, outcomes } = store
    expect(evaluate(stricter, input({ states, outcomes, reconsider })).decisions).toEqual([])
    const events = [event('passed', 2)]
    expect(evaluate(stricter, input({ states, events })).decisions).toMatchObject([{ outcome: 'award' }])
  })

  test('folding a stricter version from all events awards, and takes back nothing', () => {
    const [done, mistake] = [event('completed', 1), event('attended', 1)]
    const events = [done, mistake, voiding(mistake, 2), event('failed', 1)]
    const strict: Json = { all: [ONCE, { event: 'attended' }, { not: { event: 'failed' } }] }
    const ruleSet = compileRules([rule('first', strict), rule('second', ONCE)], testHash)
    const outcomes = new Map([[outcomeKey(rule('first', ONCE).ruleId, SUBJECT, 'once'), 'award' as const]])
    const folded = (mayRetract: boolean) =>
      evaluate(ruleSet, input({ events, outcomes, mayRetract })).decisions.map(({ ruleId, outcome }) => [
        ruleId,
        outcome,
      ])
    expect(folded(false)).toEqual([['rule-second', 'award']])
    expect(folded(true)).toEqual([
      ['rule-first', 'retracted'],
      ['rule-second', 'award'],
    ])
  })

  test('events before notBefore do not count', () => {
    const strict = activeRule(ruleFor('first', ONCE, { notBefore: '-P1W' }), CATALOGUE, { at: day(20) })
    const store = createSmallStore(compileRules([strict], testHash))
    store.process(FAR, [event('completed', 12)])
    expect(outcomesOf(store)).toEqual([])
    store.process(FAR, [event('completed', 13)])
    expect(store.decisions).toMatchObject([{ metAt: day(13) }])
  })
})

test('progress is told in words, in Dutch and English', () => {
  const document: Json = {
    all: [
      { name: { nl: 'Lessen', en: 'Lessons' }, count: 3, where: "event.type == 'attended'", within: 'P30D' },
      { holds: 'first' },
      { not: { event: 'failed' }, settle: 'P14D' },
    ],
  }
  const made = rule('second', document)
  const ruleSet = compileRules([made], testHash)
  const store = createSmallStore(ruleSet)
  store.process(day(5), [event('attended', 1), event('attended', 2)])
  const found = progress(ruleSet, made.ruleId, {
    now: day(5),
    subjectId: SUBJECT,
    states: store.states,
    holdings: [],
  })
  const tell = (language: 'nl' | 'en') =>
    found === undefined
      ? []
      : explainInWords(found.trace, made.document, language, new Map([['first', 'First step']])).map(
          ({ depth, status, text }) => `${depth} ${status} ${text}`,
        )
  expect(tell('en')).toEqual([
    '0 not_met All of these (0 of 3).',
    '1 not_met Lessons: 2 of 3 so far (events within 30 days); 1 more needed. The oldest of them stops counting after 2026-02-01 (UTC).',
    '1 not_met The badge “First step” is still needed.',
    '1 not_met Nothing may speak against it (an event “failed”); looked at when the rest is done.',
  ])
  expect(tell('nl')).toEqual([
    '0 not_met Al deze onderdelen (0 van 3).',
    '1 not_met Lessen: Nu 2 van 3 (gebeurtenissen binnen 30 dagen); nog 1 nodig. De oudste daarvan telt niet meer mee na 2026-02-01 (UTC).',
    '1 not_met De badge “First step” is nog nodig.',
    '1 not_met Er mag niets zijn dat het tegenhoudt (een gebeurtenis “failed”); dat wordt bekeken als de rest er is.',
  ])
})

test('an event of another type did not come close, however much of it fits', () => {
  const made = rule('first', {
    id: 'quiz',
    count: 1,
    where: "event.type == 'completed' && event.activity == 'a' && event.score >= 0.7",
  })
  const ruleSet = compileRules([made], testHash)
  const nearMissAmong = (...events: StoredEvent[]) => {
    const found = progress(ruleSet, made.ruleId, {
      now: FAR,
      subjectId: SUBJECT,
      states: new Map(),
      holdings: [],
      events,
    })
    return found !== undefined && 'nearMiss' in found.trace ? found.trace.nearMiss : undefined
  }
  const tooLow = event('completed', 1, { activity: 'a', score: 0.6 })
  const other = event('attended', 2, { activity: 'a', score: 0.9 })
  expect(nearMissAmong(other)).toBeUndefined()
  expect(nearMissAmong(tooLow, other)).toEqual({
    eventId: tooLow.id,
    conjunct: expect.stringContaining('event.score >= 0.7'),
  })
})

test('an earlier event that comes late reaches through a chain: who asks for who asks may be met in time', () => {
  const store = setUp(
    rule('first', ONCE),
    rule('second', { holds: 'first' }),
    rule('third', { holds: 'second' }, { deadline: new Date(day(10)).toISOString() }),
  )
  store.process(day(21), [event('completed', 20)])
  expect(outcomesOf(store)).toEqual(['first award', 'second award'])
  store.process(day(22), [event('completed', 5)])
  expect(outcomesOf(store)).toEqual(['first award', 'second award', 'third award'])
})
