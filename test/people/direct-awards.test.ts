import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { withClient } from '#adapters/postgres/with-client.ts'
import type { Product } from '#app/compose.ts'
import { DAY_MS, MINUTE_MS } from '#engine/shared/duration.ts'
import type { DirectAwardId } from '#engine/shared/ids.ts'
import { ApiCaller } from '#test/product/api-caller.ts'
import { tokenIn } from '#test/product/endorser.ts'
import { setUpFirstAid } from '#test/product/first-aid.ts'
import { signedIn } from '#test/product/member.ts'
import { composeAgain, type SetClock, setClock } from '#test/product/second-composition.ts'
import {
  OPERATOR,
  startTestProduct,
  type TestOrganisation,
  type TestProduct,
} from '#test/product/test-product.ts'

let product: TestProduct
let school: TestOrganisation
let achievementId: string
/** The use cases once more, on a clock that a test sets. */
let later: Product
let clock: SetClock
beforeAll(async () => {
  product = await startTestProduct()
  school = await product.organisation('direct-school')
  const { issuerId } = await setUpFirstAid(school.api, 'direct-academy')
  const made = await school.api.post('/v1/achievements', {
    issuerId,
    slug: 'drill',
    definition: {
      language: 'en',
      name: { en: 'Evacuation drill', nl: 'Ontruimingsoefening' },
      description: { en: 'Led a drill.' },
      criteria: { en: 'Lead one.' },
      resultDescriptions: [{ id: 'score', name: { en: 'Score' }, type: 'Percent' }],
    },
  })
  achievementId = made.body.id
  await school.api.post(`/v1/achievements/${achievementId}/versions/1/publish`)
  clock = setClock()
  later = composeAgain(product, { clock })
})
afterAll(() => product?.stop())

let people = 0
const somebody = () => `learner${++people}@example.org`

async function offered(identifier = somebody(), over: object = {}) {
  const { status, body, headers } = await school.api.post('/v1/direct-awards', {
    achievementId,
    identifier,
    ...over,
  })
  expect([status, body.directAward?.state]).toEqual([201, expect.stringMatching(/scheduled|unaccepted/)])
  const { id } = body.directAward
  return {
    id: id as string,
    identifier,
    path: `/v1/direct-awards/${id}`,
    etag: headers.get('etag'),
    code: body.awardCode as string,
    ...body,
  }
}

const mailsTo = (address: string) =>
  product.inbox.mails.filter(({ to }) => JSON.stringify(to).includes(`"${address}"`))
const linkTo = async (address: string) =>
  tokenIn((await product.inbox.waitFor(address, 20_000)).text.match(/\S+\/claim#\S+/)?.[0] ?? '')
const state = async (path: string) => (await school.api.get(path)).body.state
const sql = (text: string, values: unknown[] = []) =>
  withClient(product.running.parts.databaseUrl, async (client) => (await client.query(text, values)).rows)
const runLater = async () => {
  while ((await later.steps.direct_awards()).more);
}
const remove = (path: string) => school.api.send('DELETE', path, undefined)

test.each([
  'foo<ann7@x.example>',
  '<ann@x.example>',
  'ann7@x.example;bob',
  'ann7@x..example',
  `${'a'.repeat(300)}@x.example`,
  'an\u200Bn@x.example',
  'an\u00ADn@x.example',
  'eppn:an\u200Bn@x.example',
])('nothing is offered to %s, which no mail can reach', async (identifier) => {
  const { status, body } = await school.api.post('/v1/direct-awards', { achievementId, identifier })
  expect([status, body.code, body.errors[0].pointer]).toEqual([400, 'invalid-request', '/identifier'])
})

describe('one direct award', () => {
  test('is offered by mail, claimed by its link, and signed with all that was said of this person', async () => {
    const { path, identifier } = await offered(undefined, {
      narrative: 'Led the drill of 12 November.',
      evidence: [{ url: 'https://example.org/drill', name: 'Report' }],
      results: [{ resultDescription: 'score', value: '93' }],
      language: 'nl',
      message: 'Gefeliciteerd met je oefening!',
    })
    const token = await linkTo(identifier)
    expect(mailsTo(identifier)[0]).toMatchObject({
      subject: 'Je hebt een badge: Ontruimingsoefening',
      text: expect.stringContaining('Gefeliciteerd met je oefening!'),
    })
    const visitor = new ApiCaller(product.url, { origin: product.url })
    expect((await visitor.get(`/v1/claims/${token}`)).body).toMatchObject({
      state: 'open',
      achievementName: 'Evacuation drill',
      byRule: false,
    })
    const accepted = await visitor.post(`/v1/claims/${token}/accept`)
    expect(accepted.status).toBe(200)
    const { credentialId } = accepted.body
    const cookie = accepted.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    const earner = new ApiCaller(product.url, { cookie, origin: product.url })
    // Pressed twice.
    expect((await earner.post(`/v1/claims/${token}/accept`)).body.credentialId).toBe(credentialId)
    const credential = await vi.waitFor(
      async () => {
        const answer = await earner.get(`/credentials/${credentialId}`, { accept: 'application/json' })
        expect(answer.status).toBe(200)
        return answer.body
      },
      { timeout: 20_000 },
    )
    expect(credential).toMatchObject({
      credentialSubject: {
        narrative: 'Led the drill of 12 November.',
        result: [{ resultDescription: expect.stringMatching(/#result-score$/), value: '93' }],
      },
      evidence: [{ id: 'https://example.org/drill', name: 'Report' }],
    })
    const verified = await new ApiCaller(product.url).post('/v1/verify', credential)
    expect(verified.body.verdict).not.toBe('invalid')

    const { body } = await school.api.get(path)
    expect(body).toMatchObject({ state: 'claimed', possible: ['revoke'], mailsSent: 1 })
    const award = (await school.api.get(`/v1/awards/${body.awardId}`)).body
    expect(award).toMatchObject({ state: 'issued', claim: 'claimed', narrative: body.narrative })
    expect((await earner.get('/v1/backpack')).body.items).toHaveLength(1)
    expect((await visitor.get(`/v1/claims/${token}`)).body).toMatchObject({ state: 'claimed', credentialId })
    const actions = (await school.api.get('/v1/audit')).body.items
      .filter(({ targetId }: { targetId: string }) => path.endsWith(targetId))
      .map(({ action, actor }: { action: string; actor: string }) => `${action} ${actor.split(':')[0]}`)
    expect(actions).toEqual([
      'direct_award.claimed earner',
      'direct_award.sent key',
      'direct_award.created key',
    ])
  })

  test('is on offer once: the second one is told which is open', async () => {
    const { id, identifier, path } = await offered()
    const again = { achievementId, identifier: `mailto:${identifier.toUpperCase()}` }
    const refused = await school.api.post('/v1/direct-awards', again)
    expect(refused.body).toMatchObject({
      status: 409,
      code: 'direct-award-open',
      parameters: { directAwardId: id, state: 'unaccepted' },
    })
    await remove(path)
    expect((await school.api.post('/v1/direct-awards', again)).status).toBe(201)
    const both = (await school.api.get(`/v1/direct-awards?identifier=${identifier}`)).body.items
    expect(both.map((each: { state: string }) => each.state)).toEqual(['unaccepted', 'deleted'])
  })

  test('many at once for the same person make one', async () => {
    const identifier = somebody()
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => school.api.post('/v1/direct-awards', { achievementId, identifier })),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(11).fill(409)])
  })

  test('is rejected by its link, and then nothing can be done about it', async () => {
    const { path, identifier, etag } = await offered()
    const token = await linkTo(identifier)
    expect((await new ApiCaller(product.url).post(`/v1/claims/${token}/reject`)).status).toBe(204)
    expect(await state(path)).toBe('rejected')
    const over = { status: 409, code: 'direct-award-state', parameters: { state: 'rejected', possible: [] } }
    expect((await school.api.post(`${path}/resend`)).body).toMatchObject(over)
    expect((await school.api.post(`${path}/undo`)).body).toMatchObject(over)
    expect((await school.api.post(`${path}/revoke`, { reason: 'X' })).body).toMatchObject(over)
    expect((await remove(path)).body).toMatchObject(over)
    const change = await school.api.send('PATCH', path, '{"message":"X"}', {
      'content-type': 'application/json',
      'if-match': etag ?? '',
    })
    expect(change.body).toMatchObject(over)
    expect((await new ApiCaller(product.url).post(`/v1/claims/${token}/accept`)).body.code).toBe('claim-over')
  })

  test('refuses what could not be issued, and what nobody can be', async () => {
    const post = async (over: object) =>
      (await school.api.post('/v1/direct-awards', { achievementId, identifier: somebody(), ...over })).body
    expect(await post({ identifier: 'id:lms#7' })).toMatchObject({ code: 'invalid-request' })
    expect(await post({ results: [{ resultDescription: 'grade', value: '9' }] })).toMatchObject({
      code: 'invalid-request',
      errors: [{ pointer: '/results/0/resultDescription', code: 'result-unknown' }],
    })
    expect(await post({ evidence: [{}] })).toMatchObject({ code: 'invalid-request' })
    expect(await post({ reminderDays: [9, 3] })).toMatchObject({ code: 'invalid-request' })
    const { items } = (await school.api.get('/v1/issuers')).body
    const draft = await school.api.post('/v1/achievements', {
      issuerId: items[0].id,
      slug: 'unfinished',
      definition: { name: { en: 'X' }, description: { en: 'X.' }, criteria: { en: 'X.' } },
    })
    expect(await post({ achievementId: draft.body.id })).toMatchObject({ code: 'achievement-not-published' })
  })
})

describe('whoever awarded it', () => {
  const patch = (path: string, etag: string | null, body: object) =>
    school.api.send('PATCH', path, JSON.stringify(body), {
      'content-type': 'application/json',
      'if-match': etag ?? '',
    })

  test('mends a typo: the offer goes to the right one, and the first link and code end', async () => {
    const { path, identifier, etag, code } = await offered()
    const token = await linkTo(identifier)
    const right = somebody()
    const mended = await patch(path, etag, { identifier: right, message: 'For you.' })
    expect(mended.body).toMatchObject({
      directAward: { state: 'unaccepted', identifier: `email:${right}`, message: 'For you.' },
      awardCode: expect.stringMatching(/^(?:\w{4}-){3}\w{4}$/),
    })
    expect((await new ApiCaller(product.url).get(`/v1/claims/${token}`)).body.code).toBe('claim-invalid')
    const learner = await signedIn(product, right)
    expect((await learner.post('/v1/claims/by-code', { code })).body.code).toBe('code-unknown')
    expect(await linkTo(right)).not.toBe(token)

    const stale = await patch(path, etag, { message: 'Too late.' })
    expect(stale.body).toMatchObject({
      status: 412,
      code: 'precondition-failed',
      parameters: { current: mended.body.directAward.revision },
    })
    const other = await offered()
    const taken = await patch(path, mended.headers.get('etag'), { identifier: other.identifier })
    expect(taken.body).toMatchObject({ code: 'direct-award-open', parameters: { directAwardId: other.id } })
  })

  test('sends it again, ten times at most, with the same link', async () => {
    const { path, identifier } = await offered()
    const token = await linkTo(identifier)
    expect((await school.api.post(`${path}/resend`)).body).toMatchObject({ mailsSent: 2 })
    await vi.waitFor(() => expect(mailsTo(identifier)).toHaveLength(2), { timeout: 20_000 })
    expect(mailsTo(identifier)[1]?.text).toContain(token)
    await sql('UPDATE direct_award SET mails = 10 WHERE id = $1', [path.split('/').at(-1)])
    expect((await school.api.post(`${path}/resend`)).body.code).toBe('sent-too-often')
  })

  test('undoes a slip before anybody is told, and only for a short time', async () => {
    const slip = await offered(undefined, { scheduledAt: '2099-01-01T00:00:00Z' })
    expect((await school.api.post(`${slip.path}/undo`)).body).toMatchObject({
      state: 'deleted',
      possible: [],
    })
    expect(mailsTo(slip.identifier)).toEqual([])

    const { path } = await offered()
    await sql(`UPDATE direct_award SET created_at = created_at - interval '6 minutes' WHERE id = $1`, [
      path.split('/').at(-1),
    ])
    expect((await school.api.post(`${path}/undo`)).body).toMatchObject({
      status: 409,
      code: 'direct-award-undo-over',
      parameters: { state: 'unaccepted', possible: ['change', 'resend', 'delete', 'revoke'] },
    })
  })

  test('a mail that has not gone yet never goes', async () => {
    const { id, identifier, path } = await offered()
    await linkTo(identifier)
    // As if the mail server had been away: it waits for the next attempt.
    await sql(
      `UPDATE mail SET state = 'waiting', next_attempt_at = now() + interval '1 hour' WHERE message_id LIKE '%' || $1 || '%'`,
      [id],
    )
    expect((await school.api.post(`${path}/undo`)).status).toBe(200)
    const mails = await sql(
      `SELECT state, recipient, text FROM mail WHERE message_id LIKE '%' || $1 || '%'`,
      [id],
    )
    expect(mails).toEqual([{ state: 'failed', recipient: '', text: '' }])
  })

  test('revokes a claimed badge by either road, and the two say the same', async () => {
    const learner = await signedIn(product, 'revoked@example.org')
    for (const road of ['direct', 'award'] as const) {
      const { path, code } = await offered('revoked@example.org')
      const claimed = await learner.post('/v1/claims/by-code', { code })
      expect(claimed.status).toBe(200)
      const { awardId } = (await school.api.get(path)).body
      await vi.waitFor(
        async () => expect((await school.api.get(`/v1/awards/${awardId}`)).body.state).toBe('issued'),
        { timeout: 20_000 },
      )
      const target = road === 'direct' ? path : `/v1/awards/${awardId}`
      expect((await school.api.post(`${target}/revoke`, { reason: 'A mistake.' })).status).toBe(200)
      expect((await school.api.get(path)).body).toMatchObject({ state: 'revoked', reason: 'A mistake.' })
      expect((await school.api.get(`/v1/awards/${awardId}`)).body.state).toBe('revoked')
      if (road === 'direct') continue
      const reinstated = await school.api.post(`/v1/awards/${awardId}/reinstate`, { reason: 'It was none.' })
      expect(reinstated.status).toBeLessThan(300)
      await vi.waitFor(
        async () =>
          expect((await school.api.get(path)).body).toMatchObject({ state: 'claimed', endedAt: null }),
        { timeout: 20_000 },
      )
    }
  })

  test('has a QR code drawn of where the code is typed', async () => {
    const { path } = await offered()
    const drawn = await school.api.get(`${path}/qr?format=svg`)
    expect([drawn.status, drawn.type]).toEqual([200, 'image/svg+xml'])
    await remove(path)
    expect((await school.api.get(`${path}/qr`)).body.code).toBe('direct-award-state')
  })
})

describe('whoever it is for', () => {
  test('finds it when they sign in with that identifier, and takes it without a link', async () => {
    const { id, identifier, path } = await offered()
    const learner = await signedIn(product, identifier)
    const { items } = (await learner.get('/v1/account/direct-awards')).body
    expect(items).toMatchObject([
      { id, achievementName: 'Evacuation drill', identifier: `email:${identifier}` },
    ])
    const other = await signedIn(product, somebody())
    expect((await other.get('/v1/account/direct-awards')).body.items).toEqual([])
    expect((await other.post(`/v1/account/direct-awards/${id}/claim`)).body.code).toBe('not-found')
    const claimed = await learner.post(`/v1/account/direct-awards/${id}/claim`)
    expect(claimed.status).toBe(200)
    expect((await learner.post(`/v1/account/direct-awards/${id}/claim`)).body).toEqual(claimed.body)
    expect(await state(path)).toBe('claimed')
    expect((await learner.get('/v1/account/direct-awards')).body.items).toEqual([])
    expect((await learner.post(`/v1/account/direct-awards/${id}/reject`)).body.code).toBe('claim-over')
  })

  test('takes it by its code, signed in with whatever they like, and is nobody else by it', async () => {
    const { identifier, code, claimUrl } = await offered()
    expect(claimUrl).toBe(`${product.url}/redeem#${code}`)
    const learner = await signedIn(product, somebody())
    const typed = code.toLowerCase().replaceAll('-', ' ')
    const claimed = await learner.post('/v1/claims/by-code', { code: typed })
    expect(claimed.status).toBe(200)
    // They are not the person of that address: what else is known of it is not theirs.
    const rows = await sql(`SELECT 1 FROM subject_identifier WHERE value = $1`, [identifier])
    expect(rows).toEqual([])
    expect((await learner.post('/v1/claims/by-code', { code: 'AAAA-BBBB-CCCC-DDDD' })).body.code).toBe(
      'code-unknown',
    )
    expect((await new ApiCaller(product.url).post('/v1/claims/by-code', { code })).status).toBe(401)
  })

  test('an eppn asks for an account with that identity, and a DID for whoever has the code', async () => {
    const eppn = await offered('eppn:ann@uni.example.edu')
    expect(eppn).toMatchObject({ directAward: { identifier: 'eppn:ann@uni.example.edu', mailsSent: 0 } })
    const stranger = await signedIn(product, somebody())
    expect((await stranger.post('/v1/claims/by-code', { code: eppn.code })).body.code).toBe('claim-mismatch')
    expect((await school.api.post(`${eppn.path}/resend`)).body.code).toBe('conflict')
    const did = await offered('did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK')
    expect((await stranger.post('/v1/claims/by-code', { code: did.code })).status).toBe(200)
  })

  test('signed in as somebody else, proves the address first', async () => {
    const { identifier } = await offered()
    const token = await linkTo(identifier)
    const learner = await signedIn(product, somebody())
    expect((await learner.get(`/v1/claims/${token}`)).body).toMatchObject({ matches: false })
    expect((await learner.post(`/v1/claims/${token}/accept`)).body.code).toBe('claim-mismatch')
    expect((await learner.post(`/v1/claims/${token}/code`, { language: 'en' })).status).toBe(202)
    const mail = await vi.waitFor(
      () => {
        const found = mailsTo(identifier).find(({ text }) => /\b\d{8}\b/.test(text ?? ''))
        expect(found).toBeDefined()
        return found
      },
      { timeout: 20_000 },
    )
    const code = /\b(\d{8})\b/.exec(mail?.text ?? '')?.[1]
    expect((await learner.post(`/v1/claims/${token}/proof`, { code })).status).toBe(200)
    expect((await learner.post(`/v1/claims/${token}/accept`)).status).toBe(200)
  })

  test('signed in as somebody else, asks the awarder, who says that they are the same person', async () => {
    const ask = async (learner: ApiCaller, token: string) => {
      const { identities } = (await learner.get('/v1/account')).body
      const body = { identityId: identities[0].id, message: 'It is me.' }
      return learner.post(`/v1/claims/${token}/confirmations`, body)
    }
    const { identifier, path, id } = await offered()
    const token = await linkTo(identifier)
    const [home, elsewhere] = [somebody(), somebody()]
    const learner = await signedIn(product, home)
    const other = await signedIn(product, elsewhere)
    const asked = await ask(learner, token)
    expect([asked.status, asked.body.state]).toEqual([201, 'asked'])
    expect((await ask(learner, token)).body.code).toBe('confirmation-exists')
    const rival = await ask(other, token)
    const mailed = (to: string, subject: RegExp) =>
      vi.waitFor(
        () => expect(mailsTo(to).map((mail) => mail.subject)).toContainEqual(expect.stringMatching(subject)),
        { timeout: 20_000 },
      )
    await mailed(identifier, /Somebody asks for your badge/)

    const questions = '/v1/claim-confirmations'
    const listed = (await school.api.get(`${questions}?state=asked`)).body.items
    const question = listed.find((each: { id: string }) => each.id === asked.body.id)
    expect(question).toMatchObject({
      sentTo: { type: 'email', value: identifier },
      shown: { type: 'email', value: home },
      directAwardId: id,
      awardId: null,
    })
    const reader = await product.running.product.routes.apiKeys.create(OPERATOR, school.id, {
      name: 'reader',
      rights: ['read'],
    })
    const refused = await new ApiCaller(product.url, { authorization: `Bearer ${reader.text}` }).post(
      `${questions}/${asked.body.id}/confirm`,
    )
    expect([refused.status, refused.body.code]).toEqual([403, 'forbidden'])

    const confirmed = await school.api.post(`${questions}/${asked.body.id}/confirm`)
    expect(confirmed.body).toMatchObject({
      state: 'confirmed',
      directAwardId: id,
      awardId: expect.any(String),
    })
    expect((await school.api.get(path)).body).toMatchObject({
      state: 'claimed',
      identifier: `email:${home}`,
    })
    const again = await school.api.post(`${questions}/${asked.body.id}/confirm`)
    expect([again.status, again.body.code]).toEqual([409, 'confirmation-over'])
    expect(again.body.parameters).toEqual({ state: 'confirmed', possible: [] })
    // Whoever else asked, and whoever holds the link, comes too late.
    const late = await school.api.post(`${questions}/${rival.body.id}/confirm`)
    expect(late.body).toMatchObject({ code: 'confirmation-over', parameters: { state: 'expired' } })
    expect((await ask(other, token)).body.code).toBe('claim-over')
    await vi.waitFor(async () => expect((await learner.get('/v1/backpack')).body.items).toHaveLength(1), {
      timeout: 20_000,
    })
    await mailed(home, /./)
    const actions = await sql('SELECT action FROM audit WHERE target_id = ANY($1)', [[id, asked.body.id]])
    const done = actions.map(({ action }) => action)
    expect(done).toEqual(
      expect.arrayContaining([
        'claim_confirmation.asked',
        'claim_confirmation.confirmed',
        'direct_award.changed',
        'direct_award.claimed',
      ]),
    )
  })

  test('a question to the awarder is refused, withdrawn, or over with the offer', async () => {
    const ask = async () => {
      const { identifier, path } = await offered()
      const token = await linkTo(identifier)
      const learner = await signedIn(product, somebody())
      const { identities } = (await learner.get('/v1/account')).body
      const made = await learner.post(`/v1/claims/${token}/confirmations`, { identityId: identities[0].id })
      return { learner, path, id: made.body.id as string, identifier }
    }
    const confirm = async (id: string) =>
      (await school.api.post(`/v1/claim-confirmations/${id}/confirm`)).body
    const refused = await ask()
    const no = await school.api.post(`/v1/claim-confirmations/${refused.id}/refuse`, {
      reason: 'Who is this?',
    })
    expect(no.body).toMatchObject({ state: 'refused', reason: 'Who is this?' })
    expect((await school.api.get(refused.path)).body).toMatchObject({
      state: 'unaccepted',
      identifier: `email:${refused.identifier}`,
    })
    const withdrawn = await ask()
    const back = await withdrawn.learner.post(`/v1/account/claim-confirmations/${withdrawn.id}/withdraw`)
    expect(back.body.state).toBe('withdrawn')
    expect(await confirm(withdrawn.id)).toMatchObject({ parameters: { state: 'withdrawn' } })
    const over = await ask()
    await school.api.send('DELETE', over.path, undefined)
    expect(await confirm(over.id)).toMatchObject({
      code: 'confirmation-over',
      parameters: { state: 'expired' },
    })
    const stranger = await product.organisation(`strange-${Date.now()}`)
    const open = await ask()
    const theirs = await stranger.api.post(`/v1/claim-confirmations/${open.id}/confirm`)
    expect([theirs.status, theirs.body.code]).toEqual([404, 'not-found'])
  })

  test('of fifty who confirm, refuse and claim at once, in two processes, one decides', async () => {
    const { identifier, id, path } = await offered()
    const token = await linkTo(identifier)
    const learner = await signedIn(product, somebody())
    const { identities } = (await learner.get('/v1/account')).body
    const asked = await learner.post(`/v1/claims/${token}/confirmations`, { identityId: identities[0].id })
    const other = composeAgain(product, {}).routes
    const calls: readonly (() => Promise<unknown>)[] = [
      () => other.confirmClaims.confirm(OPERATOR, school.id, asked.body.id),
      () => other.confirmClaims.refuse(OPERATOR, school.id, asked.body.id, 'No.'),
      () => other.claims.accept(token),
      () => other.directAwards.delete(OPERATOR, school.id, id as DirectAwardId),
    ]
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, (_, n) => {
        if (n % 8 === 0)
          return school.api
            .post(`/v1/claim-confirmations/${asked.body.id}/confirm`)
            .then(({ status }) => status)
        return calls[n % 4]?.().then(
          () => 200,
          (error: { status?: number }) => error.status,
        )
      }),
    )
    expect(outcomes.filter((status) => status !== 200 && status !== 409)).toEqual([])
    const { state } = (await school.api.get(path)).body
    const [question] = await sql('SELECT state FROM claim_confirmation WHERE id = $1', [asked.body.id])
    const claims = await sql(
      'SELECT 1 FROM claim JOIN direct_award ON direct_award.award_id = claim.award_id WHERE direct_award.id = $1',
      [id],
    )
    expect(claims).toHaveLength(state === 'claimed' ? 1 : 0)
    expect(['claimed', 'deleted']).toContain(state)
    expect(['confirmed', 'refused', 'expired']).toContain(question?.state)
    if (question?.state === 'confirmed') expect(state).toBe('claimed')
  })
})

describe('the clock', () => {
  test('sends at the moment, reminds twice, expires, and names nobody in the end', async () => {
    const at = new Date(clock.now() + 10 * MINUTE_MS).toISOString()
    const { path, identifier, code } = await offered(undefined, { scheduledAt: at })
    const learner = await signedIn(product, somebody())
    expect((await learner.post('/v1/claims/by-code', { code })).body.code).toBe('code-unknown')
    await runLater()
    expect(await state(path)).toBe('scheduled')
    clock.advance(11 * MINUTE_MS)
    await runLater()
    expect(await state(path)).toBe('unaccepted')
    const subjects = async (count: number) => {
      await vi.waitFor(() => expect(mailsTo(identifier)).toHaveLength(count), { timeout: 20_000 })
      return mailsTo(identifier).map(({ subject }) => subject)
    }
    expect(await subjects(1)).toEqual(['You have earned a badge: Evacuation drill'])
    for (const [days, mails] of [
      [41, 1],
      [1, 2],
      [19, 2],
      [1, 3],
    ] as const) {
      clock.advance(days * DAY_MS)
      await Promise.all([runLater(), runLater()])
      await subjects(mails)
    }
    expect((await subjects(3)).slice(1)).toEqual(
      Array(2).fill('Your badge is still waiting: Evacuation drill'),
    )
    const token = await linkTo(identifier)
    expect(mailsTo(identifier).every(({ text }) => text.includes(token))).toBe(true)
    clock.advance(20 * DAY_MS)
    await runLater()
    expect(await state(path)).toBe('expired')
    expect((await new ApiCaller(product.url).get(`/v1/claims/${token}`)).body.state).toBe('expired')

    const before = (await school.api.get('/v1/direct-awards/statistics')).body
    clock.advance(91 * DAY_MS)
    await runLater()
    const { body } = await school.api.get(path)
    expect(body).toMatchObject({
      state: 'expired',
      identifier: null,
      pseudonym: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    const found = (await school.api.get(`/v1/direct-awards?identifier=${identifier}`)).body.items
    expect(found.map((each: { pseudonym: string }) => each.pseudonym)).toEqual([body.pseudonym])
    const rows = await sql(
      `SELECT direct_award::text AS row FROM direct_award WHERE id = $1
      UNION ALL SELECT mail::text FROM mail WHERE message_id LIKE '%' || $1::text || '%'`,
      [body.id],
    )
    expect(rows).toHaveLength(4)
    expect(JSON.stringify(rows)).not.toContain(identifier)
    expect((await school.api.get('/v1/direct-awards/statistics')).body.sent).toBe(before.sent)
  })

  test('a badge with an end is valid from its claim, however long the offer was open', async () => {
    const { body: made } = await school.api.post('/v1/achievements', {
      issuerId: (await school.api.get(`/v1/achievements/${achievementId}`)).body.issuerId,
      slug: 'short',
      definition: {
        language: 'en',
        name: { en: 'Fire warden' },
        description: { en: 'On duty.' },
        criteria: { en: 'Be on duty.' },
        validFor: 'P30D',
      },
    })
    await school.api.post(`/v1/achievements/${made.id}/versions/1/publish`)
    const { id, path, code } = await offered(undefined, { achievementId: made.id })
    await sql("UPDATE direct_award SET sent_at = sent_at - interval '40 days' WHERE id = $1", [id])
    const learner = await signedIn(product, somebody())
    expect((await learner.post('/v1/claims/by-code', { code })).status).toBe(200)
    const { awardId, sentAt } = (await school.api.get(path)).body
    const award = (await school.api.get(`/v1/awards/${awardId}`)).body
    expect(award.awardedAt).toBe(sentAt)
    const daysLeft = (Date.parse(award.validUntil) - Date.now()) / DAY_MS
    expect(daysLeft).toBeGreaterThan(29)
    expect(daysLeft).toBeLessThanOrEqual(30)
  })

  test('waits as the organisation says, for what is awarded from then on', async () => {
    const settings = '/v1/direct-award-settings'
    const before = await school.api.get(settings)
    expect(before.body).toEqual({ reminderDays: [42, 62], expiryDays: 82, keepDays: 90, undoSeconds: 300 })
    const change = (body: object, etag: string) =>
      school.api.send('PATCH', settings, JSON.stringify(body), {
        'content-type': 'application/json',
        'if-match': etag,
      })
    const changed = await change({ reminderDays: [], expiryDays: 7 }, before.headers.get('etag') ?? '')
    expect(changed.body).toMatchObject({ reminderDays: [], expiryDays: 7, keepDays: 90 })
    expect((await change({ keepDays: 1 }, before.headers.get('etag') ?? '')).body.code).toBe(
      'precondition-failed',
    )
    const ordinary = await offered()
    const patient = await offered(undefined, { expiryDays: 30 })
    const of = async (path: string) => {
      const { sentAt, expiresAt } = (await school.api.get(path)).body
      return (Date.parse(expiresAt) - Date.parse(sentAt)) / DAY_MS
    }
    expect([await of(ordinary.path), await of(patient.path)]).toEqual([7, 30])
    await change({ reminderDays: [42, 62], expiryDays: 82 }, changed.headers.get('etag') ?? '')
  })

  test('claimed + rejected + revoked + expired + deleted + open = sent', async () => {
    const counts = (await school.api.get('/v1/direct-awards/statistics')).body
    const { claimed, rejected, revoked, expired, deleted, open, sent } = counts
    expect(claimed + rejected + revoked + expired + deleted + open).toBe(sent)
    const [{ count } = { count: 0 }] = await sql('SELECT count(*)::int AS count FROM direct_award')
    expect([sent, counts.revokedAfterClaim, open]).toEqual([count, 1, counts.scheduled + counts.unaccepted])
    expect(expired).toBeGreaterThan(0)
  })
})

test('who guesses codes is stopped, and a good code does not help then', async () => {
  const { code } = await offered()
  const guesser = await signedIn(product, somebody())
  const guess = (text: string) => guesser.post('/v1/claims/by-code', { code: text })
  const codes = new Set<string>()
  for (let n = 0; n < 25; n++) codes.add((await guess(`AAAA-AAAA-AAAA-${1000 + n}`)).body.code)
  expect([...codes]).toEqual(['code-unknown', 'rate-limited'])
  expect((await guess(code)).body.code).toBe('rate-limited')
})
