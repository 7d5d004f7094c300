import { appendFileSync } from 'node:fs'

/** One call that went well, as the reference can show it. */
export interface Exchange {
  readonly method: string
  readonly path: string
  readonly status: number
  readonly request?: unknown
  readonly response?: unknown
}

const FILE = process.env['RECORD_EXAMPLES']
/** Of each shape in a process, which runs many files. */
const EACH = 60
const counts = new Map<string, number>()

/**
 * While `npm run examples` runs the tests of the product, keeps the first calls to each path that went well: examples of
 * the reference are what the product really said.
 */
export function recordExchange(
  exchange: Pick<Exchange, 'method' | 'path' | 'status'>,
  sent: unknown,
  response: unknown,
): void {
  if (FILE === undefined || exchange.status > 299 || exchange.path.startsWith('http')) return
  const shape = `${exchange.method} ${exchange.path.replace(/\?.*/, '').replaceAll(/[\w-]{20,}|\d+/g, '*')}`
  const count = (counts.get(shape) ?? 0) + 1
  counts.set(shape, count)
  const request = typeof sent === 'string' ? readJson(sent) : undefined
  const line = JSON.stringify({ ...exchange, request, response })
  if (count <= EACH && line.length < 20_000) appendFileSync(FILE, `${line}\n`)
}

/** Undefined for bodies of other kinds. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
