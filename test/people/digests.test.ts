import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { withClient } from '#adapters/postgres/with-client.ts'
import type { Product } from '#app/compose.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { clockIn } from '#engine/shared/calendar.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#engine/shared/duration.ts'
import type { AccountId } from '#engine/shared/ids.ts'
import { asInstant } from '#engine/shared/instant.ts'
import { ApiCaller } from '#test/product/api-caller.ts'
import { addMember, signedIn } from '#test/product/member.ts'
import { composeAgain, type SetClock, setClock, withStores } from '#test/product/second-composition.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from '#test/product/test-product.ts'

// The doors of a product, and workers beside it that run when a test says so, by a clock that the test sets.

let product: TestProduct
let school: TestOrganisation
let clock: SetClock
let worker: Product
beforeAll(async () => {
  product = await startTestProduct({}, { api: true, worker: false })
  school = await product.organisation('digest-school')
})
afterAll(() => product?.stop())
beforeEach(() => {
  clock = setClock()
  worker = composeAgain(product, { clock })
})

const PREFERENCES = '/v1/account/notification-preferences'
let people = 0
async function reader(email: 'daily' | 'weekly', digest: object, kind = 'award-lapsed') {
  const address = `reader-${++people}@digest.example.org`
  const accountId = await product.running.parts.database.asWorker((stores) =>
    stores.access.accountOf({ type: 'email', value: address }, crypto.randomUUID() as AccountId),
  )
  await product.running.parts.database.asWorker((stores) => addMember(stores, school, accountId, ['sign']))
  const api = await signedIn(product, address)
  const { status } = await api.put(PREFERENCES, { kinds: [{ kind, inApp: true, email }], digest })
  expect(status).toBe(200)
  return { address, accountId, api }
}
/** Tells everybody who may sign of a rule, which is nobody but the readers. */
const tell = (name: string) =>
  product.running.parts.database.inOrganisation(school.id, (stores) =>
    stores.notifications.tellHolders({
      organisationId: school.id,
      right: 'sign',
      kind: 'award-lapsed',
      data: { name },
    }),
  )
const mailsTo = (address: string) => product.inbox.mails.filter(({ to }) => to.includes(address))
/** Goes on until the clocks of the zone show the hour. */
const until = (zone: string, hour: number, weekday?: number) => {
  const shown = () => clockIn(clock.now(), zone)
  const isThere = () =>
    shown().time.startsWith(String(hour).padStart(2, '0')) &&
    (weekday === undefined || (new Date(`${shown().date}T00:00:00Z`).getUTCDay() || 7) === weekday)
  while (isThere()) clock.advance(10 * MINUTE_MS)
  while (!isThere()) clock.advance(10 * MINUTE_MS)
}

test('what happened in a day comes in one mail, at the hour of its reader, once', async () => {
  const ann = await reader('daily', { timeZone: 'Asia/Kolkata', hour: 7, weekday: 1 })
  await tell('One')
  await tell('Two')
  await worker.steps.mail()
  expect(mailsTo(ann.address)).toEqual([])
  until('Asia/Kolkata', 7)
  const second = composeAgain(product, { clock })
  await Promise.all([worker.steps.mail(), second.steps.mail()])
  await worker.steps.mail()
  const [mail, ...more] = mailsTo(ann.address)
  expect(more).toEqual([])
  expect(mail?.subject).toBe('2 notifications of the last day')
  expect(mail?.text).toMatch(/Test digest-school: A badge of the rule "One" stands.*"Two"/s)
  expect(mail?.headers['list-unsubscribe-post']).toBe('List-Unsubscribe=One-Click')
  // Nothing waits, so nothing comes the next day.
  clock.advance(DAY_MS)
  await worker.steps.mail()
  expect(mailsTo(ann.address)).toHaveLength(1)
})

test('a weekly one waits for its day', async () => {
  const bo = await reader('weekly', { timeZone: 'Europe/Amsterdam', hour: 9, weekday: 3 })
  await tell('Weekly')
  until('Europe/Amsterdam', 9, 2)
  await worker.steps.mail()
  expect(mailsTo(bo.address)).toEqual([])
  until('Europe/Amsterdam', 9, 3)
  await worker.steps.mail()
  expect(mailsTo(bo.address).map(({ subject }) => subject)).toEqual([
    expect.stringMatching(/notifications? of the last week/),
  ])
})

test('what was read meanwhile, or turned off, does not come', async () => {
  const cas = await reader('daily', { timeZone: 'UTC', hour: 6, weekday: 1 })
  const dee = await reader('daily', { timeZone: 'UTC', hour: 6, weekday: 1 })
  await tell('Read')
  await worker.steps.mail()
  await cas.api.post('/v1/notifications/read')
  await dee.api.put(PREFERENCES, { kinds: [{ kind: 'award-lapsed', inApp: true, email: 'off' }] })
  until('UTC', 6)
  await worker.steps.mail()
  expect([mailsTo(cas.address), mailsTo(dee.address)]).toEqual([[], []])
})

test('the link in a digest turns off what comes with it', async () => {
  const eve = await reader('daily', { timeZone: 'UTC', hour: 5, weekday: 1 })
  await tell('Stop')
  await worker.steps.mail()
  until('UTC', 5)
  await worker.steps.mail()
  const url = /^<(.+)>$/.exec(mailsTo(eve.address)[0]?.headers['list-unsubscribe'] ?? '')?.[1] ?? ''
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  const clicked = await new ApiCaller(product.url).send('POST', url, 'List-Unsubscribe=One-Click', form)
  expect(clicked.status).toBe(204)
  const { kinds } = (await eve.api.get(PREFERENCES)).body
  const emails = new Map(kinds.map(({ kind, email }: { kind: string; email: string }) => [kind, email]))
  expect([emails.get('award-lapsed'), emails.get('award-waiting'), emails.get('rule-silent')]).toEqual([
    'off',
    'off',
    'at_once',
  ])
})

test('what no mail can be made of is set aside and counted, and mail goes out all the same', async () => {
  const hal = await reader('daily', { timeZone: 'UTC', hour: 3, weekday: 1 })
  const ivy = await reader('daily', { timeZone: 'UTC', hour: 3, weekday: 1 })
  await tell('Poison')
  await worker.steps.mail()
  until('UTC', 3)
  const parkedBefore = (await school.api.get('/v1/overview')).body.notifications.parked
  const { database } = product.running.parts
  const poisoned = composeAgain(product, {
    clock,
    database: withStores(database, (stores) => ({
      ...stores,
      notifications: {
        ...stores.notifications,
        beginDigest: (digest) => {
          if (digest.accountId === hal.accountId) throw new Error('Poisoned.')
          return stores.notifications.beginDigest(digest)
        },
      },
    })),
  })
  await poisoned.steps.mail()
  expect([mailsTo(hal.address).length, mailsTo(ivy.address).length]).toEqual([0, 1])
  expect((await hal.api.get('/v1/notifications')).body.items[0].text).toContain('Poison')
  expect((await school.api.get('/v1/overview')).body.notifications.parked).toBe(parkedBefore + 1)
  await worker.steps.mail()
  expect(mailsTo(hal.address)).toEqual([])
})

test('a notification that cannot be decided holds no other up', async () => {
  const jon = await reader('daily', { timeZone: 'UTC', hour: 3, weekday: 1 })
  const kim = await reader('daily', { timeZone: 'UTC', hour: 3, weekday: 1 })
  await tell('Undecidable')
  const { database } = product.running.parts
  const poisoned = composeAgain(product, {
    clock,
    database: withStores(database, (stores) => ({
      ...stores,
      notifications: {
        ...stores.notifications,
        preferences: (accountId) => {
          if (accountId === jon.accountId) throw new Error('Poisoned.')
          return stores.notifications.preferences(accountId)
        },
      },
    })),
  })
  await poisoned.steps.mail()
  const rows = await withClient(
    product.running.parts.databaseUrl,
    async (client) =>
      (
        await client.query(
          'SELECT mail, mail_error FROM notification WHERE account_id = ANY($1) ORDER BY account_id = $2',
          [[jon.accountId, kim.accountId], kim.accountId],
        )
      ).rows,
  )
  expect(rows).toEqual([
    { mail: 'parked', mail_error: 'internal' },
    { mail: 'daily', mail_error: null },
  ])
})

test('who signs in waits for no crowd: neither for their notifications nor for their mails', async () => {
  const lee = await reader('daily', { timeZone: 'UTC', hour: 3, weekday: 1 })
  await withClient(product.running.parts.databaseUrl, async (client) => {
    await client.query(
      `INSERT INTO notification (organisation_id, id, account_id, kind, data, created_at)
       SELECT $1, gen_random_uuid(), $2, 'award-lapsed', '{"name":"Crowd"}', now() FROM generate_series(1, 200)`,
      [school.id, lee.accountId],
    )
    await client.query(
      `INSERT INTO mail (id, message_id, kind, recipient, subject, text, html, state, created_at)
       SELECT gen_random_uuid(), '<crowd.' || n || '@example.org>', 'claim', 'crowd@example.org', 'S', 'T', 'H', 'waiting',
              now() - interval '1 day' FROM generate_series(1, 60) AS n`,
    )
  })
  await new ApiCaller(product.url).post('/v1/sign-in-links', { email: 'hurry@example.org', language: 'en' })
  expect(await worker.steps.mail()).toEqual({ more: true })
  expect(mailsTo('hurry@example.org')).toHaveLength(1)
  expect(mailsTo('crowd@example.org').length).toBeLessThan(20)
  while ((await worker.steps.mail()).more);
  expect(mailsTo('crowd@example.org')).toHaveLength(60)
})

test('a mail that breaks waits, and the others go', async () => {
  const insert = (to: string) =>
    withClient(product.running.parts.databaseUrl, (client) =>
      client.query(
        `INSERT INTO mail (id, message_id, kind, recipient, subject, text, html, state, created_at)
         VALUES (gen_random_uuid(), $1, 'claim', $2, 'S', 'T', 'H', 'waiting', now())`,
        [`<${to}>`, to],
      ),
    )
  await insert('broken@example.org')
  await insert('whole@example.org')
  const { database } = product.running.parts
  const breaks = composeAgain(product, {
    clock,
    database: withStores(database, (stores) => ({
      ...stores,
      mail: {
        ...stores.mail,
        blockOf: (address, organisationId) => {
          if (address === 'broken@example.org') throw new Error('Broken.')
          return stores.mail.blockOf(address, organisationId)
        },
      },
    })),
  })
  await breaks.steps.mail()
  expect([mailsTo('broken@example.org').length, mailsTo('whole@example.org').length]).toEqual([0, 1])
  clock.advance(MINUTE_MS)
  await worker.steps.mail()
  expect(mailsTo('broken@example.org')).toHaveLength(1)
})

test('a worker that dies at any of its writes leaves one mail, whoever goes on', async () => {
  const fay = await reader('daily', { timeZone: 'UTC', hour: 4, weekday: 1 })
  await tell('Killed')
  await worker.steps.mail()
  until('UTC', 4)
  const killed = async () => {
    throw errors.databaseUnavailable({})
  }
  const { database } = product.running.parts
  for (const point of ['beginDigest', 'takeWaiting', 'decideMail'] as const) {
    const dying = composeAgain(product, {
      clock,
      database: withStores(database, (stores) => ({
        ...stores,
        notifications: { ...stores.notifications, [point]: killed },
      })),
    })
    await expect(dying.steps.mail()).rejects.toMatchObject({ code: 'database-unavailable' })
    expect(mailsTo(fay.address)).toEqual([])
  }
  const others = Array.from({ length: 4 }, () => composeAgain(product, { clock }))
  await Promise.all(others.map(({ steps }) => steps.mail()))
  await worker.steps.mail()
  expect(mailsTo(fay.address)).toHaveLength(1)
  const [{ count }] = await withClient(
    product.running.parts.databaseUrl,
    async (client) =>
      (await client.query('SELECT count(*)::int FROM digest WHERE account_id = $1', [fay.accountId])).rows,
  )
  expect(count).toBe(1)
})

test('whatever order time and news come in, everything is told once', async () => {
  const gus = await reader('daily', { timeZone: 'UTC', hour: 12, weekday: 1 })
  // News has the time of the database: the clock of the worker starts where that is, and goes on from there.
  const names: string[] = []
  for (let step = 0; step < 6; step++) {
    names.push(`Step ${step}`)
    await tell(`Step ${step}`)
    await worker.steps.mail()
    clock.advance(20 * HOUR_MS)
    await worker.steps.mail()
  }
  clock.advance(2 * DAY_MS)
  await worker.steps.mail()
  const told = mailsTo(gus.address).flatMap(({ text }) =>
    [...text.matchAll(/rule "(Step \d)"/g)].map(([, name]) => name),
  )
  expect(told.sort()).toEqual(names)
  expect(asInstant(clock.now())).toBeGreaterThan(Date.now())
})
