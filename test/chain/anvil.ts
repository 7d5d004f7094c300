import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'
import type { Eip1193 } from '#adapters/ethereum/eip1193.ts'
import { createRpcProvider } from '#adapters/ethereum/rpc-provider.ts'

export interface Anvil {
  readonly url: string
  readonly provider: Eip1193
  /** Any request, those of anvil's own included. */
  ask(method: string, ...params: readonly unknown[]): Promise<unknown>
  close(): void
}

/** A real node over HTTP, on a port of its own. */
export async function startAnvil(...options: readonly string[]): Promise<Anvil> {
  const program = createRequire(import.meta.url).resolve('@foundry-rs/anvil-linux-amd64/bin/anvil')
  const child = spawn(program, ['--port', '0', '--chain-id', '31338', '--hardfork', 'prague', ...options])
  const lines = createInterface({ input: child.stdout })
  const url = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`anvil ended with ${code}`)))
    lines.on('line', (line) => {
      const address = /Listening on (\S+)/.exec(line)?.[1]
      if (address !== undefined) resolve(`http://${address}`)
    })
  })
  const provider = createRpcProvider({ url, timeoutMs: 5000 })
  return {
    url,
    provider,
    ask: (method, ...params) => provider.request({ method, params }),
    close: () => child.kill('SIGKILL'),
  }
}
