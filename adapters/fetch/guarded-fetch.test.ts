import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, expect, test } from 'vitest'
import { createGuardedFetch } from './guarded-fetch.ts'

const open: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of open.splice(0)) await close()
})

/** A server on this machine that counts its connections. */
async function serve(answer: RequestListener) {
  const seen = { connections: 0 }
  const server = createServer(answer)
  server.on('connection', () => {
    seen.connections++
  })
  await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle))
  open.push(async () => {
    server.closeAllConnections()
    await new Promise((settle) => server.close(settle))
  })
  const { port } = server.address() as AddressInfo
  return { port, seen, url: `http://localhost:${port}/` }
}

const local = createGuardedFetch({
  allowLocalhost: true,
  timeoutMs: 500,
  maxBytes: 1_000,
  resolve: async () => ['127.0.0.1'],
})

test('a document comes with its status, its media type and its bytes', async () => {
  const { url } = await serve((request, response) => {
    response.setHeader('content-type', 'Application/VC+LD+JSON; charset=utf-8')
    response.end(
      JSON.stringify({ accept: request.headers.accept, encoding: request.headers['accept-encoding'] }),
    )
  })
  const { status, mediaType, body } = await local(url, { headers: { accept: 'application/vc' } })
  expect({ status, mediaType }).toEqual({ status: 200, mediaType: 'application/vc+ld+json' })
  expect(JSON.parse(new TextDecoder().decode(body))).toEqual({
    accept: 'application/vc',
    encoding: 'identity',
  })
})

test('a body is posted whole', async () => {
  const { url } = await serve(async (request, response) => {
    let text = ''
    for await (const chunk of request) text += chunk
    response.end(`${request.method} ${text}`)
  })
  const { body } = await local(url, { method: 'POST', body: 'één ding' })
  expect(new TextDecoder().decode(body)).toBe('POST één ding')
})

test('an error status is an answer', async () => {
  const { url } = await serve((_request, response) => {
    response.statusCode = 404
    response.end('no')
  })
  expect(await local(url)).toMatchObject({ status: 404 })
})

test('a redirect is not followed', async () => {
  const target = await serve((_request, response) => void response.end('secret'))
  const { url } = await serve(
    (_request, response) => void response.writeHead(302, { location: target.url }).end(),
  )
  await expect(local(url)).rejects.toMatchObject({ code: 'fetch-failed', parameters: { reason: 'redirect' } })
  expect(target.seen.connections).toBe(0)
})

test.each([
  ['that says its size', true],
  ['that does not', false],
])('a body too large, %s, is cut off', async (_name, says) => {
  const { url } = await serve((_request, response) => {
    if (says) response.setHeader('content-length', 5_000_000)
    const more = () => {
      if (!response.destroyed) response.write(Buffer.alloc(10_000), more)
    }
    response.on('error', () => {})
    more()
  })
  await expect(local(url)).rejects.toMatchObject({
    code: 'fetch-failed',
    parameters: { reason: 'too-large' },
  })
})

test.each<[string, RequestListener]>([
  ['never answers', () => {}],
  [
    'answers a byte now and then',
    (_request, response) => void setInterval(() => response.write('.'), 100).unref(),
  ],
])('a server that %s is left in time', async (_name, answer) => {
  const { url } = await serve(answer)
  const began = performance.now()
  await expect(local(url)).rejects.toMatchObject({ code: 'fetch-failed', parameters: { reason: 'timeout' } })
  expect(performance.now() - began).toBeLessThan(2_000)
})

test('a look-up that never ends is left in time', async () => {
  const stuck = createGuardedFetch({ timeoutMs: 200, resolve: () => new Promise(() => {}) })
  await expect(stuck('https://slow.example/')).rejects.toMatchObject({ parameters: { reason: 'timeout' } })
})

test('a compressed answer is refused: it could be any size', async () => {
  const { url } = await serve((_request, response) => {
    response.setHeader('content-encoding', 'gzip')
    response.end(gzipSync(Buffer.alloc(100_000)))
  })
  await expect(local(url)).rejects.toMatchObject({ parameters: { reason: 'encoding' } })
})

test('a server that hangs up is a failed connection', async () => {
  const { url } = await serve((request) => void request.socket.destroy())
  await expect(local(url)).rejects.toMatchObject({
    code: 'fetch-failed',
    parameters: { reason: 'connection' },
  })
})

test('a public name that leads here is refused before any connection', async () => {
  const { port, seen } = await serve((_request, response) => void response.end('inside'))
  for (const address of ['127.0.0.1', '::1', '::ffff:127.0.0.1', '10.0.0.1', '169.254.169.254']) {
    const fetch = createGuardedFetch({ allowLocalhost: true, resolve: async () => ['1.1.1.1', address] })
    await expect(fetch(`https://public.example:${port}/`)).rejects.toMatchObject({
      code: 'fetch-refused',
      parameters: { host: 'public.example', reason: 'address' },
    })
  }
  expect(seen.connections).toBe(0)
})

test('a name is looked up once, and the connection goes to what was judged', async () => {
  const { url, seen } = await serve((_request, response) => void response.end('judged'))
  let lookups = 0
  const rebinding = createGuardedFetch({
    allowLocalhost: true,
    resolve: async () => (lookups++ === 0 ? ['127.0.0.1'] : ['127.0.0.99']),
  })
  await rebinding(url)
  expect(lookups).toBe(1)
  expect(seen.connections).toBe(1)
})

test.each([
  ['http://public.example/', 'scheme'],
  ['ftp://public.example/', 'scheme'],
  ['file:///etc/passwd', 'scheme'],
  ['data:text/plain,x', 'scheme'],
  ['https://user:secret@public.example/', 'userinfo'],
  ['not a url', 'malformed'],
  ['https://', 'malformed'],
  ['https://127.0.0.1/', 'address'],
  ['https://127.1/', 'address'],
  ['https://0x7f000001/', 'address'],
  ['https://2130706433/', 'address'],
  ['https://[::1]/', 'address'],
  ['https://[::ffff:127.0.0.1]/', 'address'],
  ['https://169.254.169.254/latest/meta-data/', 'address'],
  ['https://localhost/', 'address'],
])('%s is refused: %s', async (url, reason) => {
  const fetch = createGuardedFetch({ resolve: async () => ['127.0.0.1'] })
  await expect(fetch(url)).rejects.toMatchObject({ code: 'fetch-refused', parameters: { reason } })
})

test('a name without an address is refused', async () => {
  const fetch = createGuardedFetch({ resolve: async () => Promise.reject(new Error('ENOTFOUND')) })
  await expect(fetch('https://nowhere.example/')).rejects.toMatchObject({
    parameters: { reason: 'unresolvable' },
  })
})

test('in development plain http goes to this machine only', async () => {
  const fetch = createGuardedFetch({ allowLocalhost: true, resolve: async () => ['93.184.215.14'] })
  await expect(fetch('http://public.example/')).rejects.toMatchObject({ parameters: { reason: 'scheme' } })
  await expect(fetch('http://localhost/')).rejects.toMatchObject({ parameters: { reason: 'address' } })
})
