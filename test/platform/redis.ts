import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

export interface TestRedis {
  readonly url: string
  /** The server process, where it is ours: for tests that kill or freeze it. */
  readonly process?: ChildProcess
  stop(): Promise<void>
}

/**
 * A Redis for a test: a private one where `redis-server` is installed, else the one in REDIS_URL.
 * Undefined where there is neither: then the test is named as not run, and fails where CI=true.
 */
export async function findRedis(settings: readonly string[] = []): Promise<TestRedis | undefined> {
  const own = await startRedis(settings)
  if (own !== undefined) return own
  const url = process.env['REDIS_URL']
  if (url !== undefined && url !== '' && settings.length === 0) return { url, stop: async () => {} }
  if (process.env['CI'] === 'true')
    throw new Error('No redis-server is installed, and CI must run these tests.')
  process.stderr.write('not run: no Redis (install redis-server, or set REDIS_URL)\n')
  return undefined
}

async function startRedis(settings: readonly string[]): Promise<TestRedis | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'waarmerk-redis-'))
  const port = await freePort()
  const fixed = [
    '--port',
    `${port}`,
    '--bind',
    '127.0.0.1',
    '--dir',
    folder,
    '--save',
    '',
    '--appendonly',
    'no',
  ]
  const server = spawn('redis-server', [...fixed, ...settings], { stdio: 'ignore' })
  const ended = new Promise<boolean>((settle) => {
    server.once('error', () => settle(false))
    server.once('exit', () => settle(false))
  })
  const url = `redis://127.0.0.1:${port}`
  const clean = () => rm(folder, { recursive: true, force: true })
  if (!(await Promise.race([ended, answers(port)]))) {
    server.kill('SIGKILL')
    await clean()
    return undefined
  }
  return {
    url,
    process: server,
    async stop() {
      server.kill('SIGKILL')
      await ended
      await clean()
    },
  }
}

async function answers(port: number): Promise<boolean> {
  for (let left = 100; left > 0; left--) {
    const socket = connect(port, '127.0.0.1')
    const isOpen = await new Promise<boolean>((settle) => {
      socket.once('connect', () => settle(true)).once('error', () => settle(false))
    })
    socket.destroy()
    if (isOpen) return true
    await sleep(50)
  }
  return false
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle))
  const { port } = server.address() as AddressInfo
  await new Promise((settle) => server.close(settle))
  return port
}
