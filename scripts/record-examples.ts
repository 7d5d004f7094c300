// Runs the tests of the product, chooses examples for the reference from what they sent and were answered, and keeps them in
// api/examples/recorded.json; an operation that was not called keeps those it has. With words after it, runs these tests only.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Exchange } from '#test/product/record-exchange.ts'

const TO = 'api/examples/recorded.json'
const MOST_BYTES = 4_000
const ORIGIN = 'https://badges.example.org'

interface Reference {
  readonly paths: Record<string, Record<string, { readonly operationId: string }>>
}
interface Example {
  readonly request?: unknown
  readonly responses: Record<string, unknown>
}

const from = join(mkdtempSync(join(tmpdir(), 'waarmerk-examples-')), 'calls.jsonl')
const wanted = process.argv.slice(2)
// A test that fails has still called; whether they pass is told by `npm test`.
// Nonsense that was taken is no example.
spawnSync(
  'vitest',
  [
    'run',
    '--exclude',
    '**/fuzz.test.ts',
    ...(wanted.length === 0 ? ['test/product', 'test/people'] : wanted),
  ],
  {
    stdio: 'inherit',
    env: { ...process.env, RECORD_EXAMPLES: from },
  },
)
const { paths } = JSON.parse(readFileSync('docs/openapi.json', 'utf8')) as Reference
const operations = Object.entries(paths)
  .flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId }]) => ({
      operationId,
      method: method.toUpperCase(),
      pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+').replaceAll('.', '\\.')}$`),
      parameters: path.split('{').length,
    })),
  )
  // `/v1/roles/mine` before `/v1/roles/{id}`.
  .toSorted((a, b) => a.parameters - b.parameters)

const recorded: Record<string, Example> = JSON.parse(readFileSync(TO, 'utf8'))
const best = new Map<string, { readonly score: number; readonly exchange: Exchange }>()
for (const line of readFileSync(from, 'utf8').split('\n').filter(Boolean)) {
  const exchange = JSON.parse(line) as Exchange
  const path = exchange.path.replace(/\?.*/, '')
  const found = operations.find(({ method, pattern }) => method === exchange.method && pattern.test(path))
  if (found === undefined) continue
  const shown = { ...exchange, response: shortened(exchange.response) }
  const size = JSON.stringify(shown).length
  if (size > MOST_BYTES) continue
  const key = `${found.operationId} ${exchange.status}`
  // The fullest of those that can be read at a glance.
  if (size > (best.get(key)?.score ?? 0)) best.set(key, { score: size, exchange: shown })
}
for (const [key, { exchange }] of best) {
  const [operationId = '', status = ''] = key.split(' ')
  const before = recorded[operationId]
  const request = exchange.request === undefined ? before?.request : told(exchange.request)
  recorded[operationId] = {
    ...(request === undefined ? {} : { request }),
    responses: {
      ...before?.responses,
      ...(exchange.response === undefined ? {} : { [status]: told(exchange.response) }),
    },
  }
}
const sorted = Object.fromEntries(Object.entries(recorded).toSorted(([a], [b]) => a.localeCompare(b)))
writeFileSync(TO, `${JSON.stringify(sorted, undefined, 2)}\n`)
process.stdout.write(`${best.size} of the recorded calls are examples now.\n`)

/** Two of a kind are enough to see what a list is. */
function shortened(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (!('items' in value) || !Array.isArray(value.items)) return value
  return { ...value, items: value.items.slice(0, 2) }
}

/** The same with the addresses of an example, and without secrets: those of a database that is gone, but who knows that. */
function told(value: unknown): unknown {
  const text = JSON.stringify(value)
    .replaceAll(/https?:\/\/localhost:\d+/g, ORIGIN)
    .replaceAll(/localhost%3A\d+/g, 'badges.example.org')
    .replaceAll(/(?<=#)[\w-]{43}(?=")/g, (token) => 'x'.repeat(token.length))
    .replaceAll(/(?<="(?:secret|token|code|unsubscribe)":"(?:wm_|whsec_)?)[\w+/=-]{20,}(?=")/g, (secret) =>
      'x'.repeat(secret.length),
    )
  return JSON.parse(text)
}
