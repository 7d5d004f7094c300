import { request as httpRequest } from 'node:http'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { usedCpuMs } from '#test/used-cpu.ts'
import { asJson, post, problemIn, type SampleApi, startSampleApi, withKey } from './sample-api.ts'

let api: SampleApi
beforeAll(async () => {
  api = await startSampleApi()
})
afterAll(() => api.close())
beforeEach(() => {
  api.sample.created = 0
})

const bytes = (...parts: readonly (string | number[])[]) =>
  new Uint8Array(Buffer.concat(parts.map((part) => Buffer.from(part as string))))

describe('bad JSON is refused with a code, quickly, and nothing is made', () => {
  /** What it is, the body, the status, and the code with its reason. */
  const bad: [what: string, body: string | Uint8Array, status: number, code: string][] = [
    ['malformed JSON', '{"name":', 400, 'malformed-json syntax'],
    ['an empty body of chunks', '', 400, 'invalid-request'],
    ['invalid UTF-8', bytes('{"name":"', [0xff, 0xfe], '"}'), 400, 'malformed-json invalid-utf8'],
    ['a byte order mark', bytes([0xef, 0xbb, 0xbf], '{"name":"a"}'), 400, 'malformed-json byte-order-mark'],
    ['duplicate keys', '{"name":"a","name":"b"}', 400, 'malformed-json duplicate-key'],
    ['a lone surrogate', '{"name":"\\ud800"}', 400, 'malformed-json lone-surrogate'],
    ['an escaped NUL', '{"name":"a\\u0000b"}', 400, 'malformed-json nul'],
    ['a raw NUL', '{"name":"a\u0000b"}', 400, 'malformed-json nul'],
    ['a number out of range', '{"name":"a","free":{"n":1e999}}', 400, 'malformed-json number-out-of-range'],
    [
      'a number that would be rounded',
      '{"name":"a","free":{"n":9007199254740993}}',
      400,
      'malformed-json number-not-exact',
    ],
    ['a __proto__ key', '{"name":"a","__proto__":{"admin":true}}', 400, 'malformed-json forbidden-key'],
    [
      'a nested __proto__ key',
      '{"name":"a","free":{"x":{"__proto__":1}}}',
      400,
      'malformed-json forbidden-key',
    ],
    ['a length that is an object', '{"name":{"length":{}}}', 400, 'invalid-request'],
    ['trailing garbage', '{"name":"a"}}', 400, 'malformed-json trailing-content'],
    [
      '100-deep nesting',
      `{"name":"a","free":{"x":${'['.repeat(100)}${']'.repeat(100)}}}`,
      400,
      'json-too-complex too-deep',
    ],
    [
      'too many keys',
      JSON.stringify({ name: 'a', free: Object.fromEntries(Array.from({ length: 1001 }, (_, n) => [n, 0])) }),
      400,
      'json-too-complex too-many-keys',
    ],
    [
      'too many values',
      JSON.stringify({ name: 'a', free: { x: new Array(20_000).fill(0) } }),
      400,
      'json-too-complex too-many-nodes',
    ],
    ['a 5 MB body', JSON.stringify({ name: 'x'.repeat(5_000_000) }), 413, 'body-too-large'],
    ['the wrong type', '{"name":7}', 400, 'invalid-request'],
    ['a body that is no object', '[]', 400, 'invalid-request'],
    ['null', 'null', 400, 'invalid-request'],
    ['a missing member', '{}', 400, 'invalid-request'],
    ['an unknown member', '{"name":"a","id":"1"}', 400, 'invalid-request'],
  ]

  test.each(bad)('%s', async (_what, body, status, code) => {
    const started = usedCpuMs()
    const response = await post(api, body)
    const problem = await problemIn(response)
    const reason = problem.parameters['reason']
    expect([response.status, reason === undefined ? problem.code : `${problem.code} ${reason}`]).toEqual([
      status,
      code,
    ])
    expect(usedCpuMs() - started).toBeLessThan(2000)
    expect(api.sample.created).toBe(0)
  })
})

test('a body without length is refused as soon as it grows past the limit, with no end in sight', async () => {
  const headers = { ...withKey, ...asJson, 'transfer-encoding': 'chunked' }
  const sending = httpRequest({ port: api.port, method: 'POST', path: '/v1/things', headers })
  sending.on('error', () => {})
  const answered = new Promise<number | undefined>((resolve) => {
    sending.on('response', (response) => resolve(response.statusCode))
  })
  sending.write(' '.repeat(150_000))
  expect(await answered).toBe(413)
  sending.destroy()
})

test('a caller that goes on sending after the refusal is cut off', async () => {
  const headers = { ...withKey, ...asJson, 'transfer-encoding': 'chunked' }
  const sending = httpRequest({ port: api.port, method: 'POST', path: '/v1/things', headers })
  let isCut = false
  sending.on('error', () => {})
  sending.on('socket', (socket) =>
    socket.on('close', () => {
      isCut = true
    }),
  )
  sending.on('response', (response) => response.resume())
  const drops = setInterval(() => sending.write(' '.repeat(150_000)), 50)
  await expect.poll(() => isCut).toBe(true)
  clearInterval(drops)
})

test.each([
  ['gzip', 'gzip'],
  ['br', 'br'],
  ['a chain', 'gzip, gzip'],
])('a compressed body (%s) is refused unread', async (_name, encoding) => {
  const response = await post(api, '{"name":"a"}', { 'content-encoding': encoding })
  expect(await problemIn(response)).toMatchObject({ code: 'unsupported-content-encoding', status: 415 })
  expect(response.headers.get('accept-encoding')).toBe('identity')
})

test.each([
  ['none', ''],
  ['a form', 'application/x-www-form-urlencoded'],
  ['text', 'text/plain'],
  ['an image', 'image/png'],
  ['JSON in another charset', 'application/json; charset=utf-16'],
  ['a form with files', 'multipart/form-data; boundary=x'],
])('media type %s is refused where JSON is taken', async (_name, type) => {
  const response = await post(api, bytes('{"name":"a"}'), { 'content-type': type })
  expect(await problemIn(response)).toMatchObject({
    code: 'unsupported-media-type',
    status: 415,
    parameters: { accepted: ['application/json'] },
  })
  expect(response.headers.get('accept')).toBe('application/json')
})

test('JSON with charset utf-8 is taken', async () => {
  const response = await post(api, '{"name":"a"}', { 'content-type': 'Application/JSON; charset="UTF-8"' })
  expect(response.status).toBe(201)
})

test('a body where none is taken is refused', async () => {
  const response = await api.call('/v1/things/broken', { method: 'POST', body: '{}', headers: asJson })
  expect(await problemIn(response)).toMatchObject({ code: 'method-not-allowed' })
})

test('every fault of a request is named by pointer, all at once', async () => {
  const body = '{"name":"","tags":["a",7],"shape":{"kind":"round","radius":-1,"x":1},"a/b~c":true}'
  const problem = await problemIn(await post(api, body))
  expect(problem.errors?.map(({ in: part, pointer, code }) => `${part} ${pointer} ${code}`).sort()).toEqual([
    'body /a~1b~0c unknown',
    'body /name too_small',
    'body /shape/radius too_small',
    'body /shape/x unknown',
    'body /tags/1 invalid_type',
  ])
})

test('what the caller wrote does not come back in a problem unless as a short name', async () => {
  const problem = await problemIn(
    await post(api, JSON.stringify({ name: 'a', [`<script>${'x'.repeat(5000)}`]: 1 })),
  )
  expect(JSON.stringify(problem).length).toBeLessThan(1500)
})

describe('queries are strict', () => {
  const get = (query: string) => api.call(`/v1/things?${query}`, { headers: withKey })

  test.each([
    ['colour=red', 'query /colour unknown'],
    ['limit=5&limit=6', 'query /limit repeated'],
    ['limit=abc', 'query /limit invalid_type'],
    ['limit=101', 'query /limit too_big'],
    ['limit=0', 'query /limit too_small'],
    ['cursor=abc', 'query /cursor invalid-cursor'],
    ['__proto__=1', 'query /__proto__ unknown'],
    ['constructor=1', 'query /constructor unknown'],
    ['limit[$gt]=1', 'query /limit[$gt] unknown'],
  ])('%s is refused', async (query, fault) => {
    const problem = await problemIn(await get(query))
    expect(problem.code).toBe('invalid-request')
    expect(problem.errors?.map(({ in: part, pointer, code }) => `${part} ${pointer} ${code}`)).toEqual([
      fault,
    ])
  })

  test('an unknown parameter is refused where a route has none', async () => {
    expect(await problemIn(await api.call('/healthz?verbose=1'))).toMatchObject({ code: 'invalid-request' })
  })

  test('a parameter that is a list may be repeated, or stand alone', async () => {
    expect(await (await get('tag=a&tag=b&limit=1')).json()).toMatchObject({ tags: ['a', 'b'] })
    expect(await (await get('tag=a')).json()).toMatchObject({ tags: ['a'] })
  })

  test('a key in the URL is refused by its own code', async () => {
    expect(await problemIn(await get('api_key=full-key'))).toMatchObject({ code: 'credential-in-url' })
  })
})

test.each([
  ['broken percent-encoding', '/v1/things/%zz'],
  ['invalid UTF-8', '/v1/things/%ff'],
  ['NUL', '/v1/things/a%00b'],
  ['NUL in a query', '/v1/things?tag=%00'],
  ['invalid UTF-8 in a query', '/v1/things?tag=%c0%af'],
])('a URL with %s is refused', async (_what, path) => {
  expect(await problemIn(await api.call(path, { headers: withKey }))).toMatchObject({
    code: 'malformed-url',
    status: 400,
  })
})

test('an id that is none is named by its place in the path', async () => {
  const problem = await problemIn(await api.call('/v1/things/7', { headers: withKey }))
  expect(problem.errors).toMatchObject([{ in: 'path', pointer: '/id' }])
})
