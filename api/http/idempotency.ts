import { createHash } from 'node:crypto'
import { errors } from '#engine/errors/catalogue.ts'
import type { IdempotencyStore, StoredAnswer } from '#services/ports/idempotency.ts'
import type { Log } from '#services/ports/log.ts'
import type { RenderedAnswer } from './rendered-answer.ts'
import type { Route } from './route.ts'

export interface IdempotentCall {
  /** `key:ID`, `account:ID`, `anonymous`. */
  readonly caller: string
  /** Method and path as called, without query. */
  readonly operation: string
  /** Everything that makes two calls the same. */
  readonly query: string
  readonly mediaType: string
  readonly body: Uint8Array
}

/** Reads the header. Refuses with idempotency-key-invalid. */
export function idempotencyKey(header: string | string[] | undefined): string | undefined {
  if (header === undefined) return undefined
  if (typeof header !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(header))
    throw errors.idempotencyKeyInvalid({})
  return header
}

/**
 * Runs `work` once per key, and answers later calls with the first answer.
 * Refusals are not kept: after one, the same key may try again.
 * Refuses with idempotency-key-reused and idempotency-in-progress.
 */
export async function once(
  { idempotency: store, log }: { readonly idempotency: IdempotencyStore; readonly log: Log },
  route: Route,
  key: string,
  call: IdempotentCall,
  work: () => Promise<RenderedAnswer>,
): Promise<RenderedAnswer> {
  const scope = `${call.caller} ${call.operation}`
  const start = await store.begin(scope, key, digestOf(call))
  if (start.kind === 'mismatch') throw errors.idempotencyKeyReused({})
  if (start.kind === 'in-progress') throw errors.idempotencyInProgress({})
  if (start.kind === 'replay')
    return { ...start.answer, headers: { ...start.answer.headers, 'idempotency-replayed': 'true' } }
  const { ticket } = start
  let answer: RenderedAnswer
  try {
    answer = await work()
  } catch (error) {
    await noted(log, store.abandon(scope, key, ticket))
    throw error
  }
  const kept = answer.status < 400 ? storable(route, answer) : undefined
  await noted(log, kept ? store.complete(scope, key, ticket, kept) : store.abandon(scope, key, ticket))
  return answer
}

/** The work is done or refused by now, and its outcome counts: a store that fails here is noted, not answered. */
const noted = (log: Log, end: Promise<void>): Promise<void> =>
  end.catch((error: unknown) => log.error('http.idempotency-lost', { error }))

function digestOf({ query, mediaType, body }: IdempotentCall): Uint8Array {
  const hash = createHash('sha256')
  for (const part of [query, mediaType]) hash.update(`${Buffer.byteLength(part)}:${part}`)
  return new Uint8Array(hash.update(body).digest())
}

/** What may be kept: no cookies, and none of the secrets that are shown once. */
function storable(route: Route, answer: RenderedAnswer): StoredAnswer {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(answer.headers))
    if (typeof value === 'string' && name.toLowerCase() !== 'set-cookie') headers[name] = value
  const secrets = typeof route.idempotent === 'object' ? route.idempotent.secrets : []
  return {
    status: answer.status,
    headers,
    body: secrets.length === 0 ? answer.body : without(secrets, answer.body),
  }
}

function without(secrets: readonly string[], body: Uint8Array): Uint8Array {
  const value = JSON.parse(Buffer.from(body).toString('utf8')) as Record<string, unknown>
  for (const name of secrets) if (Object.hasOwn(value, name)) value[name] = null
  return Buffer.from(JSON.stringify(value))
}
