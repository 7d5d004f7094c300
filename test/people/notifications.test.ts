import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { withClient } from '#adapters/postgres/with-client.ts'
import type { Product } from '#app/compose.ts'
import type { Right } from '#engine/access/rights.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { AccountId } from '#engine/shared/ids.ts'
import { ApiCaller } from '#test/product/api-caller.ts'
import { type FirstAid, setUpFirstAid } from '#test/product/first-aid.ts'
import { addMember, signedIn } from '#test/product/member.ts'
import { composeAgain, type SetClock, setClock } from '#test/product/second-composition.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from '#test/product/test-product.ts'

// The doors of a product, and workers beside it that run when a test says so, by a clock that the test sets.

let product: TestProduct
let school: TestOrganisation
let other: TestOrganisation
let firstAid: FirstAid
let clock: SetClock
let worker: Product
let awarder: ApiCaller
let viewer: ApiCaller
beforeAll(async () => {
  product = await startTestProduct({}, { api: true, worker: false })
  school = await product.organisation('notify-school')
  other = await product.organisation('other-notify-school')
  clock = setClock()
  worker = composeAgain(product, { clock })
  firstAid = await setUpFirstAid(school.api, 'notify-academy')
  awarder = await member('awarder@notify.example.org', ['read', 'award'])
  viewer = await member('viewer@notify.example.org', ['read'])
})
afterAll(() => product?.stop())

async function member(address: string, rights: readonly Right[], of = school): Promise<ApiCaller> {
  await product.running.parts.database.asWorker(async (stores) =>
    addMember(
      stores,
      of,
      await stores.access.accountOf({ type: 'email', value: address }, crypto.randomUUID() as AccountId),
      rights,
    ),
  )
  return signedIn(product, address)
}
const sql = (text: string, values: unknown[] = []) =>
  withClient(product.running.parts.databaseUrl, async (client) => (await client.query(text, values)).rows)
const toldTo = async (by: ApiCaller, query = '') => (await by.get(`/v1/notifications${query}`)).body
let drafts = 0
/** A draft that goes into review: whoever may award is told. */
async function askReview(): Promise<string> {
  const definition = {
    name: { en: 'Knots', nl: 'Knopen' },
    description: { en: 'X.' },
    criteria: { en: 'X.' },
  }
  const made = await school.api.post('/v1/achievements', {
    issuerId: firstAid.issuerId,
    slug: `review-${++drafts}`,
    definition,
  })
  expect(made.status).toBe(201)
  const { id } = made.body
  const asked = await school.api.post(
    `/v1/achievements/${id}/versions/1/submit`,
    {},
    {
      'if-match': '"v1"',
    },
  )
  expect([asked.status, asked.body?.code]).toEqual([200, undefined])
  return id
}

describe('what people are told', () => {
  test('is told to whoever may act on it, in their language, and to nobody else', async () => {
    const before = (await toldTo(awarder)).unread
    await askReview()
    const { items, unread } = await toldTo(awarder)
    expect(unread).toBe(before + 1)
    expect(items[0]).toMatchObject({
      kind: 'achievement-review',
      organisation: { id: school.id, slug: 'notify-school' },
      text: '"Knots" waits for its review.',
      page: '/console/notify-school/achievements',
      readAt: null,
    })
    expect((await toldTo(awarder, '?language=nl')).items[0].text).toBe('"Knopen" wacht op beoordeling.')
    expect(await toldTo(viewer)).toMatchObject({ items: [], unread: 0 })
    expect((await school.api.get('/v1/notifications')).status).toBe(403)
    expect((await new ApiCaller(product.url).get('/v1/notifications')).status).toBe(401)
  })

  test('is marked as read by its reader, one or all, once', async () => {
    await askReview()
    await askReview()
    const { items, unread } = await toldTo(awarder)
    expect(unread).toBeGreaterThanOrEqual(2)
    const [{ id }] = items
    expect((await viewer.post(`/v1/notifications/${id}/read`)).status).toBe(404)
    for (const _ of [1, 2]) expect((await awarder.post(`/v1/notifications/${id}/read`)).status).toBe(204)
    expect((await toldTo(awarder)).unread).toBe(unread - 1)
    expect(
      (await toldTo(awarder, '?unread=true')).items.map((each: { id: string }) => each.id),
    ).not.toContain(id)
    expect((await awarder.post('/v1/notifications/read')).status).toBe(204)
    expect(await toldTo(awarder, '?unread=true')).toMatchObject({ items: [], unread: 0 })
    expect((await toldTo(awarder)).items[0].readAt).not.toBeNull()
  })

  test('comes page by page, each once', async () => {
    for (let n = 0; n < 3; n++) await askReview()
    const all = (await toldTo(awarder)).items.map(({ id }: { id: string }) => id)
    const seen: string[] = []
    for (let cursor = ''; ; ) {
      const page = await toldTo(awarder, `?limit=2${cursor}`)
      seen.push(...page.items.map(({ id }: { id: string }) => id))
      if (page.next === null) break
      cursor = `&cursor=${page.next}`
    }
    expect(seen).toEqual(all)
  })

  test('is not there when the move is not: one transaction', async () => {
    const before = await toldTo(awarder)
    const { database } = product.running.parts
    const key = { organisationId: school.id, kind: 'award-lapsed', right: 'award', data: {} } as const
    await expect(
      database.inOrganisation(school.id, async (stores) => {
        await stores.notifications.tellHolders(key)
        throw new Error('Something else went wrong.')
      }),
    ).rejects.toThrow('Something else')
    expect(await toldTo(awarder)).toEqual(before)
  })

  test('of an organisation is not shown to who has left it', async () => {
    const leaver = await member('leaver@notify.example.org', ['award'])
    await askReview()
    expect((await toldTo(leaver)).unread).toBe(1)
    await sql(
      `DELETE FROM membership WHERE account_id = (SELECT account_id FROM account_identity WHERE value = $1)`,
      ['leaver@notify.example.org'],
    )
    expect(await toldTo(leaver)).toMatchObject({ items: [], unread: 0 })
  })

  test('a second person is told of a key that is asked for, and the one who asks is not', async () => {
    const asking = await member('asking@notify.example.org', ['administer', 'read'], other)
    const second = await member('second@notify.example.org', ['administer', 'read'], other)
    const aid = await setUpFirstAid(other.api, 'other-notify-academy')
    const asked = await asking.post(`/v1/issuers/${aid.issuerId}/key-change`)
    expect(asked.body?.code).toBeUndefined()
    expect((await toldTo(second)).items[0]).toMatchObject({ kind: 'key-change-asked' })
    expect((await toldTo(asking)).items).toEqual([])
    await worker.steps.mail()
    const mail = await product.inbox.waitFor('second@notify.example.org')
    expect(mail.subject).toContain('asks for a new key')
  })

  test('what is revoked is told to whoever holds it', async () => {
    const ann = await signedIn(product, 'ann-holds@example.org')
    const [account] = await sql('SELECT account_id FROM account_identity WHERE value = $1', [
      'ann-holds@example.org',
    ])
    const [award] = await sql(
      `WITH person AS (
         INSERT INTO subject (organisation_id, id, canonical_id) VALUES ($1, $5, $5) RETURNING id)
       INSERT INTO award (organisation_id, id, issuer_id, achievement_id, achievement_version_id, subject_id, origin,
         state, awarded_at, granted_at)
       SELECT $1, gen_random_uuid(), $2, $3, $4, id, 'direct', 'due', now(), now() FROM person RETURNING id`,
      [school.id, firstAid.issuerId, firstAid.achievementId, firstAid.versionId, crypto.randomUUID()],
    )
    await sql(
      `INSERT INTO claim (organisation_id, id, award_id, token_hash, identifier_type, identifier, state, account_id,
         opened_at, expires_at, decided_at)
       VALUES ($1, gen_random_uuid(), $2, sha256('x'), 'email', 'ann-holds@example.org', 'claimed', $3, now(), now(), now())`,
      [school.id, award.id, account.account_id],
    )
    await sql(`UPDATE award SET state = 'revoked', ended_at = now(), reason = 'A mistake' WHERE id = $1`, [
      award.id,
    ])
    expect((await toldTo(ann)).items).toMatchObject([
      { kind: 'badge-revoked', text: expect.stringContaining('was revoked: A mistake.') },
    ])
  })

  test('is kept for ninety days', async () => {
    await sql(
      `UPDATE notification SET created_at = created_at - interval '91 days' WHERE kind = 'badge-revoked'`,
    )
    await composeAgain(product, {}).steps.mail()
    expect(await sql(`SELECT FROM notification WHERE kind = 'badge-revoked'`)).toEqual([])
  })
})

describe('how people are told', () => {
  const PREFERENCES = '/v1/account/notification-preferences'
  const choiceOf = async (by: ApiCaller, kind: string) =>
    (await by.get(PREFERENCES)).body.kinds.find((each: { kind: string }) => each.kind === kind)
  const choose = (by: ApiCaller, kind: string, email: string, inApp = true) =>
    by.put(PREFERENCES, { kinds: [{ kind, inApp, email }] })
  const FORM = { 'content-type': 'application/x-www-form-urlencoded' }
  const oneClick = (url: string) =>
    new ApiCaller(product.url).send('POST', url, 'List-Unsubscribe=One-Click', FORM)

  test('is theirs to choose, of each kind; what keeps an account safe is not', async () => {
    const mia = await member('mia@notify.example.org', ['award'])
    expect(await choiceOf(mia, 'achievement-review')).toMatchObject({
      inApp: true,
      email: 'daily',
      mandatory: false,
    })
    for (const kind of ['sign-in', 'account-notice', 'key-change-asked']) {
      const refused = await choose(mia, kind, 'off')
      expect([kind, refused.status, refused.body.code]).toEqual([kind, 422, 'notification-mandatory'])
    }
    const unknown = await choose(mia, 'nothing', 'off')
    expect([unknown.status, unknown.body.code]).toEqual([400, 'invalid-request'])
    for (const kind of ['sign-in', 'direct-award', 'award-revoked', 'assessor', 'expert-review'])
      expect([kind, await choiceOf(mia, kind)]).toMatchObject([kind, { mandatory: true, mailOnly: true }])
    for (const kind of ['notification', 'claim-confirmation-asked'])
      expect(await choiceOf(mia, kind)).toBeUndefined()
    // Together with one that is refused, nothing is changed.
    const both = await mia.put(PREFERENCES, {
      kinds: [
        { kind: 'achievement-review', inApp: false, email: 'off' },
        { kind: 'sign-in', inApp: false, email: 'off' },
      ],
    })
    expect(both.status).toBe(422)
    expect(await choiceOf(mia, 'achievement-review')).toMatchObject({ inApp: true, email: 'daily' })
    expect(
      (await mia.put(PREFERENCES, { digest: { timeZone: 'Mars/Base', hour: 8, weekday: 1 } })).body.code,
    ).toBe('time-zone-unknown')
    const changed = await choose(mia, 'achievement-review', 'at_once', false)
    expect(changed.status).toBe(200)

    await askReview()
    await worker.steps.mail()
    const mail = await product.inbox.waitFor('mia@notify.example.org')
    expect(mail.subject).toBe('"Knots" waits for its review.')
    expect(await toldTo(mia)).toMatchObject({ items: [], unread: 0 })

    // One click, without signing in, as a mail program does it; twice is once.
    expect(mail.headers['list-unsubscribe-post']).toBe('List-Unsubscribe=One-Click')
    const url = /^<(.+)>$/.exec(mail.headers['list-unsubscribe'] ?? '')?.[1] ?? ''
    for (const _ of [1, 2]) expect((await oneClick(url)).status).toBe(204)
    expect(await choiceOf(mia, 'achievement-review')).toMatchObject({ inApp: false, email: 'off' })
    expect(mail.text).toMatch(/No longer receive these mails: http.*\/unsubscribe#[\w-]+\s*$/)
    await askReview()
    await worker.steps.mail()
    await expect(product.inbox.waitFor('mia@notify.example.org', 300)).rejects.toThrow()
  })

  test('a link that was changed, or made for something else, turns nothing off', async () => {
    const good = worker.routes.chooseNotifications
    expect(good).toBeDefined()
    for (const token of ['A'.repeat(60), `${'A'.repeat(60)}!`]) {
      const answer = await oneClick(`${product.url}/v1/unsubscribe/${encodeURIComponent(token)}`)
      expect([answer.status, answer.body.code]).toEqual([404, 'unsubscribe-link-invalid'])
    }
  })

  test('mails that must be sent have no such link', async () => {
    await new ApiCaller(product.url).post('/v1/sign-in-links', {
      email: 'new@notify.example.org',
      language: 'nl',
    })
    await worker.steps.mail()
    const mail = await product.inbox.waitFor('new@notify.example.org')
    expect(mail.headers['list-unsubscribe']).toBeUndefined()
  })

  test('a worker that dies between the decision and its end leaves both or neither', async () => {
    const kim = await member('kim@notify.example.org', ['award'])
    await choose(kim, 'achievement-review', 'at_once')
    await askReview()
    const { database } = product.running.parts
    const dying = composeAgain(product, {
      database: {
        ...database,
        asWorker: (work) =>
          database.asWorker((stores) =>
            work({
              ...stores,
              notifications: {
                ...stores.notifications,
                decideMail: async () => {
                  throw errors.databaseUnavailable({})
                },
              },
            }),
          ),
      },
    })
    await expect(dying.steps.mail()).rejects.toMatchObject({ code: 'database-unavailable' })
    const second = composeAgain(product, { clock })
    await Promise.all([worker.steps.mail(), second.steps.mail()])
    await product.inbox.waitFor('kim@notify.example.org')
    await expect(product.inbox.waitFor('kim@notify.example.org', 300)).rejects.toThrow()
  })
})
