import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { tellEvents } from '#engine/decisions/tell-events.ts'
import type { StoredEvent } from '#engine/events/learning-event.ts'
import { compileRules } from '#engine/rules/compile/rule-set.ts'
import { type BlockReason, type Holding, outcomeKey } from '#engine/rules/evaluate/evaluation.ts'
import { activeRule, catalogueOf, ruleFor, testHash } from '#engine/rules/testing/build-rules.ts'
import { createSmallStore } from '#engine/rules/testing/small-store.ts'
import { DAY_MS, HOUR_MS } from '#engine/shared/duration.ts'
import type { EventId, RuleId, SubjectId } from '#engine/shared/ids.ts'
import { asInstant, type Instant, parseInstant } from '#engine/shared/instant.ts'
import type { Json } from '#engine/shared/json.ts'
import { type OccasionProgress, occasionProgress } from './occasion-progress.ts'
import { occasionInWords, type ToldAward } from './occasion-words.ts'
import type { GroupTrace, LeafTrace } from './trace.ts'
import { explainInWords } from './words.ts'

const CATALOGUE = catalogueOf('first', 'second')
const SUBJECT = 'subject-a' as SubjectId
const RULE = 'rule-first' as RuleId
const at = (text: string): Instant => parseInstant(text) ?? asInstant(0)
/** Noon of a day of November 2026, UTC. */
const nov = (day: number): Instant => asInstant(at('2026-11-01T12:00:00Z') + (day - 1) * DAY_MS)

let count = 0
function event(type: string, time: Instant, more: Partial<StoredEvent> = {}): StoredEvent {
  const id = `event-${++count}` as EventId
  const actor = { type: 'id', value: 'urn:lms:1#1' } as const
  return { id, subjectId: SUBJECT, source: 'urn:lms:1', sourceId: id, type, time, actor, data: {}, ...more }
}

/** One rule, the events of one person, and the question how far they are. */
function setUp(when: Json, more: Record<string, Json> = {}, capLeft = new Map<RuleId, number>()) {
  const rule = activeRule(ruleFor('first', when, more), CATALOGUE)
  const ruleSet = compileRules([rule], testHash)
  const store = createSmallStore(ruleSet, { capLeft })
  const history: StoredEvent[] = []
  const capLeftOf = capLeft.get(RULE)
  const ask = (now: Instant, holdings: readonly Holding[] = store.holdingsOf(SUBJECT)) => {
    const { states, outcomes, moments, decisions } = store
    const blocked = new Map<string, BlockReason>()
    for (const { occurrence, reason } of decisions) if (reason !== undefined) blocked.set(occurrence, reason)
    const events = [...history].sort((a, b) => a.time - b.time)
    const known = { now, subjectId: SUBJECT, states, outcomes, moments, holdings, events, blocked }
    const input = capLeftOf === undefined ? known : { ...known, capLeft: capLeftOf }
    return occasionProgress(ruleSet, RULE, input) ?? []
  }
  return {
    store,
    /** They come in when they happen, or at `now`. */
    send(...events: readonly StoredEvent[]) {
      history.push(...events)
      for (const each of events) store.process(each.time, [each])
    },
    ask,
    one(now: Instant): OccasionProgress {
      const [first] = ask(now)
      if (first === undefined) throw new Error('Nothing is told.')
      return first
    },
    tell(now: Instant, language: 'en' | 'nl' = 'en', holdings?: readonly Holding[]): readonly string[] {
      const mentions = new Map(history.map((each) => [each.id, each]))
      return ask(now, holdings).flatMap((occasion) => {
        const { decided } = occasion
        const award =
          decided?.outcome === 'award' && decided.metAt !== undefined
            ? ({ state: 'issued', awardedAt: decided.metAt } as const)
            : undefined
        return [
          ...occasionInWords(occasion, award, rule.document, language),
          ...explainInWords(occasion.trace, rule.document, language).map(({ text }) => text),
          ...tellEvents(occasion.trace, mentions, language),
        ]
      })
    },
  }
}

const ONCE: Json = { event: 'completed' }
const leaf = ({ trace }: OccasionProgress) => trace as LeafTrace
const part = ({ trace }: OccasionProgress, index: number) =>
  (trace as GroupTrace).children[index] as GroupTrace

describe('a deadline', () => {
  const deadline = { deadline: '2026-11-20T23:59:59.999Z' }

  test('is told while it has not passed', () => {
    const { one, tell } = setUp(ONCE, deadline)
    expect(one(nov(10))).toMatchObject({
      state: 'open',
      closes: { at: at('2026-11-20T23:59:59.999Z'), by: 'deadline' },
    })
    expect(tell(nov(10))[0]).toBe('Open until 2026-11-20 (UTC): that is the deadline.')
    expect(tell(nov(10), 'nl')[0]).toBe('Kan tot en met 2026-11-20 (UTC): dat is de uiterste datum.')
  })

  test('that is over closes it: what was done after it is told as too late', () => {
    const { send, one, tell } = setUp(ONCE, deadline)
    send(event('completed', nov(22)))
    expect(one(nov(25))).toMatchObject({ state: 'closed', trace: { status: 'met', tooLate: true } })
    expect(tell(nov(25))).toEqual([
      'Closed: the deadline was 2026-11-20 (UTC). Only what is told late, or belongs to what happened by then, can still change this.',
      'Done: 1 of 1 (an event “completed”). That was too late: it does not count.',
      expect.stringMatching(/^Events that count/),
    ])
    expect(tell(nov(25), 'nl')[1]).toMatch(/Dat was te laat: het telt niet mee\.$/)
  })

  test('that is over says nothing against an award that was earned before it', () => {
    const { send, one, tell } = setUp(ONCE, deadline)
    send(event('completed', nov(12)))
    expect(one(nov(25))).toMatchObject({ state: 'awarded', decided: { outcome: 'award', metAt: nov(12) } })
    expect(tell(nov(25))[0]).toBe('The award of 2026-11-12 (UTC) stands.')
  })

  test('a group counts no part that came too late', () => {
    const { send, one } = setUp({ all: [ONCE, { event: 'passed' }] }, deadline)
    send(event('completed', nov(12)), event('passed', nov(22)))
    expect(one(nov(25))).toMatchObject({ state: 'closed', trace: { status: 'not_met', have: 1 } })
    expect(part(one(nov(25)), 1)).toMatchObject({ status: 'met', tooLate: true })
  })
})

describe('a negative', () => {
  const unless = (more: Record<string, Json>, forbidden: Json = { event: 'failed' }): Json => ({
    all: [{ event: 'completed' }, { not: forbidden, ...more }],
  })
  const deadline = { deadline: '2026-11-20T12:00:00Z' }

  test('that lasts until the deadline can be broken until then', () => {
    const { send, one, tell } = setUp(unless({ until: 'deadline' }), deadline)
    send(event('completed', nov(2)))
    expect(part(one(nov(10)), 1)).toMatchObject({ status: 'settling', until: nov(20), settlesAt: nov(20) })
    const before = setUp(unless({ until: 'deadline' }), deadline)
    expect(before.tell(nov(10))[3]).toBe(
      'Nothing may speak against it until 2026-11-20 12:00 (UTC) (an event “failed”); so far nothing does.',
    )
    expect(tell(nov(10))[2]).toBe(
      'Nothing speaks against it (an event “failed”). Certain from 2026-11-20 (UTC) on.',
    )
  })

  test('that was broken is lost for good, and names the event that broke it', () => {
    const { send, one, tell } = setUp(unless({ until: 'deadline' }), deadline)
    const failed = event('failed', nov(5), { activity: 'exam' })
    send(event('completed', nov(2)), failed, event('failed', nov(6)))
    const found = one(nov(10))
    expect(found.state).toBe('lost')
    expect(part(found, 1)).toMatchObject({
      status: 'not_met',
      against: { since: nov(5), eventId: failed.id, forGood: true },
    })
    expect(part(found, 1)).not.toHaveProperty('until')
    expect(tell(nov(10))).toEqual([
      'This cannot be met any more: something speaks against it for good.',
      'All of these (1 of 2).',
      'Done: 1 of 1 (an event “completed”).',
      'Failed for good: since 2026-11-05 (UTC) this speaks against it (an event “failed”).',
      expect.stringMatching(/^Events that count/),
      'What has ruled it out: failed exam, 2026-11-05 (UTC).',
      expect.stringMatching(/^Events that a negative looks at: failed, 2026-11-06/),
    ])
    expect(tell(nov(10), 'nl')).toContain(
      'Voorgoed mislukt: sinds 2026-11-05 (UTC) houdt dit het tegen (een gebeurtenis “failed”).',
    )
  })

  test('that lasts until it is satisfied is broken for good by an event that never leaves a window', () => {
    const { send, one } = setUp(unless({}))
    const failed = event('failed', nov(5))
    send(failed)
    expect(one(nov(10)).state).toBe('lost')
    expect(part(one(nov(10)), 1).against).toEqual({ since: nov(5), eventId: failed.id, forGood: true })
  })

  test('is only held up by an event that leaves its window', () => {
    const within = { count: 1, where: "event.type == 'failed'", within: 'P10D' }
    const { send, one, tell } = setUp(unless({}, within))
    send(event('failed', nov(5)))
    expect(one(nov(10)).state).toBe('open')
    expect(part(one(nov(10)), 1).against).toMatchObject({ until: nov(15), forGood: false })
    expect(tell(nov(10))[2]).toMatch(/That counts no more after 2026-11-15 \(UTC\)\.$/)
    // The event has left it when the rest is there: nothing speaks against it, so none is shown to.
    send(event('completed', nov(12)))
    const settled = one(nov(16))
    expect(part(settled, 1)).toMatchObject({
      status: 'met',
      children: [{ status: 'not_met', have: 0, evidence: [] }],
    })
  })

  test('that would be clear only after the deadline is lost', () => {
    const within = { count: 1, where: "event.type == 'failed'", within: 'P10D' }
    const { send, one } = setUp(unless({}, within), deadline)
    send(event('failed', nov(15)), event('completed', nov(18)))
    expect(one(nov(19)).state).toBe('lost')
    expect(part(one(nov(26)), 1)).toMatchObject({
      status: 'not_met',
      against: { since: nov(15), until: nov(25), forGood: true },
    })
    expect(one(nov(26)).state).toBe('closed')
  })

  test('is not broken for good by what comes and goes', () => {
    const { send, one } = setUp(unless({ until: 'deadline' }, { cohort: 'year-1' }), deadline)
    const cohort = (member: boolean, time: Instant) =>
      event('waarmerk.cohort', time, { source: 'urn:waarmerk:facts', activity: 'year-1', data: { member } })
    send(event('completed', nov(2)), cohort(true, nov(3)))
    expect(part(one(nov(5)), 1)).toMatchObject({
      against: { since: nov(3), forGood: false },
      until: nov(20),
    })
    send(cohort(false, nov(6)))
    expect(part(one(nov(7)), 1)).toMatchObject({ status: 'settling' })
    send(cohort(true, nov(8)))
    // The deadline is over: now nothing helps any more.
    expect(part(one(nov(21)), 1).against).toMatchObject({ since: nov(8), forGood: true })
  })

  test('of a period can be broken until the period ends', () => {
    const { send, one } = setUp(unless({ until: 'period' }), {
      occurrence: { kind: 'period', unit: 'month', zone: 'Europe/Amsterdam' },
    })
    send(event('completed', nov(2)))
    expect(part(one(nov(10)), 1).until).toBe(at('2026-11-30T22:59:59.999Z'))
    send(event('failed', nov(11)))
    expect(one(nov(12)).state).toBe('lost')
  })
})

describe('what forbids an award', () => {
  test('is told of a blocked one, with until when it is too soon', () => {
    const { send, ask, tell } = setUp(ONCE, {
      occurrence: { kind: 'unlimited' },
      limits: { cooldown: 'P10D' },
    })
    send(event('completed', nov(2)), event('completed', nov(5)))
    expect(ask(nov(6))).toMatchObject([
      { state: 'blocked', limit: { reason: 'cooldown', until: nov(12) } },
      { state: 'open', limit: { reason: 'cooldown', until: nov(12) }, part: { isNext: true, given: 1 } },
    ])
    expect(tell(nov(6))[1]).toBe(
      'The criteria are met, but too soon after the award before: a further one can be met from 2026-11-12 12:00 (UTC) on.',
    )
    expect(tell(nov(6), 'nl')[1]).toMatch(/een volgende kan vanaf 2026-11-12 12:00 \(UTC\)\.$/)
    // It is over: the next may come.
    expect(ask(nov(12)).at(-1)).not.toHaveProperty('limit')
  })

  test('is not told of an award that a late event has moved: as many stand as it was reached', () => {
    const { send, ask } = setUp(
      { count: 2, where: "event.type == 'completed'" },
      { occurrence: { kind: 'unlimited' } },
    )
    send(event('completed', nov(4)), event('completed', nov(6)))
    send(event('completed', nov(2)))
    expect(ask(nov(8))).toMatchObject([
      { state: 'open', part: { isNext: true, given: 1 }, trace: { have: 1 } },
    ])
  })

  test('is told before it is met, where it is known', () => {
    const { send, ask } = setUp(ONCE, {
      occurrence: { kind: 'unlimited' },
      limits: { capPerPerson: 1 },
    })
    send(event('completed', nov(2)))
    expect(ask(nov(6))).toMatchObject([{ state: 'open', limit: { reason: 'cap-per-person' } }])
  })

  test('a cap that is used up, and a badge that is held by another road', () => {
    const capped = setUp(ONCE, { limits: { cap: 1 } }, new Map([[RULE, 0]]))
    expect(capped.one(nov(1))).toMatchObject({ state: 'open', limit: { reason: 'cap' } })
    expect(capped.tell(nov(1))[0]).toBe(
      'All awards of this rule have been given: if it is met, no award follows.',
    )
    capped.send(event('completed', nov(2)))
    expect(capped.one(nov(3))).toMatchObject({ state: 'blocked', limit: { reason: 'cap' } })
    expect(capped.tell(nov(3))[0]).toBe('The criteria are met, but all awards of this rule have been given.')
    const held = setUp(ONCE, { onePerPerson: true })
    const holding: Holding = { achievementId: held.store.decisions[0]?.achievementId ?? FIRST, since: nov(1) }
    expect(held.ask(nov(3), [holding])).toMatchObject([
      { state: 'open', limit: { reason: 'one-per-person' } },
    ])
  })
})

const FIRST = CATALOGUE.achievements.get('first')?.id ?? ('' as Holding['achievementId'])

test('an average, a share, a lowest or highest value says how many events are missing before it says anything', () => {
  for (const measure of [{ avg: 0.5 }, { min: 0.5 }, { max: 0.95 }, { rate: 0.5 }]) {
    const of = 'rate' in measure ? 'event.score > 0.5' : 'event.score'
    const { send, one, tell } = setUp({ ...measure, of, atLeast: 3, where: "event.type == 'scored'" })
    send(event('scored', nov(1), { score: 0.9 }))
    expect(leaf(one(nov(2)))).toMatchObject({ status: 'not_met', missingEvents: 2 })
    expect(tell(nov(2))[0]).toContain('It takes 2 more events before this says anything.')
    expect(tell(nov(2), 'nl')[0]).toContain('Er zijn nog 2 gebeurtenissen nodig voordat dit iets zegt.')
    send(event('scored', nov(2), { score: 0.1 }), event('scored', nov(3), { score: 0.2 }))
    expect(leaf(one(nov(4)))).not.toHaveProperty('missingEvents')
  }
})

describe('a near miss', () => {
  test('is none where the type is another one, however it is written', () => {
    for (const type of [
      "event.type == 'completed'",
      "event.type in ['completed', 'passed']",
      "event.type.startsWith('c')",
    ]) {
      const { send, one } = setUp({ count: 1, where: `${type} && event.score >= 0.7` })
      send(event('scored', nov(1), { score: 0.9 }))
      expect(leaf(one(nov(2)))).not.toHaveProperty('nearMiss')
      send(event('completed', nov(1), { score: 0.6 }))
      expect(leaf(one(nov(2))).nearMiss?.conjunct).toContain('event.score')
    }
  })

  test('is none of an event that is there to be looked up by a join', () => {
    const { send, one } = setUp({
      count: 1,
      where: 'event.activityType == "course" && event.completion && join.score >= 0.7',
      join: { score: { from: "event.type == 'scored'", value: 'event.score', on: 'event.activity' } },
    })
    const shared = { activity: 'c1', activityType: 'course' }
    send(event('scored', nov(1), { ...shared, score: 0.6 }))
    expect(leaf(one(nov(2)))).not.toHaveProperty('nearMiss')
    // What it is looked up for came close: the value that was found is too low.
    const completed = event('completed', nov(1), { ...shared, completion: true })
    send(completed)
    expect(leaf(one(nov(2))).nearMiss).toEqual({ eventId: completed.id, conjunct: '(join.score >= 0.7)' })
  })

  test('lies in the period that is told', () => {
    const { send, one } = setUp(
      { count: 1, where: "event.type == 'completed' && event.score >= 0.7" },
      { occurrence: { kind: 'period', unit: 'week', zone: 'Europe/Amsterdam' } },
    )
    send(event('completed', nov(10), { score: 0.6 }))
    expect(leaf(one(nov(12)))).toHaveProperty('nearMiss')
    expect(leaf(one(nov(20)))).not.toHaveProperty('nearMiss')
  })
})

test('an award stands when a penalty lets the figures fall below what earned it', () => {
  const { send, one, tell } = setUp(
    { id: 'courses', count: 2, where: "event.type == 'completed'" },
    { penalty: [{ where: "event.type == 'failed'", resets: ['courses'] }], onRetract: 'keep' },
  )
  send(
    event('completed', nov(1)),
    event('completed', nov(2)),
    event('failed', nov(5)),
    event('completed', nov(6)),
  )
  expect(one(nov(7))).toMatchObject({
    state: 'awarded',
    decided: { outcome: 'award', metAt: nov(2) },
    occurrence: 'once',
  })
  expect(leaf(one(nov(7)))).toMatchObject({ status: 'not_met', have: 1, need: 2 })
  expect(tell(nov(7))[0]).toBe(
    'The award of 2026-11-02 (UTC) stands. What the figures say now takes nothing away from it.',
  )
  expect(tell(nov(7), 'nl')[0]).toBe(
    'De toekenning van 2026-11-02 (UTC) staat. Wat de cijfers nu zeggen, doet daar niets aan af.',
  )
})

describe('occasions', () => {
  test('without limit: the way to the next award is told, not the one that was given', () => {
    const { send, ask, tell } = setUp(
      { count: 3, where: "event.type == 'completed'" },
      { occurrence: { kind: 'unlimited' } },
    )
    expect(ask(nov(1))).toMatchObject([{ part: { isNext: true, given: 0 }, trace: { have: 0 } }])
    const events = [1, 2, 3, 4].map((day) => event('completed', nov(day)))
    send(...events)
    const found = ask(nov(5))
    expect(found).toMatchObject([
      { occurrence: '', state: 'open', part: { kind: 'completion', isNext: true, given: 1 } },
    ])
    expect(found[0]?.trace).toMatchObject({ status: 'not_met', have: 1, need: 3, evidence: [events[3]?.id] })
    expect(tell(nov(5))[0]).toBe(
      'On the way to the next award; 1 so far. What counted for those does not count again.',
    )
    expect(tell(nov(5), 'nl')[0]).toMatch(/^Op weg naar de volgende toekenning; tot nu toe 1\./)
  })

  test('without limit: a completion that waits for another part is told beside the next', () => {
    const { send, ask } = setUp(
      { all: [{ count: 2, where: "event.type == 'completed'" }, { holds: 'second' }] },
      { occurrence: { kind: 'unlimited' } },
    )
    send(...[1, 2, 3].map((day) => event('completed', nov(day))))
    expect(ask(nov(5))).toMatchObject([
      { state: 'open', part: { isNext: false }, trace: { have: 1 } },
      { state: 'open', part: { isNext: true }, trace: { have: 0 } },
    ])
  })

  test.each([
    ['day', '2026-11-25', '25 November 2026', '25 november 2026'],
    ['week', '2026-W48', 'week 48 of 2026', 'week 48 van 2026'],
    ['month', '2026-11', 'November 2026', 'november 2026'],
    ['quarter', '2026-Q4', 'quarter 4 of 2026', 'kwartaal 4 van 2026'],
    ['year', '2026', '2026', '2026'],
  ])('of a %s: the current one is told, by its name', (unit, name, en, nl) => {
    const { send, ask, tell } = setUp(
      { count: 2, where: "event.type == 'completed'" },
      { occurrence: { kind: 'period', unit, zone: 'Europe/Amsterdam' } },
    )
    const long = at('2024-01-10T10:00:00Z')
    send(event('completed', long), event('completed', asInstant(long + HOUR_MS)))
    const now = at('2026-11-25T10:00:00Z')
    expect(ask(now)).toMatchObject([
      { state: 'open', trace: { have: 0 }, closes: { by: 'period' }, part: { kind: 'period', unit, name } },
    ])
    expect(tell(now)[0]).toMatch(`Period: ${en}, until `)
    expect(tell(now, 'nl')[0]).toMatch(`Periode: ${nl}, tot en met `)
    send(event('completed', asInstant(now - HOUR_MS)))
    expect(ask(now)).toMatchObject([{ trace: { have: 1 } }])
  })

  test('of a period that is over, but not settled yet, are told beside the current one', () => {
    const { send, ask } = setUp(
      { all: [ONCE, { not: { event: 'failed' }, until: 'period', settle: 'P7D' }] },
      { occurrence: { kind: 'period', unit: 'month', zone: 'UTC' } },
    )
    send(event('completed', at('2026-10-20T10:00:00Z')))
    expect(ask(nov(3))).toMatchObject([
      { part: { name: '2026-11' }, state: 'open' },
      { part: { name: '2026-10' }, state: 'settling' },
    ])
  })

  test('of contexts: each is told, by what tells them apart, the latest first', () => {
    const { send, ask, tell } = setUp(
      { count: 2, where: "event.type == 'completed'" },
      { occurrence: { kind: 'context', by: 'event.data.edition' } },
    )
    expect(ask(nov(1))).toMatchObject([{ state: 'open', trace: { have: 0 } }])
    send(
      event('completed', nov(1), { data: { edition: 'spring' } }),
      event('completed', nov(2), { data: { edition: 'spring' } }),
      event('completed', nov(3), { data: { edition: 7 } }),
    )
    expect(ask(nov(4))).toMatchObject([
      { part: { kind: 'context', value: '7' }, state: 'open', trace: { have: 1 } },
      { part: { kind: 'context', value: '"spring"' }, state: 'awarded', trace: { status: 'met' } },
    ])
    expect(tell(nov(4)).filter((line) => line.startsWith('For: '))).toEqual(['For: 7.', 'For: spring.'])
  })

  test('a renewal says which badge it renews, and from when on events count', () => {
    const { ask, tell } = setUp(ONCE, { renewal: { before: 'P10D' } })
    const holding: Holding = {
      achievementId: FIRST,
      since: nov(1),
      until: nov(25),
      by: RULE,
      occurrence: 'once',
    }
    expect(ask(nov(5), [holding])).toMatchObject([
      {
        occurrence: 'renewal:1',
        state: 'open',
        part: { kind: 'renewal', renews: 'once', since: nov(1), until: nov(25), from: nov(15) },
      },
    ])
    expect(tell(nov(5), 'en', [holding])[0]).toBe(
      'This renews the badge of 2026-11-01 (UTC), which is valid until 2026-11-25 (UTC); what happens from 2026-11-15 (UTC) on counts.',
    )
    expect(tell(nov(5), 'nl', [holding])[0]).toBe(
      'Dit verlengt de badge van 2026-11-01 (UTC), die geldig is tot 2026-11-25 (UTC); wat vanaf 2026-11-15 (UTC) gebeurt, telt mee.',
    )
  })
})

describe('what stands of an occasion', () => {
  const told = (award: ToldAward['state'] | undefined, earned: boolean, more: Record<string, Json> = {}) => {
    const { send, one } = setUp(ONCE, more)
    if (earned) send(event('completed', nov(2)))
    const ended = award === 'revoked' || award === 'expired' ? { endedAt: nov(9) } : {}
    const given = award === undefined ? undefined : { state: award, awardedAt: nov(2), ...ended }
    const { document } = activeRule(ruleFor('first', ONCE, more), CATALOGUE)
    return (['en', 'nl'] as const).map(
      (language) => occasionInWords(one(nov(10)), given, document, language)[0],
    )
  }

  test.each<[ToldAward['state'], string, string]>([
    ['issued', 'The award of 2026-11-02 (UTC) stands.', 'De toekenning van 2026-11-02 (UTC) staat.'],
    [
      'awaiting_approval',
      'The criteria were met on 2026-11-02 (UTC); the award waits for approval.',
      'Op 2026-11-02 (UTC) was aan de criteria voldaan; de toekenning wacht op goedkeuring.',
    ],
    [
      'awaiting_endorsement',
      'The criteria were met on 2026-11-02 (UTC); the award waits for endorsers.',
      'Op 2026-11-02 (UTC) was aan de criteria voldaan; de toekenning wacht op aanbevelingen.',
    ],
    [
      'revoked',
      'The award of 2026-11-02 (UTC) was revoked on 2026-11-09 (UTC).',
      'De toekenning van 2026-11-02 (UTC) is ingetrokken op 2026-11-09 (UTC).',
    ],
    [
      'expired',
      'The award of 2026-11-02 (UTC) expired on 2026-11-09 (UTC).',
      'De toekenning van 2026-11-02 (UTC) is verlopen op 2026-11-09 (UTC).',
    ],
    [
      'refused',
      'The criteria were met on 2026-11-02 (UTC); the award was refused by a person.',
      'Op 2026-11-02 (UTC) was aan de criteria voldaan; iemand heeft de toekenning geweigerd.',
    ],
  ])('an award that is %s is told as such', (state, en, nl) => {
    expect(told(state, true)).toEqual([en, nl])
  })

  test('a suggestion says that the organisation may award it', () => {
    expect(told(undefined, true, { mode: 'suggest' })).toEqual([
      'The criteria were met on 2026-11-02 (UTC); the organisation may award it.',
      'Op 2026-11-02 (UTC) was aan de criteria voldaan; de organisatie kan de badge toekennen.',
    ])
  })

  test('where events were taken back, an award that was not says that it stands all the same', () => {
    const { send, store, one } = setUp(ONCE)
    const completed = event('completed', nov(2))
    send(completed)
    store.process(nov(5), [event('voided', nov(5), { voids: completed.sourceId })])
    expect(one(nov(6))).toMatchObject({ state: 'open', decided: { outcome: 'retracted' } })
    const { document } = activeRule(ruleFor('first', ONCE), CATALOGUE)
    const first = (award: ToldAward | undefined, language: 'en' | 'nl') =>
      occasionInWords(one(nov(6)), award, document, language)[0]
    const award = { state: 'issued', awardedAt: nov(2) } as const
    expect(first(award, 'en')).toBe(
      'The award of 2026-11-02 (UTC) stands, but events that it rested on were taken back.',
    )
    expect(first(undefined, 'en')).toBe(
      'An award was taken back on 2026-11-05 (UTC), as events that it rested on were.',
    )
    expect(first(undefined, 'nl')).toBe(
      'Op 2026-11-05 (UTC) is een toekenning teruggenomen, net als gebeurtenissen waarop ze berustte.',
    )
  })
})

describe('what has left its window', () => {
  test('is no longer among the events that count', () => {
    const { send, one } = setUp({ count: 2, where: "event.type == 'completed'", within: 'P5D' })
    send(event('completed', nov(1)))
    expect(leaf(one(nov(6)))).toMatchObject({ have: 1, expiresAt: nov(6) })
    expect(leaf(one(asInstant(nov(6) + 1)))).toMatchObject({ have: 0, evidence: [] })
  })

  test('a run of days is over when a day has gone by: nothing of it counts', () => {
    const { send, one, tell } = setUp({
      streak: 5,
      unit: 'day',
      zone: 'Europe/Amsterdam',
      where: "event.type == 'attended'",
    })
    const [old, ...run] = [1, 4, 5, 6].map((day) => event('attended', nov(day)))
    if (old === undefined) throw new Error('There is one.')
    send(old, ...run)
    expect(leaf(one(nov(7)))).toMatchObject({ have: 3, evidence: run.map(({ id }) => id) })
    expect(leaf(one(nov(7))).expiresAt).toBe(at('2026-11-07T23:00:00Z'))
    expect(tell(nov(7))[0]).toMatch(/It can be gone on with until 2026-11-07 \(Europe\/Amsterdam\)\.$/)
    expect(leaf(one(nov(8)))).toMatchObject({ have: 0, evidence: [] })
  })

  test('a sequence whose time is over cannot be gone on with', () => {
    const { send, one } = setUp({
      sequence: [{ event: 'enrolled' }, { event: 'attended' }, { event: 'completed' }],
      within: 'P10D',
    })
    const [enrolled, attended, again] = [
      event('enrolled', nov(1)),
      event('attended', nov(2)),
      event('enrolled', nov(8)),
    ]
    send(enrolled, attended, again)
    expect(leaf(one(nov(9)))).toMatchObject({ have: 2, expiresAt: nov(11) })
    expect(leaf(one(nov(12)))).toMatchObject({ have: 1, evidence: [again.id], expiresAt: nov(18) })
  })

  test('the run that is told is the one that counting day by day finds', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 1, max: 20 }), { maxLength: 15 }),
        fc.integer({ min: 1, max: 25 }),
        (days, today) => {
          const past = days.filter((day) => day <= today)
          const { send, one } = setUp({
            streak: 30,
            unit: 'day',
            zone: 'UTC',
            where: "event.type == 'attended'",
          })
          send(...past.map((day) => event('attended', nov(day))))
          let from = past.includes(today) ? today : today - 1
          let run = 0
          while (past.includes(from--)) run++
          expect(leaf(one(nov(today))).have).toBe(run)
          expect(leaf(one(nov(today))).evidence).toHaveLength(run)
        },
      ),
    )
  })
})

test('dates are told in the zone of the part, or of the rule, and which that is', () => {
  // 23:30 UTC on the 15th is the 16th in Amsterdam.
  const late = at('2026-11-01T23:30:00Z')
  const when = (zone?: string): Json => ({
    all: [
      ONCE,
      { not: { event: 'failed' }, settle: 'P14D' },
      ...(zone === undefined
        ? []
        : [{ streak: 1, unit: 'day', zone, where: "event.type == 'completed'" } as const]),
    ],
  })
  const inZone = setUp(when('Europe/Amsterdam'))
  inZone.send(event('completed', late))
  expect(inZone.tell(nov(3)).join(' ')).toContain('Certain from 2026-11-16 (Europe/Amsterdam) on.')
  const plain = setUp(when())
  plain.send(event('completed', late))
  expect(plain.tell(nov(3)).join(' ')).toContain('Certain from 2026-11-15 (UTC) on.')
  expect(plain.tell(nov(3), 'nl').join(' ')).toContain('Zeker vanaf 2026-11-15 (UTC).')
})

test('what decisions keep of a trace has none of what only progress tells', () => {
  const { send, store } = setUp({
    any: [ONCE, { streak: 3, unit: 'day', zone: 'UTC', where: "event.type == 'attended'" }],
  })
  const attended = [1, 2].map((day) => event('attended', nov(day)))
  send(...attended, event('completed', nov(9)))
  expect(store.decisions[0]?.trace).toMatchObject({
    children: [{ status: 'met' }, { have: 2, evidence: attended.map(({ id }) => id) }],
  })
  expect(JSON.stringify(store.decisions[0]?.trace)).not.toMatch(/against|missingEvents|tooLate|"until"/)
  expect(store.outcomes.get(outcomeKey(RULE, SUBJECT, 'once'))).toBe('award')
})
