import { describe, expect, test } from 'vitest'
import { asInstant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import { parseCloudEvent } from './cloud-event.ts'
import {
  attestedFact,
  attributeFact,
  badgeFact,
  codeFact,
  cohortFact,
  competencyFact,
  FACT_TYPES,
  FACTS_SOURCE,
  isReservedEvent,
  nominationFact,
  takenBackFact,
} from './fact-events.ts'
import type { LearningEvent } from './learning-event.ts'

const frame = {
  sourceId: '0199-1',
  time: asInstant(Date.parse('2026-09-01T09:00:00Z')),
  actor: { type: 'email', value: 'ann@example.org' },
} as const

/** The contract with the rules engine: what each fact looks like in the log. */
const FACTS: readonly [made: LearningEvent, type: string, activity: string, data: JsonObject][] = [
  [cohortFact(frame, { cohort: 'year-1', member: true }), 'waarmerk.cohort', 'year-1', { member: true }],
  [cohortFact(frame, { cohort: 'year-1', member: false }), 'waarmerk.cohort', 'year-1', { member: false }],
  [attributeFact(frame, { name: 'level', value: 3 }), 'waarmerk.attribute', 'level', { value: 3 }],
  [attributeFact(frame, { name: 'tags', value: ['a'] }), 'waarmerk.attribute', 'tags', { value: ['a'] }],
  [attributeFact(frame, { name: 'level', value: null }), 'waarmerk.attribute', 'level', { value: null }],
  [
    competencyFact(frame, { framework: 'esco', item: 'urn:x:1', level: 2 }),
    'waarmerk.competency',
    'urn:x:1',
    { framework: 'esco', level: 2 },
  ],
  [codeFact(frame, { code: 'open-day' }), 'waarmerk.code', 'open-day', {}],
  [
    nominationFact(frame, { achievement: 'mentor', nominator: 'abc' }),
    'waarmerk.nomination',
    'mentor',
    { nominator: 'abc' },
  ],
  [
    badgeFact(frame, {
      achievement: 'https://x.example/a/1',
      issuer: 'did:web:x.example',
      credential: 'urn:uuid:1',
      validFrom: asInstant(0),
      validUntil: asInstant(1000),
    }),
    'waarmerk.badge',
    'https://x.example/a/1',
    {
      issuer: 'did:web:x.example',
      credential: 'urn:uuid:1',
      validFrom: '1970-01-01T00:00:00Z',
      validUntil: '1970-01-01T00:00:01Z',
    },
  ],
  [attestedFact(frame, { rule: '0xab' }), 'waarmerk.attested', '0xab', {}],
]

describe('a fact is an event', () => {
  test.each(FACTS)('%o', (made, type, activity, data) => {
    expect(made).toEqual({ ...frame, source: FACTS_SOURCE, type, activity, data })
    expect(isReservedEvent(made)).toBe(true)
  })

  test('there is a builder for each type', () => {
    expect(new Set(FACTS.map(([, type]) => type))).toEqual(new Set(Object.values(FACT_TYPES)))
  })

  test('a badge without an end says nothing of one', () => {
    const { data } = badgeFact(frame, {
      achievement: 'a',
      issuer: 'b',
      credential: 'c',
      validFrom: frame.time,
    })
    expect(Object.keys(data).sort()).toEqual(['credential', 'issuer', 'validFrom'])
  })

  test('taking back names the fact, and its own id follows from that', () => {
    const fact = cohortFact(frame, { cohort: 'year-1', member: true })
    expect(takenBackFact(fact, asInstant(5))).toEqual({
      source: FACTS_SOURCE,
      sourceId: 'void:0199-1',
      type: 'voided',
      time: 5,
      actor: frame.actor,
      voids: '0199-1',
      data: {},
    })
  })
})

describe('what nobody else may say', () => {
  const parsed = (over: JsonObject) => {
    const read = parseCloudEvent({
      specversion: '1.0',
      id: '1',
      source: 'https://lms.example.org',
      type: 'completed',
      time: '2026-09-01T09:00:00Z',
      subject: 'mailto:ann@example.org',
      ...over,
    })
    if (!read.ok) throw new Error('An event of the test cannot be read.')
    return read.event
  }
  test.each([
    [{ type: 'waarmerk.cohort' }, true],
    [{ type: 'waarmerk.anything' }, true],
    [{ source: FACTS_SOURCE }, true],
    [{ source: FACTS_SOURCE, type: 'voided', data: { voids: 'x' } }, true],
    [{ type: 'org.waarmerk.completed' }, false],
    [{ type: 'waarmerk' }, false],
    [{ source: 'urn:waarmerk:console' }, false],
  ])('%o: %s', (over, reserved) => {
    expect(isReservedEvent(parsed(over))).toBe(reserved)
  })
})
