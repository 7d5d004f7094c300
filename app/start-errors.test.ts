import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { BADGE_ANCHOR_ADDRESS } from '#adapters/ethereum/badge-anchor.ts'
import { KeyFileError } from '#adapters/keys/key-file.ts'
import { createPinoLog } from '#adapters/log/pino-log.ts'
import { EmbeddedPostgresError, type EmbeddedPostgresFault } from '#adapters/postgres/embedded-errors.ts'
import { checkRedis } from '#adapters/queue/check-redis.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { checkFinality, openEndpoints } from './open-endpoints.ts'
import { checkDatabase, checkPublicUrl } from './start-checks.ts'
import { EXIT, explainStartError, StartError } from './start-errors.ts'

const open: { close(): unknown }[] = []
afterEach(() => {
  for (const part of open.splice(0)) part.close()
})

async function explain(start: () => Promise<unknown> | undefined): Promise<StartError> {
  return explainStartError(await Promise.resolve(start()).catch((error) => error))
}

const endpoints = (...urls: readonly string[]) =>
  openEndpoints(urls, BADGE_ANCHOR_ADDRESS, createPinoLog('silent'))

/** A node that knows one answer to each method. */
async function node(answers: Readonly<Record<string, unknown>>): Promise<string> {
  const server = createHttpServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { id, method } = JSON.parse(Buffer.concat(chunks).toString())
    const answer = answers[method]
    const body = answer === undefined ? { error: { code: -32601, message: 'unknown' } } : { result: answer }
    response.end(JSON.stringify({ jsonrpc: '2.0', id, ...body }))
  })
  open.push(server)
  await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** One sentence: a capital first, a full stop last, one line, and not the name of a class or a stack. */
function expectSentence({ message }: StartError): void {
  expect(message).toMatch(/^[A-Z][^\n]*\.$/)
  expect(message).not.toMatch(/Error:|\bat .*\.ts|undefined|\[object/)
}

test('a busy port is named', async () => {
  const server = createServer()
  open.push(server)
  await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle))
  const { port } = server.address() as AddressInfo
  const refused = await explain(
    () => new Promise((_, fail) => createHttpServer().once('error', fail).listen(port, '127.0.0.1')),
  )
  expect(refused.exitCode).toBe(EXIT.busy)
  expect(refused.message).toContain(String(port))
  expectSentence(refused)
})

test.each<[string, () => Promise<unknown>]>([
  ['DATABASE_URL', () => checkDatabase('postgresql://app:hunter2@127.0.0.1:1/app')],
  ['REDIS_URL', () => checkRedis('redis://app:hunter2@127.0.0.1:1')],
  ['RPC_URL', () => endpoints('http://app:hunter2@127.0.0.1:1')],
])('an unreachable %s is named with its host and without its password', async (name, check) => {
  const refused = await explain(check)
  expect(refused.exitCode).toBe(EXIT.unavailable)
  expect(refused.message).toContain(name)
  expect(refused.message).toContain('127.0.0.1:1')
  expect(refused.message).not.toContain('hunter2')
  expectSentence(refused)
})

test('something that answers at RPC_URL and is no chain is refused', async () => {
  const server = createHttpServer((_request, response) => response.end('<html>hello</html>'))
  open.push(server)
  await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle))
  const { port } = server.address() as AddressInfo
  expect(await explain(() => endpoints(`http://127.0.0.1:${port}`))).toMatchObject({
    exitCode: EXIT.unavailable,
  })
})

test('endpoints of different chains, or with different code, are refused with what each of them says', async () => {
  const main = await node({ eth_chainId: '0x1', eth_getCode: '0x' })
  const other = await node({ eth_chainId: '0x89', eth_getCode: '0x' })
  const coded = await node({ eth_chainId: '0x1', eth_getCode: '0x6000' })
  const chains = await explain(() => endpoints(main, other))
  expect(chains.exitCode).toBe(EXIT.settings)
  expect(chains.message).toContain(`${new URL(main).host} says 1, ${new URL(other).host} says 137`)
  expectSentence(chains)
  const codes = await explain(() => endpoints(main, coded))
  expect(codes.exitCode).toBe(EXIT.settings)
  expect(codes.message).toMatch(/says nothing, 127\.0\.0\.1:\d+ says code 0x[0-9a-f]{64}/)
  expectSentence(codes)
})

test('one endpoint that is down is no reason not to start, and it is counted', async () => {
  const main = await node({ eth_chainId: '0x1', eth_getCode: '0x' })
  const { chainId, record } = await endpoints('http://127.0.0.1:1', main)
  expect(chainId).toBe(1)
  expect([...record.failures]).toEqual([
    ['127.0.0.1:1', 1],
    [new URL(main).host, 0],
  ])
})

test('a chain that names no finalised block is refused, and told what to set', async () => {
  for (const answers of [{}, { eth_getBlockByNumber: null }]) {
    const url = await node({ eth_chainId: '0x1', eth_getCode: '0x', ...answers })
    const { provider } = await endpoints(url)
    const refused = await explain(() => checkFinality(provider, [url]))
    expect(refused).toMatchObject({
      exitCode: EXIT.settings,
      message: expect.stringMatching(/CHAIN_CONFIRMATIONS/),
    })
    expectSentence(refused)
  }
  const { provider } = await endpoints(
    await node({ eth_chainId: '0x1', eth_getCode: '0x', eth_getBlockByNumber: { number: '0x1' } }),
  )
  await checkFinality(provider, [])
})

test('another origin than that of the issuers is refused with both', () => {
  checkPublicUrl('https://a.example', ['https://a.example'])
  checkPublicUrl('https://a.example', [])
  expect(() => checkPublicUrl('https://b.example', ['https://a.example'])).toThrow(
    expect.objectContaining({
      exitCode: EXIT.settings,
      message: expect.stringMatching(/https:\/\/b\.example.*https:\/\/a\.example/),
    }),
  )
})

test('every fault of the embedded PostgreSQL has a sentence and a code', () => {
  const faults: EmbeddedPostgresFault[] = [
    'no-binary',
    'no-identity',
    'damaged',
    'foreign-owner',
    'other-version',
    'left-over',
    'not-writable',
    'failed',
  ]
  for (const fault of faults) {
    const log = '2026-11-25 10:00:00 UTC [1] FATAL:  could not create shared memory segment'
    const explained = explainStartError(new EmbeddedPostgresError(fault, '/data/postgres', 'It is so.', log))
    expect(explained.exitCode).toBeGreaterThan(0)
    expectSentence(explained)
  }
})

test('what PostgreSQL said last stands in the sentence', () => {
  const log = 'LOG:  starting\nFATAL:  could not create shared memory segment: No space left\nLOG:  shut down'
  const explained = explainStartError(new EmbeddedPostgresError('failed', '/data/postgres', 'No.', log))
  expect(explained.message).toContain('No space left')
})

test('a key that others may read is named by its file', () => {
  const explained = explainStartError(new KeyFileError('open-to-others', '/data/master.key'))
  expect(explained.message).toContain('/data/master.key')
  expectSentence(explained)
})

test.each([
  [
    'a damaged journal',
    errors.journalDamaged({ file: '/data/chain', entry: 3, reason: 'it is torn' }),
    EXIT.data,
  ],
  ['another chain', errors.chainMismatch({ expected: 1, found: 2 }), EXIT.settings],
  ['a chain without the contract', errors.contractMissing({ chainId: 1, contract: '0x00' }), EXIT.settings],
  [
    'a chain that fell silent',
    errors.chainUnavailable({ method: 'eth_call', reason: 'no answer' }),
    EXIT.unavailable,
  ],
])('%s ends the start with its own sentence and code', (_name, error, exitCode) => {
  const explained = explainStartError(error)
  expect(explained.exitCode).toBe(exitCode)
  expectSentence(explained)
})

test('an unknown error keeps its first line, without passwords', () => {
  const explained = explainStartError(
    new Error('connect postgresql://app:hunter2@db/app\n    at somewhere.ts:1'),
  )
  expect(explained).toBeInstanceOf(StartError)
  expect(explained.message).not.toMatch(/hunter2|somewhere/)
})
