import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { EXIT, type ExitCode } from '#app/start-errors.ts'
import { processesWith } from '#test/platform/processes.ts'
import { ApiCaller } from './api-caller.ts'
import { isReady, killAllProducts, type ProductProcess, startProductProcess } from './product-process.ts'
import { freePort } from './test-product.ts'

let parent: string
/** A port for the products that stop before they listen. */
let unusedPort: number
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'waarmerk-start-'))
  unusedPort = await freePort()
})
afterAll(async () => {
  await killAllProducts()
  await rm(parent, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 })
})

let folders = 0
const newFolder = () => join(parent, `home-${++folders}`)

function start(dataFolder: string, over: Partial<Parameters<typeof startProductProcess>[0]> = {}) {
  return startProductProcess({
    dataFolder,
    port: unusedPort,
    ...over,
    settings: {
      BATCH_MAX_AGE_S: '1',
      SWEEP_INTERVAL_MS: '300',
      ...over.settings,
    },
  })
}

const expectNobodyIn = (folder: string) =>
  vi.waitFor(async () => expect(await processesWith(folder)).toEqual([]), { timeout: 20_000, interval: 100 })

/** One sentence on standard error, nothing else anywhere, and nobody left behind. */
async function expectRefused(product: ProductProcess, folder: string, exitCode: ExitCode): Promise<string> {
  const ending = await product.ended
  const sentence = product.complained()
  expect(sentence).toMatch(/^[A-Z][^\n]{10,}\.\n$/)
  expect(sentence).not.toMatch(/Error\b|\.ts\b|undefined|\[object|hunter2/)
  expect(ending).toEqual({ code: exitCode, signal: null })
  expect(product.said()).toBe('')
  await expectNobodyIn(folder)
  return sentence
}

async function expectGoodEnd(product: ProductProcess, folder: string, signal: NodeJS.Signals): Promise<void> {
  const began = performance.now()
  product.kill(signal)
  expect(await product.ended).toEqual({ code: 0, signal: null })
  expect(performance.now() - began).toBeLessThan(10_000)
  expect(product.complained()).toBe('')
  expect(await processesWith(folder)).toEqual([])
}

const VERIFY_LINK = /Verify +(\S+\/verify\?url=(\S+))/

/** Opens the printed link as the verify page does: asks for a report of the badge behind it. */
async function expectVerifyLink(product: ProductProcess): Promise<string> {
  const [, link = '', badge = ''] = await product.hears(VERIFY_LINK)
  const url = decodeURIComponent(badge)
  const report = await new ApiCaller(product.url).post('/v1/verify', { url })
  expect(report.body.verdict).toBe('valid')
  expect(report.body.checks).toContainEqual(expect.objectContaining({ name: 'anchor', outcome: 'passed' }))
  return link
}

describe('a life with the sample', () => {
  let home: string
  let port: number
  let product: ProductProcess
  let link: string
  const startHome = (over: Parameters<typeof start>[1] = {}) =>
    start(home, { port, command: ['serve'], ...over })
  beforeAll(async () => {
    home = newFolder()
    port = await freePort()
  })

  test('a first start that is cut off, at any moment, is finished by the next one', async () => {
    for (const afterMs of [700, 1_600]) {
      const cut = startHome()
      await sleep(afterMs)
      cut.kill('SIGKILL')
      await cut.ended
    }
    const late = startHome()
    await late.hears(/sample events received/)
    late.kill('SIGKILL')
    await late.ended
    expect(late.complained()).toBe('')

    product = startHome()
    await product.hears(/cut off: its sample organisation is finished now/)
    await isReady(product)
    link = await expectVerifyLink(product)
    expect(product.said()).toMatch(/^Waarmerk \S+ is ready after [\d.]+ s: http/)
  })

  test('a second start on its folder, and one on its port, is refused and harms nobody', async () => {
    const other = newFolder()
    const [onFolder, onPort] = [startHome({ port: unusedPort }), start(other, { port })]
    const ending = await onFolder.ended
    expect(ending).toEqual({ code: EXIT.busy, signal: null })
    expect(onFolder.complained()).toMatch(
      new RegExp(`^The data folder .* \\(process ${product.pid}\\).*\\.\\n$`),
    )
    expect(await expectRefused(onPort, other, EXIT.busy)).toContain(String(port))
    await expectVerifyLink(product)
  })

  test('a database that is killed comes back by itself, and meanwhile the API says that it is away', async () => {
    const [, , badge = ''] = await product.hears(VERIFY_LINK)
    const api = new ApiCaller(product.url)
    for (const { pid, command } of await processesWith(home))
      if (!command.includes('lifeline')) process.kill(pid, 'SIGKILL')
    const answers: number[] = []
    await vi.waitFor(
      async () => {
        const answer = await api.post('/v1/verify', { url: decodeURIComponent(badge) })
        answers.push(answer.status)
        expect(await readFile(join(home, 'waarmerk.log'), 'utf8')).toContain('"postgres.restarted"')
      },
      { timeout: 20_000, interval: 50 },
    )
    expect(answers).toContain(503)
    expect(answers.filter((status) => status !== 200 && status !== 503)).toEqual([])
    await expectVerifyLink(product)
  })

  test('kill -9 leaves nobody behind; the next start says the same link, and the badge is still valid', async () => {
    product.kill('SIGKILL')
    expect(await product.ended).toEqual({ code: null, signal: 'SIGKILL' })
    await expectNobodyIn(home)

    product = startHome({ detached: true })
    await isReady(product)
    expect(await expectVerifyLink(product)).toBe(link)
    expect(product.said()).not.toMatch(/sample/i)
    const seconds = Number(/ready after ([\d.]+) s/.exec(product.said())?.[1])
    expect(seconds).toBeLessThan(10)
  })

  test('Ctrl-C, which npm passes on once more, ends it well and leaves nobody behind', async () => {
    const began = performance.now()
    process.kill(-product.pid, 'SIGINT')
    await sleep(30)
    product.kill('SIGINT')
    expect(await product.ended).toEqual({ code: 0, signal: null })
    expect(performance.now() - began).toBeLessThan(10_000)
    expect(product.complained()).toBe('')
    expect(await processesWith(home)).toEqual([])
  })

  test.concurrent.each<[string, ExitCode, (folder: string) => Promise<void>]>([
    ['its database is', EXIT.data, (folder) => truncate(join(folder, 'postgres/data/global/pg_control'), 10)],
    [
      'its database is gone and therefore',
      EXIT.data,
      (folder) => rm(join(folder, 'postgres'), { recursive: true }),
    ],
    ['the journal of its chain is', EXIT.data, (folder) => garble(join(folder, 'chain/chain.journal'))],
    ['its format is', EXIT.data, (folder) => writeFile(join(folder, 'format'), 'what?')],
    ['its master key is gone and therefore', EXIT.settings, (folder) => rm(join(folder, 'master.key'))],
    [
      'its master key is another one and therefore',
      EXIT.settings,
      (folder) => writeFile(join(folder, 'master.key'), '0'.repeat(64)),
    ],
    ['its log is', EXIT.notWritable, (folder) => replaceByFolder(join(folder, 'waarmerk.log'))],
  ])('a folder is refused when %s damaged', async (_name, exitCode, damage) => {
    const folder = newFolder()
    await cp(home, folder, { recursive: true, preserveTimestamps: true })
    await damage(folder)
    const refused = start(folder, {
      port: await freePort(),
      settings: { PUBLIC_URL: `http://localhost:${port}` },
    })
    await expectRefused(refused, folder, exitCode)
  })
})

async function replaceByFolder(file: string): Promise<void> {
  await rm(file)
  await mkdir(file)
}

/** Changes the middle of it, and leaves whole lines behind that. */
async function garble(file: string): Promise<void> {
  const bytes = await readFile(file)
  bytes.fill(0x20, 300, 310)
  await writeFile(file, bytes)
}

describe.concurrent('a start that cannot be', () => {
  test.each<[string, string, ExitCode]>([
    ['on a read-only file system', '/sys/waarmerk', EXIT.notWritable],
    ['below a file', join(process.execPath, 'data'), EXIT.settings],
  ])('a folder %s is refused', async (_name, folder, exitCode) => {
    await expectRefused(start(folder, { port: await freePort() }), folder, exitCode)
  })

  test.each<[string, Record<string, string>]>([
    ['DATABASE_URL', { DATABASE_URL: 'postgresql://app:hunter2@127.0.0.1:1/app' }],
    ['REDIS_URL', { REDIS_URL: 'redis://app:hunter2@127.0.0.1:1' }],
    ['RPC_URL', { RPC_URL: 'http://app:hunter2@127.0.0.1:1', RELAYER_KEY: '1'.repeat(64) }],
  ])('an unreachable %s is named', async (name, settings) => {
    const folder = newFolder()
    const sentence = await expectRefused(
      start(folder, { port: await freePort(), settings }),
      folder,
      EXIT.unavailable,
    )
    expect(sentence).toContain(name)
  })

  test('a server that takes the connection and says nothing is given up on', async () => {
    const silent = createServer()
    await new Promise<void>((settle) => silent.listen(0, '127.0.0.1', settle))
    const { port } = silent.address() as { port: number }
    const folder = newFolder()
    const settings = { REDIS_URL: `redis://127.0.0.1:${port}` }
    await expectRefused(start(folder, { port: await freePort(), settings }), folder, EXIT.unavailable)
    silent.close()
  })

  test('who asks for help gets the usage, and it is no fault', async () => {
    const product = start(newFolder(), { command: ['--help'] })
    expect(await product.ended).toEqual({ code: 0, signal: null })
    expect(product.said()).toMatch(/^Usage: /)
  })

  test('a flag that nobody knows gets the usage', async () => {
    const product = start(newFolder(), { command: ['serve', '--emtpy'] })
    expect(await product.ended).toEqual({ code: 64, signal: null })
    expect(product.complained()).toMatch(/^Usage: /)
  })
})

describe('the end', () => {
  let home: string
  let port: number
  beforeAll(async () => {
    home = newFolder()
    port = await freePort()
  })
  const startEmpty = () => start(home, { port })

  test('SIGTERM lets a request that is under way finish, and an idle connection does not hold it up', async () => {
    const product = startEmpty()
    await isReady(product)
    expect(product.said()).not.toMatch(/sample/i)
    await new ApiCaller(product.url).get('/healthz')
    const slow = openRequest(port)
    await sleep(200)
    const ended = expectGoodEnd(product, home, 'SIGTERM')
    await sleep(800)
    slow.finish()
    expect(await slow.status).toBe(200)
    const answered = performance.now()
    await ended
    expect(performance.now() - answered).toBeLessThan(3_000)
  })

  test('a second signal ends it at once, and SIGTERM while it starts ends it well', async () => {
    const impatient = startEmpty()
    await isReady(impatient)
    const slow = openRequest(port)
    slow.status.catch(() => undefined)
    await sleep(200)
    impatient.kill('SIGINT')
    await sleep(1_300)
    impatient.kill('SIGINT')
    expect(await impatient.ended).toEqual({ code: 130, signal: null })
    await expectNobodyIn(home)

    const early = startEmpty()
    await vi.waitFor(async () => expect(await processesWith(home)).not.toEqual([]), { timeout: 10_000 })
    await expectGoodEnd(early, home, 'SIGTERM')
  })
})

test('kill -9 of the npm that started it ends it, too', async () => {
  const home = newFolder()
  const port = await freePort()
  const npm = spawn('npm', ['run', '--silent', 'waarmerk', '--', 'serve', '--empty'], {
    cwd: join(import.meta.dirname, '../..'),
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { PATH: process.env['PATH'], HOME: parent, DATA_DIR: home, PORT: String(port) },
  })
  for await (const chunk of npm.stdout) if (/Sign in/.test(String(chunk))) break
  const pid = Number(await readFile(join(home, 'lock.pid'), 'utf8'))
  onTestFinished(() => {
    if (existsSync(`/proc/${pid}`)) process.kill(pid, 'SIGKILL')
  })
  npm.kill('SIGKILL')
  await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'), { timeout: 10_000 })
  await expectNobodyIn(home)
})

/** A request whose body does not come to its end until `finish`. */
function openRequest(port: number) {
  const body = JSON.stringify({ credential: { no: 'badge' } })
  const sending = request({
    host: '127.0.0.1',
    port,
    path: '/v1/verify',
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-length': body.length },
  })
  const status = new Promise<number | undefined>((settle, fail) => {
    sending.once('response', (response) => {
      response.resume()
      settle(response.statusCode)
    })
    sending.once('error', fail)
  })
  sending.write(body.slice(0, 5))
  return { status, finish: () => void sending.end(body.slice(5)) }
}
