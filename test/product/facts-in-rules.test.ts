import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { completed, setUpFirstAid } from './first-aid.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from './test-product.ts'

// The whole road of a fact: fed, judged by a rule as the event that it is, awarded, taken back, retracted.

let product: TestProduct
let school: TestOrganisation
beforeAll(async () => {
  product = await startTestProduct()
  school = await product.organisation('fact-rule-school')
  const { issuerId } = await setUpFirstAid(school.api, 'fact-rule-academy')
  const made = await school.api.post('/v1/achievements', {
    issuerId,
    slug: 'member',
    definition: { name: { en: 'Member' }, description: { en: 'Is one.' }, criteria: { en: 'Join.' } },
  })
  await school.api.post(`/v1/achievements/${made.body.id}/versions/1/publish`)
  await school.api.post('/v1/cohorts', { slug: 'year-1', name: { en: 'Year 1' } })
  const rule = await school.api.post('/v1/rules', {
    name: 'Member',
    document: {
      schema: 'waarmerk-rule/1',
      achievement: 'member',
      occurrence: { kind: 'once' },
      recipient: 'event.actor',
      onRetract: 'revoke',
      when: { cohort: 'year-1' },
    },
  })
  expect([rule.status, rule.body.parameters?.faults]).toEqual([201, undefined])
  expect((await school.api.post(`/v1/rules/${rule.body.id}/versions/1/activate`)).status).toBe(200)
})
afterAll(() => product?.stop())

test('a fact earns an award as any event does, and takes it away when it is taken back', async () => {
  await school.api.post('/v1/events', completed('ann', 1))
  const { id } = (await school.api.get('/v1/subjects?identifier=email:ann@example.org')).body
  const stateOf = async () => (await school.api.get(`/v1/awards?subjectId=${id}`)).body.items[0]?.state
  const joined = await school.api.send('PUT', `/v1/cohorts/year-1/members/${id}`, undefined)
  await vi.waitFor(async () => expect(await stateOf()).toBe('issued'), { timeout: 20_000, interval: 100 })
  expect((await school.api.send('DELETE', `/v1/facts/${joined.body.eventIds[0]}`, undefined)).status).toBe(
    204,
  )
  await vi.waitFor(async () => expect(await stateOf()).toBe('revoked'), { timeout: 20_000, interval: 100 })
})
