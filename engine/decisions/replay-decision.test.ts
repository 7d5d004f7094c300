import { describe, expect, test } from 'vitest'
import { sha256 } from '#adapters/crypto/hashes.ts'
import type { GivenEvent } from '#engine/events/given-events.ts'
import { activeRule, catalogueOf, ruleFor } from '#engine/rules/testing/build-rules.ts'
import { type Hex, toHex, utf8 } from '#engine/shared/bytes.ts'
import type { EventId, SubjectId } from '#engine/shared/ids.ts'
import { asInstant, formatInstant } from '#engine/shared/instant.ts'
import type { Json } from '#engine/shared/json.ts'
import { decisionDocument, parseDecisionDocument } from './decision-document.ts'
import { replayDecision } from './replay-decision.ts'

const DAY = 86_400_000
const { document: rule } = activeRule(
  ruleFor('basics', { count: 2, where: "event.type == 'completed'" }),
  catalogueOf('basics'),
)

const digestOf = (id: string): Hex => toHex(sha256(utf8(id)))
const given = (
  id: string,
  day: number,
  exported?: Partial<NonNullable<GivenEvent['exported']>>,
): GivenEvent => ({
  digest: digestOf(id),
  event: {
    source: 'urn:lms',
    sourceId: id,
    type: 'completed',
    time: asInstant(day * DAY),
    actor: { type: 'email', value: 'ann@example.org' },
    data: {},
  },
  ...(exported === undefined
    ? {}
    : {
        exported: {
          id: id as EventId,
          subjectId: 'ann' as SubjectId,
          receivedAt: asInstant(day * DAY),
          evaluatedAt: asInstant(day * DAY),
          ...exported,
        },
      }),
})

/** Decided on day 10, on two events of days 1 and 2. */
function decision(over: Record<string, Json> = {}) {
  const text = decisionDocument(
    {
      ruleId: 'r' as never,
      ruleVersionId: 'v' as never,
      achievementId: rule.achievement.id,
      subjectId: 'ann' as SubjectId,
      occurrence: 'once',
      outcome: 'award',
      metAt: asInstant(2 * DAY),
      trace: {
        kind: 'count',
        leafHash: '',
        status: 'met',
        have: 2,
        need: 2,
        missing: [],
        evidence: ['a', 'b'] as never,
      },
    },
    {
      id: 'd' as never,
      decidedAt: asInstant(10 * DAY),
      ruleDigest: digestOf('rule'),
      events: ['a', 'b'].map((id) => ({
        id: id as EventId,
        source: 'urn:lms',
        sourceId: id,
        digest: digestOf(id),
      })),
      holdings: [],
    },
  )
  const reading = parseDecisionDocument(JSON.stringify({ ...JSON.parse(text), ...over }))
  if (!reading.ok) throw new Error(reading.member)
  return reading.decision
}

const late = asInstant(11 * DAY)

test('what an export says was not known to the decision does not count', () => {
  const known = [given('a', 1, {}), given('b', 2, {})]
  const replay = (...more: GivenEvent[]) =>
    replayDecision({ decision: decision(), rule, events: [...known, ...more] }, sha256)
  expect(replay()).toEqual({ kind: 'same', events: 2 })
  expect(replay(given('c', 0, { receivedAt: late, evaluatedAt: late }))).toEqual({ kind: 'same', events: 2 })
  expect(replay(given('c', 0, {}))).toMatchObject({ kind: 'different' })
  // Of another person of the same organisation: not theirs.
  expect(replay(given('c', 0, { subjectId: 'bob' as SubjectId }))).toEqual({ kind: 'same', events: 2 })
})

test('a decision for which all was folded anew knew what had been received, though rules had not looked at it', () => {
  const events = [given('a', 1, { evaluatedAt: late }), given('b', 2, { evaluatedAt: undefined })]
  expect(replayDecision({ decision: decision(), rule, events }, sha256)).toEqual({ kind: 'same', events: 2 })
  const before = given('c', 0, { evaluatedAt: late })
  const metEarlier = decision({ metAt: formatInstant(asInstant(DAY)), trace: { evidence: ['c', 'a'] } })
  expect(replayDecision({ decision: metEarlier, rule, events: [...events, before] }, sha256)).toMatchObject({
    kind: 'same',
  })
})

test('what is known of a person is told by events: a fact that is missing or altered is said to be', () => {
  const { document } = activeRule(
    ruleFor('basics', { all: [{ cohort: 'staff' }, { count: 2, where: "event.type == 'completed'" }] }),
    catalogueOf('basics'),
  )
  const joined: GivenEvent = {
    digest: digestOf('joined'),
    event: {
      ...given('joined', 0).event,
      source: 'urn:waarmerk:facts',
      type: 'waarmerk.cohort',
      activity: 'staff',
      data: { member: true },
    },
  }
  const evidence = {
    kind: 'all',
    evidence: ['joined', 'a', 'b'],
    status: 'met',
    have: 1,
    need: 1,
    missing: [],
  }
  const asked = decision({
    trace: evidence,
    events: ['a', 'b', 'joined'].map((id) => ({
      id,
      source: id === 'joined' ? 'urn:waarmerk:facts' : 'urn:lms',
      sourceId: id,
      digest: digestOf(id),
    })),
  })
  const learning = [given('a', 1), given('b', 2)]
  const replay = (events: readonly GivenEvent[]) =>
    replayDecision({ decision: asked, rule: document, events }, sha256)
  expect(replay([...learning, joined])).toEqual({ kind: 'same', events: 3 })
  expect(replay(learning)).toMatchObject({ kind: 'unknown', reasons: [{ code: 'event-missing' }] })
  const altered = { ...joined, digest: digestOf('other') }
  expect(replay([...learning, altered])).toMatchObject({
    kind: 'unknown',
    reasons: [{ code: 'event-altered' }],
  })
})

describe('a decision about somebody whom events name', () => {
  const path = 'event.data.crew'
  const { document: crewRule } = activeRule(
    ruleFor('basics', { count: 2, where: "event.type == 'completed'" }, { recipient: path }),
    catalogueOf('basics'),
  )
  const rowed = (id: string, day: number, crew: string[], more: Partial<GivenEvent['event']> = {}) => {
    const { event, ...rest } = given(id, day)
    const actor = { type: 'email' as const, value: 'cox@example.org' }
    return {
      ...rest,
      event: { ...event, actor, data: { crew: crew.map((name) => `${name}@example.org`) }, ...more },
    }
  }
  const exported = (each: GivenEvent, subjectId = 'ann', recipients = [path]): GivenEvent => ({
    ...each,
    exported: {
      id: each.event.sourceId as EventId,
      subjectId: subjectId as SubjectId,
      receivedAt: each.event.time,
      evaluatedAt: each.event.time,
      recipients,
    },
  })
  const back = (id: string, voids: string) => rowed(id, 5, [], { type: 'voided', voids })
  const replay = (...events: GivenEvent[]) =>
    replayDecision({ decision: decision(), rule: crewRule, events }, sha256)
  const both = [rowed('a', 1, ['ann', 'bob']), rowed('b', 2, ['bob', 'ann'])]

  test('is the same from an export of theirs, and rests on events by the path by which they name the person', () => {
    const own = both.map((each) => exported(each))
    expect(replay(...own)).toEqual({ kind: 'same', events: 2 })
    // What they did themselves, or what names them by another path, does not count for this rule.
    for (const recipients of [['event.actor'], ['event.data.others']])
      expect(replay(...own, exported(rowed('c', 0, ['ann']), 'ann', recipients))).toMatchObject({
        kind: 'same',
      })
    expect(replay(...own, exported(rowed('c', 0, ['ann'])))).toMatchObject({ kind: 'different' })
    const takenBack = [exported(rowed('c', 0, ['ann'])), exported(back('d', 'c'))]
    expect(replay(...own, ...takenBack)).toEqual({ kind: 'same', events: 4 })
  })

  test('is taken from the export of that person, where others that hold the same events are given as well', () => {
    const own = both.map((each) => exported(each))
    const others = [...both, rowed('c', 0, ['bob'])].map((each) => exported(each, 'bob'))
    expect(replay(...own, ...others)).toEqual({ kind: 'same', events: 2 })
    expect(replay(...others, ...own)).toEqual({ kind: 'same', events: 2 })
    expect(replay(...others)).toMatchObject({ kind: 'different' })
  })

  test('is told from events as they were sent: theirs are those that name whom all of the evidence names', () => {
    const [a, b] = [rowed('a', 1, ['ann', 'bob']), rowed('b', 2, ['ann', 'cee'])]
    expect(replay(a, b)).toEqual({ kind: 'same', events: 2 })
    expect(replay(a, b, rowed('c', 0, ['bob', 'cee', 'cox']))).toEqual({ kind: 'same', events: 2 })
    expect(replay(a, b, rowed('c', 0, ['ann']))).toMatchObject({ kind: 'different' })
    expect(replay(a, b, rowed('c', 0, ['ann']), back('d', 'c'))).toEqual({ kind: 'same', events: 4 })
    expect(replay(a)).toMatchObject({ kind: 'unknown', reasons: [{ code: 'event-missing' }] })
  })

  test('could not be told where it depends on who of a team it is', () => {
    expect(replay(...both)).toEqual({ kind: 'same', events: 2 })
    expect(replay(...both, rowed('c', 0, ['ann', 'bob']))).toMatchObject({ kind: 'different' })
    expect(replay(...both, rowed('c', 0, ['bob']))).toEqual({
      kind: 'unknown',
      reasons: [{ code: 'person-unclear', people: 2 }],
    })
    // Named by two of their names: whether others of the team count cannot be told either.
    const [a, b] = [rowed('a', 1, ['ann']), rowed('b', 2, ['ann.bee'])]
    expect(replay(a, b)).toEqual({ kind: 'same', events: 2 })
    expect(replay(a, b, rowed('c', 0, ['ann']))).toMatchObject({ kind: 'unknown' })
  })
})

test('limits are left out: they depend on what was decided before', () => {
  const events = [given('a', 1), given('b', 2)]
  const limited = { ...rule, limits: { cap: 1, cooldown: 'P1D' }, onePerPerson: true }
  expect(replayDecision({ decision: decision(), rule: limited, events }, sha256)).toMatchObject({
    kind: 'same',
  })
})
