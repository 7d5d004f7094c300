import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { completed, MODULES, setUpFirstAid } from './first-aid.ts'
import { rowCounts } from './row-counts.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from './test-product.ts'

let product: TestProduct
let school: TestOrganisation
beforeAll(async () => {
  product = await startTestProduct()
  school = await product.organisation('sources-school')
  await setUpFirstAid(school.api, 'sources-academy')
})
afterAll(() => product?.stop())

const STRICT = 'https://lms.example.org/strict'
const strict = (learner: string, module: number) => completed(learner, module, { source: STRICT })
const subject = (identifier: string) =>
  school.api.get(`/v1/subjects?identifier=${encodeURIComponent(identifier)}`)
const eventOf = async (id: string) => (await school.api.get(`/v1/events/${id}`)).body
const patch = (id: string, body: object) =>
  school.api.send('PATCH', `/v1/sources/${id}`, JSON.stringify(body), { 'content-type': 'application/json' })

/** Waits until an event is no longer on its way. */
const settled = (id: string) =>
  vi.waitFor(
    async () => {
      const event = await eventOf(id)
      expect(event.state).not.toBe('received')
      return event
    },
    { timeout: 10_000, interval: 50 },
  )

describe('a source that may make nobody known', () => {
  beforeAll(async () => {
    const made = await school.api.post('/v1/sources', { uri: STRICT, name: 'Strict', createsSubjects: false })
    expect(made.body).toMatchObject({ uri: STRICT, createsSubjects: false })
    const twice = await school.api.post('/v1/sources', { uri: STRICT, name: 'Again' })
    expect([twice.status, twice.body.code]).toEqual([409, 'already-exists'])
  })

  test('sends events of strangers into quarantine: kept, shown, evaluated by nobody', async () => {
    const before = await rowCounts(product.running.parts.databaseUrl)
    const { status, body } = await school.api.post('/v1/events', [strict('kim', 1), strict('kim', 2)])
    expect([status, body]).toMatchObject([202, { accepted: 0, duplicates: 0, quarantined: 2 }])
    for (const { id, outcome, code } of body.items) {
      expect([outcome, code]).toEqual(['quarantined', 'subject-unknown'])
      expect(await eventOf(id)).toMatchObject({
        state: 'quarantined',
        quarantineCode: 'subject-unknown',
        subjectId: null,
        actor: { type: 'email', value: 'kim@example.org' },
      })
    }
    expect((await subject('email:kim@example.org')).status).toBe(404)
    const after = await rowCounts(product.running.parts.databaseUrl)
    expect(after).toEqual({
      ...before,
      event: (before['event'] ?? 0) + 2,
      event_key: (before['event_key'] ?? 0) + 2,
    })
    const listed = (await school.api.get('/v1/events?state=quarantined')).body.items
    expect(listed.map(({ id }: { id: string }) => id).sort()).toEqual(
      body.items.map(({ id }: { id: string }) => id).sort(),
    )
  })

  test('an event that came into quarantine is a duplicate when it comes again, and a conflict when it differs', async () => {
    const event = strict('lou', 1)
    const [first] = (await school.api.post('/v1/events', event)).body.items
    const again = await school.api.post('/v1/events', event)
    expect(again.body).toMatchObject({ duplicates: 1, items: [{ id: first.id, outcome: 'duplicate' }] })
    const other = await school.api.post('/v1/events', { ...event, subject: 'mailto:other@example.org' })
    expect([other.status, other.body.code]).toEqual([409, 'event-conflict'])
  })

  test('a replay goes on once its person is known, or makes them known when asked to, and earns the badge', async () => {
    const { items } = (await school.api.post('/v1/events', [strict('max', 1), strict('max', 2)])).body
    const [one, two] = items.map(({ id }: { id: string }) => id)
    const early = await school.api.post(`/v1/events/${one}/replay`, {})
    expect([early.status, early.body.code]).toEqual([409, 'conflict'])

    const made = await school.api.post(`/v1/events/${one}/replay`, { createSubject: true })
    expect([made.status, made.body.quarantineCode]).toEqual([200, null])
    expect(await settled(one)).toMatchObject({ state: 'evaluated' })
    // From now on the person is known: the other one needs no leave to make them known.
    expect((await school.api.post(`/v1/events/${two}/replay`, {})).status).toBe(200)
    expect(await settled(two)).toMatchObject({ state: 'evaluated' })
    const again = await school.api.post(`/v1/events/${two}/replay`, {})
    expect([again.status, again.body.code]).toEqual([409, 'conflict'])

    const { id } = (await subject('email:max@example.org')).body
    const awards = await school.api.get(`/v1/awards?subjectId=${id}`)
    expect(awards.body.items).toHaveLength(1)
  })

  test('it speaks of whom others have made known, and may be allowed more later', async () => {
    await school.api.post('/v1/events', completed('ned', 1))
    const known = await school.api.post('/v1/events', strict('ned', 2))
    expect(known.body).toMatchObject({ accepted: 1, quarantined: 0 })

    const { items } = (await school.api.get('/v1/sources')).body
    const source = items.find(({ uri }: { uri: string }) => uri === STRICT)
    expect((await patch(source.id, { createsSubjects: true })).body).toMatchObject({
      createsSubjects: true,
      name: 'Strict',
    })
    expect((await school.api.post('/v1/events', strict('oda', 1))).body).toMatchObject({ accepted: 1 })
    expect((await patch(source.id, { createsSubjects: false })).body).toMatchObject({
      createsSubjects: false,
    })
    expect((await school.api.post('/v1/events', strict('pim', 1))).body).toMatchObject({ quarantined: 1 })
  })
})

describe('whom an event is of', () => {
  test('two sources that give the same number mean two people, and both are found', async () => {
    const [one, other] = ['https://sis-one.example.org', 'https://sis-other.example.org']
    for (const source of [one, other]) {
      const { body } = await school.api.post('/v1/events', completed('x', 1, { source, subject: '4711' }))
      expect(body).toMatchObject({ accepted: 1 })
    }
    const found = await Promise.all([subject(`id:${one}#4711`), subject(`id:${other}#4711`)])
    expect(found.map(({ status }) => status)).toEqual([200, 200])
    expect(found[0]?.body.id).not.toBe(found[1]?.body.id)
  })

  test('the same person by xAPI, by CloudEvent in structured and in binary mode is one person', async () => {
    const statement = {
      id: crypto.randomUUID(),
      timestamp: '2026-09-01T09:00:00Z',
      actor: { name: 'Rae', mbox: 'mailto:Rae@Example.org' },
      verb: { id: 'http://adlnet.gov/expapi/verbs/completed' },
      object: { id: MODULES[0] },
      result: { score: { scaled: 0.9 } },
    }
    expect((await school.api.post('/v1/events', statement)).body).toMatchObject({ accepted: 1 })
    const structured = await school.api.send('POST', '/v1/events', JSON.stringify(completed('rae', 2)), {
      'content-type': 'application/cloudevents+json; charset=UTF-8',
    })
    expect(structured.body).toMatchObject({ accepted: 1 })
    const binary = await school.api.post(
      '/v1/events',
      { activity: MODULES[2], score: 0.9 },
      {
        'ce-specversion': '1.0',
        'ce-id': 'binary%201',
        'ce-source': 'https://lms.example.org/test',
        'ce-type': 'org.example.lms.completed',
        'ce-time': '2026-09-03T09:00:00Z',
        'ce-subject': 'mailto:rae@example.org',
      },
    )
    expect(binary.body).toMatchObject({ accepted: 1 })
    const { id } = (await subject('email:rae@example.org')).body
    const { items } = (await school.api.get(`/v1/events?subjectId=${id}`)).body
    expect(items.map(({ sourceId }: { sourceId: string }) => sourceId)).toContain('binary 1')
    expect(items).toHaveLength(3)
  })

  test('a batch of 1,000 of 500 people is taken whole, and again as nothing but duplicates', async () => {
    const events = Array.from({ length: 1000 }, (_, n) => completed(`many-${n % 500}`, 1))
    const { status, body } = await school.api.post('/v1/events', events)
    expect([status, body.accepted, body.items.length]).toEqual([202, 1000, 1000])
    const again = await school.api.post('/v1/events', events)
    expect(again.body).toMatchObject({ accepted: 0, duplicates: 1000 })
    expect(again.body.items[999].id).toBe(body.items[999].id)
  })
})
