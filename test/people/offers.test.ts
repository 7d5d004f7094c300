import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Product } from '#app/compose.ts'
import type { Principal } from '#engine/access/rights.ts'
import { DAY_MS } from '#engine/shared/duration.ts'
import type { AwardId, OrganisationId } from '#engine/shared/ids.ts'
import { ApiCaller } from '#test/product/api-caller.ts'
import { awardOf, earning, type FirstAid, setUpFirstAid } from '#test/product/first-aid.ts'
import { signedIn } from '#test/product/member.ts'
import { composeAgain, type SetClock, setClock } from '#test/product/second-composition.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from '#test/product/test-product.ts'

let product: TestProduct
let school: TestOrganisation
let firstAid: FirstAid
/** The use cases once more, in another composition, on a clock that a test sets. */
let later: Product
let clock: SetClock
beforeAll(async () => {
  product = await startTestProduct()
  school = await product.organisation('offers-school')
  firstAid = await setUpFirstAid(school.api, 'offers-academy')
  clock = setClock()
  later = composeAgain(product, { clock })
})
afterAll(() => product?.stop())

let people = 0
/** A badge that a rule awarded, with the link that its earner was mailed. */
async function awarded() {
  const name = `offered${++people}`
  const address = `${name}@example.org`
  await school.api.post('/v1/events', earning(name))
  const award = await awardOf(school.api, name)
  await product.inbox.waitFor(address, 20_000)
  return { address, awardId: award.id as string, credentialId: award.credentialId as string }
}

const claimsTo = (address: string) =>
  product.inbox.mails
    .filter(({ to }) => JSON.stringify(to).includes(`"${address}"`))
    .flatMap(({ text }) => /\/claim#([\w-]+)/.exec(text ?? '')?.[1] ?? [])
const offersOf = async (who: ApiCaller) => (await who.get('/v1/account/offers')).body.items
const resend = (awardId: string) => school.api.post(`/v1/awards/${awardId}/resend-claim`)
const anonymous = () => new ApiCaller(product.url)

describe('a badge that a rule awarded', () => {
  test('waits for whoever signs in with the address it was sent to, and is taken without its link', async () => {
    const { address, awardId, credentialId } = await awarded()
    const learner = await signedIn(product, address)
    const items = await offersOf(learner)
    expect(items).toMatchObject([
      { kind: 'award', achievementName: 'First aid basics', identifier: `email:${address}` },
    ])
    const [{ id }] = items
    const other = await signedIn(product, 'somebody-else@example.org')
    expect(await offersOf(other)).toEqual([])
    for (const step of ['accept', 'reject'])
      expect((await other.post(`/v1/account/offers/${id}/${step}`)).body.code).toBe('not-found')
    const taken = await learner.post(`/v1/account/offers/${id}/accept`)
    expect([taken.status, taken.body.credentialId]).toEqual([200, credentialId])
    expect((await learner.post(`/v1/account/offers/${id}/accept`)).body).toEqual(taken.body)
    expect(await offersOf(learner)).toEqual([])
    expect((await learner.get('/v1/backpack')).body.items).toMatchObject([{ credentialId }])
    expect((await learner.post(`/v1/account/offers/${id}/reject`)).body.code).toBe('claim-over')
    expect((await school.api.get(`/v1/awards/${awardId}`)).body.claim).toBe('claimed')
  })

  test('is rejected without its link, for good', async () => {
    const { address, awardId } = await awarded()
    const learner = await signedIn(product, address)
    const [{ id }] = await offersOf(learner)
    expect((await learner.post(`/v1/account/offers/${id}/reject`)).status).toBe(204)
    expect(await offersOf(learner)).toEqual([])
    const late = await learner.post(`/v1/account/offers/${id}/accept`)
    expect(late.body).toMatchObject({ code: 'claim-over', parameters: { state: 'rejected' } })
    expect((await resend(awardId)).body.code).toBe('claim-over')
  })

  test('is offered no more once it is revoked', async () => {
    const { address, awardId } = await awarded()
    const learner = await signedIn(product, address)
    const [{ id }] = await offersOf(learner)
    await school.api.post(`/v1/awards/${awardId}/revoke`, { reason: 'A mistake.' })
    expect(await offersOf(learner)).toEqual([])
    expect((await learner.post(`/v1/account/offers/${id}/accept`)).body).toMatchObject({
      code: 'claim-over',
      parameters: { state: 'withdrawn' },
    })
    // One answer, wherever it is asked.
    const [token] = claimsTo(address)
    expect((await anonymous().get(`/v1/claims/${token}`)).body.state).toBe('withdrawn')
    expect((await anonymous().post(`/v1/claims/${token}/accept`)).body.parameters.state).toBe('withdrawn')
    expect((await resend(awardId)).body.code).toBe('award-state')
  })

  test('stands among the offers beside one that somebody awarded by hand, and both are taken there', async () => {
    const { address } = await awarded()
    const { achievementId } = firstAid
    await school.api.post('/v1/direct-awards', { achievementId, identifier: address })
    const learner = await signedIn(product, address)
    const items = await offersOf(learner)
    expect(items.map(({ kind }: { kind: string }) => kind).sort()).toEqual(['award', 'direct-award'])
    for (const { id } of items)
      expect((await learner.post(`/v1/account/offers/${id}/accept`)).status).toBe(200)
    expect((await learner.get('/v1/backpack')).body.items).toHaveLength(2)
  })

  test('goes once to whoever presses three times at once', async () => {
    const { address, credentialId } = await awarded()
    const learner = await signedIn(product, address)
    const [{ id }] = await offersOf(learner)
    const taken = await Promise.all([1, 2, 3].map(() => learner.post(`/v1/account/offers/${id}/accept`)))
    for (const { body } of taken) expect(body.credentialId).toBe(credentialId)
    const trail = (await school.api.get('/v1/audit?limit=100')).body.items
    const told = trail.filter(
      (each: { action: string; targetId: string }) =>
        each.action === 'claim.accepted' && each.targetId === id,
    )
    expect(told).toHaveLength(1)
  })
})

describe('what a badge says of one person', () => {
  test('is seen before it is accepted, and after, and by whoever verifies it', async () => {
    const { issuerId } = firstAid
    const made = await school.api.post('/v1/achievements', {
      issuerId,
      slug: 'led',
      definition: {
        language: 'en',
        name: { en: 'Led a drill' },
        description: { en: 'Led it.' },
        criteria: { en: 'Lead one.' },
        resultDescriptions: [
          { id: 'score', name: { en: 'Score' }, type: 'Percent' },
          {
            id: 'calm',
            name: { en: 'Calm' },
            type: 'RubricCriterionLevel',
            levels: [
              { id: 'some', name: { en: 'Somewhat calm' } },
              { id: 'very', name: { en: 'Very calm' }, description: { en: 'Stays so under stress.' } },
            ],
          },
        ],
      },
    })
    expect([made.status, made.body.code]).toEqual([201, undefined])
    await school.api.post(`/v1/achievements/${made.body.id}/versions/1/publish`)
    const address = `offered${++people}@example.org`
    await school.api.post('/v1/direct-awards', {
      achievementId: made.body.id,
      identifier: address,
      narrative: 'She led **two** floors.',
      results: [
        { resultDescription: 'score', value: '87' },
        { resultDescription: 'calm', value: 'very' },
      ],
      evidence: [{ url: 'https://portfolio.example.org/drill', name: 'The film' }],
    })
    await product.inbox.waitFor(address, 20_000)
    const [token] = claimsTo(address)
    const parts = {
      narrative: 'She led **two** floors.',
      results: [
        { name: 'Score', type: 'Percent', value: '87' },
        {
          name: 'Calm',
          type: 'RubricCriterionLevel',
          value: 'very',
          level: { name: 'Very calm', description: 'Stays so under stress.' },
        },
      ],
      evidence: [{ url: 'https://portfolio.example.org/drill', name: 'The film' }],
    }
    expect((await anonymous().get(`/v1/claims/${token}`)).body.parts).toEqual(parts)
    // Whoever is signed in as somebody else has nothing to do with it.
    const other = await signedIn(product, 'somebody-else@example.org')
    expect((await other.get(`/v1/claims/${token}`)).body).toMatchObject({ matches: false, parts: null })

    const learner = await signedIn(product, address)
    const { credentialId } = (await learner.post(`/v1/claims/${token}/accept`)).body
    await expect
      .poll(async () => (await learner.get(`/v1/credentials/${credentialId}`)).status, { timeout: 20_000 })
      .toBe(200)
    // The link has done what it was for.
    expect((await anonymous().get(`/v1/claims/${token}`)).body.parts).toBeNull()
    const { document } = (await learner.get(`/v1/credentials/${credentialId}`)).body
    const report = await anonymous().post('/v1/verify', { credential: document })
    expect(report.body.credential.parts).toEqual(parts)
  })

  test('is seen of a badge that a rule awarded too', async () => {
    const { address } = await awarded()
    const [token] = claimsTo(address)
    expect((await anonymous().get(`/v1/claims/${token}`)).body.parts).toEqual({
      narrative: null,
      results: [],
      evidence: [],
    })
  })
})

describe('a claim that is mailed again', () => {
  test('has a new link, and the earlier one is over', async () => {
    const { address, awardId, credentialId } = await awarded()
    expect((await resend(awardId)).status).toBe(200)
    await expect.poll(() => claimsTo(address).length, { timeout: 15_000 }).toBe(2)
    const [first, second] = claimsTo(address)
    expect((await anonymous().get(`/v1/claims/${first}`)).body.code).toBe('claim-invalid')
    expect((await anonymous().get(`/v1/claims/${second}`)).body.state).toBe('open')
    const browser = new ApiCaller(product.url, { origin: product.url })
    expect((await browser.post(`/v1/claims/${second}/accept`)).body.credentialId).toBe(credentialId)
    expect((await resend(awardId)).body).toMatchObject({
      code: 'claim-over',
      parameters: { state: 'claimed' },
    })
  })

  test('is mailed ten times at most, also by two processes at once', async () => {
    const { awardId } = await awarded()
    const operator: Principal = { kind: 'operator' }
    const again = (of: Product) =>
      of.routes.resendClaim(operator, school.id as OrganisationId, awardId as AwardId).then(
        () => 'sent',
        ({ code }: { code: string }) => code,
      )
    const here = product.running.product
    const said = await Promise.all(Array.from({ length: 12 }, (_, n) => again(n % 2 === 0 ? here : later)))
    expect(said.filter((each) => each === 'sent')).toHaveLength(9)
    expect(said.filter((each) => each === 'sent-too-often')).toHaveLength(3)
  })

  test('has all the time again when it was over', async () => {
    const { address, awardId } = await awarded()
    const learner = await signedIn(product, address)
    clock.advance(83 * DAY_MS)
    const [first] = claimsTo(address)
    expect((await later.routes.claims.offer(first ?? '')).claim.state).toBe('expired')
    await later.routes.resendClaim({ kind: 'operator' }, school.id as OrganisationId, awardId as AwardId)
    const [{ expiresAt }] = await offersOf(learner)
    expect(Date.parse(expiresAt)).toBeGreaterThan(Date.now() + 160 * DAY_MS)
  })

  test('goes nowhere where there is no address: its earner signs in with what it was sent to', async () => {
    const { achievementId } = firstAid
    const over = { subject: 'account:https://lms.example.org#u77' }
    const events = earning('u77').map((event) => ({ ...event, ...over }))
    await school.api.post('/v1/events', events)
    const { routes } = product.running.product
    const identity = { type: 'account', value: 'https://lms.example.org#u77' } as const
    const path = `/v1/subjects?identifier=${encodeURIComponent(`account:${identity.value}`)}`
    const awardsOf = async () => {
      const { body } = await school.api.get(path)
      return (await school.api.get(`/v1/awards?subjectId=${body.id}`)).body.items ?? []
    }
    await expect.poll(async () => (await awardsOf())[0]?.state, { timeout: 20_000 }).toBe('issued')
    const [{ id: awardId }] = await awardsOf()
    expect((await resend(awardId)).body.code).toBe('conflict')
    const token = /#([\w-]+)$/.exec(await routes.signIn.link(identity))?.[1]
    const answer = await anonymous().post('/v1/session', { token })
    const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    const learner = new ApiCaller(product.url, { cookie, origin: product.url })
    expect(await offersOf(learner)).toMatchObject([{ achievementId, kind: 'award' }])
  })
})
