import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, expect, test } from 'vitest'
import { createWebhookSender } from './webhook-sender.ts'

const open: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of open.splice(0)) await close()
})

async function serve(answer: RequestListener) {
  const seen = { requests: 0 }
  const server = createServer((request, response) => {
    seen.requests++
    answer(request, response)
  })
  await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle))
  open.push(async () => {
    server.closeAllConnections()
    await new Promise((settle) => server.close(settle))
  })
  return { seen, port: (server.address() as AddressInfo).port }
}

const body = new TextEncoder().encode('{}')
const never = new AbortController().signal
const local = createWebhookSender({
  allowLocalhost: true,
  timeoutMs: 1500,
  resolve: async () => ['127.0.0.1'],
})
const post = (sender: typeof local, url: string, signal = never) =>
  sender.post({ url, headers: {}, body, signal })

test('a name that leads to a private address is not sent to, and nobody there hears of it', async () => {
  const { seen, port } = await serve((_, response) => response.end())
  for (const address of [
    '127.0.0.1',
    '10.1.2.3',
    '169.254.169.254',
    '192.168.1.1',
    '::1',
    'fd00::1',
    '0.0.0.0',
  ]) {
    const sender = createWebhookSender({ resolve: async () => [address] })
    expect(await post(sender, `https://hooks.example.org:${port}/`)).toEqual({
      kind: 'failed',
      error: 'address',
    })
  }
  // One good address among bad ones does not help.
  const mixed = createWebhookSender({ resolve: async () => ['93.184.216.34', '127.0.0.1'] })
  expect(await post(mixed, `https://hooks.example.org:${port}/`)).toEqual({
    kind: 'failed',
    error: 'address',
  })
  expect(seen.requests).toBe(0)
})

test('this machine is one of those, unless that is allowed', async () => {
  const { seen, port } = await serve((_, response) => response.end())
  const strict = createWebhookSender()
  for (const url of [`http://localhost:${port}/`, `https://127.0.0.1:${port}/`, `https://[::1]:${port}/`])
    expect((await post(strict, url)).kind).toBe('failed')
  expect(() => strict.checkUrl(`http://localhost:${port}/`)).toThrow(
    expect.objectContaining({ code: 'webhook-url-refused' }),
  )
  expect(() => strict.checkUrl('https://localhost/')).toThrow()
  expect(() => local.checkUrl(`http://localhost:${port}/`)).not.toThrow()
  expect(seen.requests).toBe(0)
})

test('a redirect is not followed', async () => {
  const inner = await serve((_, response) => response.end())
  const { port } = await serve((_, response) => {
    response.writeHead(307, { location: `http://localhost:${inner.port}/` }).end()
  })
  expect(await post(local, `http://localhost:${port}/`)).toEqual({ kind: 'failed', error: 'redirect' })
  expect(inner.seen.requests).toBe(0)
})

test('whoever never answers, or never ends, is given up', async () => {
  const silent = await serve(() => {})
  expect(await post(local, `http://localhost:${silent.port}/`)).toEqual({ kind: 'failed', error: 'timeout' })
  const dripping = await serve((_, response) => {
    response.writeHead(200).write('.')
  })
  expect(await post(local, `http://localhost:${dripping.port}/`)).toEqual({
    kind: 'failed',
    error: 'timeout',
  })
})

test('of an answer the first 1,000 bytes are kept, in letters that can be shown', async () => {
  const { port } = await serve((_, response) => {
    response.writeHead(201).end(`a\u0000b\u001b[31m\u202Ec${'x'.repeat(2_000_000)}`)
  })
  const sent = await post(local, `http://localhost:${port}/`)
  expect(sent).toMatchObject({ kind: 'answered', status: 201 })
  expect(sent.answer).toMatch(/^a·b·\[31m·cx+$/)
  expect(sent.answer?.length).toBeLessThanOrEqual(1_000)
})

test('a compressed answer counts by its status', async () => {
  const { port } = await serve((_, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('x'.repeat(10_000_000)))
  })
  expect(await post(local, `http://localhost:${port}/`)).toEqual({
    kind: 'answered',
    status: 200,
    answer: '',
  })
})

test('what is ended before its time is not known to have arrived', async () => {
  const stop = new AbortController()
  const { port } = await serve(() => stop.abort())
  await expect(post(local, `http://localhost:${port}/`, stop.signal)).rejects.toMatchObject({
    code: 'fetch-failed',
  })
})
