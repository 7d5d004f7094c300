import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { withClient } from '#adapters/postgres/with-client.ts'
import type { Product } from '#app/compose.ts'
import type { Principal } from '#engine/access/rights.ts'
import {
  afterMove,
  type ConfirmationMove,
  type ConfirmationState,
} from '#engine/claims/claim-confirmation.ts'
import { DAY_MS } from '#engine/shared/duration.ts'
import type { AccountId } from '#engine/shared/ids.ts'
import { ApiCaller } from '#test/product/api-caller.ts'
import { BrowserLike } from '#test/product/browser-like.ts'
import { tokenIn } from '#test/product/endorser.ts'
import { awardOf, earning, type FirstAid, setUpFirstAid } from '#test/product/first-aid.ts'
import { composeAgain, setClock } from '#test/product/second-composition.ts'
import {
  OPERATOR,
  startTestProduct,
  type TestOrganisation,
  type TestProduct,
} from '#test/product/test-product.ts'

let product: TestProduct
let school: TestOrganisation
let firstAid: FirstAid
beforeAll(async () => {
  product = await startTestProduct()
  school = await product.organisation('mismatch-school')
  firstAid = await setUpFirstAid(school.api, 'mismatch-academy')
})
afterAll(() => product?.stop())

async function signedIn(email: string): Promise<BrowserLike> {
  const who = new BrowserLike(product.url)
  const link = await product.running.product.routes.signIn.link({ type: 'email', value: email })
  expect((await who.signInByToken(tokenIn(link))).status).toBe(201)
  return who
}

const mailsTo = (email: string) =>
  product.inbox.mails.filter(({ to }) => JSON.stringify(to).includes(`"${email}"`))

const told = (email: string, subject: RegExp) =>
  vi.waitFor(
    () => expect(mailsTo(email).map((mail) => mail.subject)).toContainEqual(expect.stringMatching(subject)),
    {
      timeout: 15_000,
    },
  )

let people = 0
/** A badge that was sent to the school's address of somebody who signs in with another one. */
async function mismatch(): Promise<{
  name: string
  token: string
  learner: BrowserLike
  identityId: string
  awardId: string
}> {
  const name = `learner${++people}`
  await school.api.post('/v1/events', earning(name))
  const mail = await product.inbox.waitFor(`${name}@example.org`, 20_000)
  const token = /\/claim#([\w-]+)/.exec(mail.text ?? '')?.[1] ?? ''
  const learner = await signedIn(`${name}@home.example.org`)
  const identityId = (await learner.get('/v1/account')).body.identities[0].id
  return { name, token, learner, identityId, awardId: (await awardOf(school.api, name)).id }
}

async function asked() {
  const found = await mismatch()
  const { body, status } = await found.learner.post(`/v1/claims/${found.token}/confirmations`, {
    identityId: found.identityId,
    message: 'It is me.',
  })
  expect(status).toBe(201)
  return { ...found, id: body.id as string }
}

describe('a badge that was sent to another identifier', () => {
  test('is neither given to whoever is signed in nor signs them in as somebody else', async () => {
    const { name, token, learner } = await mismatch()
    expect((await learner.get(`/v1/claims/${token}`)).body).toMatchObject({ state: 'open', matches: false })
    expect((await new BrowserLike(product.url).get(`/v1/claims/${token}`)).body.matches).toBeNull()
    const refused = await learner.post(`/v1/claims/${token}/accept`)
    expect(refused.body).toMatchObject({
      status: 409,
      code: 'claim-mismatch',
      parameters: { identifier: 'l•••@example.org' },
    })
    expect(refused.headers.getSetCookie()).toEqual([])
    expect((await learner.get('/v1/session')).body.identities[0].value).toBe(`${name}@home.example.org`)
    expect((await learner.get('/v1/backpack')).body.items).toEqual([])
  })

  test('is not rejected by whoever is signed in as somebody else, of a rule or by hand', async () => {
    const { name, token, learner } = await mismatch()
    const { achievementId } = firstAid
    const address = `${name}-by-hand@example.org`
    await school.api.post('/v1/direct-awards', { achievementId, identifier: address })
    const mail = await product.inbox.waitFor(address, 20_000)
    const byHand = /\/claim#([\w-]+)/.exec(mail.text ?? '')?.[1] ?? ''
    for (const each of [token, byHand]) {
      const refused = await learner.post(`/v1/claims/${each}/reject`)
      expect(refused.body).toMatchObject({ status: 409, code: 'claim-mismatch' })
      expect((await learner.get(`/v1/claims/${each}`)).body.state).toBe('open')
      // Whoever reads mail there may.
      expect((await new BrowserLike(product.url).post(`/v1/claims/${each}/reject`)).status).toBe(204)
    }
  })

  test('is theirs once they prove that address too, with a code that goes there', async () => {
    const { name, token, learner } = await mismatch()
    expect((await learner.post(`/v1/claims/${token}/code`, { language: 'nl' })).status).toBe(202)
    await told(`${name}@example.org`, /is je code/)
    const code = /\b(\d{8})\b/.exec(mailsTo(`${name}@example.org`).at(-1)?.text ?? '')?.[1]
    const wrong = await learner.post(`/v1/claims/${token}/proof`, { code: '12345678' })
    expect(wrong.body.code).toBe('identity-code-invalid')
    const proven = await learner.post(`/v1/claims/${token}/proof`, { code })
    expect(proven.body).toMatchObject({ outcome: 'added' })
    expect((await learner.get(`/v1/claims/${token}`)).body.matches).toBe(true)
    expect((await learner.post(`/v1/claims/${token}/accept`)).status).toBe(200)
    expect((await learner.get('/v1/backpack')).body.items).toHaveLength(1)
  })

  test('is theirs once the awarder confirms it; both addresses are told, and the trail knows', async () => {
    const { name, token, learner, id, awardId } = await asked()
    await told('owner@mismatch-school.example.org', /Does this badge belong to/)
    await told(`${name}@example.org`, /Somebody asks for your badge/)
    // What the one shows is for the awarder; the address of the other stays hidden from the learner.
    const [own] = (await learner.get('/v1/account/claim-confirmations')).body.items
    expect(own).toMatchObject({
      state: 'asked',
      sentTo: 'l•••@example.org',
      achievementName: 'First aid basics',
    })
    const { items } = (await school.api.get('/v1/claim-confirmations?state=asked')).body
    expect(items[0]).toMatchObject({
      id,
      awardId,
      achievementId: firstAid.achievementId,
      sentTo: { type: 'email', value: `${name}@example.org` },
      shown: { type: 'email', value: `${name}@home.example.org` },
      message: 'It is me.',
    })
    expect((await learner.get('/v1/backpack')).body.items).toEqual([])

    const confirmed = await school.api.post(`/v1/claim-confirmations/${id}/confirm`)
    expect(confirmed).toMatchObject({ status: 200, body: { state: 'confirmed' } })
    expect((await learner.get('/v1/backpack')).body.items).toHaveLength(1)
    expect((await learner.get(`/v1/claims/${token}`)).body.state).toBe('claimed')
    await told(`${name}@home.example.org`, /The badge is with/)
    await told(`${name}@example.org`, /The badge is with/)
    const actions = (await school.api.get('/v1/audit')).body.items
      .filter((entry: { targetId: string }) => entry.targetId === id)
      .map(({ action, actor }: { action: string; actor: string }) => [action, actor.split(':')[0]])
    expect(actions).toEqual([
      ['claim_confirmation.confirmed', 'key'],
      ['claim_confirmation.asked', 'earner'],
    ])
  })

  test('stays where it was sent when the awarder refuses, with a reason that the learner sees', async () => {
    const { name, token, learner, id } = await asked()
    const empty = await school.api.post(`/v1/claim-confirmations/${id}/refuse`, {})
    expect(empty.body.code).toBe('invalid-request')
    const refused = await school.api.post(`/v1/claim-confirmations/${id}/refuse`, {
      reason: 'Unknown to us.',
    })
    expect(refused.body).toMatchObject({ state: 'refused', reason: 'Unknown to us.' })
    const [own] = (await learner.get('/v1/account/claim-confirmations')).body.items
    expect(own).toMatchObject({ state: 'refused', reason: 'Unknown to us.' })
    await told(`${name}@home.example.org`, /Not confirmed/)
    expect((await learner.get('/v1/backpack')).body.items).toEqual([])
    // The link still works for whom it was sent to.
    expect((await new BrowserLike(product.url).post(`/v1/claims/${token}/accept`)).status).toBe(200)
  })
})

describe('the list of questions', () => {
  test('is for whoever may award the badge in question: on the unit of its issuer too, and nothing of others', async () => {
    const { id } = await asked()
    const issuers = (await school.api.get('/v1/issuers')).body.items as { id: string; unitId: string }[]
    const unitId = issuers.find((issuer) => issuer.id === firstAid.issuerId)?.unitId
    const elsewhere = await school.api.post('/v1/units', { name: 'Without badges' })
    const listedBy = async (narrow: object) => {
      const key = await school.api.post('/v1/api-keys', { name: 'Narrow', ...narrow })
      const caller = new ApiCaller(product.url, { authorization: `Bearer ${key.body.secret}` })
      const { status, body } = await caller.get('/v1/claim-confirmations?state=asked&limit=100')
      return { status, ids: body.items?.map((item: { id: string }) => item.id), code: body.code }
    }
    expect(await listedBy({ rights: ['award'], unitId })).toMatchObject({
      status: 200,
      ids: expect.arrayContaining([id]),
    })
    expect(await listedBy({ rights: ['award'], unitId: elsewhere.body.id })).toMatchObject({
      status: 200,
      ids: [],
    })
    expect(await listedBy({ rights: ['read'], unitId })).toMatchObject({ status: 403, code: 'forbidden' })
  })
})

describe('what is refused', () => {
  test('asking twice, of a badge that is one’s own, with another’s identity, or without having signed in', async () => {
    const { token, learner, id, identityId, name } = await asked()
    const path = `/v1/claims/${token}/confirmations`
    const other = await signedIn('other@home.example.org')
    const own = await signedIn(`${name}@example.org`)
    const ownId = (await own.get('/v1/account')).body.identities[0].id
    const answers = [
      await learner.post(path, { identityId }),
      await own.post(path, { identityId: ownId }),
      await other.post(path, { identityId }),
      await learner.post(`/v1/claims/${'x'.repeat(43)}/confirmations`, { identityId }),
      await new BrowserLike(product.url).post(path, { identityId }),
    ]
    expect(answers.map(({ status, body }) => [status, body.code])).toEqual([
      [409, 'confirmation-exists'],
      [409, 'claim-matches'],
      [404, 'not-found'],
      [404, 'claim-invalid'],
      [401, 'unauthenticated'],
    ])
    expect(answers[0]?.body.parameters).toEqual({ id })
    const stolen = await other.post(`/v1/account/claim-confirmations/${id}/withdraw`)
    expect(stolen.body.code).toBe('not-found')
  })

  test('any further move, by the name of the state, with what is possible', async () => {
    const { learner, id } = await asked()
    expect((await learner.post(`/v1/account/claim-confirmations/${id}/withdraw`)).body.state).toBe(
      'withdrawn',
    )
    for (const answer of [
      await learner.post(`/v1/account/claim-confirmations/${id}/withdraw`),
      await school.api.post(`/v1/claim-confirmations/${id}/confirm`),
      await school.api.post(`/v1/claim-confirmations/${id}/refuse`, { reason: 'Late.' }),
    ])
      expect(answer.body).toMatchObject({
        status: 409,
        code: 'confirmation-over',
        parameters: { state: 'withdrawn', possible: [] },
      })
    // They may ask again.
    expect((await learner.get('/v1/account/claim-confirmations')).body.items[0].state).toBe('withdrawn')
  })

  test('an answer of whoever asked, also by their own key, and of who may award something else', async () => {
    const { learner, id } = await asked()
    const { id: accountId } = (await learner.get('/v1/account')).body
    await withClient(product.running.parts.databaseUrl, (client) =>
      client.query(
        "INSERT INTO membership (organisation_id, id, unit_id, account_id, rights) VALUES ($1, gen_random_uuid(), $2, $3, '{award,administer}')",
        [school.id, school.rootUnit, accountId],
      ),
    )
    const key = await learner.post('/v1/api-keys', { name: 'Mine', rights: ['award'] })
    const byKey = await fetch(`${product.url}/v1/claim-confirmations/${id}/confirm`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key.body.secret}` },
    })
    for (const answer of [
      (await learner.post(`/v1/claim-confirmations/${id}/confirm`)).body,
      await byKey.json(),
    ])
      expect(answer).toMatchObject({ status: 403, code: 'second-person-needed' })
    const unit = await school.api.post('/v1/units', { name: 'Elsewhere' })
    const narrow = await school.api.post('/v1/api-keys', {
      name: 'Elsewhere',
      rights: ['award'],
      unitId: unit.body.id,
    })
    const forbidden = await fetch(`${product.url}/v1/claim-confirmations/${id}/confirm`, {
      method: 'POST',
      headers: { authorization: `Bearer ${narrow.body.secret}` },
    })
    expect(await forbidden.json()).toMatchObject({ code: 'forbidden', parameters: { right: 'award' } })
  })

  test('an answer about a badge that was revoked or claimed meanwhile', async () => {
    const revoked = await asked()
    await school.api.post(`/v1/awards/${revoked.awardId}/revoke`, { reason: 'Test.' })
    expect((await school.api.post(`/v1/claim-confirmations/${revoked.id}/confirm`)).body).toMatchObject({
      code: 'claim-over',
      parameters: { state: 'withdrawn' },
    })
    const claimed = await asked()
    expect((await new BrowserLike(product.url).post(`/v1/claims/${claimed.token}/accept`)).status).toBe(200)
    expect((await school.api.post(`/v1/claim-confirmations/${claimed.id}/confirm`)).body).toMatchObject({
      code: 'confirmation-over',
      parameters: { state: 'expired' },
    })
  })

  test('an answer that comes too late', async () => {
    const { learner, id, token, identityId } = await asked()
    const clock = setClock()
    clock.advance(15 * DAY_MS)
    const late = composeAgain(product, { clock })
    const attempt = late.routes.confirmClaims.confirm(OPERATOR, school.id, id)
    await expect(attempt).rejects.toMatchObject({
      code: 'confirmation-over',
      parameters: { state: 'expired' },
    })
    const page = await late.routes.confirmClaims.list(
      OPERATOR,
      school.id,
      { limit: 100 },
      { state: 'expired' },
    )
    expect(page.items.map(({ confirmation, state }) => [confirmation.id, state])).toContainEqual([
      id,
      'expired',
    ])
    await withClient(product.running.parts.databaseUrl, (client) =>
      client.query("UPDATE claim_confirmation SET expires_at = now() - interval '1 second' WHERE id = $1", [
        id,
      ]),
    )
    expect((await learner.post(`/v1/claims/${token}/confirmations`, { identityId })).status).toBe(201)
  })
})

describe('whatever is pressed in whatever order', () => {
  const press = (
    { routes }: Product,
    person: Extract<Principal, { kind: 'session' }>,
    id: string,
    move: ConfirmationMove,
  ): Promise<unknown> => {
    if (move === 'confirm') return routes.confirmClaims.confirm(OPERATOR, school.id, id)
    if (move === 'refuse') return routes.confirmClaims.refuse(OPERATOR, school.id, id, 'No.')
    return routes.confirmClaims.withdraw(person, id)
  }

  const personOf = async (learner: BrowserLike) => {
    const { id } = (await learner.get('/v1/account')).body
    return { kind: 'session' as const, accountId: id as AccountId, sessionId: '', grants: [] }
  }

  const stateOf = async (id: string): Promise<ConfirmationState> =>
    (await school.api.get('/v1/claim-confirmations?limit=100')).body.items.find(
      (item: { id: string }) => item.id === id,
    ).state

  test('the running product goes where the table goes', async () => {
    const moves = fc.array(fc.constantFrom<ConfirmationMove>('confirm', 'refuse', 'withdraw'), {
      minLength: 1,
      maxLength: 4,
    })
    await fc.assert(
      fc.asyncProperty(moves, async (tried) => {
        const { learner, id } = await asked()
        const person = await personOf(learner)
        let expected: ConfirmationState = 'asked'
        for (const move of tried) {
          const next = afterMove(expected, move)
          const done = await press(product.running.product, person, id, move).catch((error) => error.code)
          if (next === undefined) expect(done).toBe('confirmation-over')
          else expected = next
          expect(await stateOf(id)).toBe(expected)
        }
        expect((await learner.get('/v1/backpack')).body.items).toHaveLength(expected === 'confirmed' ? 1 : 0)
      }),
      { numRuns: 6 },
    )
  })

  test('fifty presses at once in two processes: one decides', async () => {
    const { learner, id } = await asked()
    const person = await personOf(learner)
    const second = composeAgain(product, {})
    const moves: ConfirmationMove[] = ['confirm', 'refuse', 'withdraw']
    const done = await Promise.allSettled(
      Array.from({ length: 50 }, (_, turn) =>
        press(turn % 2 === 0 ? product.running.product : second, person, id, moves[turn % 3] ?? 'confirm'),
      ),
    )
    expect(done.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const codes = done.flatMap((each) => (each.status === 'rejected' ? [each.reason.code] : []))
    expect([...new Set(codes)]).toEqual(['confirmation-over'])
    const state = await stateOf(id)
    expect((await learner.get('/v1/backpack')).body.items).toHaveLength(state === 'confirmed' ? 1 : 0)
  })

  test('the link and the awarder’s yes at once: the badge goes to one of them', async () => {
    const { name, learner, id, token } = await asked()
    const earner = new BrowserLike(product.url)
    const [confirmed, accepted] = await Promise.all([
      school.api.post(`/v1/claim-confirmations/${id}/confirm`),
      earner.post(`/v1/claims/${token}/accept`),
    ])
    expect([confirmed.status, accepted.status].sort()).toEqual([200, 409])
    const owner = await signedIn(`${name}@example.org`)
    const counts = [
      (await learner.get('/v1/backpack')).body.items.length,
      (await owner.get('/v1/backpack')).body.items.length,
    ]
    expect(counts).toEqual(confirmed.status === 200 ? [1, 0] : [0, 1])
  })
})
