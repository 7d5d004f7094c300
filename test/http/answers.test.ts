import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { asJson, post, problemIn, type SampleApi, startSampleApi, withKey } from './sample-api.ts'

const THING = '/v1/things/11111111-1111-4111-8111-111111111111'
const OTHER = '/v1/things/99999999-9999-4999-8999-999999999999'

let api: SampleApi
beforeAll(async () => {
  api = await startSampleApi()
})
afterAll(() => api.close())
beforeEach(() => {
  api.lines.length = 0
})

describe('answers', () => {
  test('a member that the schema does not name stays inside', async () => {
    const response = await post(api, '{"name":"a"}')
    expect(response.status).toBe(201)
    expect(Object.keys((await response.json()) as object).sort()).toEqual(['id', 'name', 'secret', 'tags'])
    expect(response.headers.get('location')).toMatch(/^\/v1\/things\//)
    expect(response.headers.get('cache-control')).toBe('no-store')
  })

  test('a handler that throws gives 500 with nothing but an instance, and the log has the rest', async () => {
    const response = await api.call('/v1/things/broken')
    const problem = await problemIn(response)
    expect(problem).toMatchObject({ code: 'internal', status: 500, parameters: {} })
    expect(JSON.stringify(problem)).not.toMatch(/hunter2|TypeError|\.ts|at /)
    const line = api.lines.find(({ event }) => event === 'http.broke')
    expect(problem.instance).toBe(`urn:uuid:${line?.fields['requestId']}`)
    expect(line?.fields['error']).toMatchObject({ message: 'the database password is hunter2' })
  })

  test('an answer that does not fit its schema is our fault', async () => {
    expect(await problemIn(await api.call('/v1/things/unfit'))).toMatchObject({ code: 'internal' })
  })

  test('a refusal of the business keeps its code and parameters', async () => {
    expect(await problemIn(await api.call(OTHER, { headers: withKey }))).toMatchObject({
      code: 'not-found',
      status: 404,
      parameters: { what: 'thing' },
    })
  })

  test('stored bytes go out as they are, cacheable for anybody, and not again to whoever holds them', async () => {
    const response = await api.call('/badges/a')
    expect(await response.text()).toBe('{"id":"a","b":1.0}')
    expect(response.headers.get('content-type')).toBe('application/ld+json')
    expect(response.headers.get('cache-control')).toBe('public, max-age=60')
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
    const tag = response.headers.get('etag') ?? ''
    const again = await api.call('/badges/a', { headers: { 'if-none-match': tag } })
    expect([again.status, await again.text()]).toEqual([304, ''])
  })

  test('with a key the same answer is kept by nobody', async () => {
    expect((await api.call('/badges/a', { headers: withKey })).headers.get('cache-control')).toBe('no-store')
  })

  test('a keyed answer may be read by no other site', async () => {
    const response = await api.call(THING, { headers: { ...withKey, origin: 'https://evil.example' } })
    expect(response.headers.get('access-control-allow-origin')).toBeNull()
  })
})

describe('methods and paths', () => {
  test('another method on a known path gets 405 with Allow', async () => {
    const response = await api.call(THING, { method: 'DELETE', headers: withKey })
    expect(await problemIn(response)).toMatchObject({ code: 'method-not-allowed', status: 405 })
    expect(response.headers.get('allow')).toBe('PUT, GET, HEAD, OPTIONS')
  })

  test('HEAD answers like GET, without the body', async () => {
    const response = await api.call('/badges/a', { method: 'HEAD' })
    expect([response.status, response.headers.get('content-length'), await response.text()]).toEqual([
      200,
      '18',
      '',
    ])
  })

  test('OPTIONS names the methods', async () => {
    const response = await api.call('/v1/things', { method: 'OPTIONS' })
    expect([response.status, response.headers.get('allow')]).toEqual([204, 'POST, GET, HEAD, OPTIONS'])
    expect(response.headers.get('access-control-allow-origin')).toBeNull()
  })

  test('TRACE echoes nothing', async () => {
    const answer = await rawRequest(
      api.port,
      'TRACE /v1/things HTTP/1.1\r\nHost: x\r\nX-Secret: s3cret\r\nConnection: close\r\n\r\n',
    )
    expect(answer).toMatch(/^HTTP\/1\.1 405 /)
    expect(answer).not.toMatch(/s3cret/)
  })

  test('an unknown path is a problem', async () => {
    expect(await problemIn(await api.call('/v1/nothing'))).toMatchObject({
      code: 'no-such-path',
      status: 404,
    })
    expect(await problemIn(await api.call('/v1/things/'))).toMatchObject({ code: 'no-such-path' })
    expect(await problemIn(await api.call('/V1/things'))).toMatchObject({ code: 'no-such-path' })
  })

  test('a literal path is found before one with a parameter, whatever their order', async () => {
    expect((await api.call('/v1/things/unfit')).status).toBe(500)
  })

  test('two lengths, or a length and chunks, are refused before anybody reads them', async () => {
    for (const framing of [
      'Content-Length: 5\r\nContent-Length: 6',
      'Content-Length: 5\r\nTransfer-Encoding: chunked',
    ])
      expect(
        await rawRequest(
          api.port,
          `POST /v1/things HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${framing}\r\n\r\n0\r\n\r\n`,
        ),
      ).toMatch(/^HTTP\/1\.1 400 /)
  })

  test('the Host header stands in no answer', async () => {
    const answer = await rawRequest(
      api.port,
      'GET /v1/nothing HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: evil.example\r\nConnection: close\r\n\r\n',
    )
    expect(answer).toMatch(/badges\.example\/problems/)
    expect(answer).not.toMatch(/evil/)
  })
})

describe('kinds of body', () => {
  const verify = (body: string, type: string) =>
    api.call('/v1/verify', { method: 'POST', body, headers: { 'content-type': type } })

  test('each kind is handed over as it came', async () => {
    expect(await (await verify('{"a":1}', 'application/json')).json()).toEqual({
      kind: 'json',
      length: 7,
      members: ['a'],
    })
    expect(await (await verify('{"a": 1}', 'application/vc+ld+json')).json()).toMatchObject({
      kind: 'vc',
      length: 8,
    })
    expect(await (await verify('eyJ.x.y', 'text/plain; charset=utf-8')).json()).toEqual({
      kind: 'text',
      length: 7,
      members: [],
    })
    expect(await (await verify('\x89PNG', 'image/png')).json()).toMatchObject({ kind: 'png' })
  })

  test('names that objects have are plain members', async () => {
    const body = '{"constructor":{"prototype":{}},"toString":1}'
    expect(await (await verify(body, 'application/json')).json()).toMatchObject({
      members: ['constructor', 'toString'],
    })
  })

  test('no body at all is named', async () => {
    const problem = await problemIn(await api.call('/v1/verify', { method: 'POST' }))
    expect(problem.errors).toEqual([expect.objectContaining({ in: 'body', pointer: '', code: 'missing' })])
  })
})

describe('versions', () => {
  const put = (headers: Record<string, string>) =>
    api.call(THING, { method: 'PUT', body: '{"name":"b"}', headers: { ...withKey, ...asJson, ...headers } })

  test('a change needs the version that was seen', async () => {
    expect(await problemIn(await put({}))).toMatchObject({ code: 'precondition-required', status: 428 })
    expect(await problemIn(await put({ 'if-match': '"v2"' }))).toMatchObject({
      code: 'precondition-failed',
      status: 412,
    })
    expect(await problemIn(await put({ 'if-match': '*' }))).toMatchObject({ code: 'precondition-failed' })
    expect((await put({ 'if-match': '"v3"' })).headers.get('etag')).toBe('"v4"')
  })

  test('the ETag of a read is the one that a change takes', async () => {
    const tag = (await api.call(THING, { headers: withKey })).headers.get('etag') ?? ''
    expect((await put({ 'if-match': tag })).status).toBe(200)
  })
})

describe('pages of a collection', () => {
  test('the cursor leads on without a gap', async () => {
    const first = (await (await api.call('/v1/things?limit=2', { headers: withKey })).json()) as {
      items: object[]
      next: string
    }
    expect(first.items).toEqual([{ n: 0 }, { n: 1 }])
    const second = await api.call(`/v1/things?limit=2&cursor=${first.next}`, { headers: withKey })
    expect(await second.json()).toMatchObject({ items: [{ n: 2 }, { n: 3 }] })
  })

  test.each([
    '{"at":1}',
    '{"at":1,"id":"x"}',
    '{"at":-1,"id":"11111111-1111-4111-8111-111111111111"}',
    '[1]',
    '{',
  ])('a cursor of %s is refused', async (content) => {
    const cursor = Buffer.from(content).toString('base64url')
    expect(
      await problemIn(await api.call(`/v1/things?cursor=${cursor}`, { headers: withKey })),
    ).toMatchObject({
      code: 'invalid-request',
    })
  })
})

describe('what operators see', () => {
  test('a line per request holds nothing that the caller wrote', async () => {
    await api.call('/v1/nothing/\u0130%0aforged?token=s3cret', {
      headers: { authorization: 'Bearer s3cret', 'x-request-id': 'forged' },
    })
    await expect.poll(() => api.lines.length).toBeGreaterThan(0)
    expect(JSON.stringify(api.lines)).not.toMatch(/s3cret|forged/)
    expect(api.lines.at(-1)).toMatchObject({
      event: 'http.answered',
      fields: { status: 404, code: 'no-such-path', route: 'none' },
    })
  })

  test('a line names the pattern of the route and the caller', async () => {
    await (await api.call(OTHER, { headers: withKey })).text()
    await expect.poll(() => api.lines.length).toBeGreaterThan(0)
    expect(api.lines.at(-1)?.fields).toMatchObject({
      route: '/v1/things/{id}',
      caller: 'key:44444444-4444-4444-8444-444444444444',
      method: 'GET',
    })
  })

  test('metrics count by pattern, and are for this machine', async () => {
    await (await api.call(OTHER, { headers: withKey })).text()
    const response = await api.call('/metrics')
    expect(await response.text()).toMatch(
      /waarmerk_http_request_duration_seconds_count\{method="GET",route="\/v1\/things\/\{id\}",status="404"\} [1-9]/,
    )
    const proxied = await api.call('/metrics', { headers: { 'x-forwarded-for': '127.0.0.1' } })
    expect(await problemIn(proxied)).toMatchObject({ code: 'no-such-path' })
  })

  test('every answer names its request', async () => {
    const response = await api.call('/healthz')
    expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
    expect(await response.json()).toEqual({ status: 'ok' })
  })

  test('each problem is explained at its type, to programs and to people', async () => {
    const json = await api.call('/problems/duplicate-nothing')
    expect(await problemIn(json)).toMatchObject({ code: 'not-found' })
    expect(await (await api.call('/problems/not-found')).json()).toMatchObject({
      code: 'not-found',
      status: 404,
      retry: false,
    })
    const page = await api.call('/problems/not-found', { headers: { accept: 'text/html' } })
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(await page.text()).toMatch(/<h1><code>not-found<\/code><\/h1>/)
  })
})

test('a connection that sends its headers drop by drop is cut off', async () => {
  const limits = (await import('./sample-api.ts')).roomyLimits
  const slow = await startSampleApi({ limits: { ...limits, headersTimeoutMs: 200, requestTimeoutMs: 400 } })
  const answer = await rawRequest(slow.port, 'GET /healthz HTTP/1.1\r\nHost: x\r\nX-Drop:')
  expect(answer).toMatch(/^HTTP\/1\.1 408 /)
  await slow.close()
})

test('closing lets a running request finish and takes no other', async () => {
  const closing = await startSampleApi()
  let open = () => {}
  closing.sample.gate = new Promise((resolve) => {
    open = resolve
  })
  const running = post(closing, '{"name":"a"}')
  await new Promise((resolve) => setTimeout(resolve, 100))
  const closed = closing.close()
  await new Promise((resolve) => setTimeout(resolve, 50))
  await expect(fetch(`${closing.url}/healthz`)).rejects.toThrow()
  open()
  expect((await running).status).toBe(201)
  await closed
})

test('a caller that goes away mid-body leaves no trace but a line', async () => {
  const started = httpRequest({
    port: api.port,
    method: 'POST',
    path: '/v1/things',
    headers: { ...withKey, ...asJson, 'content-length': '50' },
  })
  started.on('error', () => {})
  started.write('{"name":')
  await new Promise((resolve) => setTimeout(resolve, 100))
  started.destroy()
  await expect.poll(() => api.lines.map(({ event }) => event)).toContain('http.aborted')
  expect(api.lines.some(({ event }) => event === 'http.broke')).toBe(false)
})

/** Sends bytes as they are, and gives back all that comes until the connection ends. */
function rawRequest(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text))
    let answer = ''
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1')
    })
    socket.on('close', () => resolve(answer))
    socket.on('error', reject)
  })
}
