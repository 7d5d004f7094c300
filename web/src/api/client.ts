import { readProblem, unreachable } from './api-problem.ts'
import { idempotencyTicket } from './idempotency-keys.ts'

export type Query = Readonly<Record<string, string | undefined>>

/** Reads JSON. Throws ApiProblem, as all calls here do. */
export const read = <T>(path: string, query: Query = {}): Promise<T> => send('GET', withQuery(path, query))

/** Makes something new: sends an Idempotency-Key, the same again when the answer was lost. */
export async function create<T>(path: string, body: unknown, query: Query = {}): Promise<T> {
  const text = JSON.stringify(body)
  const ticket = idempotencyTicket(withQuery(path, query), text)
  try {
    const made = await send<T>('POST', withQuery(path, query), {
      ...jsonBody(text),
      'Idempotency-Key': ticket.key,
    })
    ticket.settle()
    return made
  } catch (error) {
    if (!(error instanceof Error && 'retry' in error && error.retry === true)) ticket.settle()
    throw error
  }
}

/** Calls for something to be done that may be asked twice (approve, publish, accept). */
export const act = <T>(path: string, body?: unknown, query: Query = {}): Promise<T> =>
  send('POST', withQuery(path, query), body === undefined ? {} : jsonBody(JSON.stringify(body)))

/** As `act`, by somebody who has seen what it is about: newer work of somebody else is refused. */
export const postSeen = <T>(
  path: string,
  {
    revision,
    query = {},
    body,
  }: { readonly revision: number; readonly query?: Query; readonly body?: unknown },
): Promise<T> =>
  send('POST', withQuery(path, query), {
    ...(body === undefined ? {} : jsonBody(JSON.stringify(body))),
    'If-Match': `"v${revision}"`,
  })

/** Posts bytes as they are, of a media type of their own. */
export const postBytes = <T>(
  path: string,
  bytes: Blob | string,
  mediaType: string,
  query: Query = {},
): Promise<T> => send('POST', withQuery(path, query), { body: bytes, 'Content-Type': mediaType })

/** The same, for an answer that is a file. */
export async function postForFile(
  path: string,
  bytes: Blob | string,
  mediaType: string,
  query: Query = {},
): Promise<Blob> {
  let response: Response
  try {
    response = await fetch(withQuery(path, query), {
      method: 'POST',
      headers: { 'Content-Type': mediaType },
      credentials: 'same-origin',
      body: bytes,
    })
    if (response.ok) return await response.blob()
  } catch (error) {
    throw unreachable(error)
  }
  throw await readProblem(response)
}

/** `revision`: what the caller has seen; somebody else's newer work is refused with precondition-failed. */
export const replace = <T>(
  path: string,
  body: unknown,
  { revision, query = {} }: { readonly revision?: number; readonly query?: Query } = {},
): Promise<T> =>
  send('PUT', withQuery(path, query), {
    ...jsonBody(JSON.stringify(body)),
    ...(revision === undefined ? {} : { 'If-Match': `"v${revision}"` }),
  })

/** Changes some members of a thing, and leaves the others as they are. `revision` as in `replace`. */
export const change = <T>(path: string, body: unknown, revision?: number, query: Query = {}): Promise<T> =>
  send('PATCH', withQuery(path, query), {
    ...jsonBody(JSON.stringify(body)),
    ...(revision === undefined ? {} : { 'If-Match': `"v${revision}"` }),
  })

export const remove = (path: string, query: Query = {}): Promise<void> =>
  send('DELETE', withQuery(path, query))

/** As `remove`, by somebody who has seen what it is about. */
export const removeSeen = (
  path: string,
  { revision, query = {} }: { readonly revision: number; readonly query?: Query },
): Promise<void> => send('DELETE', withQuery(path, query), { 'If-Match': `"v${revision}"` })

/** A path with its parts escaped: `path\`/v1/awards/${id}/revoke\``. */
export const path = (parts: TemplateStringsArray, ...values: readonly string[]): string =>
  String.raw({ raw: parts }, ...values.map(encodeURIComponent))

export function withQuery(path: string, query: Query): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`
}

interface Sending {
  readonly body?: Blob | string
  readonly 'Content-Type'?: string
  readonly 'Idempotency-Key'?: string
  readonly 'If-Match'?: string
}

const jsonBody = (body: string) => ({ body, 'Content-Type': 'application/json' }) as const

async function send<T>(method: string, url: string, { body, ...headers }: Sending = {}): Promise<T> {
  let response: Response
  try {
    response = await fetch(url, {
      method,
      headers: { Accept: 'application/json', ...headers },
      credentials: 'same-origin',
      // A page and its data share some URLs: a stored page must never stand in for data.
      cache: 'no-store',
      ...(body === undefined ? {} : { body }),
    })
  } catch (error) {
    throw unreachable(error)
  }
  if (!response.ok) throw await readProblem(response)
  if (response.status === 204) return undefined as T
  try {
    return (await response.json()) as T
  } catch (error) {
    throw unreachable(error)
  }
}
