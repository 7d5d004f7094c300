import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Config } from '../config.ts'
import { readSampleNotes } from '../sample/sample-notes.ts'
import { until } from './product-client.ts'

export interface FoundProduct {
  readonly url: string
  /** A key of the sample organisation, or the one that was given. Throws where there is neither. */
  readonly apiKey: () => Promise<string>
  /** Set when the demo has started it. */
  readonly started?: ChildProcess
}

/**
 * The product to show: the one that WAARMERK_URL and WAARMERK_API_KEY name, or the one that runs here, or else a new one.
 */
export async function findProduct(
  config: Config,
  given: { readonly url?: string; readonly apiKey?: string },
  print: (line: string) => void,
): Promise<FoundProduct> {
  const url = given.url ?? config.PUBLIC_URL
  if (await answers(url)) return { url, apiKey: async () => given.apiKey ?? sampleKey(config) }
  if (given.url !== undefined) throw new Error(`Nothing answers at ${given.url}.`)
  print('No product is running here: starting one.')
  const started = spawn(process.execPath, [join(import.meta.dirname, '../main.ts'), 'serve'], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const ended = new Promise<never>((_, reject) => {
    started.once('exit', (code) =>
      reject(new Error(`The product ended with ${code}; its message stands above.`)),
    )
  })
  await Promise.race([
    until(
      async () => ((await answers(url)) ? (await readSampleNotes(config.DATA_DIR))?.apiKey : undefined),
      'the product is ready',
    ),
    ended,
  ])
  return { url, apiKey: () => sampleKey(config), started }
}

async function answers(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(2000) })
    return answer.ok
  } catch {
    return false
  }
}

async function sampleKey(config: Config): Promise<string> {
  const notes = await readSampleNotes(config.DATA_DIR)
  if (notes !== undefined) return notes.apiKey
  throw new Error(
    'The product that runs here has no sample organisation: set WAARMERK_API_KEY to a key with every right on an organisation with the rules of docs/samples.',
  )
}
