import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { ApiCaller } from '#test/product/api-caller.ts'
import { awardOf, earning, type FirstAid, setUpFirstAid } from '#test/product/first-aid.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from '#test/product/test-product.ts'

let product: TestProduct
let school: TestOrganisation
let api: ApiCaller
let firstAid: FirstAid
beforeAll(async () => {
  product = await startTestProduct()
  school = await product.organisation('states-school')
  api = school.api
  firstAid = await setUpFirstAid(api, 'states-academy')
})
afterAll(() => product?.stop())

const text = { en: 'Text.' }
const definition = { name: text, description: text, criteria: text }
const seen = { 'if-match': '"v1"' }
const why = { reason: 'Why.' }
let count = 0
const learner = () => `states${++count}`

async function draft(): Promise<string> {
  const { body } = await api.post('/v1/achievements', {
    issuerId: firstAid.issuerId,
    slug: `states-${++count}`,
    definition,
  })
  return `/v1/achievements/${body.id}`
}
async function inReview(): Promise<string> {
  const path = `${await draft()}/versions/1`
  expect((await api.post(`${path}/submit`, undefined, seen)).body.state).toBe('in_review')
  return path
}
async function award(): Promise<string> {
  const who = learner()
  await api.post('/v1/events', earning(who))
  return `/v1/awards/${(await awardOf(api, who)).id}`
}
const root = async () => {
  const { items } = (await api.get('/v1/units')).body
  return items.find(({ parentId }: { parentId: string | null }) => parentId === null)
}
const issuerUnit = async () => {
  const { items } = (await api.get('/v1/units?kind=issuer')).body
  return items[0]
}
const remove = (path: string) => api.send('DELETE', path, undefined)
const patch = (path: string, body: object, headers: Record<string, string>) =>
  api.send('PATCH', path, JSON.stringify(body), { 'content-type': 'application/json', ...headers })

type Refused = Awaited<ReturnType<ApiCaller['post']>>
const REFUSED: readonly [string, () => Promise<Refused>, string, string, readonly string[]][] = [
  [
    'a version in review is not published',
    async () => api.post(`${await inReview()}/publish`),
    'version-state-wrong',
    'in_review',
    ['approve', 'return'],
  ],
  [
    'nor edited',
    async () => api.put(await inReview(), { definition }, seen),
    'version-state-wrong',
    'in_review',
    ['approve', 'return'],
  ],
  [
    'what is published is not edited: a new version is made',
    async () => api.put(`/v1/achievements/${firstAid.achievementId}/versions/1`, { definition }, seen),
    'version-state-wrong',
    'published',
    ['retire', 'withdraw', 'new_version'],
  ],
  [
    'there is one draft at a time',
    async () => api.post(`${await draft()}/versions`, { definition }),
    'draft-exists',
    'draft',
    ['edit', 'submit', 'publish'],
  ],
  [
    'what is not published is not awarded',
    async () => {
      const achievementId = (await draft()).split('/').at(-1)
      return api.post('/v1/direct-awards', { achievementId, identifier: `${learner()}@example.org` })
    },
    'achievement-not-published',
    'draft',
    ['edit', 'submit', 'publish'],
  ],
  [
    'the same badge is on offer once',
    async () => {
      const offer = { achievementId: firstAid.achievementId, identifier: `${learner()}@example.org` }
      await api.post('/v1/direct-awards', offer)
      return api.post('/v1/direct-awards', offer)
    },
    'direct-award-open',
    'unaccepted',
    ['change', 'resend', 'undo', 'delete', 'revoke'],
  ],
  [
    'an award is revoked once',
    async () => {
      const path = await award()
      expect((await api.post(`${path}/revoke`, why)).status).toBe(200)
      return api.post(`${path}/revoke`, why)
    },
    'award-state',
    'revoked',
    ['reinstate'],
  ],
  [
    'an issued award is not approved',
    async () => api.post(`${await award()}/approve`),
    'award-state',
    'issued',
    ['correct', 'reissue', 'suspend', 'revoke', 'renew'],
  ],
  [
    'nor refused',
    async () => api.post(`${await award()}/refuse`, why),
    'award-state',
    'issued',
    ['correct', 'reissue', 'suspend', 'revoke', 'renew'],
  ],
  [
    'a claim is over for good',
    async () => {
      const who = learner()
      await api.post('/v1/events', earning(who))
      const { text: mail = '' } = await product.inbox.waitFor(`${who}@example.org`, 20_000)
      const path = `/v1/claims/${/\/claim#([\w-]+)/.exec(mail)?.[1]}`
      const anybody = new ApiCaller(product.url)
      expect((await anybody.post(`${path}/reject`)).status).toBe(204)
      return anybody.post(`${path}/accept`)
    },
    'claim-over',
    'rejected',
    [],
  ],
  [
    'a change of awards is withdrawn once',
    async () => {
      const id = (await award()).split('/').at(-1)
      const made = await api.post('/v1/awards/revocations', {
        awardIds: [id],
        ...why,
      })
      expect([made.status, made.body.code]).toEqual([201, undefined])
      const path = `/v1/award-changes/${made.body.id}/withdraw`
      expect((await api.post(path)).status).toBe(200)
      return api.post(path)
    },
    'award-change-over',
    'withdrawn',
    ['prepare'],
  ],
  [
    'a job that is over is not cancelled',
    async () => {
      const { body } = await api.post('/v1/rules/dry-runs', { ruleId: firstAid.ruleId, version: 1 })
      const path = `/v1/jobs/${body.id}`
      const isDone = async () => expect((await api.get(path)).body.state).toBe('done')
      await vi.waitFor(isDone, { timeout: 20_000, interval: 100 })
      return api.post(`${path}/cancel`)
    },
    'conflict',
    'done',
    [],
  ],
  [
    'the organisation is not deleted',
    async () => remove(`/v1/units/${(await root()).id}`),
    'conflict',
    'organisation',
    ['rename'],
  ],
  [
    'nor moved',
    async () => {
      const { id, revision } = await root()
      const body = { parentId: (await issuerUnit()).id }
      return patch(`/v1/units/${id}`, body, { 'if-match': `"v${revision}"` })
    },
    'conflict',
    'organisation',
    ['rename'],
  ],
  [
    'an issuer is not deleted',
    async () => remove(`/v1/units/${(await issuerUnit()).id}`),
    'conflict',
    'issuer',
    ['move'],
  ],
  [
    'a rule that is in force is not resumed',
    () => api.post(`/v1/rules/${firstAid.ruleId}/resume`),
    'conflict',
    'active',
    ['pause'],
  ],
]

test.each(REFUSED)(
  '%s: refused with the state and what is possible',
  async (_name, call, code, state, possible) => {
    const { status, body } = await call()
    expect([status, body.code]).toEqual([409, code])
    expect(body.parameters).toMatchObject({ state, possible })
  },
)
