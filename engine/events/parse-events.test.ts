import { describe, expect, test } from 'vitest'
import { parseInstant } from '#engine/shared/instant.ts'
import type { Json, JsonObject } from '#engine/shared/json.ts'
import { parseCloudEvent } from './cloud-event.ts'
import { EVENT_FAULTS, type EventFaultCode } from './event-faults.ts'
import { shortEventType } from './event-vocabulary.ts'
import { identifierText, parseIdentifier } from './identifier.ts'
import { parseXapiStatement } from './xapi-statement.ts'

const cloudEvent = (more: Record<string, Json> = {}): JsonObject => ({
  specversion: '1.0',
  id: '1',
  source: 'https://lms.example.org',
  type: 'org.example.lms.completed',
  time: '2026-09-01T10:00:00+02:00',
  subject: 'mailto:Sample.Learner@Example.org',
  data: { activity: 'module-1', score: 0.7 },
  ...more,
})

const ID = '5a3b1e00-0000-4000-8000-000000000001'
const VERB = 'http://adlnet.gov/expapi/verbs/'

const statement = (more: Record<string, Json> = {}): JsonObject => ({
  id: ID,
  actor: { mbox: 'mailto:Sample.Learner@Example.org', name: 'Sample Learner' },
  verb: { id: `${VERB}completed` },
  object: {
    id: 'https://courses.example.org/1',
    definition: { type: 'http://adlnet.gov/expapi/activities/course' },
  },
  timestamp: '2026-09-01T08:00:00Z',
  ...more,
})

const SOURCE = { source: 'https://lrs.example.org' }

const without = (object: JsonObject, name: string): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([key]) => key !== name))

const faultsOf = (parsed: ReturnType<typeof parseCloudEvent>) =>
  parsed.ok ? [] : parsed.faults.map(({ code, path }) => `${code} at ${path}`)

test('a CloudEvent and an xAPI statement of the same deed are the same to a rule', () => {
  const event = parseCloudEvent(
    cloudEvent({
      data: {
        activity: 'https://courses.example.org/1',
        activityType: 'http://adlnet.gov/expapi/activities/course',
        score: { raw: 7, min: 0, max: 10 },
        success: true,
        completion: true,
        duration: 5400,
      },
    }),
  )
  const other = parseXapiStatement(
    statement({ result: { score: { scaled: 0.7 }, success: true, completion: true, duration: 'PT1H30M' } }),
    SOURCE,
  )
  if (!event.ok || !other.ok) throw new Error(JSON.stringify([event, other]))
  const common = ({
    type,
    time,
    actor,
    activity,
    activityType,
    score,
    success,
    completion,
    duration,
  }: typeof event.event) => ({
    type,
    time,
    actor,
    activity,
    activityType,
    score,
    success,
    completion,
    duration,
  })
  expect(common(event.event)).toEqual(common(other.event))
  expect(common(event.event)).toEqual({
    type: 'completed',
    time: parseInstant('2026-09-01T08:00:00Z'),
    actor: { type: 'email', value: 'sample.learner@example.org' },
    activity: 'https://courses.example.org/1',
    activityType: 'http://adlnet.gov/expapi/activities/course',
    score: 0.7,
    success: true,
    completion: true,
    duration: 5400,
  })
})

test('what a CloudEvent says beside that is data, with its extensions', () => {
  const parsed = parseCloudEvent(
    cloudEvent({ data: { activity: 'm', course: { code: 'X1' } }, tenant: 'north' }),
  )
  expect(parsed.ok && parsed.event.data).toEqual({ course: { code: 'X1' }, extensions: { tenant: 'north' } })
  const plain = parseCloudEvent(cloudEvent({ data: [1, 2] }))
  expect(plain.ok && plain.event.data).toEqual({ value: [1, 2] })
})

test('other people in a statement do not reach its data', () => {
  const parsed = parseXapiStatement(
    statement({
      context: { instructor: { mbox: 'mailto:teacher@example.org' }, platform: 'Sample' },
      authority: { mbox: 'mailto:a@example.org' },
    }),
    SOURCE,
  )
  expect(JSON.stringify(parsed.ok && parsed.event.data)).not.toMatch(/teacher|a@example|Sample Learner/)
  expect(parsed.ok && parsed.event.data['context']).toEqual({ platform: 'Sample' })
})

test('every member that xAPI defines is taken', () => {
  const parsed = parseXapiStatement(
    statement({
      result: { success: true },
      context: { platform: 'Sample' },
      stored: '2026-09-01T08:00:01Z',
      authority: { account: { homePage: 'https://lrs.example.org', name: 'writer' } },
      version: '2.0.0',
      attachments: [],
    }),
    SOURCE,
  )
  expect(parsed).toMatchObject({ ok: true })
})

test('a CloudEvent of type voided names what it takes back', () => {
  const parsed = parseCloudEvent(cloudEvent({ type: 'org.example.lms.voided', data: { voids: '7' } }))
  expect(parsed.ok && parsed.event).toMatchObject({ type: 'voided', voids: '7' })
})

test('a voiding statement names what it takes back, in lower case', () => {
  const parsed = parseXapiStatement(
    statement({
      id: ID.replace(/1$/, '2'),
      verb: { id: `${VERB}voided` },
      object: { objectType: 'StatementRef', id: ID.toUpperCase() },
    }),
    SOURCE,
  )
  expect(parsed.ok && parsed.event).toMatchObject({ type: 'voided', voids: ID })
})

test.each([
  [{ mbox: 'mailto:A@Example.org' }, 'email:a@example.org'],
  [
    { mbox_sha1sum: 'EBD31E95054C018B10727CCFFD2EF2EC3A016EE9' },
    'sha1:ebd31e95054c018b10727ccffd2ef2ec3a016ee9',
  ],
  [{ openid: 'https://id.example.org/me' }, 'openid:https://id.example.org/me'],
  [
    { account: { homePage: 'https://lms.example.org', name: 'Sample 7' } },
    'account:https://lms.example.org#Sample%207',
  ],
  [{ objectType: 'Group', member: [{ mbox: 'mailto:a@example.org' }] }, 'email:a@example.org'],
] satisfies [JsonObject, string][])('an agent %j is the person %s', (actor, text) => {
  const parsed = parseXapiStatement(statement({ actor }), SOURCE)
  expect(parsed.ok && identifierText(parsed.event.actor)).toBe(text)
})

test.each([
  ['mailto:A.B@Example.org', 'email:a.b@example.org'],
  ['a.b@example.org', 'email:a.b@example.org'],
  ['eppn:Jan@Uni.example', 'eppn:jan@uni.example'],
  ['did:web:example.org:people:Jan', 'did:did:web:example.org:people:Jan'],
  ['https://id.example.org/me', 'openid:https://id.example.org/me'],
  ['account:https://lms.example.org#jan', 'account:https://lms.example.org#jan'],
  ['id:42', 'id:urn:lms:1#42'],
  ['42', 'id:urn:lms:1#42'],
])('%s names the person %s', (text, expected) => {
  const identifier = parseIdentifier(text, 'urn:lms:1')
  expect(identifier && identifierText(identifier)).toBe(expected)
})

test.each(['', '   ', 'two words', 'mailto:nobody', 'did:x', 'sha1:12', 'x'.repeat(600)])(
  '%j names nobody',
  (text) => {
    expect(parseIdentifier(text, 'urn:lms:1')).toBeUndefined()
  },
)

test('types of the vocabulary are short, whatever they come as, and others stay', () => {
  expect(shortEventType('completed')).toBe('completed')
  expect(shortEventType('org.example.lms.passed')).toBe('passed')
  expect(shortEventType(`${VERB}failed`)).toBe('failed')
  expect(shortEventType('https://w3id.org/xapi/adl/verbs/satisfied')).toBe('satisfied')
  expect(shortEventType('org.example.lms.visited')).toBe('org.example.lms.visited')
  expect(shortEventType(`${VERB}constructor`)).toBe(`${VERB}constructor`)
})

const CLOUD_REFUSALS: readonly (readonly [EventFaultCode, string, JsonObject])[] = [
  ['event-spec-version', '/specversion', cloudEvent({ specversion: '0.3' })],
  ['event-member-missing', '/id', without(cloudEvent(), 'id')],
  ['event-member-missing', '/source', without(cloudEvent(), 'source')],
  ['event-member-missing', '/type', without(cloudEvent(), 'type')],
  ['event-shape', '/id', cloudEvent({ id: 7 })],
  ['event-shape', '/source', cloudEvent({ source: 'two words' })],
  ['event-time-missing', '/time', without(cloudEvent(), 'time')],
  ['event-time-invalid', '/time', cloudEvent({ time: '2026-09-01' })],
  ['event-time-invalid', '/time', cloudEvent({ time: '2026-02-30T00:00:00Z' })],
  ['event-person-missing', '/subject', without(cloudEvent(), 'subject')],
  ['event-person-invalid', '/subject', cloudEvent({ subject: 'two words' })],
  ['event-person-invalid', '/data/actor', cloudEvent({ data: { actor: 7 } })],
  ['event-group', '/data/actor', cloudEvent({ data: { actor: { objectType: 'Group' } } })],
  ['event-attribute-name', '/Tenant~1Id', cloudEvent({ 'Tenant/Id': 'north' })],
  ['event-shape', '/tenant', cloudEvent({ tenant: { name: 'north' } })],
  ['event-binary-data', '/data_base64', cloudEvent({ data_base64: 'AAAA' })],
  ['event-binary-data', '/datacontenttype', cloudEvent({ datacontenttype: 'text/xml' })],
  ['event-void-target', '/data/voids', cloudEvent({ type: 'voided' })],
  ['event-void-target', '/data/voids', cloudEvent({ type: 'org.example.lms.voided', data: null })],
  ['event-shape', '/data/voids', cloudEvent({ type: 'voided', data: { voids: 7 } })],
  ['event-score-invalid', '/data/score', cloudEvent({ data: { score: 70 } })],
  ['event-score-invalid', '/data/score', cloudEvent({ data: { score: { raw: 11, min: 0, max: 10 } } })],
  ['event-shape', '/data/success', cloudEvent({ data: { success: 'yes' } })],
  ['event-duration-invalid', '/data/duration', cloudEvent({ data: { duration: 'an hour' } })],
  ['event-too-large', '', cloudEvent({ data: { list: Array(1001).fill(1) } })],
  ['event-too-large', '', cloudEvent({ data: JSON.parse(`${'{"a":'.repeat(40)}1${'}'.repeat(40)}`) })],
]

const XAPI_REFUSALS: readonly (readonly [EventFaultCode, string, JsonObject])[] = [
  ['event-spec-version', '/version', statement({ version: '0.9' })],
  ['event-member-unknown', '/zork', statement({ zork: 1 })],
  ['event-member-unknown', '/a~1b~0', statement({ 'a/b~': null })],
  ['event-member-unknown', '/Result', statement({ Result: {} })],
  ['event-member-missing', '/id', without(statement(), 'id')],
  ['event-shape', '/id', statement({ id: '1' })],
  ['event-time-missing', '/timestamp', without(statement(), 'timestamp')],
  ['event-person-missing', '/actor', without(statement(), 'actor')],
  ['event-person-missing', '/actor', statement({ actor: { name: 'Sample Learner' } })],
  [
    'event-person-ambiguous',
    '/actor',
    statement({ actor: { mbox: 'mailto:a@example.org', openid: 'https://a.example.org' } }),
  ],
  ['event-person-invalid', '/actor/mbox', statement({ actor: { mbox: 'a@example.org' } })],
  ['event-person-invalid', '/actor/account', statement({ actor: { account: { name: 'jan' } } })],
  ['event-group', '/actor', statement({ actor: { objectType: 'Group', mbox: 'mailto:all@example.org' } })],
  [
    'event-group',
    '/actor',
    statement({
      actor: {
        objectType: 'Group',
        member: [{ mbox: 'mailto:a@example.org' }, { mbox: 'mailto:b@example.org' }],
      },
    }),
  ],
  ['event-member-missing', '/verb', without(statement(), 'verb')],
  ['event-member-missing', '/verb/id', statement({ verb: {} })],
  ['event-member-missing', '/object', without(statement(), 'object')],
  ['event-member-missing', '/object/id', statement({ object: {} })],
  ['event-void-target', '/object', statement({ verb: { id: `${VERB}voided` } })],
  ['event-score-invalid', '/result/score/scaled', statement({ result: { score: { scaled: 1.5 } } })],
  ['event-duration-invalid', '/result/duration', statement({ result: { duration: 'PT' } })],
]

describe('each refusal has its own code and place', () => {
  test.each(CLOUD_REFUSALS)('CloudEvents: %s at %s (%#)', (code, path, event) => {
    expect(faultsOf(parseCloudEvent(event))).toEqual([`${code} at ${path}`])
  })

  test.each(XAPI_REFUSALS)('xAPI: %s at %s (%#)', (code, path, event) => {
    expect(faultsOf(parseXapiStatement(event, SOURCE))).toEqual([`${code} at ${path}`])
  })

  test('no code is left without such a case', () => {
    // These take a clock, or hold for the doors of others alone: whoever receives events says them.
    const { 'event-time-future': _, 'event-reserved': __, ...readFrom } = EVENT_FAULTS
    const tested = new Set([...CLOUD_REFUSALS, ...XAPI_REFUSALS].map(([code]) => code))
    expect([...tested].sort()).toEqual(Object.keys(readFrom).sort())
  })
})

test('a statement of unknown origin is refused', () => {
  expect(faultsOf(parseXapiStatement(statement()))).toEqual(['event-member-missing at /authority'])
  const authority = { account: { homePage: 'https://lrs.example.org', name: 'writer' } }
  const parsed = parseXapiStatement(statement({ authority }))
  expect(parsed.ok && parsed.event.source).toBe('https://lrs.example.org')
})
