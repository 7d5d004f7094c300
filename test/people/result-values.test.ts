import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { ApiCaller } from '#test/product/api-caller.ts'
import { awardOf, basicsRule, completed } from '#test/product/first-aid.ts'
import { setUpGradedBadge } from '#test/product/graded-badge.ts'
import { startTestProduct, type TestProduct } from '#test/product/test-product.ts'

let product: TestProduct
let api: ApiCaller
let issuerId: string
/** A badge of a percent. */
let achievementId: string
beforeAll(async () => {
  product = await startTestProduct()
  ;({ api } = await product.organisation('results-school'))
  ;({ issuerId, achievementId } = await setUpGradedBadge(api, 'results-academy'))
})
afterAll(() => product?.stop())

let people = 0
const somebody = () => `results${++people}@example.org`
const exam = (value: string) => [{ resultDescription: 'exam', value }]
const UNFIT = ['200', '-1', 'veel', '93%', '<b>93</b>', 'NaN', '0x10']

describe('what people write of a result', () => {
  test.each(UNFIT)('%s is no percent: of no direct award, new or changed', async (value) => {
    const offer = { achievementId, identifier: somebody() }
    const refused = await api.post('/v1/direct-awards', { ...offer, results: exam(value) })
    expect([refused.status, refused.body.errors?.[0]?.code]).toEqual([400, 'result-unknown'])
    const { body, headers } = await api.post('/v1/direct-awards', { ...offer, results: exam('93.5') })
    const changed = await api.send(
      'PATCH',
      `/v1/direct-awards/${body.directAward.id}`,
      JSON.stringify({ results: exam(value) }),
      { 'content-type': 'application/json', 'if-match': headers.get('etag') ?? '' },
    )
    expect([changed.status, changed.body.errors?.[0]?.code]).toEqual([400, 'result-unknown'])
  })

  test('a row of a list that says it is refused, and no other', async () => {
    const rows = [...UNFIT, '93'].map((value) => `${somebody()},${value}`)
    const csv = ['identifier,result:exam', ...rows].join('\n')
    const query = `?achievementId=${achievementId}&name=List`
    const { body } = await api.send('POST', `/v1/direct-award-bundles/preview${query}`, csv, {
      'content-type': 'text/csv',
    })
    const faults = body.rows.map(({ faults }: { faults: { code: string; column: string }[] }) =>
      faults.map(({ code, column }) => `${code} ${column}`),
    )
    expect(faults).toEqual([...UNFIT.map(() => ['result-unknown result:exam']), []])
  })

  test('no correction says it', async () => {
    await api.post('/v1/events', [completed('corrected', 1), completed('corrected', 2)])
    const { id, revision } = await awardOf(api, 'corrected')
    const { status, body } = await api.post(
      `/v1/awards/${id}/correct`,
      { changes: { results: exam('-200') }, reason: 'Why.' },
      { 'if-match': `"v${revision}"` },
    )
    expect([status, body.code]).toEqual([422, 'correction-unfit'])
  })
})

test('what a rule finds and the badge cannot say is left out of the badge', async () => {
  const text = { en: 'Text.' }
  const made = await api.post('/v1/achievements', {
    issuerId,
    slug: 'bounded',
    definition: {
      name: text,
      description: text,
      criteria: text,
      resultDescriptions: [{ id: 'exam', name: text, type: 'RawScore', valueMax: '0.8' }],
    },
  })
  await api.post(`/v1/achievements/${made.body.id}/versions/1/publish`)
  const rule = await api.post('/v1/rules', {
    name: 'Bounded',
    document: { ...basicsRule('bounded'), results: [{ resultDescription: 'exam', value: 'modules.avg' }] },
  })
  await api.post(`/v1/rules/${rule.body.id}/versions/1/activate`)
  await api.post('/v1/events', [completed('beyond', 1), completed('beyond', 2)])
  const resultsOf = async () => {
    const { body } = await api.get('/v1/subjects?identifier=email:beyond@example.org')
    const { items } = (await api.get(`/v1/awards?subjectId=${body.id}`)).body
    return new Map(
      items.map(({ achievementId: id, results }: { achievementId: string; results: unknown }) => [
        id,
        results,
      ]),
    )
  }
  const both = new Map<string, unknown>([
    [achievementId, exam('0.9')],
    [made.body.id, []],
  ])
  await vi.waitFor(async () => expect(await resultsOf()).toEqual(both), { timeout: 20_000, interval: 100 })
})

test.each([
  [{ valueMin: '10', valueMax: '1' }, 'valueMax'],
  [{ valueMin: 'abc' }, 'valueMin'],
  [{ valueMax: '10', requiredValue: '11' }, 'requiredValue'],
])('a description of %o is refused, drawn up or checked', async (bounds, member) => {
  const text = { en: 'Text.' }
  const definition = {
    name: text,
    description: text,
    criteria: text,
    resultDescriptions: [{ id: 'exam', name: text, type: 'RawScore', ...bounds }],
  }
  const refusal = {
    code: 'result-description-unfit',
    parameters: { pointer: `/resultDescriptions/0/${member}` },
  }
  const made = await api.post('/v1/achievements', {
    issuerId,
    slug: `unfit-${member.toLowerCase()}`,
    definition,
  })
  expect([made.status, made.body]).toMatchObject([422, refusal])
  expect((await api.post('/v1/achievements/check', { definition })).body).toMatchObject(refusal)
})
