import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { sha256 } from '#adapters/crypto/hashes.ts'
import { utf8 } from '#engine/shared/bytes.ts'
import type { EventId } from '#engine/shared/ids.ts'
import { assignSubjects, readGivenEvents } from './given-events.ts'

const SOURCE = 'https://lms.example.org/xapi'
const read = (text: string, source: string | undefined = SOURCE) =>
  readGivenEvents(utf8(text), { sha256, ...(source === undefined ? {} : { sourceOf: () => source }) })
const sample = (name: string) => readFileSync(`docs/samples/learning-events.${name}.json`, 'utf8')

const event = (id: string, over: object = {}) => ({
  specversion: '1.0',
  id,
  source: 'urn:lms',
  type: 'completed',
  time: '2026-09-01T09:00:00Z',
  subject: 'mailto:ann@example.org',
  ...over,
})
const exported = (document: object, over: object = {}) => ({
  id: 'row-1',
  subjectId: 'person-1',
  receivedAt: '2026-09-01T09:00:00.500Z',
  evaluatedAt: '2026-09-01T09:00:01Z',
  source: 'urn:lms',
  document: JSON.stringify(document),
  ...over,
})

test.each(['cloudevents', 'xapi'])('a list, JSON lines and a page of %s are the same events', (name) => {
  const list = JSON.parse(sample(name)) as object[]
  const whole = read(sample(name))
  expect(whole).toMatchObject({ ok: true, events: { length: list.length } })
  expect(read(list.map((each) => JSON.stringify(each)).join('\n'))).toEqual(whole)
  expect(read(`${list.map((each) => JSON.stringify(each)).join('\n\n')}\n`)).toEqual(whole)
  expect(read(JSON.stringify({ items: list, next: null }))).toEqual(whole)
})

test('an export says whose the event is and since when it was known; its digest is computed', () => {
  const reading = read(JSON.stringify([exported(event('1'), { digest: `0x${'00'.repeat(32)}` })]))
  const plain = read(JSON.stringify(event('1')))
  if (!reading.ok || !plain.ok) throw new Error('unreadable')
  expect(reading.events[0]).toMatchObject({
    digest: plain.events[0]?.digest,
    exported: { id: 'row-1', subjectId: 'person-1', evaluatedAt: Date.UTC(2026, 8, 1, 9, 0, 1) },
  })
})

test('the order of members and the spelling of numbers change no digest', () => {
  const one = read(
    '{"specversion":"1.0","id":"1","source":"urn:lms","type":"t","time":"2026-09-01T09:00:00Z","subject":"mailto:a@b.nl","data":{"score":0.5}}',
  )
  const other = read(
    '{"data":{"score":5.0e-1},"subject":"mailto:a@b.nl","time":"2026-09-01T09:00:00Z","type":"t","source":"urn:lms","id":"1","specversion":"1.0"}',
  )
  expect(other).toEqual(one)
})

test.each([
  ['what is no JSON', '[1,', 'syntax', ''],
  ['a bad line', `${JSON.stringify(event('1'))}\n{"a":1,"a":2}`, 'duplicate-key', 'line 2'],
  ['a number', '[7]', 'event-shape', '/0'],
  [
    'an event without a person',
    JSON.stringify([event('1'), event('2', { subject: undefined })]),
    'event-person-missing',
    '/1/subject',
  ],
  [
    'a statement without a source',
    JSON.stringify({ id: '5a3b1e00-0000-4000-8000-000000000001' }),
    'event-time-missing',
    '/timestamp',
  ],
  [
    'an export without its person',
    JSON.stringify({ items: [exported(event('1'), { subjectId: 7 })] }),
    'event-shape',
    '/items/0',
  ],
  ['an export of nothing', JSON.stringify([exported({}, { document: '[]' })]), 'event-shape', '/0/document'],
])('%s is refused with its place', (_name, text, code, path) => {
  const reading = read(text)
  expect(reading.ok ? [] : reading.faults.map((fault) => [fault.code, fault.path])).toContainEqual([
    code,
    path,
  ])
})

test('a correction belongs to the person whose event it takes back, whoever says it', () => {
  const given = read(
    JSON.stringify([
      event('1'),
      event('2', { type: 'voided', subject: 'mailto:teacher@example.org', data: { voids: '1' } }),
      event('3', { type: 'voided', subject: 'mailto:teacher@example.org', data: { voids: 'unknown' } }),
      event('1', { source: 'urn:other', subject: 'mailto:bob@example.org' }),
    ]),
  )
  if (!given.ok) throw new Error('unreadable')
  const assigned = assignSubjects(
    given.events.map((each, at) => ({ event: each.event, id: `${at}` as EventId })),
  )
  expect(assigned.map(({ subjectId }) => subjectId)).toEqual([
    'email:ann@example.org',
    'email:ann@example.org',
    'email:teacher@example.org',
    'email:bob@example.org',
  ])
})
