import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ExpertReviewMove, reviewAfter } from '#engine/achievements/expert-review.ts'
import { DAY_MS } from '#engine/shared/duration.ts'
import { type ApiAnswer, ApiCaller } from '#test/product/api-caller.ts'
import { composeAgain, setClock } from '#test/product/second-composition.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from '#test/product/test-product.ts'

let product: TestProduct
let school: TestOrganisation
let issuerId: string
let anybody: ApiCaller
beforeAll(async () => {
  product = await startTestProduct()
  school = await product.organisation('expert-school')
  issuerId = (await school.api.post('/v1/issuers', { slug: 'expert-academy', name: 'Academy' })).body.id
  anybody = new ApiCaller(product.url)
})
afterAll(() => product?.stop())

const en = { en: 'Text.', nl: 'Tekst.' }
const definition = { name: en, description: en, criteria: en }
let count = 0
async function inReview(): Promise<string> {
  const made = await school.api.post('/v1/achievements', { issuerId, slug: `seen-${++count}`, definition })
  const path = `/v1/achievements/${made.body.id}/versions/1`
  expect((await school.api.post(`${path}/submit`, undefined, { 'if-match': '"v1"' })).status).toBe(200)
  return path
}

let asked = 0
/** Asks an expert, and reads the link in the mail. */
async function ask(path: string, over: object = {}) {
  const email = `expert-${++asked}@outside.example.org`
  const answer = await school.api.post(`${path}/expert-reviews`, { email, ...over })
  expect([answer.status, answer.body.code]).toEqual([201, undefined])
  const mail = await product.inbox.waitFor(email, 20_000)
  const token = /\/expert-review#([\w-]{40,})/.exec(mail.text)?.[1]
  return { id: answer.body.id as string, email, mail, link: `/v1/expert-review-links/${token}` }
}
const words = { name: 'Sam de Vries', organisation: 'Red Cross', qualification: 'Instructor' }
async function answers(link: string, verdict = 'agrees', over: object = {}) {
  const { digest } = (await anybody.get(link)).body
  const remarks = verdict === 'agrees' ? {} : { remarks: 'Name the protocol.' }
  return anybody.post(`${link}/answer`, { verdict, ...remarks, ...words, digest, ...over })
}
const outcome = ({ status, body }: ApiAnswer) => [status, body?.code ?? body?.state]
async function want(expertReviews: object) {
  const { headers } = await school.api.get('/v1/organisations/settings')
  const changed = await school.api.send(
    'PATCH',
    '/v1/organisations/settings',
    JSON.stringify({ expertReviews }),
    { 'content-type': 'application/json', 'if-match': headers.get('etag') ?? '' },
  )
  expect(changed.status).toBe(200)
}

describe('an expert from outside', () => {
  test('gets a mail, sees the version without an account, and answers once', async () => {
    const path = await inReview()
    const { email, mail, link } = await ask(path, { language: 'nl', message: 'Klopt het niveau?' })
    expect(mail.subject).toBe('Test expert-school vraagt je oordeel over een nieuwe badge')
    expect(mail.text).toContain('Klopt het niveau?')
    const again = await school.api.post(`${path}/expert-reviews`, { email: email.toUpperCase() })
    expect(outcome(again)).toEqual([409, 'expert-review-open'])
    const shown = await anybody.get(link)
    expect(shown.body).toMatchObject({ state: 'viewed', version: 1, definition: { name: en } })
    const remarkless = { verdict: 'disagrees', ...words, digest: shown.body.digest }
    expect(outcome(await anybody.post(`${link}/answer`, remarkless))).toEqual([400, 'invalid-request'])
    expect(outcome(await answers(link, 'agrees_with_remarks'))).toEqual([200, 'answered'])
    for (const closed of [await anybody.get(link), await anybody.post(`${link}/decline`)]) {
      expect(outcome(closed)).toEqual([409, 'expert-review-closed'])
      expect(closed.body.parameters).toEqual({ state: 'answered', possible: ['ask again'] })
    }
    const { items, standing } = (await school.api.get(`${path}/expert-reviews`)).body
    expect(items).toMatchObject([
      { email, state: 'answered', answer: { verdict: 'agrees_with_remarks', stale: false, ...words } },
    ])
    expect(standing).toEqual({ need: 0, have: 1, disagree: 0, open: 0, stale: 0, isEnough: true })
    expect(outcome(await anybody.get(`/v1/expert-review-links/${'A'.repeat(43)}`))).toEqual([
      404,
      'expert-review-unknown',
    ])
  })

  test('is asked while the version is reviewed, and not before or after; nor sees it otherwise', async () => {
    const path = await inReview()
    const { link } = await ask(path)
    await school.api.post(`${path}/return`, { reason: 'Why.' })
    const early = await school.api.post(`${path}/expert-reviews`, { email: 'x@outside.example.org' })
    expect(outcome(early)).toEqual([409, 'version-not-in-review'])
    expect(early.body.parameters).toMatchObject({ state: 'draft', possible: ['submit'] })
    expect(outcome(await anybody.get(link))).toEqual([409, 'version-not-in-review'])
    await school.api.post(`${path}/publish`)
    const late = await school.api.post(`${path}/expert-reviews`, { email: 'x@outside.example.org' })
    expect(late.body.parameters).toMatchObject({ state: 'published', possible: [] })
  })

  test('who answers about another text than is there now is told, and an edit makes an answer stale', async () => {
    const path = await inReview()
    const { link } = await ask(path)
    const old = await answers(link, 'agrees', { digest: 'a'.repeat(64) })
    expect(outcome(old)).toEqual([409, 'expert-review-outdated'])
    expect(outcome(await answers(link))).toEqual([200, 'answered'])
    await school.api.post(`${path}/return`, { reason: 'Why.' })
    await school.api.put(path, { definition: { ...definition, tags: ['new'] } }, { 'if-match': '"v1"' })
    const { items, standing } = (await school.api.get(`${path}/expert-reviews`)).body
    expect([items[0].answer.stale, standing.have, standing.stale]).toEqual([true, 0, 1])
    // Written back as it was, it is what was answered about.
    await school.api.put(path, { definition }, { 'if-match': '"v2"' })
    expect((await school.api.get(`${path}/expert-reviews`)).body.standing).toMatchObject({
      have: 1,
      stale: 0,
    })
  })

  test('may decline; the organisation may take it back; and after 14 days it is over', async () => {
    const path = await inReview()
    const [one, other, third] = [await ask(path), await ask(path), await ask(path)]
    expect((await anybody.post(`${one.link}/decline`)).status).toBe(204)
    const withdraw = (id: string) => school.api.post(`/v1/expert-reviews/${id}/withdraw`)
    expect(outcome(await withdraw(one.id))).toEqual([409, 'expert-review-closed'])
    expect(outcome(await withdraw(other.id))).toEqual([200, 'withdrawn'])
    expect(outcome(await anybody.get(other.link))).toEqual([409, 'expert-review-closed'])
    const clock = setClock()
    clock.advance(14 * DAY_MS + 1000)
    const { answerExpertReviews } = composeAgain(product, { clock }).routes
    const token = third.link.split('/').at(-1) ?? ''
    await expect(answerExpertReviews.view(token)).rejects.toMatchObject({
      code: 'expert-review-closed',
      parameters: { state: 'expired' },
    })
  })
})

test('where the organisation wants experts to agree, nothing is published before as many did', async () => {
  await want({ all: 1, microCredential: 2 })
  try {
    const path = await inReview()
    const publish = () => school.api.post(`${path}/publish`)
    const missing = async () => {
      const { status, body } = await publish()
      return [status, body.code, body.parameters?.missing]
    }
    await school.api.post(`${path}/approve`, undefined, { 'if-match': '"v1"' })
    expect(await missing()).toEqual([409, 'expert-reviews-missing', 1])
    await answers((await ask(path)).link, 'disagrees')
    const { parameters } = (await publish()).body
    expect(parameters).toEqual({ need: 1, have: 0, missing: 1, disagree: 1, open: 0, stale: 0 })
    await answers((await ask(path)).link, 'agrees_with_remarks')
    expect(outcome(await publish())).toEqual([200, 'published'])
  } finally {
    await want({ all: 0, microCredential: 0 })
  }
})

test('whatever is tried with a request, in whatever order, goes as the states say', async () => {
  const path = await inReview()
  const byHand: readonly Exclude<ExpertReviewMove, 'expire'>[] = ['view', 'answer', 'decline', 'withdraw']
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...byHand), { minLength: 1, maxLength: 5 }), async (moves) => {
      const { id, link } = await ask(path)
      const { digest } = (await school.api.get(`${path}/expert-reviews`)).body
      const does = {
        view: () => anybody.get(link),
        answer: () => anybody.post(`${link}/answer`, { verdict: 'agrees', ...words, digest }),
        decline: () => anybody.post(`${link}/decline`),
        withdraw: () => school.api.post(`/v1/expert-reviews/${id}/withdraw`),
      }
      let state: Parameters<typeof reviewAfter>[0] = 'requested'
      for (const move of moves) {
        const after = reviewAfter(state, move)
        const { status, body } = await does[move]()
        if (after === undefined)
          expect([move, status, body.code]).toEqual([move, 409, 'expert-review-closed'])
        else {
          expect([move, status < 300]).toEqual([move, true])
          state = after
        }
      }
      const { items } = (await school.api.get(`${path}/expert-reviews`)).body
      expect(items.find((each: { id: string }) => each.id === id).state).toBe(state)
    }),
    { numRuns: 8 },
  )
})

test('fifty who answer and decline at once, in two processes: it is closed once', async () => {
  const path = await inReview()
  const { link } = await ask(path)
  const { digest } = (await anybody.get(link)).body
  const token = link.split('/').at(-1) ?? ''
  const processes = [product.running.product, composeAgain(product, {})]
  const done = await Promise.allSettled(
    Array.from({ length: 50 }, (_, n) => {
      const reviews = processes[n % 2]?.routes.answerExpertReviews
      return n % 3 === 0
        ? reviews?.decline(token)
        : reviews?.answer(token, digest, { verdict: 'agrees', name: 'Sam' })
    }),
  )
  expect(done.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
})
