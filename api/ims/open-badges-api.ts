import express, { type Request, type Response, type Router } from 'express'
import { type ReadBody, readBody } from '#api/http/body-reader.ts'
import type { HttpLimits } from '#api/http/http-limits.ts'
import type { BodyKind } from '#api/http/media-types.ts'
import { passed } from '#api/http/passed.ts'
import type { RateLimiter } from '#api/http/rate-limits.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { pageLinks } from '#engine/open-badges-api/page-links.ts'
import { OB_SCOPES, type ObScope } from '#engine/open-badges-api/scopes.ts'
import { parseInstant } from '#engine/shared/instant.ts'
import { isJsonObject, type JsonObject } from '#engine/shared/json.ts'
import type { HostCredentials } from '#services/open-badges-api/host-credentials.ts'
import type { HostProfile } from '#services/open-badges-api/host-profile.ts'
import type { AuthorizationServer, TokenHolder } from '#services/ports/authorization-server.ts'
import { type DescriptionNeeds, serviceDescription } from './service-description.ts'
import { OPEN_BADGES_PATH } from './status-info-answer.ts'

export interface OpenBadgesApiNeeds extends DescriptionNeeds {
  readonly hostCredentials: HostCredentials
  readonly hostProfile: HostProfile
  readonly authorizationServer: Pick<AuthorizationServer, 'holder'>
}

export interface OpenBadgesDoorNeeds extends OpenBadgesApiNeeds {
  readonly limits: HttpLimits
  readonly rateLimiter: RateLimiter
}

const MOST_A_PAGE = 100

interface Call {
  readonly request: Request
  readonly response: Response
  readonly holder: TokenHolder
  readonly body: (kinds: readonly BodyKind[]) => Promise<ReadBody>
}

interface Operation {
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly path: string
  /** Without one anybody may call. */
  readonly scope?: ObScope
  readonly run: (call: Call) => Promise<void>
}

/**
 * The Open Badges API 3.0 as a host offers it. It speaks its own language: tokens of our authorization server and of nobody
 * else, and refusals as `Imsx_StatusInfo`, which `server.ts` writes for whatever is thrown here.
 */
export function openBadgesApi(needs: OpenBadgesDoorNeeds): Router {
  const { hostCredentials, hostProfile, authorizationServer, publicUrl, limits, rateLimiter } = needs
  const description = serviceDescription(needs)

  const operations: readonly Operation[] = [
    {
      method: 'GET',
      path: '/discovery',
      run: async ({ response }) => {
        response.setHeader('Access-Control-Allow-Origin', '*')
        sendJson(response, 200, description)
      },
    },
    {
      method: 'GET',
      path: '/credentials',
      scope: OB_SCOPES.readCredentials,
      run: async ({ request, response, holder }) => {
        const { limit, offset, since, also } = readPage(request)
        const { documents, total } = await hostCredentials.list(holder.accountId, {
          limit,
          offset,
          ...(since === undefined ? {} : { since }),
        })
        response.setHeader('X-Total-Count', String(total))
        const url = `${publicUrl}${OPEN_BADGES_PATH}/credentials`
        const links = pageLinks({ limit, offset, total }, url, also)
        if (links !== undefined) response.setHeader('Link', links)
        sendJson(response, 200, {
          credential: documents.filter((each): each is JsonObject => typeof each !== 'string'),
          compactJwsString: documents.filter((each) => typeof each === 'string'),
        })
      },
    },
    {
      method: 'POST',
      path: '/credentials',
      scope: OB_SCOPES.upsertCredentials,
      run: async ({ response, holder, body }) => {
        const { bytes, mediaType } = await body(['json', 'vc', 'ld', 'text', 'jwt'])
        const outcome = await hostCredentials.upsert(holder.accountId, { bytes, mediaType })
        if (outcome === 'older') response.status(304).end()
        else send(response, outcome === 'created' ? 201 : 200, mediaType, bytes)
      },
    },
    {
      method: 'GET',
      path: '/profile',
      scope: OB_SCOPES.readProfile,
      run: async ({ response, holder }) => sendJson(response, 200, await hostProfile.show(holder.accountId)),
    },
    {
      method: 'PUT',
      path: '/profile',
      scope: OB_SCOPES.updateProfile,
      run: async ({ response, holder, body }) => {
        const { json, bytes, mediaType } = await body(['json', 'ld', 'vc'])
        if (!isJsonObject(json)) throw errors.profileUnfit({ reason: 'it is no JSON object' })
        await hostProfile.put(holder.accountId, json, holder.clientId)
        send(response, 200, mediaType, bytes)
      },
    },
  ]

  /** Who calls: the bearer of a token of ours. Refuses with unauthenticated, insufficient-scope. */
  const admit = async (request: Request, response: Response, scope: ObScope): Promise<TokenHolder> => {
    const [, token] = /^Bearer +([\w.~+/-]+=*)$/i.exec(request.headers.authorization ?? '') ?? []
    const holder = token === undefined ? undefined : await authorizationServer.holder(token)
    if (holder === undefined) {
      if (token !== undefined) await rateLimiter.countWrong(request, { bearer: token })
      throw errors.unauthenticated({})
    }
    if (holder.scopes.has(scope)) return holder
    response.setHeader('WWW-Authenticate', `Bearer error="insufficient_scope", scope="${scope}"`)
    throw errors.insufficientScope({ scope })
  }

  const router = express.Router()
  router.use(OPEN_BADGES_PATH, async (request, response) => {
    const { path } = request
    const here = operations.filter((each) => each.path === path)
    response.locals['route'] = here.length === 0 ? OPEN_BADGES_PATH : `${OPEN_BADGES_PATH}${path}`
    response.setHeader('Cache-Control', 'no-store')
    if (here.length === 0) throw errors.noSuchPath({})
    const method = request.method === 'HEAD' ? 'GET' : request.method
    const operation = here.find((each) => each.method === method)
    if (operation === undefined) {
      const allow = here.map((each) => each.method)
      response.setHeader('Allow', allow.join(', '))
      throw errors.methodNotAllowed({ allow })
    }
    const holder = operation.scope === undefined ? NOBODY : await admit(request, response, operation.scope)
    response.locals['caller'] = holder === NOBODY ? 'anonymous' : `application:${holder.clientId}`
    await passed(rateLimiter.perCaller, request, response)
    const body = async (kinds: readonly BodyKind[]): Promise<ReadBody> => {
      const read = await readBody(request, kinds, limits.body.document)
      if (read === undefined) throw errors.documentUnreadable({ reason: 'there is no body' })
      return read
    }
    await operation.run({ request, response, holder, body })
  })
  return router
}

const NOBODY: TokenHolder = { accountId: '' as TokenHolder['accountId'], clientId: '', scopes: new Set() }

/** Refuses with query-unfit. Other parameters are let through: callers of other hosts may send theirs. */
function readPage(request: Request) {
  const query = new URL(request.originalUrl, 'http://any').searchParams
  const whole = (parameter: string, least: number): number | undefined => {
    const text = query.get(parameter)
    if (text === null) return undefined
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
    if (!(value >= least))
      throw errors.queryUnfit({ parameter, reason: `must be a whole number from ${least} on` })
    return value
  }
  // The + of a zone that was not encoded comes as a space.
  const since = query.get('since')?.replace(/ (?=\d\d:\d\d$)/, '+') ?? null
  const at = since === null ? undefined : parseInstant(since)
  if (since !== null && at === undefined)
    throw errors.queryUnfit({ parameter: 'since', reason: 'must be a date-time with a zone' })
  return {
    limit: Math.min(whole('limit', 1) ?? MOST_A_PAGE, MOST_A_PAGE),
    offset: whole('offset', 0) ?? 0,
    since: at,
    also: since === null ? [] : ([['since', since]] as const),
  }
}

const sendJson = (response: Response, status: number, body: unknown): void =>
  send(response, status, 'application/json', Buffer.from(JSON.stringify(body)))

function send(response: Response, status: number, mediaType: string, bytes: Uint8Array): void {
  response.status(status)
  response.setHeader('Content-Type', mediaType)
  response.setHeader('Content-Length', bytes.length)
  response.end(response.req.method === 'HEAD' ? undefined : bytes)
}
