import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { completed } from './first-aid.ts'
import { rowCounts } from './row-counts.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from './test-product.ts'

let product: TestProduct
let school: TestOrganisation
beforeAll(async () => {
  product = await startTestProduct()
  school = await product.organisation('cohort-school')
  const made = await school.api.post('/v1/cohorts', { slug: 'year-1', name: { en: 'Year 1', nl: 'Jaar 1' } })
  expect(made.body).toMatchObject({ slug: 'year-1', name: { en: 'Year 1', nl: 'Jaar 1' }, members: 0 })
})
afterAll(() => product?.stop())

const counts = () => rowCounts(product.running.parts.databaseUrl)
const eventsWritten = async (work: () => Promise<unknown>): Promise<number> => {
  const before = await counts()
  await work()
  const after = await counts()
  return (after['event'] ?? 0) - (before['event'] ?? 0)
}

/** Somebody whom an event has made known. */
async function known(learner: string): Promise<string> {
  await school.api.post('/v1/events', completed(learner, 1))
  return (await school.api.get(`/v1/subjects?identifier=email:${learner}@example.org`)).body.id
}
const put = (id: string, body?: object, cohort = 'year-1') =>
  school.api.send(
    'PUT',
    `/v1/cohorts/${cohort}/members/${id}`,
    body === undefined ? undefined : JSON.stringify(body),
    body === undefined ? {} : { 'content-type': 'application/json' },
  )
const leave = (id: string, at?: string) =>
  school.api.send(
    'DELETE',
    `/v1/cohorts/year-1/members/${id}${at === undefined ? '' : `?at=${encodeURIComponent(at)}`}`,
    undefined,
  )
const membersOf = async (cohort = 'year-1'): Promise<readonly string[]> =>
  (await school.api.get(`/v1/cohorts/${cohort}/members?limit=100`)).body.items.map(
    ({ subjectId }: { subjectId: string }) => subjectId,
  )
const factsOf = async (id: string) => (await school.api.get(`/v1/subjects/${id}/facts?limit=100`)).body.items

describe('a cohort', () => {
  test('has a slug of its own for ever, and a name that may change', async () => {
    const again = await school.api.post('/v1/cohorts', { slug: 'year-1', name: { en: 'Other' } })
    expect([again.status, again.body.code]).toEqual([409, 'already-exists'])
    await school.api.post('/v1/cohorts', { slug: 'to-rename', name: { en: 'Before' } })
    const renamed = await school.api.send(
      'PATCH',
      '/v1/cohorts/to-rename',
      JSON.stringify({ name: { en: 'After' } }),
      { 'content-type': 'application/json' },
    )
    expect(renamed.body).toMatchObject({ slug: 'to-rename', name: { en: 'After' } })
    expect((await school.api.get('/v1/cohorts/to-rename')).body.name).toEqual({ en: 'After' })
    expect((await school.api.get('/v1/cohorts/nobody')).body.code).toBe('not-found')
    const listed = (await school.api.get('/v1/cohorts')).body.items.map(({ slug }: { slug: string }) => slug)
    expect(listed).toEqual(['to-rename', 'year-1'])
  })

  test('is joined once: saying it again writes no second event', async () => {
    const ann = await known('ann')
    const first = await put(ann)
    expect([first.status, first.body]).toMatchObject([200, { changed: true }])
    expect(await eventsWritten(() => put(ann))).toBe(0)
    expect((await put(ann)).body).toEqual({ changed: false, eventIds: [] })
    expect(await membersOf()).toContain(ann)
    const event = (await school.api.get(`/v1/events/${first.body.eventIds[0]}`)).body
    expect(event).toMatchObject({
      type: 'waarmerk.cohort',
      source: 'urn:waarmerk:facts',
      activity: 'year-1',
      subjectId: ann,
    })
    const [fact] = await factsOf(ann)
    expect(fact).toMatchObject({
      id: first.body.eventIds[0],
      type: 'waarmerk.cohort',
      activity: 'year-1',
      data: { member: true },
      takenBack: false,
    })
  })

  test('is left, once, and may be joined again', async () => {
    const bob = await known('bob')
    expect((await leave(bob)).body).toEqual({ changed: false, eventIds: [] })
    await put(bob)
    expect((await leave(bob)).body.changed).toBe(true)
    expect(await eventsWritten(() => leave(bob))).toBe(0)
    expect(await membersOf()).not.toContain(bob)
    expect((await put(bob)).body.changed).toBe(true)
    expect(await membersOf()).toContain(bob)
    expect((await factsOf(bob)).map(({ data }: { data: object }) => data)).toEqual([
      { member: true },
      { member: false },
      { member: true },
    ])
  })

  test('was joined when it is said that it was: an earlier moment is another fact, the same or a later one is none', async () => {
    const cas = await known('cas')
    expect((await put(cas, { at: '2026-03-01T00:00:00Z' })).body.changed).toBe(true)
    expect((await put(cas, { at: '2026-04-01T00:00:00Z' })).body.changed).toBe(false)
    expect((await put(cas, { at: '2026-02-01T00:00:00Z' })).body.changed).toBe(true)
    // Left in between, told afterwards: now nothing is left of the second one but itself.
    expect((await leave(cas, '2026-02-15T00:00:00Z')).body.changed).toBe(true)
    const left = (await factsOf(cas)).find(({ data }: { data: { member: boolean } }) => !data.member)
    expect(left.time).toBe('2026-02-15T00:00:00Z')
    const { items } = (await school.api.get('/v1/cohorts/year-1/members?limit=100')).body
    expect(items).toContainEqual({ subjectId: cas, since: '2026-03-01T00:00:00Z' })
  })

  test('is not joined in the future', async () => {
    const dee = await known('dee')
    const { status, body } = await put(dee, { at: '2126-01-01T00:00:00Z' })
    expect([status, body.code, body.parameters.faults]).toMatchObject([
      422,
      'facts-invalid',
      [{ code: 'fact-time-future', path: '/at' }],
    ])
  })

  test('many calls at once for one person are one event', async () => {
    const eve = await known('eve')
    const written = await eventsWritten(async () => {
      const answers = await Promise.all(Array.from({ length: 12 }, () => put(eve)))
      expect(answers.filter(({ body }) => body.changed)).toHaveLength(1)
    })
    expect(written).toBe(1)
  })

  test('lists its members page by page, without a gap', async () => {
    await school.api.post('/v1/cohorts', { slug: 'paged', name: { en: 'Paged' } })
    const rows = Array.from({ length: 7 }, (_, n) => `mailto:paged-${n}@example.org`)
    expect((await school.api.post('/v1/cohorts/paged/members', rows)).body).toMatchObject({ recorded: 7 })
    const seen: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const page = await school.api.get(
        `/v1/cohorts/paged/members?limit=3${cursor === '' ? '' : `&cursor=${cursor}`}`,
      )
      seen.push(...page.body.items.map(({ subjectId }: { subjectId: string }) => subjectId))
      cursor = page.body.next
    }
    expect(new Set(seen).size).toBe(7)
    expect(seen).toHaveLength(7)
    expect((await school.api.get('/v1/cohorts/paged')).body.members).toBe(7)
  })
})

describe('a fact that was wrong', () => {
  test('is taken back, once, and the members are what is left of the others', async () => {
    const fay = await known('fay')
    const joined = (await put(fay, { at: '2026-01-01T00:00:00Z' })).body.eventIds[0]
    const left = (await leave(fay, '2026-02-01T00:00:00Z')).body.eventIds[0]
    expect(await membersOf()).not.toContain(fay)
    const back = () => school.api.send('DELETE', `/v1/facts/${left}`, undefined)
    expect(await eventsWritten(back)).toBe(1)
    expect(await eventsWritten(back)).toBe(0)
    expect((await back()).status).toBe(204)
    expect(await membersOf()).toContain(fay)
    expect((await factsOf(fay)).map(({ takenBack }: { takenBack: boolean }) => takenBack)).toEqual([
      true,
      false,
    ])
    await school.api.send('DELETE', `/v1/facts/${joined}`, undefined)
    expect(await membersOf()).not.toContain(fay)
    // What was taken back may be said again.
    expect((await put(fay)).body.changed).toBe(true)
    const events = (await school.api.get(`/v1/events?subjectId=${fay}&limit=100`)).body.items
    expect(events.filter(({ type }: { type: string }) => type === 'voided')).toHaveLength(2)
  })

  test('an event of a learning system is no fact, and no event that takes one back', async () => {
    const sent = await school.api.post('/v1/events', completed('gus', 1))
    const gone = await school.api.send('DELETE', `/v1/facts/${sent.body.items[0].id}`, undefined)
    expect([gone.status, gone.body.code]).toEqual([404, 'not-found'])
  })
})

describe('many at once', () => {
  test('each row is answered for itself, and those at fault keep none of the others out', async () => {
    await known('ida')
    const rows = [
      'mailto:ida@example.org',
      { subject: 'eppn:new@example.org', at: '2026-05-01T00:00:00+02:00' },
      { subject: 'not a person' },
      { subject: 'mailto:late@example.org', at: '2126-01-01T00:00:00Z' },
      { subject: 'mailto:odd@example.org', at: '2026-02-30T00:00:00Z' },
      { subject: 'mailto:ida@example.org', member: true },
      { subject: 'mailto:ida@example.org', member: false },
    ]
    const { status, body } = await school.api.post('/v1/cohorts/year-1/members', rows)
    expect([status, body.recorded, body.unchanged, body.refused]).toEqual([200, 3, 1, 3])
    expect(
      body.items.map((item: { outcome: string; faults: { code: string; path: string }[] }) => [
        item.outcome,
        ...item.faults.map(({ code, path }) => `${code} ${path}`),
      ]),
    ).toEqual([
      ['recorded'],
      ['recorded'],
      ['refused', 'subject-invalid /subject'],
      ['refused', 'fact-time-future /at'],
      ['refused', 'fact-time-invalid /at'],
      ['unchanged'],
      ['recorded'],
    ])
    expect(await eventsWritten(() => school.api.post('/v1/cohorts/year-1/members', rows.slice(1, 2)))).toBe(0)
  })

  test('a row that is no row at all is refused like any other at fault, with what is wrong in it', async () => {
    const rows = [
      { subject: 'mailto:leo@example.org', membre: true },
      7,
      null,
      { member: true },
      { subject: 'mailto:leo@example.org', member: 'yes' },
      { subject: { length: {} } },
      'mailto:leo@example.org',
    ]
    const { status, body } = await school.api.post('/v1/cohorts/year-1/members', rows)
    expect([status, body.recorded, body.refused]).toEqual([200, 1, 6])
    const faults = body.items.map((item: { faults: { code: string; path: string }[] }) =>
      item.faults.map(({ code, path }) => `${code} ${path}`),
    )
    expect(faults).toEqual([
      ['row-invalid /membre'],
      ['row-invalid '],
      ['row-invalid '],
      ['row-invalid /subject'],
      ['row-invalid /member'],
      [expect.stringMatching(/^row-invalid /)],
      [],
    ])
  })

  test('as CSV, with a column for when and for leaving', async () => {
    const csv = [
      'subject,at,member',
      '"mailto:jan@example.org",2026-01-01T00:00:00Z,true',
      'mailto:joy@example.org,,',
      'mailto:jan@example.org,2026-02-01T00:00:00Z,false',
      'nobody at all,,',
      'mailto:kay@example.org,,perhaps',
    ].join('\r\n')
    const { body } = await school.api.send('POST', '/v1/cohorts/year-1/members', csv, {
      'content-type': 'text/csv; charset=utf-8',
    })
    expect(body.items.map(({ outcome }: { outcome: string }) => outcome)).toEqual([
      'recorded',
      'recorded',
      'recorded',
      'refused',
      'refused',
    ])
    expect(body.items[4].faults).toMatchObject([{ code: 'row-invalid', path: '/member' }])
  })

  test.each([
    ['subject,colour\nx,1', 0],
    ['name\nx', 0],
    ['subject,subject\nx,y', 0],
    ['subject', 1],
    ['subject\n"x', 1],
    [`subject\n${'mailto:x@example.org\n'.repeat(1001)}`, 1001],
  ])('a table that cannot be read is refused whole (%#)', async (csv, row) => {
    const written = await eventsWritten(async () => {
      const { status, body } = await school.api.send('POST', '/v1/cohorts/year-1/members', csv, {
        'content-type': 'text/csv',
      })
      expect([status, body.code, body.parameters.row]).toEqual([422, 'table-invalid', row])
    })
    expect(written).toBe(0)
  })

  test('1,000 rows are taken, 1,001 are not', async () => {
    await school.api.post('/v1/cohorts', { slug: 'large', name: { en: 'Large' } })
    const rows = Array.from({ length: 1001 }, (_, n) => `mailto:large-${n}@example.org`)
    const refused = await school.api.post('/v1/cohorts/large/members', rows)
    expect([refused.status, refused.body.code]).toEqual([400, 'invalid-request'])
    const taken = await school.api.post('/v1/cohorts/large/members', rows.slice(0, 1000))
    expect(taken.body).toMatchObject({ recorded: 1000, refused: 0 })
    expect((await school.api.get('/v1/cohorts/large')).body.members).toBe(1000)
  })

  test('strangers are made known, unless the organisation says that facts make nobody known', async () => {
    const other = await product.organisation('strict-school')
    await other.api.post('/v1/cohorts', { slug: 'strict', name: { en: 'Strict' } })
    await other.api.post('/v1/sources', { uri: 'urn:waarmerk:facts', name: 'Facts', createsSubjects: false })
    const { body } = await other.api.post('/v1/cohorts/strict/members', ['mailto:stranger@example.org'])
    expect(body.items[0]).toMatchObject({
      outcome: 'refused',
      faults: [{ code: 'subject-unknown', path: '/subject' }],
    })
    expect((await other.api.get('/v1/subjects?identifier=email:stranger@example.org')).status).toBe(404)
  })
})

describe('what only the API of facts may say', () => {
  const xapi = {
    id: crypto.randomUUID(),
    timestamp: '2026-09-01T09:00:00Z',
    actor: { mbox: 'mailto:mallory@example.org' },
    verb: { id: 'waarmerk.cohort' },
    object: { id: 'https://x.example.org/year-1' },
  }
  test.each([
    ['a type of facts', completed('mallory', 1, { type: 'waarmerk.cohort' })],
    ['the source of facts', completed('mallory', 1, { source: 'urn:waarmerk:facts' })],
    [
      'taking a fact back',
      completed('mallory', 1, { source: 'urn:waarmerk:facts', type: 'voided', data: { voids: 'x' } }),
    ],
    ['a statement with such a verb', xapi],
  ])('%s is refused at the door of events, alone and in a batch', async (_, event) => {
    const written = await eventsWritten(async () => {
      const alone = await school.api.post('/v1/events', event)
      expect([alone.status, alone.body.code, alone.body.parameters.faults]).toMatchObject([
        422,
        'event-invalid',
        [{ code: 'event-reserved', path: '' }],
      ])
      const batch = await school.api.post('/v1/events', [completed('mallory', 2), event])
      expect(batch.body.parameters.faults).toMatchObject([{ code: 'event-reserved', path: '/1' }])
    })
    expect(written).toBe(0)
  })
})

test('what was changed stands in the audit trail, by whom', async () => {
  const actions = (await school.api.get('/v1/audit?limit=100')).body.items.map(
    ({ action }: { action: string }) => action,
  )
  for (const action of ['cohort.created', 'cohort.renamed', 'cohort.members_changed', 'fact.taken_back'])
    expect(actions).toContain(action)
})

test('facts are evaluated like any event', async () => {
  const { items } = (await school.api.get('/v1/events?state=received')).body
  await expect
    .poll(async () => (await school.api.get('/v1/events?state=received')).body.items.length, {
      timeout: 20_000,
    })
    .toBe(0)
  for (const { parked } of items) expect(parked).toBe(false)
})
