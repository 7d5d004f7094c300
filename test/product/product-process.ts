import { spawn } from 'node:child_process'
import { join } from 'node:path'

const MAIN = join(import.meta.dirname, '../../app/main.ts')

export interface Ending {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** The product in a process of its own, as a user starts it. */
export interface ProductProcess {
  readonly pid: number
  /** Where it listens. */
  readonly url: string
  /** Standard output so far. */
  said(): string
  /** Standard error so far. */
  complained(): string
  /** The first match in what it says; rejects when it ended before. */
  hears(pattern: RegExp): Promise<RegExpExecArray>
  /** Settles when it has ended and its output is read. */
  readonly ended: Promise<Ending>
  kill(signal: NodeJS.Signals): void
}

export interface ProductSettings {
  readonly dataFolder: string
  readonly port: number
  /** Default: `serve --empty`. */
  readonly command?: readonly string[]
  /** Settings of the product. Nothing else of this process's environment reaches it. */
  readonly settings?: Readonly<Record<string, string>>
  /** In a process group of its own, for tests that signal all of it. */
  readonly detached?: boolean
}

const running = new Set<ProductProcess>()

export function startProductProcess({
  dataFolder,
  port,
  command = ['serve', '--empty'],
  settings = {},
  detached = false,
}: ProductSettings): ProductProcess {
  const child = spawn(process.execPath, [MAIN, ...command], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached,
    env: { ...basicEnvironment(), DATA_DIR: dataFolder, PORT: String(port), ...settings },
  })
  let said = ''
  let complained = ''
  const listeners = new Set<() => void>()
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text
    for (const listen of [...listeners]) listen()
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complained += text
  })
  const ended = new Promise<Ending>((settle, fail) => {
    child.once('error', fail)
    child.once('close', (code, signal) => settle({ code, signal }))
  })
  const product: ProductProcess = {
    pid: child.pid ?? 0,
    url: `http://localhost:${port}`,
    said: () => said,
    complained: () => complained,
    hears: (pattern) =>
      new Promise((settle, fail) => {
        const listen = () => {
          const match = pattern.exec(said)
          if (match === null) return
          listeners.delete(listen)
          settle(match)
        }
        listeners.add(listen)
        listen()
        void ended.then((ending) =>
          fail(new Error(`It ended with ${JSON.stringify(ending)} before it said ${pattern}: ${complained}`)),
        )
      }),
    ended,
    kill: (signal) => void child.kill(signal),
  }
  running.add(product)
  void ended.finally(() => running.delete(product))
  return product
}

/** Everything is open, and the sign-in link is printed. */
export const isReady = (product: ProductProcess): Promise<RegExpExecArray> =>
  product.hears(/Sign in +\S+#([\w-]+)/)

/** For the end of a test file: whatever a failed test left running. */
export async function killAllProducts(): Promise<void> {
  for (const product of [...running]) {
    product.kill('SIGKILL')
    await product.ended
  }
}

export function basicEnvironment(): Record<string, string> {
  const kept = ['PATH', 'HOME', 'NODE_COMPILE_CACHE', 'LANG']
  return Object.fromEntries(
    kept.flatMap((name) => {
      const value = process.env[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )
}
