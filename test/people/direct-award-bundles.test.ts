import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { withClient } from '#adapters/postgres/with-client.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { setUpFirstAid } from '#test/product/first-aid.ts'
import { signedIn } from '#test/product/member.ts'
import { composeAgain, setClock, withStores } from '#test/product/second-composition.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from '#test/product/test-product.ts'

// A list of 200 people of which 7 rows are wrong, each in another way.

let product: TestProduct
let school: TestOrganisation
let achievementId: string
beforeAll(async () => {
  // The worker is the tests' own: what is awarded when, and by how many, is theirs to say.
  product = await startTestProduct({}, { api: true, worker: false })
  school = await product.organisation('bundle-school')
  const { issuerId } = await setUpFirstAid(school.api, 'bundle-academy')
  const made = await school.api.post('/v1/achievements', {
    issuerId,
    slug: 'class',
    definition: {
      name: { en: 'Class of 2026' },
      description: { en: 'Was there.' },
      criteria: { en: 'Be there.' },
      resultDescriptions: [{ id: 'score', name: { en: 'Score' }, type: 'Percent' }],
    },
  })
  achievementId = made.body.id
  await school.api.post(`/v1/achievements/${achievementId}/versions/1/publish`)
})
afterAll(() => product?.stop())

const sql = (text: string, values: unknown[] = []) =>
  withClient(product.running.parts.databaseUrl, async (client) => (await client.query(text, values)).rows)
const csv = (path: string, text: string, headers: Record<string, string> = {}) =>
  school.api.send('POST', path, text, { 'content-type': 'text/csv', ...headers })
const BUNDLES = '/v1/direct-award-bundles'
const run = async (parts: Parameters<typeof composeAgain>[1] = {}) => {
  const composed = composeAgain(product, parts)
  while ((await composed.steps.direct_awards()).more);
}
const awardsOf = (bundleId: string) =>
  sql('SELECT identifier FROM direct_award WHERE bundle_id = $1 ORDER BY bundle_row', [bundleId])

/** Rows 1 to 200; the seven at fault among them. */
function table(prefix: string, taken: string): string {
  const rows = Array.from({ length: 200 }, (_, at) => `${prefix}${at + 1}@example.org,Was there.,,,90`)
  rows[9] = 'nobody,,,,'
  rows[19] = ',Was there.,,,'
  rows[29] = `${prefix}1@example.org,,,,`
  rows[39] = `${taken},,,,`
  rows[49] = `${prefix}50@example.org,,ftp://example.org/x,,`
  rows[59] = `${prefix}60@example.org,,,Nederlands,`
  rows[69] = `${prefix}70@example.org,,,,${'9'.repeat(501)}`
  return ['identifier,narrative,evidence_url,language,result:score', ...rows].join('\r\n')
}

test('a CSV is previewed, awarded but for what is wrong, and each row says why', async () => {
  const open = await school.api.post('/v1/direct-awards', { achievementId, identifier: 'taken@example.org' })
  expect(open.status).toBe(201)
  const text = table('csv', 'taken@example.org')
  const query = `?achievementId=${achievementId}&name=Class&reminderDays=14,28&expiryDays=42`
  const preview = await csv(`${BUNDLES}/preview${query}`, text)
  expect(preview.body).toMatchObject({ total: 200, good: 193, refused: 7 })
  const wrong = [
    [10, 'identifier', 'identifier-invalid'],
    [20, 'identifier', 'row-invalid'],
    [30, 'identifier', 'identifier-twice'],
    [40, 'identifier', 'direct-award-open'],
    [50, 'evidence_url', 'row-invalid'],
    [60, 'language', 'row-invalid'],
    [70, 'result:score', 'row-invalid'],
  ]
  interface Row {
    readonly row: number
    readonly state: string
    readonly faults: readonly { readonly column: string; readonly code: string }[]
  }
  const told = (rows: readonly Row[]) =>
    rows.flatMap(({ row, state, faults }) =>
      state === 'refused' ? [[row, faults[0]?.column, faults[0]?.code]] : [],
    )
  expect(told(preview.body.rows)).toEqual(wrong)
  expect(await sql('SELECT 1 FROM direct_award_bundle')).toEqual([])

  const started = await csv(`${BUNDLES}${query}`, text, { 'idempotency-key': 'class-of-2026' })
  expect([started.status, started.body]).toMatchObject([202, { state: 'running', waiting: 193, refused: 7 }])
  const again = await csv(`${BUNDLES}${query}`, text, { 'idempotency-key': 'class-of-2026' })
  expect(again.body.id).toBe(started.body.id)
  await run()
  const path = `${BUNDLES}/${started.body.id}`
  expect((await school.api.get(path)).body).toMatchObject({
    state: 'done',
    awarded: 193,
    refused: 7,
    waiting: 0,
    directAwards: { sent: 193, unaccepted: 193, open: 193 },
  })
  expect(told((await school.api.get(`${path}/rows?state=refused`)).body.items)).toEqual(wrong)
  const page = (await school.api.get(`${path}/rows?after=190&limit=5`)).body.items
  expect(page.map(({ row }: { row: number }) => row)).toEqual([191, 192, 193, 194, 195])
  const first = (await school.api.get(`/v1/direct-awards/${page[0].directAwardId}`)).body
  expect(first).toMatchObject({
    identifier: 'email:csv191@example.org',
    narrative: 'Was there.',
    results: [{ resultDescription: 'score', value: '90' }],
    bundleId: started.body.id,
    bundleRow: 191,
    reminderDays: [14, 28],
    expiryDays: 42,
  })
  const mails = await sql(`SELECT 1 FROM mail WHERE recipient LIKE 'csv%'`)
  expect(mails).toHaveLength(193)
  const learner = await signedIn(product, 'csv7@example.org')
  const { items } = (await learner.get('/v1/account/direct-awards')).body
  expect((await learner.post(`/v1/account/direct-awards/${items[0].id}/claim`)).status).toBe(200)
  expect((await school.api.get(path)).body.directAwards).toMatchObject({ claimed: 1, unaccepted: 192 })
})

test('killed half-way and run again, by two at once, it awards nobody twice and nobody never', async () => {
  const rows = Array.from({ length: 110 }, (_, at) => ({ identifier: `killed${at}@example.org` }))
  const { body } = await school.api.post(BUNDLES, { achievementId, rows })
  let chunks = 0
  const { database } = product.running.parts
  const dies = withStores(database, (stores) => ({
    ...stores,
    directAwardBundles: {
      ...stores.directAwardBundles,
      settle: async (...given) => {
        await stores.directAwardBundles.settle(...given)
        // The connection is gone after everything of the second chunk was written, and before it was committed.
        if (++chunks === 2) throw errors.databaseUnavailable({})
      },
    },
  }))
  await expect(run({ database: dies })).rejects.toMatchObject({ code: 'database-unavailable' })
  expect(await awardsOf(body.id)).toHaveLength(50)
  await Promise.all([run(), run(), run()])
  expect((await awardsOf(body.id)).map(({ identifier }) => identifier)).toEqual(
    rows.map(({ identifier }) => identifier),
  )
  expect(await sql(`SELECT 1 FROM mail WHERE recipient LIKE 'killed%'`)).toHaveLength(110)
  expect((await school.api.get(`${BUNDLES}/${body.id}`)).body).toMatchObject({ state: 'done', awarded: 110 })
})

test('a result that the achievement does not know is named by its column', async () => {
  const text = 'identifier,result:grade,result:score\nann@example.org,9,90\nben@example.org,,80'
  const { body } = await csv(`${BUNDLES}/preview?achievementId=${achievementId}`, text)
  expect(body).toMatchObject({
    good: 1,
    rows: [{ faults: [{ column: 'result:grade', code: 'result-unknown' }] }, { faults: [] }],
  })
})

test('a row with a cell too many or too few is refused, and no other one', async () => {
  const text =
    'identifier,narrative\nragged1@example.org,Was there.\nragged2@example.org\nragged3@example.org,A,B\nragged4@example.org,'
  const list = `?achievementId=${achievementId}`
  const { body } = await csv(`${BUNDLES}/preview${list}`, text)
  expect(body).toMatchObject({ total: 4, good: 2, refused: 2 })
  expect(
    body.rows.map(({ faults }: { faults: { code: string }[] }) => faults.map(({ code }) => code)),
  ).toEqual([[], ['fields-differ'], ['fields-differ'], []])
  const started = await csv(`${BUNDLES}${list}`, text)
  await run()
  expect((await school.api.get(`${BUNDLES}/${started.body.id}`)).body).toMatchObject({
    awarded: 2,
    refused: 2,
  })
})

test('what is wrong with a whole list is told with the row and the reason', async () => {
  const preview = (text: string, more = '') =>
    csv(`${BUNDLES}/preview?achievementId=${achievementId}${more}`, text)
  const many = ['identifier', ...Array.from({ length: 10_001 }, (_, at) => `${at}@example.org`)].join('\n')
  expect((await preview(many)).body).toMatchObject({ code: 'table-invalid', parameters: { row: 10_001 } })
  expect((await preview('identifier\na\0@example.org')).body.parameters.reason).toContain('NUL')
  for (const days of ['0x10', '1e1', ' 10', '3651', '0']) {
    const { status, body } = await preview(
      'identifier\nann@example.org',
      `&expiryDays=${encodeURIComponent(days)}`,
    )
    expect([days, status, body.code]).toEqual([days, 400, 'invalid-request'])
  }
  expect((await preview('identifier\nann@example.org', '&expiryDays=10')).status).toBe(200)
})

test('a row that cannot be awarded holds no other up', async () => {
  const rows = Array.from({ length: 5 }, (_, at) => ({ identifier: `poison${at}@example.org` }))
  const { body } = await school.api.post(BUNDLES, { achievementId, rows })
  const { database } = product.running.parts
  const poisoned = withStores(database, (stores) => ({
    ...stores,
    directAwards: {
      ...stores.directAwards,
      insert: (award) => {
        if (award.identifier.value.startsWith('poison2')) throw new Error('Poisoned.')
        return stores.directAwards.insert(award)
      },
    },
  }))
  await run({ database: poisoned })
  expect((await school.api.get(`${BUNDLES}/${body.id}`)).body).toMatchObject({
    state: 'done',
    awarded: 4,
    refused: 1,
  })
  const [refused] = (await school.api.get(`${BUNDLES}/${body.id}/rows?state=refused`)).body.items
  expect(refused).toMatchObject({ row: 3, faults: [{ code: 'internal' }] })
})

test('of a row that failed here and was awarded elsewhere no other pays', async () => {
  const bundle = async (...names: readonly string[]) => {
    const rows = names.map((name) => ({ identifier: `${name}@example.org` }))
    return (await school.api.post(BUNDLES, { achievementId, rows })).body.id
  }
  const first = await bundle('unlucky')
  const second = await bundle('innocent1', 'innocent2')
  const { database } = product.running.parts
  let failures = 0
  const unlucky = withStores(database, (stores) => ({
    ...stores,
    directAwards: {
      ...stores.directAwards,
      insert: (award) => {
        if (!award.identifier.value.startsWith('unlucky')) return stores.directAwards.insert(award)
        failures += 1
        throw new Error('Failed here.')
      },
    },
  }))
  const other = composeAgain(product, {})
  let isFaster = false
  await run({
    database: {
      ...unlucky,
      asWorker: async (work) => {
        // Once with the others, once alone: then somebody else is faster.
        if (failures === 2 && !isFaster) {
          isFaster = true
          await other.steps.direct_awards()
        }
        return unlucky.asWorker(work)
      },
    },
  })
  expect(isFaster).toBe(true)
  expect((await school.api.get(`${BUNDLES}/${first}`)).body).toMatchObject({ awarded: 1, refused: 0 })
  expect((await school.api.get(`${BUNDLES}/${second}`)).body).toMatchObject({ awarded: 2, refused: 0 })
})

test('a scheduled list is sent at its moment', async () => {
  const clock = setClock()
  const scheduledAt = new Date(clock.now() + 60_000).toISOString()
  const rows = [{ identifier: 'later1@example.org' }, { identifier: 'eppn:later2@uni.example.edu' }]
  const { body } = await school.api.post(BUNDLES, { achievementId, rows, scheduledAt })
  await run({ clock })
  const counts = async () => (await school.api.get(`${BUNDLES}/${body.id}`)).body.directAwards
  expect(await counts()).toMatchObject({ scheduled: 2, unaccepted: 0 })
  clock.advance(61_000)
  await run({ clock })
  expect(await counts()).toMatchObject({ scheduled: 0, unaccepted: 2, sent: 2 })
  expect(await sql(`SELECT 1 FROM mail WHERE recipient LIKE '%later%'`)).toHaveLength(1)
})

test('a table that is none is refused as a whole, and so is one that is too long', async () => {
  const query = `${BUNDLES}?achievementId=${achievementId}`
  const codes = async (...texts: readonly string[]) => {
    const answers = []
    for (const text of texts) answers.push((await csv(query, text)).body.code)
    return answers
  }
  const long = Array.from({ length: 10_001 }, (_, at) => `l${at}@example.org`).join('\n')
  expect(
    await codes(
      'name\nann@example.org',
      'identifier,salary\nann@example.org,1',
      'identifier,toString\nann@example.org,1',
      'identifier,identifier\na,b',
      'identifier',
      `identifier\n${long}`,
    ),
  ).toEqual(Array(6).fill('table-invalid'))
  expect((await csv(BUNDLES, 'identifier\nann@example.org')).body.code).toBe('invalid-request')
  expect((await csv(`${query}&reminderDays=9,3`, 'identifier\nann@example.org')).body.code).toBe(
    'invalid-request',
  )
  const many = Array.from({ length: 10_001 }, (_, at) => ({ identifier: `j${at}@example.org` }))
  expect((await school.api.post(BUNDLES, { achievementId, rows: many })).body.code).toBe('invalid-request')
})

test('a list is undone as a whole, once: what was claimed stays, and each row says what became of it', async () => {
  const rows = ['a', 'b', 'c', 'd'].map((name) => ({ identifier: `undo-${name}@example.org` }))
  const { body } = await school.api.post(BUNDLES, { achievementId, rows })
  const path = `${BUNDLES}/${body.id}`
  await run()
  const awarded = (await school.api.get(`${path}/rows`)).body.items
  const learner = await signedIn(product, 'undo-a@example.org')
  const { items } = (await learner.get('/v1/account/direct-awards')).body
  expect((await learner.post(`/v1/account/direct-awards/${items[0].id}/claim`)).status).toBe(200)
  await school.api.send('DELETE', `/v1/direct-awards/${awarded[1].directAwardId}`, undefined)
  // Awarded so long ago that its time is over, while the list was not ready yet.
  await sql(`UPDATE direct_award SET created_at = created_at - interval '1 hour' WHERE id = $1`, [
    awarded[2].directAwardId,
  ])

  const other = composeAgain(product, {}).routes.directAwardBundles
  const operator = { kind: 'operator' } as const
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, n) =>
      n % 2 === 0
        ? school.api.post(`${path}/undo`).then(({ status }) => status)
        : other.undo(operator, school.id, body.id).then(
            () => 202,
            ({ status }) => status as number,
          ),
    ),
  )
  expect(answers.sort()).toEqual([202, ...Array(19).fill(409)])
  await Promise.all([run(), run()])
  const undone = (await school.api.get(path)).body
  expect(undone).toMatchObject({
    state: 'done',
    undoUntil: null,
    undo: { state: 'done', undone: 1, tooLate: 1, claimed: 1, over: 1 },
  })
  const after = (await school.api.get(`${path}/rows`)).body.items
  expect(after.map(({ undo }: { undo: string }) => undo)).toEqual(['claimed', 'over', 'too_late', 'undone'])
  const states = await Promise.all(
    awarded.map(
      async ({ directAwardId }: { directAwardId: string }) =>
        (await school.api.get(`/v1/direct-awards/${directAwardId}`)).body.state,
    ),
  )
  expect(states).toEqual(['claimed', 'deleted', 'unaccepted', 'deleted'])
  const again = await school.api.post(`${path}/undo`)
  expect(again.body).toMatchObject({
    status: 409,
    code: 'direct-award-bundle-undone',
    parameters: { state: 'undone', possible: [] },
  })
  const trail = await sql(
    `SELECT action, count(*)::int AS n FROM audit WHERE target_id = $1 AND action LIKE '%.und%' GROUP BY 1 ORDER BY 1`,
    [body.id],
  )
  expect(trail).toEqual([
    { action: 'direct_award_bundle.undo_asked', n: 1 },
    { action: 'direct_award_bundle.undone', n: 1 },
  ])
})

test('what of a list is not awarded yet is not awarded when it is undone; later than its time it stays', async () => {
  const rows = ['e', 'f'].map((name) => ({ identifier: `undo-${name}@example.org` }))
  const waiting = (await school.api.post(BUNDLES, { achievementId, rows })).body
  expect((await school.api.post(`${BUNDLES}/${waiting.id}/undo`)).body).toMatchObject({
    state: 'done',
    refused: 2,
    undo: { state: 'running' },
  })
  await run()
  const path = `${BUNDLES}/${waiting.id}`
  const { items } = (await school.api.get(`${path}/rows`)).body
  expect(items).toMatchObject([
    { state: 'refused', faults: [{ code: 'list-undone' }], undo: null },
    { state: 'refused', faults: [{ code: 'list-undone' }], undo: null },
  ])
  expect((await school.api.get(path)).body.undo).toMatchObject({ state: 'done', undone: 0 })

  const late = (await school.api.post(BUNDLES, { achievementId, rows })).body
  await run()
  await sql(`UPDATE direct_award_bundle SET finished_at = finished_at - interval '1 hour' WHERE id = $1`, [
    late.id,
  ])
  const refused = await school.api.post(`${BUNDLES}/${late.id}/undo`)
  expect(refused.body).toMatchObject({
    status: 409,
    code: 'direct-award-bundle-undo-over',
    parameters: { state: 'done', possible: [] },
  })
  const stranger = await product.organisation('bundle-stranger')
  expect((await stranger.api.post(`${BUNDLES}/${late.id}/undo`)).body.code).toBe('not-found')
})

// The last one: whoever runs the step afterwards would award all of them first.
test('10,000 rows are taken at once', async () => {
  const text = Array.from({ length: 10_000 }, (_, at) => `big${at}@example.org`).join('\n')
  const preview = await csv(`${BUNDLES}/preview?achievementId=${achievementId}`, `identifier\n${text}`)
  expect(preview.body).toMatchObject({ total: 10_000, good: 10_000 })
  const started = await csv(
    `${BUNDLES}?achievementId=${achievementId}&scheduledAt=2099-01-01T00:00:00Z`,
    `identifier\n${text}`,
  )
  expect(started.body).toMatchObject({ total: 10_000, waiting: 10_000 })
  const composed = composeAgain(product, {})
  await composed.steps.direct_awards()
  await vi.waitFor(
    async () =>
      expect((await school.api.get(`${BUNDLES}/${started.body.id}`)).body).toMatchObject({ awarded: 50 }),
    { timeout: 15_000 },
  )
})
