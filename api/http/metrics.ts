import { createHash, timingSafeEqual } from 'node:crypto'
import type { RequestHandler } from 'express'
import { Histogram, type Registry } from 'prom-client'
import { errors } from '#engine/errors/catalogue.ts'
import { knownMethod } from './request-log.ts'

const DURATION = 'waarmerk_http_request_duration_seconds'

/** Times every request by method, pattern of the route and status: few series, whatever is asked. */
export function measureRequests(registry: Registry): RequestHandler {
  const histogram =
    (registry.getSingleMetric(DURATION) as Histogram<'method' | 'route' | 'status'> | undefined) ??
    new Histogram({
      name: DURATION,
      help: 'Time from the first byte of a request to the last of its answer',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers: [registry],
    })
  return (request, response, next) => {
    const stop = histogram.startTimer()
    response.once('close', () => {
      const route = String(response.locals['route'] ?? 'none')
      stop({ method: knownMethod(request.method), route, status: response.statusCode })
    })
    next()
  }
}

/** Answers in Prometheus' text form: with the token, or without one set, to this machine itself. Else there is no such path. */
export const serveMetrics =
  (registry: Registry, token: string | undefined): RequestHandler =>
  async (request, response) => {
    response.locals['route'] = '/metrics'
    const isAllowed =
      token === undefined
        ? isLoopback(request.socket.remoteAddress) && request.headers['x-forwarded-for'] === undefined
        : isSame(request.headers.authorization ?? '', `Bearer ${token}`)
    if (!isAllowed) throw errors.noSuchPath({})
    response.setHeader('Content-Type', registry.contentType)
    response.setHeader('Cache-Control', 'no-store')
    response.end(await registry.metrics())
  }

const isLoopback = (address = ''): boolean => /^(::ffff:)?127\.|^::1$/.test(address)

const sha256 = (text: string) => createHash('sha256').update(text).digest()

/** Equal texts, in a time that tells nothing about them. */
const isSame = (a: string, b: string): boolean => timingSafeEqual(sha256(a), sha256(b))
