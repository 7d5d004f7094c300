import { randomUUID } from 'node:crypto'
import type { RequestHandler, Response } from 'express'
import type { Log } from '#services/ports/log.ts'

/** Given to each request by us: a caller's own id could forge lines of another. */
export const requestIdOf = (response: Response): string => String(response.locals['requestId'])

/**
 * One line per request: id, method, pattern of the route, status, milliseconds, caller.
 * Nothing that the caller wrote stands in it, so there is nothing to forge and nothing to leak:
 * no path, no query, no header. An id within the path is found through the audit trail. The address stands in the
 * lines of refusals that may be attacks (401, 403, 429), and in no other.
 */
export const logRequests =
  (log: Log): RequestHandler =>
  (request, response, next) => {
    const started = performance.now()
    // Gone from the socket once that is closed.
    const address = request.ip
    response.locals['requestId'] = randomUUID()
    response.setHeader('X-Request-Id', requestIdOf(response))
    response.once('close', () => {
      const { locals, statusCode: status, writableFinished } = response
      const level =
        status >= 500 ? 'error' : status === 401 || status === 403 || status === 429 ? 'warn' : 'info'
      log[level](writableFinished ? 'http.answered' : 'http.aborted', {
        requestId: locals['requestId'],
        method: knownMethod(request.method),
        route: locals['route'] ?? 'none',
        status,
        ms: Math.round(performance.now() - started),
        caller: locals['caller'] ?? 'unknown',
        ...(locals['code'] === undefined ? {} : { code: locals['code'] }),
        ...(level === 'warn' ? { address } : {}),
      })
    })
    next()
  }

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

export const knownMethod = (method: string): string => (METHODS.has(method) ? method : 'OTHER')
