import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import express, { type ErrorRequestHandler, type Express, type Request, type RequestHandler } from 'express'
import type { Registry } from 'prom-client'
import { type OpenBadgesDoor, openBadgesDoor } from '#api/ims/open-badges-door.ts'
import { isOpenBadgesPath, statusInfoOf } from '#api/ims/status-info-answer.ts'
import { type WalletDoor, walletDoor, walletRefusalOf } from '#api/openid4vci/wallet-door.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { WaarmerkError } from '#engine/errors/define-error.ts'
import type { IdempotencyStore } from '#services/ports/idempotency.ts'
import type { Log } from '#services/ports/log.ts'
import type { Authenticate } from './authentication.ts'
import { docsPage } from './docs-page.ts'
import { healthRoutes, type ReadyChecks } from './health.ts'
import { defaultHttpLimits, type HttpLimits } from './http-limits.ts'
import { measureRequests, serveMetrics } from './metrics.ts'
import { openApiRoutes } from './openapi-routes.ts'
import { problemRoutes } from './problem-routes.ts'
import { knownError, PROBLEM_MEDIA_TYPE, problemAt, problemOf } from './problems.ts'
import { callerKey, createRateLimiter } from './rate-limits.ts'
import { logRequests, requestIdOf } from './request-log.ts'
import type { Route } from './route.ts'
import { createRouter } from './router.ts'
import { securityHeaders } from './security-headers.ts'
import { verifierFiles, webFiles } from './web-files.ts'

export interface HttpServerNeeds {
  /** The business routes. Health, problems and the reference add themselves. */
  readonly routes: readonly Route[]
  readonly authenticate: Authenticate
  readonly idempotency: IdempotencyStore
  readonly log: Log
  /** PUBLIC_URL, without a slash at the end: the only origin that ever stands in an answer. */
  readonly publicUrl: string
  /** Of the product, for the reference. */
  readonly version: string
  /** The Open Badges API and its authorization server, which speak their own languages. Default: they are not there. */
  readonly openBadges?: OpenBadgesDoor
  /** Where wallets fetch badges that were offered to them. Default: they are not there. */
  readonly wallets?: WalletDoor
  /** Default: `defaultHttpLimits`. */
  readonly limits?: HttpLimits
  /** Does something in the name of a caller, as rate limits know it: what is scarce has a share for each. */
  readonly asCaller?: AsCaller
  /** Named checks for /readyz. */
  readonly ready?: ReadyChecks
  /** Addresses or ranges of proxies whose X-Forwarded-For counts. Default: none. */
  readonly trustedProxies?: readonly string[]
  /** The built web application. Without it every URL answers JSON. */
  readonly webDirectory?: string
  /** The built verifier that runs in a browser alone. Without it there is nothing under /verifier. */
  readonly verifierDirectory?: string
  /** Prometheus. Without a token /metrics answers to this machine only. */
  readonly metrics?: { readonly registry: Registry; readonly token?: string }
}

export type AsCaller = <T>(caller: () => string, act: () => T) => T

export interface HttpServer {
  readonly app: Express
  /** Port 0 takes a free one. Rejects with the system's error (`EADDRINUSE`). */
  listen(port: number, host?: string): Promise<{ readonly port: number }>
  /** Takes no more requests, lets running ones finish for as long as the limits say, then cuts them off. */
  close(): Promise<void>
}

/** Puts the door together, in the order in which a request meets its parts. */
export function createHttpServer(needs: HttpServerNeeds): HttpServer {
  const { log, publicUrl, limits = defaultHttpLimits, metrics } = needs
  const rateLimiter = createRateLimiter(limits.rate)
  const web = needs.webDirectory === undefined ? undefined : webFiles(needs.webDirectory)
  const { routes: reference, document } = openApiRoutes(
    [...needs.routes, ...healthRoutes(needs.ready ?? {}), ...problemRoutes()],
    needs.version,
  )

  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.set('query parser', false)
  app.set('trust proxy', needs.trustedProxies === undefined ? false : [...needs.trustedProxies])

  app.use(logRequests(log))
  if (metrics !== undefined) app.use(measureRequests(metrics.registry))
  app.use(securityHeaders(publicUrl))
  app.use(refuseBrokenUrls)
  if (needs.asCaller !== undefined) app.use(inNameOfCaller(needs.asCaller))
  if (metrics !== undefined) app.get('/metrics', serveMetrics(metrics.registry, metrics.token))
  if (needs.verifierDirectory !== undefined) app.use(verifierFiles(needs.verifierDirectory))
  if (web !== undefined) app.use(web.files)
  if (needs.openBadges !== undefined) app.use(openBadgesDoor({ ...needs.openBadges, limits, rateLimiter }))
  if (needs.wallets !== undefined) app.use(walletDoor({ ...needs.wallets, limits, rateLimiter }))
  app.use(createRouter(reference, { ...needs, limits, rateLimiter, hasPages: web !== undefined }))
  app.use(docsPage(document))
  if (web !== undefined) app.use(web.fallback)
  app.use(() => {
    throw errors.noSuchPath({})
  })
  app.use(answerProblem(log, publicUrl))

  const server = createServer(
    { maxHeaderSize: 16_384, connectionsCheckingInterval: Math.min(limits.headersTimeoutMs, 5000) },
    app,
  )
  server.headersTimeout = limits.headersTimeoutMs
  server.requestTimeout = limits.requestTimeoutMs
  server.keepAliveTimeout = 5000
  return {
    app,
    listen: (port, host) => listen(server, port, host),
    close: async () => {
      rateLimiter.close()
      await close(server, limits.closeTimeoutMs)
    },
  }
}

/** Who it is shows only later, in the middle of the work. */
const inNameOfCaller =
  (asCaller: AsCaller): RequestHandler =>
  (request, response, next) =>
    asCaller(() => callerKey(request, response), next)

/** NUL and what is no UTF-8 go no further, in paths and in queries. */
const refuseBrokenUrls: RequestHandler = (request, _response, next) => {
  try {
    if (decodeURIComponent(request.url.replaceAll('+', ' ')).includes('\0')) throw errors.malformedUrl({})
  } catch (error) {
    throw error instanceof URIError ? errors.malformedUrl({}, error) : error
  }
  next()
}

const answerProblem =
  (log: Log, publicUrl: string): ErrorRequestHandler =>
  (thrown, request, response, _next) => {
    const error = knownError(thrown, log, requestIdOf(response))
    response.locals['code'] = error.code
    if (response.headersSent) {
      response.destroy()
      return
    }
    for (const name of ['etag', 'content-length', 'last-modified']) response.removeHeader(name)
    if (error.status === 401) response.setHeader('WWW-Authenticate', 'Bearer realm="waarmerk"')
    nameWhatIsTaken(error, response)
    const { retryAfterSeconds } = error.parameters
    if (typeof retryAfterSeconds === 'number') response.setHeader('Retry-After', retryAfterSeconds)
    response.setHeader('Cache-Control', 'no-store')
    const { status, mediaType, body } = refusalOf(request, error, publicUrl, requestIdOf(response))
    response.setHeader('Content-Type', mediaType)
    response.status(status)
    limitWaste(request, response)
    response.end(request.method === 'HEAD' ? '' : JSON.stringify(body))
  }

/** Of a body that is refused for its kind (RFC 9110, section 15.5.16). */
function nameWhatIsTaken({ code, parameters }: WaarmerkError, response: ServerResponse): void {
  if (code === errors.unsupportedContentEncoding.code) response.setHeader('Accept-Encoding', 'identity')
  const { accepted } = parameters as { readonly accepted?: readonly string[] }
  if (code === errors.unsupportedMediaType.code && accepted !== undefined && accepted.length > 0)
    response.setHeader('Accept', accepted.join(', '))
}

/** In the words of whoever speaks there. */
function refusalOf(request: Request, error: WaarmerkError, publicUrl: string, requestId: string) {
  if (isOpenBadgesPath(request.originalUrl)) return { ...statusInfoOf(error), mediaType: 'application/json' }
  const toWallet = walletRefusalOf(request.path, error)
  if (toWallet !== undefined) return { status: error.status, mediaType: 'application/json', body: toWallet }
  const body = problemAt(request.path, problemOf(error, publicUrl, requestId))
  return { status: error.status, mediaType: PROBLEM_MEDIA_TYPE, body }
}

/** For the sender of a body that was refused midway to see the answer, before the connection is cut. */
const LAST_WORD_MS = 2000

function limitWaste(request: IncomingMessage, response: ServerResponse): void {
  if (request.complete) return
  response.once('finish', () => {
    const cut = () => {
      if (!request.complete) request.socket.destroy()
    }
    setTimeout(cut, LAST_WORD_MS).unref()
  })
}

function listen(server: Server, port: number, host?: string): Promise<{ port: number }> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, host }, () => {
      server.off('error', reject)
      const address = server.address()
      resolve({ port: typeof address === 'object' && address !== null ? address.port : port })
    })
  })
}

async function close(server: Server, timeoutMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  // A connection that is kept alive is idle only after its last answer, and would then be waited for.
  const sweeper = setInterval(() => server.closeIdleConnections(), 50)
  const timer = setTimeout(() => server.closeAllConnections(), timeoutMs)
  await closed
  clearInterval(sweeper)
  clearTimeout(timer)
}
