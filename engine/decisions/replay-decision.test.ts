import { expect, test } from 'vitest'
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

test('where a rule looks at more than events and badges, a difference says nothing', () => {
  const facts = { ...rule, cohort: 'staff' } as typeof rule
  const events = [given('a', 1, {}), given('b', 2, {})]
  expect(replayDecision({ decision: decision(), rule: facts, events }, sha256)).toMatchObject({
    kind: 'same',
  })
  const other = decision({ metAt: formatInstant(asInstant(DAY)) })
  expect(replayDecision({ decision: other, rule: facts, events }, sha256)).toEqual({
    kind: 'unknown',
    reasons: [{ code: 'facts-not-given', facts: ['cohort'] }],
  })
})

test('a decision keeps members that are not known here, and cannot be overruled by them', () => {
  const text = decisionDocument(
    { results: [{ value: 0.9 }], schema: 'mine', subjectId: 'ann', metAt: 0, trace: {} } as never,
    { id: 'd' as never, decidedAt: asInstant(0), ruleDigest: '0x', events: [], holdings: [] },
  )
  expect(JSON.parse(text)).toMatchObject({ results: [{ value: 0.9 }], schema: 'waarmerk-decision/1' })
})
