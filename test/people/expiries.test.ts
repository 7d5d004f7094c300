import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Product } from '#app/compose.ts'
import { DAY_MS } from '#engine/shared/duration.ts'
import type { AccountId } from '#engine/shared/ids.ts'
import { type ApiAnswer, ApiCaller } from '#test/product/api-caller.ts'
import { setUpFirstAid } from '#test/product/first-aid.ts'
import { addMember, signedIn } from '#test/product/member.ts'
import { composeAgain, type SetClock, setClock } from '#test/product/second-composition.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from '#test/product/test-product.ts'
import { startWebhookReceiver, type WebhookReceiver } from '#test/product/webhook-receiver.ts'

// Doors by the clock of the day; a worker beside them, by a clock that the test sets, makes the sweeps.

let product: TestProduct
let school: TestOrganisation
let receiver: WebhookReceiver
let clock: SetClock
let workers: readonly [Product, Product]
let admin: ApiCaller
let achievementId: string
let issuerId: string
const ADMIN = 'admin@expiry.example.org'
beforeAll(async () => {
  product = await startTestProduct({}, { api: true, worker: false })
  school = await product.organisation('expiry-school')
  receiver = await startWebhookReceiver()
  await school.api.post('/v1/webhooks', { url: receiver.url, description: 'All', eventTypes: ['*'] })
  clock = setClock()
  workers = [composeAgain(product, { clock }), composeAgain(product, { clock })]
  const made = await setUpFirstAid(school.api, 'expiry-academy')
  achievementId = made.achievementId
  issuerId = made.issuerId
  await product.running.parts.database.asWorker(async (stores) =>
    addMember(
      stores,
      school,
      await stores.access.accountOf({ type: 'email', value: ADMIN }, crypto.randomUUID() as AccountId),
    ),
  )
  admin = await signedIn(product, ADMIN)
})
afterAll(async () => {
  await product?.stop()
  await receiver?.close()
})

const outcome = ({ status, body }: ApiAnswer) => [status, body?.code ?? body?.state]
const query = () => `?organisation=${school.id}`
const assessors = () => `/v1/achievements/${achievementId}/assessors`
let people = 0
const somebody = () => `somebody-${++people}@expiry.example.org`

/** Links in the mails that wait for this address, oldest first. */
const tokensTo = async (address: string): Promise<readonly string[]> => {
  const mails = await product.running.parts.database.asWorker((stores) =>
    stores.mail.list(school.id, { limit: 100 }),
  )
  return mails.items
    .filter(({ to }) => to === address)
    .map(({ text }) => /#([\w-]{40,})/.exec(text ?? '')?.[1] ?? '')
    .reverse()
}
async function expertReview(address: string) {
  const en = { en: 'Text.' }
  const definition = { name: { en: 'Knots', nl: 'Knopen' }, description: en, criteria: en }
  const made = await admin.post(`/v1/achievements${query()}`, { issuerId, slug: `e-${++people}`, definition })
  const path = `/v1/achievements/${made.body.id}/versions/1`
  await admin.post(`${path}/submit${query()}`, undefined, { 'if-match': '"v1"' })
  const asked = await admin.post(`${path}/expert-reviews${query()}`, { email: address })
  expect(asked.status).toBe(201)
  return { id: asked.body.id as string, path }
}

test('what nobody answers is expired by a sweep, once: audited, told to who asked and to endpoints', async () => {
  const [invited, assessing, expert] = [somebody(), somebody(), somebody()]
  const invitation = await admin.post(`/v1/invitations${query()}`, { email: invited, rights: ['read'] })
  const mandate = await admin.post(`${assessors()}${query()}`, {
    email: assessing,
    name: 'A',
    qualification: 'Q',
  })
  const review = await expertReview(expert)
  expect([invitation.status, mandate.body.state]).toEqual([201, 'invited'])
  const states = async () => {
    const mandates = (await school.api.get(assessors())).body.items
    return [
      (await school.api.get(`/v1/invitations/${invitation.body.id}`)).body.state,
      mandates.find(({ id }: { id: string }) => id === mandate.body.id).state,
      (await school.api.get(`${review.path}/expert-reviews`)).body.items[0].state,
    ]
  }
  const [one, other] = workers
  await one.steps.expire()
  expect(await states()).toEqual(['open', 'invited', 'requested'])

  clock.advance(15 * DAY_MS)
  // Both at once, and then again: each is expired once.
  await Promise.all([one.steps.expire(), other.steps.expire()])
  await one.steps.expire()
  expect(await states()).toEqual(['expired', 'expired', 'expired'])
  const { items: audited } = (await school.api.get('/v1/audit?limit=50')).body
  const about = [invitation.body.id, mandate.body.id, review.id]
  const expiries = audited.filter(
    ({ action, targetId }: { action: string; targetId: string }) =>
      action.endsWith('expired') && about.includes(targetId),
  )
  expect(expiries.map(({ action, actor }: Record<string, string>) => `${action} ${actor}`).sort()).toEqual([
    'assessor.mandate_expired system',
    'expert_review.expired system',
    'invitation.expired system',
  ])

  // The mandate is what was asked for, so its invitation is not told as well.
  const { items } = (await admin.get('/v1/notifications')).body
  const ends = items.filter(({ kind }: { kind: string }) => kind.endsWith('expired'))
  expect(ends.map(({ kind, text }: Record<string, string>) => [kind, text]).sort()).toEqual([
    ['assessor-expired', expect.stringContaining(assessing)],
    ['expert-review-expired', `${expert} did not say in time what they think of "Knots". You can ask again.`],
    ['invitation-expired', expect.stringContaining(invited)],
  ])
  await vi.waitFor(
    async () => {
      await one.steps.webhooks()
      const types = receiver.received
        .filter(({ payload }) => Object.values(payload.data).some((value) => about.includes(value as string)))
        .map(({ payload }) => payload.type)
      expect(types.filter((type) => type.endsWith('expired')).sort()).toEqual([
        'assessor.mandate_expired',
        'expert_review.expired',
        'invitation.expired',
      ])
    },
    { timeout: 20_000, interval: 100 },
  )

  // Expired is over: it can be asked anew, or ended.
  const path = `${assessors()}/${mandate.body.id}`
  const again = await school.api.post(`${path}/resend`)
  expect(outcome(again)).toEqual([409, 'mandate-closed'])
  expect(again.body.parameters).toEqual({ state: 'expired', possible: ['end', 'give a new mandate'] })
  const late = await school.api.post(`/v1/expert-reviews/${review.id}/resend`)
  expect(outcome(late)).toEqual([409, 'expert-review-closed'])
  expect(late.body.parameters).toEqual({ state: 'expired', possible: ['ask again'] })
  expect((await school.api.post(`${path}/end`, { reason: 'Nobody came.' })).body.state).toBe('ended')
  expect((await school.api.post(`${path}/resend`)).body.parameters.state).toBe('ended')
})

test('a mandate is over too once its invitation is declined or taken back', async () => {
  const [declining, withdrawn] = [somebody(), somebody()]
  const give = (email: string) =>
    admin.post(`${assessors()}${query()}`, { email, name: 'A', qualification: 'Q' })
  const [one, other] = [await give(declining), await give(withdrawn)]
  const [token] = await tokensTo(declining)
  const anybody = new ApiCaller(product.url)
  expect((await anybody.post(`/v1/invitation-links/${token}/decline`)).status).toBeLessThan(300)
  await admin.post(`/v1/invitations/${other.body.invitationId}/withdraw${query()}`)
  expect(outcome(await school.api.post(`${assessors()}/${one.body.id}/resend`))).toEqual([
    409,
    'mandate-closed',
  ])
  await workers[0].steps.expire()
  const { items } = (await school.api.get(assessors())).body
  for (const { id } of [one.body, other.body])
    expect(items.find((each: { id: string }) => each.id === id).state).toBe('expired')
})

test('a request is sent again with a fresh link, the one before is dead, and not more than ten times', async () => {
  const address = somebody()
  const { id, path } = await expertReview(address)
  const anybody = new ApiCaller(product.url)
  const resend = () => admin.post(`/v1/expert-reviews/${id}/resend${query()}`)
  const sent = await resend()
  expect([sent.status, sent.body.state, sent.body.timesSent]).toEqual([200, 'requested', 2])
  const [before, fresh] = await tokensTo(address)
  expect(fresh).not.toBe(before)
  expect(outcome(await anybody.get(`/v1/expert-review-links/${before}`))).toEqual([
    404,
    'expert-review-unknown',
  ])
  expect(outcome(await anybody.get(`/v1/expert-review-links/${fresh}`))).toEqual([200, 'viewed'])
  for (let times = 3; times <= 10; times++) expect((await resend()).body.timesSent).toBe(times)
  expect(outcome(await resend())).toEqual([409, 'sent-too-often'])
  const newest = (await tokensTo(address)).at(-1)
  await school.api.post(`${path}/return`, { reason: 'Why.' })
  expect(outcome(await resend())).toEqual([409, 'version-not-in-review'])
  expect((await anybody.post(`/v1/expert-review-links/${newest}/decline`)).status).toBe(204)
  expect((await resend()).body.parameters).toEqual({ state: 'declined', possible: ['ask again'] })
})

test('an assessor is invited again with a fresh link, and becomes one by that', async () => {
  const address = somebody()
  const given = await admin.post(`${assessors()}${query()}`, {
    email: address,
    name: 'A',
    qualification: 'Q',
    language: 'nl',
  })
  const resend = () => admin.post(`${assessors()}/${given.body.id}/resend${query()}`)
  expect(outcome(await resend())).toEqual([200, 'invited'])
  const [before, fresh] = await tokensTo(address)
  const them = await signedIn(product, address)
  expect(outcome(await them.post(`/v1/invitation-links/${before}/accept`))).toEqual([
    404,
    'invitation-unknown',
  ])
  expect((await them.post(`/v1/invitation-links/${fresh}/accept`)).status).toBeLessThan(300)
  const active = await resend()
  expect(outcome(active)).toEqual([409, 'mandate-closed'])
  expect(active.body.parameters.state).toBe('active')
  // A member has no invitation that could be sent again.
  expect((await new ApiCaller(product.url).post(`${assessors()}/${given.body.id}/resend`)).status).toBe(401)
})

test('ten who send one request again at once, in two processes: each of those done has a link, one works', async () => {
  const address = somebody()
  const { id } = await expertReview(address)
  const principal = { kind: 'operator' } as const
  const processes = [product.running.product, composeAgain(product, {})]
  const presses = await Promise.allSettled(
    Array.from({ length: 10 }, (_, n) =>
      (processes[n % 2] ?? product.running.product).routes.askExperts.sendAgain(
        principal,
        school.id,
        id as never,
      ),
    ),
  )
  const done = presses.filter(({ status }) => status === 'fulfilled').length
  expect(done).toBeGreaterThan(0)
  const tokens = await tokensTo(address)
  expect(tokens).toHaveLength(done + 1)
  const anybody = new ApiCaller(product.url)
  const answers = await Promise.all(tokens.map((token) => anybody.get(`/v1/expert-review-links/${token}`)))
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
})
