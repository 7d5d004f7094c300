import { afterAll, beforeAll, expect, test } from 'vitest'
import { basicsRule, type FirstAid, setUpFirstAid } from './first-aid.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from './test-product.ts'

let product: TestProduct
let school: TestOrganisation
let firstAid: FirstAid
beforeAll(async () => {
  product = await startTestProduct()
  school = await product.organisation('keeping-school')
  // Its rule looks back for 90 days.
  firstAid = await setUpFirstAid(school.api, 'keeping-academy')
})
afterAll(() => product?.stop())

const PATH = '/v1/organisations/settings'
const JSON_TYPE = { 'content-type': 'application/json' }
async function keepFor(eventRetention: string | null) {
  const { headers } = await school.api.get(PATH)
  const tag = { 'if-match': headers.get('etag') ?? '' }
  return school.api.send('PATCH', PATH, JSON.stringify({ eventRetention }), { ...JSON_TYPE, ...tag })
}
const kept = async () => (await school.api.get(PATH)).body.eventRetention
const withWindow = (within: string) => ({
  document: { ...basicsRule(), when: { ...basicsRule().when, within } },
})

test('events are kept for ever until the organisation says otherwise, and again when it says so', async () => {
  expect(await kept()).toBeNull()
  expect((await keepFor('P2Y')).body).toMatchObject({ eventRetention: 'P2Y', deadRuleDays: 30 })
  expect(await kept()).toBe('P2Y')
  expect((await keepFor(null)).status).toBe(200)
  expect(await kept()).toBeNull()
})

test.each(['two years', 'P6M', 'PT1H', 'P0D', 'P'])('%s is no such time', async (wrong) => {
  const { status, body } = await keepFor(wrong)
  expect([status, body.code]).toEqual([422, 'duration-invalid'])
})

test('a rule that looks further back is refused at its place, when it is checked, saved or brought into force', async () => {
  const rule = `/v1/rules/${firstAid.ruleId}`
  const { body: draft } = await school.api.post(`${rule}/versions`, withWindow('P300D'))
  expect((await keepFor('P200D')).status).toBe(200)
  const fault = { code: 'rule-window-beyond-retention', path: '/when/within' }
  const check = await school.api.post('/v1/rules/check', withWindow('P201D'))
  expect(check.body.faults).toEqual([expect.objectContaining(fault)])
  expect((await school.api.post('/v1/rules/check', withWindow('P200D'))).body.faults).toEqual([])
  for (const refused of [
    await school.api.post('/v1/rules', { name: 'Long', ...withWindow('P201D') }),
    await school.api.post(`${rule}/versions`, withWindow('P201D')),
    await school.api.post(`${rule}/versions/${draft.version}/activate`),
  ]) {
    expect([refused.status, refused.body.code]).toEqual([422, 'rule-invalid'])
    expect(refused.body.parameters.faults).toEqual([expect.objectContaining(fault)])
  }
})

test('events cannot be kept for less long than rules look back, paused ones included', async () => {
  const rule = `/v1/rules/${firstAid.ruleId}`
  const refused = async () => {
    const { status, body } = await keepFor('P89D')
    expect([status, body.code]).toEqual([409, 'retention-too-short'])
    expect(body.parameters.rules).toEqual([
      { ruleId: firstAid.ruleId, name: 'Basics', paths: ['/when/within'] },
    ])
    expect(await kept()).toBe('P90D')
  }
  expect((await keepFor('P90D')).status).toBe(200)
  await refused()
  await school.api.post(`${rule}/pause`)
  await refused()
  await school.api.post(`${rule}/resume`)
  // A version that looks back for less long takes its place.
  const { body } = await school.api.post(`${rule}/versions`, withWindow('P30D'))
  await school.api.post(`${rule}/versions/${body.version}/activate`)
  expect((await keepFor('P89D')).status).toBe(200)
})
