import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { catalogueOf } from '#services/facts/fact-catalogue.ts'
import { completed } from './first-aid.ts'
import { rowCounts } from './row-counts.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from './test-product.ts'

let product: TestProduct
let school: TestOrganisation
beforeAll(async () => {
  product = await startTestProduct()
  school = await product.organisation('attribute-school')
  for (const [name, type] of [
    ['department', 'string'],
    ['salary.scale', 'number'],
    ['tenured', 'boolean'],
    ['languages', 'strings'],
  ])
    expect(
      (await school.api.post('/v1/attributes', { name, type, description: `The ${name}.` })).status,
    ).toBe(201)
})
afterAll(() => product?.stop())

const counts = () => rowCounts(product.running.parts.databaseUrl)
const eventsWritten = async (work: () => Promise<unknown>): Promise<number> => {
  const before = await counts()
  await work()
  return ((await counts())['event'] ?? 0) - (before['event'] ?? 0)
}
async function known(learner: string): Promise<string> {
  await school.api.post('/v1/events', completed(learner, 1))
  return (await school.api.get(`/v1/subjects?identifier=email:${learner}@example.org`)).body.id
}
const set = (id: string, values: object, at?: string) =>
  school.api.put(`/v1/subjects/${id}/attributes`, { values, ...(at === undefined ? {} : { at }) })
const valuesOf = async (id: string): Promise<object> =>
  Object.fromEntries(
    (await school.api.get(`/v1/subjects/${id}/attributes`)).body.items.map(
      ({ name, value }: { name: string; value: unknown }) => [name, value],
    ),
  )

describe('an attribute', () => {
  test('is declared once, with a type that stays, and may be described anew', async () => {
    const again = await school.api.post('/v1/attributes', {
      name: 'department',
      type: 'number',
      description: 'X',
    })
    expect([again.status, again.body.code]).toEqual([409, 'already-exists'])
    const patched = await school.api.send(
      'PATCH',
      '/v1/attributes/salary.scale',
      JSON.stringify({ description: 'Scale of the agreement.' }),
      { 'content-type': 'application/json' },
    )
    expect(patched.body).toMatchObject({ type: 'number', description: 'Scale of the agreement.' })
    expect((await school.api.get('/v1/attributes/tenured')).body.type).toBe('boolean')
    expect(
      (await school.api.get('/v1/attributes')).body.items.map(({ name }: { name: string }) => name),
    ).toEqual(['department', 'languages', 'salary.scale', 'tenured'])
    for (const name of ['Department', '1x', 'a b', '', 'x'.repeat(65)])
      expect(
        (await school.api.post('/v1/attributes', { name, type: 'string', description: 'X' })).body.code,
      ).toBe('invalid-request')
  })

  test('is set with others at once; what is so already writes nothing, null unsets', async () => {
    const ann = await known('ann')
    const values = { department: 'IT', 'salary.scale': 8, tenured: false, languages: ['nl', 'en'] }
    const first = await set(ann, values)
    expect([first.status, first.body.changed, first.body.eventIds.length]).toEqual([200, true, 4])
    expect(await valuesOf(ann)).toEqual(values)
    expect(await eventsWritten(() => set(ann, values))).toBe(0)
    const second = await set(ann, { department: 'HR', tenured: false, languages: null })
    expect(second.body.eventIds).toHaveLength(2)
    expect(await valuesOf(ann)).toEqual({ department: 'HR', 'salary.scale': 8, tenured: false })
    expect((await set(ann, { languages: null })).body.changed).toBe(false)
    const { items } = (await school.api.get(`/v1/subjects/${ann}/facts`)).body
    expect(items[0]).toMatchObject({
      type: 'waarmerk.attribute',
      activity: 'languages',
      data: { value: null },
    })
  })

  test('has a value from a moment on: one told late does not change what came after', async () => {
    const bob = await known('bob')
    await set(bob, { department: 'IT' }, '2026-05-01T00:00:00Z')
    expect((await set(bob, { department: 'IT' }, '2026-06-01T00:00:00Z')).body.changed).toBe(false)
    expect((await set(bob, { department: 'HR' }, '2026-01-01T00:00:00Z')).body.changed).toBe(true)
    expect(await valuesOf(bob)).toEqual({ department: 'IT' })
    const { body } = await set(bob, { department: 'X' }, '2126-01-01T00:00:00Z')
    expect(body.parameters.faults).toMatchObject([{ code: 'fact-time-future', path: '/at' }])
  })

  test('that was wrong is taken back, and what was before holds again', async () => {
    const cas = await known('cas')
    await set(cas, { department: 'IT' }, '2026-01-01T00:00:00Z')
    const wrong = (await set(cas, { department: 'Wrong' })).body.eventIds[0]
    expect((await school.api.send('DELETE', `/v1/facts/${wrong}`, undefined)).status).toBe(204)
    expect(await valuesOf(cas)).toEqual({ department: 'IT' })
  })

  test.each([
    [{ department: 5 }, 'attribute-type /values/department'],
    [{ 'salary.scale': '8' }, 'attribute-type /values/salary.scale'],
    [{ tenured: 'yes' }, 'attribute-type /values/tenured'],
    [{ languages: 'nl' }, 'attribute-type /values/languages'],
    [{ department: 'x'.repeat(1001) }, 'attribute-type /values/department'],
    [{ constructor: 'x' }, 'attribute-unknown /values/constructor'],
    [{ 'a/b~c': 'x' }, 'attribute-unknown /values/a~1b~0c'],
    [{ department: 'IT', unknown: 1 }, 'attribute-unknown /values/unknown'],
  ])('%j is refused with its place, and nothing is written', async (values, fault) => {
    const dee = await known('dee')
    const written = await eventsWritten(async () => {
      const { status, body } = await set(dee, values)
      expect([status, body.code]).toEqual([422, 'facts-invalid'])
      expect(
        body.parameters.faults.map(({ code, path }: { code: string; path: string }) => `${code} ${path}`),
      ).toEqual([fault])
    })
    expect(written).toBe(0)
  })
})

describe('many people at once', () => {
  test('as JSON: each row is answered for itself', async () => {
    const { body } = await school.api.post('/v1/attribute-values', [
      { subject: 'mailto:eve@example.org', values: { department: 'IT', 'salary.scale': 9 } },
      { subject: 'mailto:eve@example.org', values: { department: 'IT' } },
      { subject: 'mailto:fay@example.org', values: { 'salary.scale': 'nine' } },
      { subject: '???', values: { department: 'IT' } },
      { subject: 'mailto:fay@example.org', values: {} },
      'mailto:fay@example.org',
    ])
    expect(body).toMatchObject({ recorded: 1, unchanged: 1, refused: 4 })
    expect(body.items[0].eventIds).toHaveLength(2)
    expect(body.items[2].faults).toMatchObject([{ code: 'attribute-type', path: '/values/salary.scale' }])
    expect(body.items[3].faults).toMatchObject([{ code: 'subject-invalid', path: '/subject' }])
    expect(body.items[4].faults).toMatchObject([{ code: 'row-invalid', path: '/values' }])
    expect(body.items[5].faults).toMatchObject([{ code: 'row-invalid', path: '' }])
  })

  test('as CSV: cells are read by the declared types, empty ones say nothing', async () => {
    const csv = [
      'subject;department;salary.scale;tenured;languages;at',
      'mailto:gus@example.org;"R;D";10.5;true;nl | en;2026-01-01T00:00:00Z',
      'mailto:ida@example.org;;;false;;',
      'mailto:jan@example.org;IT;ten;maybe;;',
    ].join('\n')
    const { body } = await school.api.send('POST', '/v1/attribute-values', csv, {
      'content-type': 'text/csv',
    })
    expect(body).toMatchObject({ recorded: 2, unchanged: 0, refused: 1 })
    expect(await valuesOf(body.items[0].subjectId)).toEqual({
      department: 'R;D',
      'salary.scale': 10.5,
      tenured: true,
      languages: ['nl', 'en'],
    })
    expect(await valuesOf(body.items[1].subjectId)).toEqual({ tenured: false })
    expect(body.items[2].faults).toMatchObject([
      { code: 'attribute-type', path: '/salary.scale' },
      { code: 'attribute-type', path: '/tenured' },
    ])
    const unknown = await school.api.send('POST', '/v1/attribute-values', 'subject,nothing\nx,y', {
      'content-type': 'text/csv',
    })
    expect([unknown.status, unknown.body.code, unknown.body.parameters.row]).toEqual([
      422,
      'table-invalid',
      0,
    ])
  })
})

describe('a competency', () => {
  test('has a level in a framework; the same one at the same moment is one fact', async () => {
    const kim = await known('kim')
    const reached = { framework: 'ESCO', item: 'http://data.europa.eu/esco/skill/1', level: 3 }
    const post = (over: object = {}) =>
      school.api.post(`/v1/subjects/${kim}/competencies`, { ...reached, at: '2026-03-01T00:00:00Z', ...over })
    const first = await post()
    expect([first.status, first.body.changed]).toEqual([201, true])
    const again = await post()
    expect([again.status, again.body]).toEqual([200, { changed: false, eventIds: first.body.eventIds }])
    expect((await post({ level: 4 })).status).toBe(201)
    expect((await post({ at: '2026-04-01T00:00:00Z' })).status).toBe(201)
    expect((await post({ at: undefined })).status).toBe(201)
    const facts = (await school.api.get(`/v1/subjects/${kim}/facts`)).body.items
    expect(facts).toHaveLength(4)
    expect(facts.at(-1)).toMatchObject({
      type: 'waarmerk.competency',
      activity: reached.item,
      data: { framework: 'ESCO', level: 3 },
      time: '2026-03-01T00:00:00Z',
    })
    expect((await post({ at: '2126-01-01T00:00:00Z' })).body.code).toBe('facts-invalid')
    expect((await post({ level: 'high' })).body.code).toBe('invalid-request')
  })
})

test('what rules may ask for by name is what was declared, with types', async () => {
  await school.api.post('/v1/cohorts', { slug: 'year-1', name: { en: 'Year 1' } })
  const code = await school.api.post('/v1/codes', { slug: 'open-day', name: { en: 'Open day' } })
  const catalogue = await product.running.parts.database.inOrganisation(school.id, (stores) =>
    catalogueOf(stores, school.id),
  )
  expect(Object.fromEntries(catalogue.attributes)).toEqual({
    department: 'string',
    languages: 'strings',
    'salary.scale': 'number',
    tenured: 'boolean',
  })
  expect([...catalogue.cohorts.keys()]).toEqual(['year-1'])
  expect(catalogue.codes.get('open-day')).toBe(code.body.claimCode.id)
})
