import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ApiCaller } from '#test/product/api-caller.ts'
import { awardOf, earning, setUpFirstAid } from '#test/product/first-aid.ts'
import { signedIn } from '#test/product/member.ts'
import { startTestProduct, type TestProduct } from '#test/product/test-product.ts'

let product: TestProduct
let api: ApiCaller
let achievementId: string
beforeAll(async () => {
  product = await startTestProduct()
  ;({ api } = await product.organisation('small-school'))
  ;({ achievementId } = await setUpFirstAid(api, 'small-academy'))
})
afterAll(() => product?.stop())

const patch = (path: string, body: object, etag?: string | null) =>
  api.send('PATCH', path, JSON.stringify(body), {
    'content-type': 'application/json',
    ...(etag ? { 'if-match': etag } : {}),
  })
const placed = (pointer: string) => ({ status: 400, code: 'invalid-request', errors: [{ pointer }] })

test('a kind of message that there is not is said to be none', async () => {
  const person = await signedIn(product, 'someone@small.example.org')
  const { body } = await person.put('/v1/account/notification-preferences', {
    kinds: [{ kind: 'zz', inApp: true, email: 'off' }],
  })
  expect(body).toMatchObject(placed('/kinds'))
})

test('when what was sent is to be sent is not changed, and not called possible', async () => {
  const made = await api.post('/v1/direct-awards', { achievementId, identifier: 'ann@small.example.org' })
  const { body } = await patch(
    `/v1/direct-awards/${made.body.directAward.id}`,
    { scheduledAt: '2099-01-01T00:00:00Z' },
    made.headers.get('etag'),
  )
  const possible = ['resend', 'undo', 'delete', 'revoke']
  expect(body).toMatchObject({ code: 'direct-award-state', parameters: { state: 'unaccepted', possible } })
})

test('a key that is over already is not made, and one that was revoked has the name that it had', async () => {
  const key = { name: 'LMS', rights: ['read'] }
  const over = await api.post('/v1/api-keys', { ...key, expiresAt: '2000-01-01T00:00:00Z' })
  expect(over.body).toMatchObject(placed('/expiresAt'))
  const { id } = (await api.post('/v1/api-keys', key)).body.apiKey
  await api.send('DELETE', `/v1/api-keys/${id}`, undefined)
  const renamed = await patch(`/v1/api-keys/${id}`, { name: 'Other' })
  expect(renamed.body).toMatchObject({ status: 409, code: 'conflict', parameters: { state: 'revoked' } })
})

test('nobody asks for reminders of what is over by then', async () => {
  const wanted = {
    achievementId,
    identifier: 'bea@small.example.org',
    reminderDays: [5, 100],
    expiryDays: 10,
  }
  expect((await api.post('/v1/direct-awards', wanted)).body).toMatchObject(placed('/reminderDays/1'))
  const settings = await patch('/v1/direct-award-settings', { reminderDays: [100] }, '"v1"')
  expect(settings.body).toMatchObject(placed('/reminderDays/0'))
})

test('the moments of a selection are told as they were written', async () => {
  await api.post('/v1/events', earning('cas'))
  await awardOf(api, 'cas')
  const filter = { achievementId, grantedFrom: '2020-01-01T00:00:00Z' }
  const { body } = await api.post('/v1/awards/revocations', { filter, reason: 'Why.' })
  expect(body.selection).toMatchObject({ grantedFrom: '2020-01-01T00:00:00Z' })
})
