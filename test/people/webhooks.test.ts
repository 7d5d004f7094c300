import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { withClient } from '#adapters/postgres/with-client.ts'
import type { Product } from '#app/compose.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '#engine/shared/duration.ts'
import { JITTER, RETRY_WAITS } from '#engine/webhooks/webhook-delivery.ts'
import { ApiCaller } from '#test/product/api-caller.ts'
import { composeAgain, type SetClock, setClock } from '#test/product/second-composition.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from '#test/product/test-product.ts'
import {
  answerWith,
  startWebhookReceiver,
  verifiedBy,
  type WebhookReceiver,
} from '#test/product/webhook-receiver.ts'
import { createReceiver } from '../../examples/receive-webhooks.ts'

// The doors of a product, and workers beside it that run when a test says so, by a clock that the test sets.

let product: TestProduct
let school: TestOrganisation
let receiver: WebhookReceiver
let clock: SetClock
let worker: Product
let counter = 0
beforeAll(async () => {
  product = await startTestProduct({}, { api: true, worker: false })
})
afterAll(() => product?.stop())
beforeEach(async () => {
  school = await product.organisation(`hook-school-${++counter}`)
  receiver = await startWebhookReceiver()
  clock = setClock()
  worker = composeAgain(product, { clock })
  return async () => {
    await drop()
    await receiver.close()
  }
})

/** What one test has left over is not the next one's. */
const drop = async () => {
  for (const { id } of (await school.api.get('/v1/webhooks')).body.items)
    await school.api.send('DELETE', `/v1/webhooks/${id}`, undefined)
}

interface Hook {
  readonly id: string
  readonly path: string
  readonly secret: string
}
async function hook(over: object = {}, by = school.api): Promise<Hook> {
  const wanted = { url: receiver.url, description: 'Test', eventTypes: ['*'], ...over }
  const { status, body } = await by.post('/v1/webhooks', wanted)
  expect([status, body.code]).toEqual([201, undefined])
  return { id: body.webhook.id, path: `/v1/webhooks/${body.webhook.id}`, secret: body.secret }
}
const patch = (path: string, body: object, revision: number, by = school.api) =>
  by.send('PATCH', path, JSON.stringify(body), {
    'content-type': 'application/json',
    'if-match': `"v${revision}"`,
  })
const testOf = async ({ path }: Hook): Promise<string> => {
  const { status, body } = await school.api.post(`${path}/test`)
  expect(status).toBe(202)
  return body.id
}
const detail = async ({ path }: Hook, delivery: string) =>
  (await school.api.get(`${path}/deliveries/${delivery}`)).body
const deliveriesOf = async ({ path }: Hook, query = '') =>
  (await school.api.get(`${path}/deliveries${query}`)).body.items
const newKey = async (over: object = {}) =>
  (await school.api.post('/v1/api-keys', { name: 'Key', rights: ['read'], ...over })).body.apiKey
const run = () => worker.steps.webhooks()
const sql = (text: string, values: unknown[] = []) =>
  withClient(product.running.parts.databaseUrl, async (client) => (await client.query(text, values)).rows)

describe('a message', () => {
  test('is signed, so that the library of Standard Webhooks finds it good, and only with this secret', async () => {
    const made = await hook()
    expect(made.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    const key = await newKey()
    await run()
    const [message, ...more] = receiver.received
    expect(more).toEqual([])
    expect(message?.headers).toMatchObject({
      'content-type': 'application/json',
      'user-agent': 'Waarmerk-Webhooks',
    })
    expect(verifiedBy(made.secret, message as never)).toEqual({
      type: 'api_key.created',
      version: '1',
      timestamp: key.createdAt,
      data: { apiKeyId: key.id, unitId: school.rootUnit, rights: ['read'] },
    })
    const other = (await hook()).secret
    expect(verifiedBy(other, message as never)).toBe(false)
    expect(verifiedBy(made.secret, { ...message, text: `${message?.text} ` } as never)).toBe(false)
  })

  test('of a key with a role names the role, whose rights may change', async () => {
    const { body: role } = await school.api.post('/v1/roles', { name: 'Reading', rights: ['read'] })
    const made = await hook({ eventTypes: ['api_key.*'] })
    const key = await newKey({ rights: undefined, roleId: role.id })
    await run()
    expect(verifiedBy(made.secret, receiver.received[0] as never)).toMatchObject({
      type: 'api_key.created',
      data: { apiKeyId: key.id, unitId: school.rootUnit, roleId: role.id },
    })
    expect(receiver.received[0]?.payload.data.rights).toBeUndefined()
  })

  test('is sent to whom it concerns: by type, by family, by unit, and to every endpoint once', async () => {
    const { body: group } = await school.api.post('/v1/units', { name: 'Group' })
    await hook({ eventTypes: ['award.*'] })
    await hook({ eventTypes: ['api_key.*'], url: `${receiver.url}/family` })
    await hook({ eventTypes: ['api_key.created', 'api_key.*'], url: `${receiver.url}/once` })
    await hook({ unitId: group.id, url: `${receiver.url}/group` })
    await newKey()
    await newKey({ unitId: group.id })
    await run()
    const paths = receiver.received.map(({ path }) => path).sort()
    expect(paths).toEqual(['/family', '/family', '/group', '/once', '/once'].map((each) => `/hook${each}`))
    // The same event has the same id wherever it goes.
    expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(2)
  })

  test('is received by the example, once, and nothing else is', async () => {
    const made = await hook()
    const heard: string[] = []
    const server = createReceiver(made.secret, ({ type }) => heard.push(type))
    await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle))
    const { port } = server.address() as { port: number }
    const url = `http://localhost:${port}/`
    expect((await patch(made.path, { url }, 1)).status).toBe(200)
    const delivery = await testOf(made)
    await run()
    await school.api.post(`${made.path}/deliveries/${delivery}/replay`)
    await run()
    expect((await detail(made, delivery)).log.map(({ status }: { status: number }) => status)).toEqual([
      204, 204,
    ])
    expect((await fetch(url, { method: 'POST', body: '{"type":"award.issued"}' })).status).toBe(401)
    expect(heard).toEqual(['webhook.test'])
    server.closeAllConnections()
    server.close()
  })

  test('of another organisation is never among them', async () => {
    const other = await product.organisation(`other-hooks-${counter}`)
    const theirs = await hook({}, other.api)
    await newKey()
    await run()
    expect(receiver.received).toEqual([])
    expect((await other.api.get(`${theirs.path}/deliveries`)).body.items).toEqual([])
  })

  test('is written with what it tells of, or not at all', async () => {
    const made = await hook()
    const { database } = product.running.parts
    const { routes } = product.running.product
    await expect(
      database.inOrganisation(school.id, async (stores) => {
        const [key] = await stores.access.keys(school.id)
        if (key !== undefined) await stores.access.revokeKey(school.id, key.id, clock.now())
        throw new Error('Rolled back.')
      }),
    ).rejects.toThrow('Rolled back.')
    expect(await deliveriesOf(made)).toEqual([])
    expect(await routes.webhooks.list({ kind: 'operator' }, school.id)).toHaveLength(1)
  })
})

describe('a receiver that fails', () => {
  test('is tried again after each of the waits, with some chance, and then no more', async () => {
    receiver.answer = answerWith(500, 'Not now.')
    const made = await hook()
    const delivery = await testOf(made)
    for (const [at, wait] of RETRY_WAITS.entries()) {
      await run()
      expect(receiver.received).toHaveLength(at + 1)
      const shown = await detail(made, delivery)
      expect(shown).toMatchObject({ state: 'waiting', attempts: at + 1 })
      const until = Date.parse(shown.nextAttemptAt) - clock.now()
      expect(until).toBeGreaterThanOrEqual(wait)
      expect(until).toBeLessThanOrEqual(wait * (1 + JITTER))
      clock.advance(until - 1)
      await run()
      expect(receiver.received).toHaveLength(at + 1)
      clock.advance(1)
    }
    await run()
    const shown = await detail(made, delivery)
    expect(shown).toMatchObject({ state: 'failed', attempts: 10, nextAttemptAt: null })
    expect(shown.log).toHaveLength(10)
    expect(shown.log[0]).toMatchObject({ status: 500, error: null, answer: 'Not now.' })
    clock.advance(2 * DAY_MS)
    await run()
    expect(receiver.received).toHaveLength(10)
    // Always the same message: its id and its bytes, only the moment and the signature are new.
    expect(new Set(receiver.received.map(({ id, text }) => `${id} ${text}`)).size).toBe(1)
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-timestamp'])).size).toBe(10)
  })

  test('with 410 is disabled at once, and who administers is told', async () => {
    receiver.answer = answerWith(410)
    const made = await hook()
    await testOf(made)
    await newKey()
    await run()
    const shown = (await school.api.get(made.path)).body
    expect(shown).toMatchObject({ enabled: false, disabledReason: 'gone' })
    // Both are under way at once: whichever is answered first fails, and the other may be skipped.
    const states = (await deliveriesOf(made)).map(({ state }: { state: string }) => state)
    expect(states).toContain('failed')
    expect(states).not.toContain('waiting')
    await worker.steps.mail()
    const mails = (await school.api.get('/v1/mail')).body.items
    const to = `owner@hook-school-${counter}.example.org`
    expect(mails).toMatchObject([
      { kind: 'webhook-disabled', to, subject: expect.stringMatching(/^A webhook/) },
    ])
    expect(mails[0].text).toContain('nobody listens there any more (410)')
    // The path may hold a secret: only the server is named.
    expect(mails[0].text).not.toMatch(/\/hook(?!-school)/)
    expect((await school.api.get('/v1/audit')).body.items).toContainEqual(
      expect.objectContaining({ actor: 'system', action: 'webhook.disabled', targetId: made.id }),
    )
    const refused = await school.api.post(`${made.path}/test`)
    expect([refused.status, refused.body.code]).toEqual([409, 'webhook-disabled'])
    expect(refused.body.detail).toContain('Possible now: enable it')
  })

  test('for five days is disabled; what happened meanwhile can be sent once it is back', async () => {
    receiver.answer = answerWith(503)
    await sql("UPDATE account SET locale = 'nl'")
    const made = await hook()
    await newKey()
    await run()
    expect((await school.api.get(made.path)).body.failingSince).not.toBeNull()
    for (let day = 0; day < 4; day++) {
      clock.advance(DAY_MS)
      await run()
    }
    expect((await school.api.get(made.path)).body.enabled).toBe(true)
    clock.advance(DAY_MS)
    await newKey()
    await run()
    expect((await school.api.get(made.path)).body).toMatchObject({
      enabled: false,
      disabledReason: 'failing',
    })
    await worker.steps.mail()
    const [mail] = (await school.api.get('/v1/mail')).body.items
    expect([mail.kind, mail.subject]).toEqual([
      'webhook-disabled',
      expect.stringMatching(/^Een webhook is uitgezet: localhost/),
    ])
    await newKey()
    const states = (await deliveriesOf(made)).map(({ state }: { state: string }) => state).sort()
    expect(states).toEqual(['skipped', 'skipped', 'skipped'])

    receiver.answer = answerWith(200)
    receiver.received.length = 0
    await run()
    expect(receiver.received).toEqual([])
    const etag = Number(/\d+/.exec((await school.api.get(made.path)).headers.get('etag') ?? '')?.[0])
    expect((await patch(made.path, { enabled: true }, etag)).status).toBe(200)
    const since = new Date(Date.now() - HOUR_MS).toISOString()
    const replayed = await school.api.post(`${made.path}/deliveries/replay`, { since })
    expect([replayed.status, replayed.body]).toEqual([202, { replayed: 3 }])
    await run()
    expect(receiver.received).toHaveLength(3)
    expect((await school.api.get(made.path)).body).toMatchObject({ enabled: true, failingSince: null })
  })

  test('once begins its five days anew when something has arrived', async () => {
    const made = await hook()
    receiver.answer = answerWith(500)
    await testOf(made)
    await run()
    clock.advance(4 * DAY_MS)
    receiver.answer = answerWith(204)
    await run()
    expect((await school.api.get(made.path)).body.failingSince).toBeNull()
    clock.advance(4 * DAY_MS)
    receiver.answer = answerWith(500)
    await testOf(made)
    await run()
    expect((await school.api.get(made.path)).body.enabled).toBe(true)
  })

  test('from the address before says nothing of the one that it has now', async () => {
    const old = await startWebhookReceiver()
    try {
      let answer = () => {}
      old.answer = (_received, response) => {
        answer = () => response.writeHead(410).end()
      }
      const made = await hook({ url: old.url })
      await testOf(made)
      const pass = run()
      await vi.waitFor(() => expect(old.received).toHaveLength(1), { timeout: 15_000 })
      expect((await patch(made.path, { url: receiver.url }, 1)).status).toBe(200)
      answer()
      await pass
      expect((await school.api.get(made.path)).body).toMatchObject({ enabled: true, failingSince: null })
    } finally {
      await old.close()
    }
  })

  test('from an address that failed for days is not held against the next one', async () => {
    const made = await hook()
    receiver.answer = answerWith(500)
    await testOf(made)
    await run()
    clock.advance(4 * DAY_MS)
    const moved = await patch(made.path, { url: `${receiver.url}/new` }, 1)
    expect([moved.status, moved.body.failingSince]).toEqual([200, null])
    clock.advance(2 * DAY_MS)
    await testOf(made)
    await run()
    expect((await school.api.get(made.path)).body.enabled).toBe(true)
  })

  test('slowly holds up nobody else', async () => {
    const slow = await startWebhookReceiver()
    const held: (() => void)[] = []
    slow.answer = (_received, response) => {
      held.push(() => response.writeHead(204).end())
    }
    try {
      const stuck = await hook({ url: slow.url })
      const quick = await hook({ eventTypes: ['batch.*'] })
      for (let n = 0; n < 6; n++) await testOf(stuck)
      const pass = run()
      await vi.waitFor(() => expect(slow.received).toHaveLength(4), { timeout: 15_000 })
      // While four attempts hang, which is as many as one endpoint has at a time, another's go out.
      await testOf(quick)
      await vi.waitFor(() => expect(receiver.received).toHaveLength(1), { timeout: 8_000 })
      expect(slow.received).toHaveLength(4)
      const answers = setInterval(() => {
        for (const answer of held.splice(0)) answer()
      }, 20)
      await pass
      clearInterval(answers)
      expect(slow.received).toHaveLength(6)
      expect(await deliveriesOf(stuck, '?state=delivered')).toHaveLength(6)
    } finally {
      await slow.close()
    }
  })

  test('with what nobody should do: redirects, endless answers, none at all', async () => {
    const made = await hook()
    const inner = await startWebhookReceiver()
    receiver.answer = answerWith(302, '', { location: inner.url })
    const redirected = await testOf(made)
    await run()
    expect((await detail(made, redirected)).log[0]).toMatchObject({ status: null, error: 'redirect' })
    expect(inner.received).toEqual([])
    await inner.close()

    receiver.answer = (_received, response) => {
      response.writeHead(200)
      const pour = () => {
        while (!response.destroyed && response.write('x'.repeat(100_000)));
        if (!response.destroyed) response.once('drain', pour)
      }
      pour()
    }
    const huge = await testOf(made)
    await run()
    const { state, log } = await detail(made, huge)
    expect([state, log[0].status, log[0].answer]).toEqual(['delivered', 200, 'x'.repeat(1_000)])

    receiver.answer = (_received, response) => {
      response.destroy()
    }
    const none = await testOf(made)
    await run()
    expect((await detail(made, none)).log[0]).toMatchObject({ status: null, error: 'connection' })
  })
})

describe('a secret', () => {
  test('is shown once, is kept sealed, and stands in no log', async () => {
    const key = { 'idempotency-key': crypto.randomUUID() }
    const wanted = { url: receiver.url, description: 'Once', eventTypes: ['*'] }
    const first = await school.api.post('/v1/webhooks', wanted, key)
    expect(first.body.secret).toMatch(/^whsec_/)
    expect((await school.api.post('/v1/webhooks', wanted, key)).body.secret).toBeNull()
    const bytes = Buffer.from(first.body.secret.slice(6), 'base64')
    const [row] = await sql('SELECT sealed_secret FROM webhook_endpoint WHERE id = $1', [
      first.body.webhook.id,
    ])
    expect((row as { sealed_secret: Buffer }).sealed_secret.includes(bytes)).toBe(false)
    const kept = await sql(
      `SELECT convert_from(body, 'UTF8') AS text FROM idempotency_key WHERE body IS NOT NULL
       UNION ALL SELECT detail::text FROM audit_detail`,
    )
    expect(JSON.stringify(kept)).not.toContain(first.body.secret)
    for (const path of ['', `/${first.body.webhook.id}`])
      expect(JSON.stringify((await school.api.get(`/v1/webhooks${path}`)).body)).not.toContain('whsec_')
  })

  test('is rotated: for a day both sign, then the new one alone', async () => {
    const made = await hook()
    const { body } = await school.api.post(`${made.path}/rotate-secret`)
    expect(body.secret).not.toBe(made.secret)
    await testOf(made)
    await run()
    const [both] = receiver.received
    expect(both?.headers['webhook-signature']?.split(' ')).toHaveLength(2)
    expect(verifiedBy(made.secret, both as never)).toMatchObject({ type: 'webhook.test' })
    expect(verifiedBy(body.secret, both as never)).toMatchObject({ type: 'webhook.test' })
    clock.advance(DAY_MS + MINUTE_MS)
    await testOf(made)
    await run()
    expect(receiver.received[1]?.headers['webhook-signature']?.split(' ')).toHaveLength(1)
  })

  test('that leaked is replaced at once', async () => {
    const made = await hook()
    const { body } = await school.api.post(`${made.path}/rotate-secret`, { overlapSeconds: 0 })
    await testOf(made)
    await run()
    const [message] = receiver.received
    expect(verifiedBy(made.secret, message as never)).toBe(false)
    expect(verifiedBy(body.secret, message as never)).toMatchObject({ type: 'webhook.test' })
  })
})

describe('the log', () => {
  test('is told page by page, newest first, by state', async () => {
    const made = await hook()
    const ids: string[] = []
    for (let n = 0; n < 5; n++) ids.unshift(await testOf(made))
    await run()
    const seen: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`
      const { body } = await school.api.get(`${made.path}/deliveries?limit=2${query}`)
      seen.push(...body.items.map(({ id }: { id: string }) => id))
      cursor = body.next
    }
    expect(seen).toEqual(ids)
    expect(await deliveriesOf(made, '?state=failed')).toEqual([])
  })

  test('one is replayed with the id that it had, also after it arrived; one that waits is tried now', async () => {
    const made = await hook()
    const delivery = await testOf(made)
    await run()
    const again = await school.api.post(`${made.path}/deliveries/${delivery}/replay`)
    expect([again.status, again.body.state]).toEqual([202, 'waiting'])
    receiver.answer = answerWith(500)
    await run()
    expect((await detail(made, delivery)).attempts).toBe(1)
    await school.api.post(`${made.path}/deliveries/${delivery}/replay`)
    await run()
    expect(receiver.received).toHaveLength(3)
    expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(1)
    const shown = await detail(made, delivery)
    expect([shown.attempts, shown.log.length]).toEqual([2, 3])
  })

  test('is forgotten after 30 days', async () => {
    const made = await hook()
    const delivery = await testOf(made)
    await run()
    clock.advance(29 * DAY_MS)
    await run()
    expect((await school.api.get(`${made.path}/deliveries/${delivery}`)).status).toBe(200)
    clock.advance(DAY_MS + HOUR_MS)
    await run()
    expect((await school.api.get(`${made.path}/deliveries/${delivery}`)).status).toBe(404)
    expect(await sql('SELECT 1 FROM webhook_attempt WHERE delivery_id = $1', [delivery])).toEqual([])
  })
})

describe('side by side', () => {
  test('two workers at once send each message once', async () => {
    const made = await hook()
    for (let n = 0; n < 40; n++) await newKey()
    receiver.answer = async (_received, response) => {
      await sleep(5)
      response.writeHead(204).end()
    }
    const others = [worker, composeAgain(product, { clock })]
    await Promise.all([...others, ...others].map(({ steps }) => steps.webhooks()))
    expect(receiver.received).toHaveLength(40)
    expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(40)
    expect(await deliveriesOf(made, '?state=delivered&limit=100')).toHaveLength(40)
  })

  test('a claim that ran out is taken by another, and the late answer is noted without harm', async () => {
    const made = await hook()
    const delivery = await testOf(made)
    let first: (() => void) | undefined
    receiver.answer = (_received, response) => {
      if (receiver.received.length > 1) response.writeHead(204).end()
      else first = () => response.writeHead(500).end()
    }
    const hanging = run()
    await vi.waitFor(() => expect(first).toBeDefined(), { timeout: 15_000 })
    clock.advance(31 * SECOND_MS)
    await composeAgain(product, { clock }).steps.webhooks()
    first?.()
    await hanging
    expect(receiver.received).toHaveLength(2)
    const shown = await detail(made, delivery)
    expect([shown.state, shown.attempts, shown.log.length]).toEqual(['delivered', 1, 2])
  })

  test('a worker that is stopped lets its attempts go, and they are made again', async () => {
    const made = await hook()
    const delivery = await testOf(made)
    receiver.answer = () => {}
    const stop = new AbortController()
    const pass = worker.steps.webhooks(stop.signal)
    await vi.waitFor(() => expect(receiver.received).toHaveLength(1), { timeout: 15_000 })
    stop.abort()
    await pass
    receiver.answer = answerWith(204)
    await composeAgain(product, { clock }).steps.webhooks()
    expect((await detail(made, delivery)).state).toBe('delivered')
  })

  test('of many who change it at once, one wins and the others are told', async () => {
    const made = await hook()
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) => patch(made.path, { description: `By ${n}` }, 1)),
    )
    const statuses = answers.map(({ status }) => status).sort()
    expect(statuses).toEqual([200, ...Array.from({ length: 9 }, () => 412)])
  })

  test('secrets that are rotated at once leave one that signs', async () => {
    const made = await hook()
    const rotated = await Promise.all(
      Array.from({ length: 5 }, () => school.api.post(`${made.path}/rotate-secret`, { overlapSeconds: 0 })),
    )
    await testOf(made)
    await run()
    const good = rotated.filter(
      ({ body }) => verifiedBy(body.secret, receiver.received[0] as never) !== false,
    )
    expect(good).toHaveLength(1)
  })
})

describe('whatever is done to an endpoint, in whatever order', () => {
  const STEPS = [
    'tell',
    'run',
    'fail',
    'mend',
    'disable',
    'enable',
    'rotate',
    'replay',
    'replayAll',
    'wait',
  ] as const
  const steps = fc.array(fc.constantFrom(...STEPS), { minLength: 5, maxLength: 25 })

  test('nothing is sent while it is disabled, states are the known ones, and in the end everything can arrive', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (given) => {
        await drop()
        const made = await hook({ eventTypes: ['api_key.created'] })
        receiver.received.length = 0
        receiver.answer = answerWith(204)
        const expected = new Set<string>()
        const revision = async () => (await school.api.get(made.path)).body.revision
        for (const step of given) {
          const { enabled } = (await school.api.get(made.path)).body
          const before = receiver.received.length
          if (step === 'tell') expected.add((await newKey()).id)
          if (step === 'run') await Promise.all([run(), composeAgain(product, { clock }).steps.webhooks()])
          if (step === 'fail') receiver.answer = answerWith(500)
          if (step === 'mend') receiver.answer = answerWith(204)
          if (step === 'disable') await patch(made.path, { enabled: false }, await revision())
          if (step === 'enable') await patch(made.path, { enabled: true }, await revision())
          if (step === 'rotate') await school.api.post(`${made.path}/rotate-secret`, {})
          if (step === 'wait') clock.advance(HOUR_MS)
          if (step === 'replay' || step === 'replayAll') {
            const [{ id } = { id: undefined }] = await deliveriesOf(made)
            const path = step === 'replay' ? `${id}/replay` : 'replay'
            const body = step === 'replay' ? undefined : { since: '2020-01-01T00:00:00Z' }
            const { status } = await school.api.post(`${made.path}/deliveries/${path}`, body)
            if (id !== undefined) expect(status).toBe(enabled ? 202 : 409)
          }
          if (!enabled) expect(receiver.received).toHaveLength(before)
          const items = await deliveriesOf(made, '?limit=100')
          expect(items).toHaveLength(expected.size)
          for (const { state, finishedAt, attempts } of items) {
            expect(['waiting', 'delivered', 'failed', 'skipped']).toContain(state)
            expect(finishedAt === null).toBe(state === 'waiting')
            if (state === 'delivered') expect(attempts).toBeGreaterThan(0)
          }
        }
        receiver.answer = answerWith(204)
        await patch(made.path, { enabled: true }, await revision())
        await school.api.post(`${made.path}/deliveries/replay`, { since: '2020-01-01T00:00:00Z' })
        clock.advance(2 * DAY_MS)
        await run()
        expect(await deliveriesOf(made, '?state=delivered&limit=100')).toHaveLength(expected.size)
        expect(new Set(receiver.received.map(({ payload }) => payload.data.apiKeyId))).toEqual(expected)
        expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(expected.size)
      }),
      { numRuns: 8 },
    )
  }, 120_000)
})

describe('what is refused', () => {
  test.each([
    ['malformed', 'hook'],
    ['scheme', 'http://example.org/hook'],
    ['scheme', 'ftp://example.org/hook'],
    ['userinfo', 'https://user:word@example.org/hook'],
    ['fragment', 'https://example.org/hook#here'],
    ['address', 'https://10.0.0.1/hook'],
    ['address', 'https://169.254.169.254/latest/meta-data'],
    ['address', 'https://[::1%25lo]/'.replace('%25lo', '').replace('::1', 'fd00::1')],
    ['address', 'https://[::ffff:127.0.0.1]/'],
    ['address', 'https://3232235521/'],
    ['address', 'https://printer.local/'],
  ])('a URL by %s: %s', async (reason, url) => {
    const { status, body } = await school.api.post('/v1/webhooks', {
      url,
      description: 'X',
      eventTypes: ['*'],
    })
    expect([status, body.code, body.parameters.reason]).toEqual([422, 'webhook-url-refused', reason])
  })

  test('a type that there is not, and families of none', async () => {
    for (const type of ['award.made', 'awards.*', '*.issued', 'award.', 'webhook.test'])
      expect(
        (await school.api.post('/v1/webhooks', { url: receiver.url, description: 'X', eventTypes: [type] }))
          .body.code,
      ).toBe('webhook-event-type-unknown')
  })

  test('more endpoints than an organisation may have', async () => {
    for (let n = 0; n < 46; n++) await hook()
    const wanted = { url: receiver.url, description: 'X', eventTypes: ['*'] }
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => school.api.post('/v1/webhooks', wanted)),
    )
    const refused = answers.filter(({ status }) => status !== 201)
    expect(refused.map(({ status, body }) => [status, body.code])).toEqual(
      Array(8).fill([409, 'webhook-limit']),
    )
  })

  test('whoever administers another unit sees and reaches none of it', async () => {
    const { body: group } = await school.api.post('/v1/units', { name: 'Group' })
    const made = await hook()
    const theirs = await hook({ unitId: group.id })
    const { body } = await school.api.post('/v1/api-keys', {
      name: 'Group',
      rights: ['administer'],
      unitId: group.id,
    })
    const narrow = new ApiCaller(product.url, { authorization: `Bearer ${body.secret}` })
    expect((await narrow.get('/v1/webhooks')).body.items.map(({ id }: { id: string }) => id)).toEqual([
      theirs.id,
    ])
    const refused = await narrow.get(made.path)
    expect([refused.status, refused.body.code, refused.body.parameters.right]).toEqual([
      403,
      'forbidden',
      'administer',
    ])
    expect((await narrow.get(`${made.path}/deliveries`)).status).toBe(403)
    // One endpoint's log is no way to another's.
    const delivery = await testOf(made)
    expect((await narrow.get(`${theirs.path}/deliveries/${delivery}`)).status).toBe(404)
  })

  test('an endpoint that was deleted', async () => {
    const made = await hook()
    await testOf(made)
    expect((await school.api.send('DELETE', made.path, undefined)).status).toBe(204)
    await run()
    expect(receiver.received).toEqual([])
    for (const path of [made.path, `${made.path}/deliveries`])
      expect((await school.api.get(path)).status).toBe(404)
    await newKey()
    expect(
      await sql('SELECT 1 FROM webhook_delivery WHERE endpoint_id = $1 AND state = $2', [made.id, 'waiting']),
    ).toEqual([])
    const [row] = await sql('SELECT length(sealed_secret) AS length FROM webhook_endpoint WHERE id = $1', [
      made.id,
    ])
    expect(row).toEqual({ length: 0 })
  })
})
