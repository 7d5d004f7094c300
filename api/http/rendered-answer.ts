import { pipeline } from 'node:stream/promises'
import type { Request, Response } from 'express'
import { type Answer, type AnswerHeaders, jsonResponse } from './answer.ts'
import { contentTag, isHeld } from './etag.ts'
import type { Route } from './route.ts'

/** An answer as it goes over the wire. */
export interface RenderedAnswer {
  readonly status: number
  readonly headers: AnswerHeaders
  readonly body: Uint8Array
  /** In the place of a body that is known. */
  readonly chunks?: AsyncIterable<Uint8Array>
}

const NOTHING = new Uint8Array()

/**
 * Writes what a handler answered as bytes. JSON passes its schema on the way out: members that the schema does not
 * name stay inside, and an answer that does not fit is our fault (throws, and becomes `internal`).
 */
export function renderAnswer(route: Route, answer: Answer): RenderedAnswer {
  const spec = route.responses[answer.status]
  if (spec === undefined) throw new Error(`${route.operationId} answered an undeclared ${answer.status}.`)
  const { status, headers = {} } = answer
  const json = jsonResponse(spec)
  if (json !== undefined) {
    const fit = json.schema.safeParse(answer.body)
    if (!fit.success)
      throw new Error(`${route.operationId} answered what its schema refuses.`, { cause: fit.error })
    const mediaType = json.mediaType ?? 'application/json; charset=utf-8'
    return {
      status,
      headers: { 'content-type': mediaType, ...headers },
      body: Buffer.from(JSON.stringify(fit.data)),
    }
  }
  if (answer.chunks !== undefined) {
    const typed = { 'content-type': answer.mediaType ?? '', ...headers }
    return { status, headers: typed, body: NOTHING, chunks: answer.chunks }
  }
  if (answer.bytes === undefined) return { status, headers, body: NOTHING }
  return { status, headers: { 'content-type': answer.mediaType ?? '', ...headers }, body: answer.bytes }
}

/** Sends it, with what the route says about caching: by default nobody keeps an answer. */
export async function sendAnswer(
  route: Route,
  answer: RenderedAnswer,
  request: Request,
  response: Response,
): Promise<void> {
  const isPublic = route.access === 'public' && response.locals['caller'] === 'anonymous'
  const mayKeep = route.cacheSeconds !== undefined && isPublic && answer.status === 200
  response.status(answer.status)
  response.setHeader('Cache-Control', mayKeep ? `public, max-age=${route.cacheSeconds}` : 'no-store')
  if (mayKeep) response.setHeader('ETag', contentTag(answer.body))
  for (const [name, value] of Object.entries(answer.headers))
    if (value === '') response.removeHeader(name)
    else response.setHeader(name, value)
  const tag = response.getHeader('etag')
  const isRead = request.method === 'GET' || request.method === 'HEAD'
  if (isRead && typeof tag === 'string' && isHeld(request.headers['if-none-match'], tag)) {
    response.removeHeader('content-type')
    response.status(304).end()
    return
  }
  if (answer.chunks !== undefined && request.method !== 'HEAD') {
    await pipeline(await begun(answer.chunks), response).catch(unlessGone)
    return
  }
  if (answer.status === 204 || answer.status === 304) response.end()
  else {
    if (answer.chunks === undefined) response.setHeader('Content-Length', answer.body.length)
    if (request.method === 'HEAD') response.end()
    else response.end(answer.body)
  }
}

/** Whoever asked has hung up: nothing broke on our side. */
function unlessGone(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE')) throw error
}

/** Waits for the first of the chunks: what cannot even begin is still answered by a problem. Afterwards the connection is cut. */
async function begun(chunks: AsyncIterable<Uint8Array>): Promise<AsyncIterable<Uint8Array>> {
  const iterator = chunks[Symbol.asyncIterator]()
  let first: IteratorResult<Uint8Array> | undefined = await iterator.next()
  return {
    [Symbol.asyncIterator]: () => ({
      next: async () => {
        const held = first
        first = undefined
        return held ?? iterator.next()
      },
      return: async () => (await iterator.return?.()) ?? { done: true, value: undefined },
    }),
  }
}
