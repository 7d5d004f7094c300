import {
  AuthorizationResponseError,
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  ClientSecretBasic,
  Configuration,
  calculatePKCECodeChallenge,
  customFetch,
  ResponseBodyError,
  refreshTokenGrant,
  tokenRevocation,
} from 'openid-client'
import { errors } from '#engine/errors/catalogue.ts'
import { WaarmerkError } from '#engine/errors/define-error.ts'
import { OB_SCOPES, OFFLINE_ACCESS } from '#engine/open-badges-api/scopes.ts'
import { utf8 } from '#engine/shared/bytes.ts'
import { SECOND_MS } from '#engine/shared/duration.ts'
import { asInstant, formatInstant } from '#engine/shared/instant.ts'
import { isJsonArray, isJsonObject, type Json } from '#engine/shared/json.ts'
import { parseStrictJson } from '#engine/shared/strict-json.ts'
import type { BadgeHosts, HostClient, HostDescription, HostTokens } from '#services/ports/badge-host.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { GuardedFetch, GuardedResponse } from '#services/ports/guarded-fetch.ts'

export interface BadgeHostsNeeds {
  readonly fetch: GuardedFetch
  readonly clock: Clock
  /** For development: hosts on this machine, by http. */
  readonly allowLocalhost: boolean
  /** PUBLIC_URL, without a slash at the end. */
  readonly origin: string
}

const API_PATH = '/ims/ob/v3p0'
/** Of a page of badges, which may have their pictures in them. */
export const MOST_HOST_BYTES = 4_000_000
const LIMITS = { maxBytes: MOST_HOST_BYTES, maxDepth: 70, maxNodes: 400_000, maxKeys: 400_000 }
const MOST_TEXT = 200

/**
 * Connects to backpacks and wallets of others, with a certified OAuth client (openid-client). All that is asked goes through the
 * guarded fetcher, the browser's address too is judged before it is handed out.
 *
 * A description names no issuer, so what an answer says of its issuer (RFC 9207) cannot be compared. Answers of one host are
 * kept from counting for another by a return address of its own for each connection (RFC 9700, section 2.1).
 */
export function createBadgeHosts({ fetch, clock, allowLocalhost, origin }: BadgeHostsNeeds): BadgeHosts {
  const assertUrl = (host: string, name: string, value: unknown): string => {
    const url = typeof value === 'string' ? URL.parse(value) : null
    const isLocal = allowLocalhost && url !== null && ['localhost', '127.0.0.1'].includes(url.hostname)
    if (url === null || !(url.protocol === 'https:' || (isLocal && url.protocol === 'http:')))
      throw errors.hostUnusable({ host, reason: `its description has no usable ${name}` })
    return url.href
  }

  const configuration = (
    { authorizationUrl, tokenUrl, revocationUrl }: HostDescription,
    { id, secret }: HostClient,
    tokenEndpoint = tokenUrl,
  ): Configuration => {
    const made = new Configuration(
      {
        issuer: new URL(tokenUrl).origin,
        authorization_endpoint: authorizationUrl,
        token_endpoint: tokenEndpoint,
        ...(revocationUrl === undefined ? {} : { revocation_endpoint: revocationUrl }),
      },
      id,
      { client_secret: secret },
      ClientSecretBasic(secret),
    )
    if (tokenUrl.startsWith('http:')) allowInsecureRequests(made)
    made[customFetch] = async (url, { method, headers, body }) => {
      const answer = await fetch(url, {
        method: method === 'GET' ? 'GET' : 'POST',
        headers: headers as Record<string, string>,
        ...(body === undefined || body === null ? {} : { body: String(body) }),
      })
      const type = answer.headers?.['content-type']
      return new Response(answer.body.length === 0 ? null : Buffer.from(answer.body), {
        status: answer.status,
        headers: type === undefined ? {} : { 'content-type': type },
      })
    }
    return made
  }

  const tokensOf = (
    answer: { access_token: string; refresh_token?: string; expires_in?: number; scope?: string },
    before: Partial<HostTokens>,
  ): HostTokens => {
    const refreshToken = answer.refresh_token ?? before.refreshToken
    return {
      accessToken: answer.access_token,
      ...(refreshToken === undefined ? {} : { refreshToken }),
      ...(answer.expires_in === undefined
        ? {}
        : { expiresAt: asInstant(clock.now() + answer.expires_in * SECOND_MS) }),
      scopes: answer.scope?.split(' ') ?? before.scopes ?? [],
    }
  }

  /** Asks for a resource. A token that is refused is told as a connection that is lost. */
  const ask = async (
    { apiUrl }: HostDescription,
    token: string,
    method: 'GET' | 'POST' | 'PUT',
    path: string,
    body?: { readonly bytes: Uint8Array; readonly type: string },
    isAnswer: (status: number) => boolean = (status) => status < 400,
  ): Promise<GuardedResponse> => {
    const host = new URL(apiUrl).host
    const answer = await fetch(`${apiUrl}${path}`, {
      method,
      headers: {
        accept: 'application/json',
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': body.type }),
      },
      ...(body === undefined ? {} : { body: body.bytes }),
    })
    if (answer.status === 401) throw errors.hostConnectionLost({ host })
    if (!isAnswer(answer.status)) throw errors.hostRefused({ host, reason: refusalIn(answer) })
    return answer
  }

  return {
    describe: async (address) => {
      const apiUrl = apiUrlOf(address)
      const { host } = new URL(apiUrl)
      const answer = await fetch(`${apiUrl}/discovery`, { headers: { accept: 'application/json' } })
      const document = answer.status === 200 ? parse(answer.body) : undefined
      if (!isJsonObject(document))
        throw errors.hostUnusable({ host, reason: `${API_PATH}/discovery gave no description` })
      const scheme = memberOf(document, 'components', 'securitySchemes', 'OAuth2ACG')
      const flow = memberOf(scheme, 'flows', 'authorizationCode')
      const refreshUrl = memberOf(flow, 'refreshUrl')
      const revocationUrl = memberOf(flow, 'x-imssf-revocationUrl')
      const title = memberOf(document, 'info', 'title')
      const offered = memberOf(flow, 'scopes')
      return {
        name: typeof title === 'string' && title !== '' ? title.slice(0, MOST_TEXT).toWellFormed() : host,
        apiUrl,
        registrationUrl: assertUrl(
          host,
          'x-imssf-registrationUrl',
          memberOf(scheme, 'x-imssf-registrationUrl'),
        ),
        authorizationUrl: assertUrl(host, 'authorizationUrl', memberOf(flow, 'authorizationUrl')),
        tokenUrl: assertUrl(host, 'tokenUrl', memberOf(flow, 'tokenUrl')),
        refreshUrl: assertUrl(host, 'refreshUrl', refreshUrl ?? memberOf(flow, 'tokenUrl')),
        ...(revocationUrl === undefined
          ? {}
          : { revocationUrl: assertUrl(host, 'x-imssf-revocationUrl', revocationUrl) }),
        scopes: Object.values(OB_SCOPES).filter((scope) => isJsonObject(offered) && scope in offered),
      }
    },

    register: async ({ registrationUrl, scopes }, redirectUri) => {
      const { host } = new URL(registrationUrl)
      const answer = await fetch(registrationUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify({
          client_name: `Waarmerk (${new URL(origin).host})`,
          client_uri: origin,
          logo_uri: `${origin}/favicon.svg`,
          tos_uri: origin,
          policy_uri: origin,
          software_id: 'waarmerk',
          software_version: '1',
          redirect_uris: [redirectUri],
          grant_types: ['authorization_code', 'refresh_token'],
          response_types: ['code'],
          token_endpoint_auth_method: 'client_secret_basic',
          scope: [...scopes, OFFLINE_ACCESS].join(' '),
        }),
      })
      const said = parse(answer.body)
      const id = memberOf(said, 'client_id')
      const secret = memberOf(said, 'client_secret')
      if (answer.status >= 400 || typeof id !== 'string' || typeof secret !== 'string')
        throw errors.hostRefused({ host, reason: refusalIn(answer) })
      return { id, secret }
    },

    authorizeAt: async (host, client, { redirectUri, state, codeVerifier }, scopes) =>
      buildAuthorizationUrl(configuration(host, client), {
        redirect_uri: redirectUri,
        scope: scopes.join(' '),
        state,
        code_challenge: await calculatePKCECodeChallenge(codeVerifier),
        code_challenge_method: 'S256',
      }).href,

    redeem: async (host, client, { redirectUri, state, codeVerifier }, query) => {
      const answer = new URL(`${redirectUri}?${query}`)
      answer.searchParams.delete('iss')
      try {
        const tokens = await authorizationCodeGrant(configuration(host, client), answer, {
          expectedState: state,
          pkceCodeVerifier: codeVerifier,
        })
        return tokensOf(tokens, {})
      } catch (error) {
        throw problemOf(error, host)
      }
    },

    refresh: async (host, client, tokens) => {
      const { refreshToken } = tokens
      if (refreshToken === undefined) throw errors.hostConnectionLost({ host: new URL(host.apiUrl).host })
      try {
        return tokensOf(
          await refreshTokenGrant(configuration(host, client, host.refreshUrl), refreshToken),
          tokens,
        )
      } catch (error) {
        throw problemOf(error, host)
      }
    },

    revoke: async (host, client, { accessToken, refreshToken }) => {
      if (host.revocationUrl === undefined) return
      try {
        await tokenRevocation(configuration(host, client), refreshToken ?? accessToken)
      } catch (error) {
        throw problemOf(error, host)
      }
    },

    credentials: async (host, token, { limit, offset, since }) => {
      const query = new URLSearchParams({ limit: String(limit), offset: String(offset) })
      if (since !== undefined) query.set('since', formatInstant(since))
      const answer = await ask(host, token, 'GET', `/credentials?${query}`)
      const said = parse(answer.body)
      if (!isJsonObject(said))
        throw errors.hostRefused({ host: new URL(host.apiUrl).host, reason: 'its list is no JSON object' })
      const { credential, compactJwsString, compactJwsStrings } = said
      const documents = [
        ...listOf(credential),
        // The specification's example has it in the plural.
        ...listOf(compactJwsString),
        ...listOf(compactJwsStrings),
      ]
      const { link = '', 'x-total-count': count = '', date = '' } = answer.headers ?? {}
      const total = /^\d{1,9}$/.test(count) ? Number(count) : undefined
      const at = Date.parse(date)
      // Some say that there is more by one of the two alone.
      const hasNext =
        /;\s*rel="?next"?/i.test(link) || (total !== undefined && offset + documents.length < total)
      return {
        documents,
        isLast: documents.length === 0 || !hasNext,
        ...(total === undefined ? {} : { total }),
        ...(Number.isNaN(at) ? {} : { at: asInstant(at) }),
      }
    },

    upsert: async (host, token, document) => {
      const { status } = await ask(host, token, 'POST', '/credentials', {
        bytes: document,
        type: 'application/json',
      })
      return status === 201 ? 'created' : status === 304 ? 'older' : 'replaced'
    },

    profile: async (host, token) => {
      // It may not have one (Open Badges 3.0, getProfile).
      const isAnswer = (status: number) => status < 400 || status === 404
      const answer = await ask(host, token, 'GET', '/profile', undefined, isAnswer)
      if (answer.status === 404) return undefined
      const profile = parse(answer.body)
      if (!isJsonObject(profile) || typeof profile['id'] !== 'string')
        throw errors.hostRefused({ host: new URL(host.apiUrl).host, reason: 'its profile is none' })
      return profile
    },

    putProfile: async (host, token, profile) => {
      await ask(host, token, 'PUT', '/profile', {
        bytes: utf8(JSON.stringify(profile)),
        type: 'application/json',
      })
    },
  }
}

/** Of the address of a host, or of its API, as people type them. */
function apiUrlOf(address: string): string {
  const url = URL.parse(address)
  if (url === null) throw errors.hostUnusable({ host: address.slice(0, MOST_TEXT), reason: 'this is no URL' })
  url.search = ''
  url.hash = ''
  const base = url.href.replace(/\/+$/, '').replace(/\/discovery$/, '')
  return base.endsWith(API_PATH) ? base : `${base}${API_PATH}`
}

const parse = (bytes: Uint8Array): Json | undefined => {
  const parsed = parseStrictJson(bytes, LIMITS)
  return parsed.ok ? parsed.value : undefined
}

const memberOf = (value: Json | undefined, ...path: readonly string[]): Json | undefined =>
  path.reduce<Json | undefined>((at, name) => (isJsonObject(at) ? at[name] : undefined), value)

const listOf = (value: Json | undefined): readonly Json[] => (isJsonArray(value) ? value : [])

/** What a host says of why it refuses, cut: anybody may have written it. */
function refusalIn({ status, body }: GuardedResponse): string {
  const said = parse(body)
  const words = ['imsx_description', 'error_description', 'error']
    .map((name) => memberOf(said, name))
    .find((each): each is string => typeof each === 'string')
  return `${status}${words === undefined ? '' : ` (${words.slice(0, MOST_TEXT).toWellFormed()})`}`
}

function problemOf(error: unknown, { apiUrl }: HostDescription): WaarmerkError {
  const { host } = new URL(apiUrl)
  if (error instanceof WaarmerkError) return error
  if (error instanceof Error && error.cause instanceof WaarmerkError) return error.cause
  if (error instanceof AuthorizationResponseError)
    return errors.hostRefused({ host, reason: error.error.slice(0, MOST_TEXT) }, error)
  if (error instanceof ResponseBodyError)
    return error.error === 'invalid_grant' || error.error === 'invalid_client'
      ? errors.hostConnectionLost({ host }, error)
      : errors.hostRefused({ host, reason: error.error.slice(0, MOST_TEXT) }, error)
  return errors.hostRefused({ host, reason: 'its answer cannot be used' }, error)
}
