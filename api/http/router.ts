import express, { type Request, type RequestHandler, type Response, type Router } from 'express'
import { errors } from '#engine/errors/catalogue.ts'
import { type ErrorDefinition, WaarmerkError } from '#engine/errors/define-error.ts'
import type { IdempotencyStore } from '#services/ports/idempotency.ts'
import type { Log } from '#services/ports/log.ts'
import type { Answer } from './answer.ts'
import {
  type Authenticate,
  admit,
  callerName,
  type ShownCredentials,
  shownCredentials,
} from './authentication.ts'
import { type ReadBody, readBody, type StreamedBody, streamBody } from './body-reader.ts'
import { prefersHtml } from './content-negotiation.ts'
import { assertSameOrigin, sessionCookieName } from './cookies.ts'
import { expectedVersion } from './etag.ts'
import type { HttpLimits } from './http-limits.ts'
import { idempotencyKey, once } from './idempotency.ts'
import type { BodyKind } from './media-types.ts'
import { passed } from './passed.ts'
import type { RateLimiter } from './rate-limits.ts'
import { type RenderedAnswer, renderAnswer, sendAnswer } from './rendered-answer.ts'
import { parseInput } from './request-input.ts'
import { requestIdOf } from './request-log.ts'
import type { Route, RouteContext } from './route.ts'

export interface RouterNeeds {
  readonly authenticate: Authenticate
  readonly idempotency: IdempotencyStore
  readonly limits: HttpLimits
  readonly rateLimiter: RateLimiter
  readonly log: Log
  readonly publicUrl: string
  /** Whether there is a web application to hand pages over to. */
  readonly hasPages: boolean
}

/**
 * Mounts routes on Express. Paths without parameters go before those with, whatever the order of the routes.
 * A known path answers other methods with 405 and Allow, and OPTIONS with 204; HEAD is GET without the body.
 */
export function createRouter(routes: readonly Route[], needs: RouterNeeds): Router {
  assertDistinct(routes)
  const router = express.Router({ caseSensitive: true, strict: true })
  const paths = Map.groupBy(routes, ({ path }) => path)
  for (const [path, of] of [...paths].sort(([a], [b]) => (specificity(a) < specificity(b) ? -1 : 1))) {
    const mounted = router.route(expressPath(path))
    for (const route of of) mounted[route.method](handle(route, needs))
    mounted.all(refuseMethod(of))
  }
  return router
}

const expressPath = (path: string): string => path.replace(/\{(\w+)\}/g, ':$1')

/** Sorts literal segments before parameters, by code units: `~` comes after all letters. */
const specificity = (path: string): string => path.replace(/\{\w+\}/g, '~')

function assertDistinct(routes: readonly Route[]): void {
  for (const name of [
    (route: Route) => route.operationId,
    (route: Route) => `${route.method} ${specificity(route.path)}`,
  ])
    for (const [key, same] of Map.groupBy(routes, name))
      if (same.length > 1) throw new TypeError(`Two routes are both ${key}.`)
}

const refuseMethod =
  (routes: readonly Route[]): RequestHandler =>
  (request, response) => {
    const methods = routes.map(({ method }) => method.toUpperCase())
    const allow = [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS']
    response.setHeader('Allow', allow.join(', '))
    if (request.method !== 'OPTIONS') throw errors.methodNotAllowed({ allow })
    if (routes.some((route) => route.anyOrigin)) allowAnyOrigin(response, methods)
    response.status(204).end()
  }

function allowAnyOrigin(response: Response, methods: readonly string[]): void {
  response.setHeader('Access-Control-Allow-Origin', '*')
  response.setHeader('Access-Control-Allow-Methods', methods.join(', '))
  response.setHeader('Access-Control-Allow-Headers', 'Content-Type, Accept')
  response.setHeader('Access-Control-Max-Age', '86400')
}

const handle =
  (route: Route, needs: RouterNeeds): RequestHandler =>
  async (request, response, next) => {
    response.locals['route'] = route.path
    if (route.page) response.vary('Accept')
    if (route.page && needs.hasPages && prefersHtml(request.headers.accept)) return next('router')
    if (route.anyOrigin) {
      response.setHeader('Access-Control-Allow-Origin', '*')
      response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin')
    }

    // 1. Who calls, and may they?
    const shown = shownCredentials(request.headers, sessionCookieName(needs.publicUrl))
    const principal = await admitCounting(route, shown, request, needs)
    response.locals['caller'] = callerName(principal)
    if (principal?.kind === 'session') assertSameOrigin(request, needs.publicUrl)
    await passed(needs.rateLimiter.perCaller, request, response)
    const guesser = { request, caller: callerName(principal) }
    if (route.wrongSecret !== undefined) await needs.rateLimiter.assertMayGuess(guesser)

    // 2. What do they want?
    const bodyLimit = needs.limits.body[route.request.bodyLimit ?? 'standard']
    const raw = route.request.streamed
      ? streamBody(request, bodyKinds(route), bodyLimit)
      : await readBody(request, bodyKinds(route), bodyLimit)
    const input = parseInput(route.request, request, raw)
    const version = versionSeen(route, request.headers['if-match'])
    const key = route.idempotent ? idempotencyKey(request.headers['idempotency-key']) : undefined

    // 3. Do it, once.
    const context = {
      ...input,
      raw,
      rawHeaders: request.headers,
      principal,
      expectedVersion: version,
      isHead: request.method === 'HEAD',
      requestId: requestIdOf(response),
      idempotencyKey: key,
      address: request.ip ?? '',
    } as RouteContext<unknown>
    const work = async () => {
      try {
        return renderAnswer(route, (await route.handler(context)) as Answer)
      } catch (error) {
        if (hasCode(error, route.wrongSecret)) await needs.rateLimiter.countGuess(guesser)
        throw error
      }
    }
    const answer =
      key === undefined ? await work() : await workOnce(route, needs, key, request, response, raw, work)
    await sendAnswer(route, answer, request, response)
  }

async function admitCounting(route: Route, shown: ShownCredentials, request: Request, needs: RouterNeeds) {
  try {
    return await admit(route.access, shown, needs.authenticate)
  } catch (error) {
    if (hasCode(error, errors.unauthenticated)) await needs.rateLimiter.countWrong(request, shown)
    throw error
  }
}

const versionSeen = ({ ifMatch = false }: Route, header: string | undefined): number | undefined =>
  ifMatch === true || (ifMatch === 'optional' && header !== undefined) ? expectedVersion(header) : undefined

const hasCode = (error: unknown, definition: ErrorDefinition | undefined): boolean =>
  error instanceof WaarmerkError && error.code === definition?.code

const bodyKinds = ({ request }: Route): readonly BodyKind[] =>
  request.bodyKinds ?? (request.body === undefined ? [] : ['json'])

function workOnce(
  route: Route,
  needs: RouterNeeds,
  key: string,
  request: Request,
  response: Response,
  raw: ReadBody | StreamedBody | undefined,
  work: () => Promise<RenderedAnswer>,
): Promise<RenderedAnswer> {
  const [path = '', query = ''] = request.originalUrl.split('?')
  const call = {
    caller: String(response.locals['caller']),
    operation: `${request.method} ${path}`,
    query,
    mediaType: raw?.mediaType ?? '',
    body: raw !== undefined && 'bytes' in raw ? raw.bytes : new Uint8Array(),
  }
  return once(needs, route, key, call, work)
}
