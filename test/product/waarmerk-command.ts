import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { basicEnvironment } from './product-process.ts'

const MAIN = join(import.meta.dirname, '../../app/main.ts')

export interface CommandEnding {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** A command of the product in a process of its own, as a user calls it, to its end. */
export function runWaarmerk(
  argv: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<CommandEnding> {
  const child = spawn(process.execPath, [MAIN, ...argv], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...basicEnvironment(), ...environment },
  })
  let [out, err] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, out, err }))
  })
}
