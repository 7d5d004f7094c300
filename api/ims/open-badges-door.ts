import type { IncomingMessage, ServerResponse } from 'node:http'
import express, { type Router } from 'express'
import { passed } from '#api/http/passed.ts'
import { OAUTH_PATH } from '#services/ports/authorization-server.ts'
import { type OpenBadgesApiNeeds, type OpenBadgesDoorNeeds, openBadgesApi } from './open-badges-api.ts'

export interface OpenBadgesDoor extends Omit<OpenBadgesApiNeeds, 'oauthUrl'> {
  /** Answers what comes to the endpoints of the authorization server. */
  readonly handleOAuth: (request: IncomingMessage, response: ServerResponse) => void
}

/** Where the metadata of the authorization server stand (RFC 8414, section 3.1). */
const METADATA = '/.well-known/oauth-authorization-server'

/** The Open Badges API, and the authorization server that lets applications in. */
export function openBadgesDoor(
  needs: OpenBadgesDoor & Pick<OpenBadgesDoorNeeds, 'limits' | 'rateLimiter'>,
): Router {
  const { handleOAuth, rateLimiter, publicUrl } = needs
  const router = express.Router()
  router.use(OAUTH_PATH, async (request, response) => {
    response.locals['route'] = OAUTH_PATH
    response.locals['caller'] = 'anonymous'
    await passed(rateLimiter.perCaller, request, response)
    if (request.method === 'POST' && request.path === '/register')
      await passed(rateLimiter.registrations, request, response)
    handleOAuth(request, response)
  })
  router.get(`${METADATA}${OAUTH_PATH}`, async (request, response) => {
    response.locals['route'] = METADATA
    await passed(rateLimiter.perCaller, request, response)
    request.url = METADATA
    request.originalUrl = `${OAUTH_PATH}${METADATA}`
    handleOAuth(request, response)
  })
  router.use(openBadgesApi({ ...needs, oauthUrl: `${publicUrl}${OAUTH_PATH}` }))
  return router
}
