import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { inspect } from 'node:util'
import { afterEach, expect, test } from 'vitest'
import { createRpcProvider } from './rpc-provider.ts'

let server: Server | undefined
afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

async function endpoint(listener: RequestListener): Promise<string> {
  server = createServer(listener)
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/secret-token`
}

async function answering(make: (id: number) => unknown, status = 200): Promise<string> {
  return endpoint((request, response) => {
    let text = ''
    request.on('data', (chunk) => {
      text += chunk
    })
    request.on('end', () => {
      const answer = make(JSON.parse(text).id)
      response.writeHead(status).end(typeof answer === 'string' ? answer : JSON.stringify(answer))
    })
  })
}

const ask = (url: string) =>
  createRpcProvider({ url, timeoutMs: 300, maxBytes: 10_000 }).request({ method: 'eth_chainId' })
const unavailable = expect.objectContaining({ code: 'chain-unavailable', retry: true })

test('a result is handed on', async () => {
  expect(await ask(await answering((id) => ({ jsonrpc: '2.0', id, result: '0x1' })))).toBe('0x1')
  expect(await ask(await answering((id) => ({ jsonrpc: '2.0', id, result: null })))).toBe(null)
})

test('an error of the node keeps its code and data, also with a 4xx status', async () => {
  const error = { code: 3, message: 'execution reverted', data: '0x1234' }
  for (const status of [200, 400]) {
    const url = await answering((id) => ({ jsonrpc: '2.0', id, error }), status)
    await expect(ask(url)).rejects.toMatchObject(error)
  }
})

test('a limit is "unavailable" too where it is worded as an error of the node', async () => {
  const error = { code: 3, message: 'execution reverted' }
  await expect(ask(await answering((id) => ({ jsonrpc: '2.0', id, error }), 429))).rejects.toEqual(
    unavailable,
  )
  const limit = { code: -32_005, message: 'daily request count exceeded' }
  await expect(ask(await answering((id) => ({ jsonrpc: '2.0', id, error: limit })))).rejects.toEqual(
    unavailable,
  )
})

test('user and password of the address go into a header, since fetch takes no such address', async () => {
  let authorization: string | undefined
  const url = await endpoint((request, response) => {
    authorization = request.headers.authorization
    response.end(JSON.stringify({ jsonrpc: '2.0', id: 1, result: '0x1' }))
  })
  expect(await ask(url.replace('http://', 'http://us%3Aer:pass@'))).toBe('0x1')
  expect(authorization).toBe(`Basic ${Buffer.from('us:er:pass').toString('base64')}`)
})

test('HTML, an empty answer, too many requests and an answer to another question are "unavailable"', async () => {
  await expect(ask(await answering(() => '<html>502 Bad Gateway</html>'))).rejects.toEqual(unavailable)
  await expect(ask(await answering(() => ''))).rejects.toEqual(unavailable)
  await expect(ask(await answering(() => '[]'))).rejects.toEqual(unavailable)
  await expect(ask(await answering(() => 'Too many requests', 429))).rejects.toEqual(unavailable)
  await expect(ask(await answering((id) => ({ jsonrpc: '2.0', id: id + 1, result: 1 })))).rejects.toEqual(
    unavailable,
  )
  await expect(ask(await answering((id) => ({ jsonrpc: '2.0', id })))).rejects.toEqual(unavailable)
})

test('a slow, a huge and an endless answer are cut off', async () => {
  await expect(ask(await endpoint(() => undefined))).rejects.toEqual(unavailable)
  await expect(ask(await answering((id) => ({ id, result: 'x'.repeat(20_000) })))).rejects.toEqual(
    unavailable,
  )
  const endless = await endpoint((_, response) => {
    const timer = setInterval(() => response.write(' '), 10)
    response.on('close', () => clearInterval(timer))
  })
  await expect(ask(endless)).rejects.toEqual(unavailable)
})

test('a redirect is not followed', async () => {
  const url = await endpoint((_, response) =>
    response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
  )
  await expect(ask(url)).rejects.toEqual(unavailable)
})

test('an endpoint that is not there is named by its fault, never by its URL', async () => {
  const url = await endpoint(() => undefined)
  await new Promise((resolve) => server?.close(resolve))
  const failure = await ask(url).catch((error: Error) => error)
  expect(failure).toEqual(unavailable)
  expect((failure as Error).message).toContain('ECONNREFUSED')
  expect((failure as Error).message).not.toContain('secret-token')
  const malformed = await ask('secret-token').catch((error: Error) => error)
  expect(malformed).toEqual(unavailable)
  expect(inspect(malformed)).not.toContain('secret-token')
})
