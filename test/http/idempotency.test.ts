import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { fakeIdempotencyStore } from './fake-idempotency-store.ts'
import { post, problemIn, type SampleApi, startSampleApi } from './sample-api.ts'

let api: SampleApi
let key: string
beforeAll(async () => {
  api = await startSampleApi()
})
afterAll(() => api.close())
beforeEach(() => {
  api.sample.created = 0
  api.sample.gate = Promise.resolve()
  key = crypto.randomUUID()
})

const create = (body: string, headers: Record<string, string> = {}) =>
  post(api, body, { 'idempotency-key': key, ...headers })

test('the second call gets the first answer, and says so; what is shown once is not shown again', async () => {
  const first = await create('{"name":"a"}')
  const second = await create('{"name":"a"}')
  const [one, two] = [await first.json(), await second.json()] as [{ secret: string }, object]
  expect(two).toEqual({ ...one, secret: null })
  expect(one.secret).toBe('shown once')
  expect(second.status).toBe(201)
  expect(second.headers.get('location')).toBe(first.headers.get('location'))
  expect([first.headers.get('idempotency-replayed'), second.headers.get('idempotency-replayed')]).toEqual([
    null,
    'true',
  ])
  expect(api.sample.created).toBe(1)
})

test('without a key every call makes a thing', async () => {
  await post(api, '{"name":"a"}')
  await post(api, '{"name":"a"}')
  expect(api.sample.created).toBe(2)
})

test('another body under the same key is refused', async () => {
  await create('{"name":"a"}')
  expect(await problemIn(await create('{"name":"b"}'))).toMatchObject({
    code: 'idempotency-key-reused',
    status: 409,
    retry: false,
  })
  expect(api.sample.created).toBe(1)
})

test('of many at once one makes the thing, and the others wait or get its answer', async () => {
  let open = () => {}
  api.sample.gate = new Promise((resolve) => {
    open = resolve
  })
  const calls = Array.from({ length: 12 }, () => create('{"name":"a"}'))
  const early = await Promise.race(calls)
  expect(await problemIn(early)).toMatchObject({ code: 'idempotency-in-progress', status: 409, retry: true })
  open()
  const answers = await Promise.all(calls)
  const made = answers.filter(({ status, headers }) => status === 201 && !headers.has('idempotency-replayed'))
  expect(made).toHaveLength(1)
  expect(api.sample.created).toBe(1)
  expect((await create('{"name":"a"}')).headers.get('idempotency-replayed')).toBe('true')
})

test('a refusal is not kept: the same key may try again', async () => {
  expect(await problemIn(await create('{"name":"taken"}'))).toMatchObject({ code: 'already-exists' })
  expect(await problemIn(await create('{'))).toMatchObject({ code: 'malformed-json' })
  expect((await create('{"name":"free"}')).status).toBe(201)
})

test('the same key of another caller is another key', async () => {
  const first = (await (await create('{"name":"a"}')).json()) as { id: string }
  const session = {
    authorization: '',
    cookie: 'waarmerk-session=good-session',
    origin: 'http://badges.example',
  }
  const { authorization: _none, ...headers } = session
  const second = await api.call('/v1/things', {
    method: 'POST',
    body: '{"name":"a"}',
    headers: { 'content-type': 'application/json', 'idempotency-key': key, ...headers },
  })
  expect(((await second.json()) as { id: string }).id).not.toBe(first.id)
})

test.each([
  ['empty', ''],
  ['with a space', 'a b'],
  ['too long', 'x'.repeat(256)],
  ['not ASCII', 'caf\u00e9'],
])('a key that is %s is refused', async (_what, bad) => {
  expect(await problemIn(await create('{"name":"a"}', { 'idempotency-key': bad }))).toMatchObject({
    code: 'idempotency-key-invalid',
  })
})

test('when the answer cannot be kept the caller still gets it, and the log says so', async () => {
  const forgetful = {
    ...fakeIdempotencyStore(),
    complete: async () => {
      throw new Error('no database')
    },
  }
  const small = await startSampleApi({ idempotency: forgetful })
  expect((await post(small, '{"name":"a"}', { 'idempotency-key': key })).status).toBe(201)
  expect(small.lines.map(({ event }) => event)).toContain('http.idempotency-lost')
  await small.close()
})
