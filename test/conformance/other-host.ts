import { createHash, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { OB_SCOPES } from '#engine/open-badges-api/scopes.ts'
import type { JsonObject } from '#engine/shared/json.ts'

const BASE = '/ims/ob/v3p0'
/** It gives so few badges a page that whoever wants all of them must follow its links. */
const A_PAGE = 1

export interface OtherHost {
  readonly url: string
  /** What it was asked, in order: method and path, with the query. */
  readonly asked: readonly string[]
  /** What came in by upsert. */
  readonly received: readonly JsonObject[]
  /** The profile of the one person that it knows. */
  readonly profile: () => JsonObject
  stop(): Promise<void>
}

interface Grant {
  readonly clientId: string
  readonly redirectUri: string
  readonly challenge: string
  readonly scopes: readonly string[]
}

interface Answer {
  readonly status: number
  readonly body?: object
  readonly headers?: Readonly<Record<string, string>>
}

/**
 * A host of somebody else, as the test system of the guide is one: it serves the Open Badges API to whoever registered and was
 * let in, says yes at once for its one person, and refuses whatever is not as the specification has it.
 */
export async function startOtherHost(badges: readonly JsonObject[], profile: JsonObject): Promise<OtherHost> {
  const asked: string[] = []
  const received: JsonObject[] = []
  const clients = new Map<string, { readonly secret: string; readonly redirectUris: readonly string[] }>()
  const grants = new Map<string, Grant>()
  const tokens = new Map<string, readonly string[]>()
  let held = profile
  let url = ''

  const discovery = (): Answer => ({
    status: 200,
    body: {
      openapi: '3.0.1',
      info: {
        title: 'Other host',
        version: '1',
        termsOfService: `${url}/terms`,
        'x-imssf-privacyPolicyUrl': `${url}/privacy`,
      },
      components: {
        securitySchemes: {
          OAuth2ACG: {
            type: 'oauth2',
            'x-imssf-registrationUrl': `${url}/register`,
            flows: {
              authorizationCode: {
                authorizationUrl: `${url}/authorize`,
                tokenUrl: `${url}/token`,
                scopes: Object.fromEntries(Object.values(OB_SCOPES).map((scope) => [scope, scope])),
              },
            },
          },
        },
      },
    },
  })

  const register = (told: JsonObject): Answer => {
    const redirectUris = told['redirect_uris'] as readonly string[]
    const isWhole = REGISTERED.every((name) => typeof told[name] === 'string')
    if (!isWhole || redirectUris.length === 0) return refusal(400, 'invalid_client_metadata')
    const id = randomUUID()
    const secret = randomUUID()
    clients.set(id, { secret, redirectUris })
    return {
      status: 201,
      body: { ...told, client_id: id, client_secret: secret, client_secret_expires_at: 0 },
    }
  }

  const authorize = (query: URLSearchParams): Answer => {
    const [clientId = '', redirectUri = '', challenge = '', state = ''] = [
      'client_id',
      'redirect_uri',
      'code_challenge',
      'state',
    ].map((name) => query.get(name) ?? '')
    if (clients.get(clientId)?.redirectUris.includes(redirectUri) !== true)
      return refusal(400, 'invalid_client')
    const isAsAsked =
      query.get('response_type') === 'code' &&
      query.get('code_challenge_method') === 'S256' &&
      challenge !== '' &&
      state !== ''
    if (!isAsAsked) return refusal(400, 'invalid_request')
    const code = randomUUID()
    grants.set(code, { clientId, redirectUri, challenge, scopes: (query.get('scope') ?? '').split(' ') })
    return { status: 302, headers: { location: `${redirectUri}?${new URLSearchParams({ code, state })}` } }
  }

  const token = (form: URLSearchParams, basic: string): Answer => {
    const [id = '', secret = ''] = Buffer.from(basic.replace(/^Basic /, ''), 'base64')
      .toString()
      .split(':')
      .map(decodeURIComponent)
    if (clients.get(id)?.secret !== secret) return refusal(401, 'invalid_client')
    const code = form.get('code') ?? ''
    const grant = grants.get(code)
    grants.delete(code)
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    if (
      grant?.clientId !== id ||
      grant.redirectUri !== form.get('redirect_uri') ||
      grant.challenge !== challenge
    )
      return refusal(400, 'invalid_grant')
    const made = randomUUID()
    tokens.set(made, grant.scopes)
    return {
      status: 200,
      body: {
        access_token: made,
        token_type: 'Bearer',
        expires_in: 3600,
        refresh_token: randomUUID(),
        scope: grant.scopes.join(' '),
      },
    }
  }

  const page = (query: URLSearchParams): Answer => {
    const since = Date.parse(query.get('since') ?? '1970-01-01T00:00:00Z')
    const fitting = badges.filter(
      (badge) => Date.parse(`${badge['validFrom'] ?? badge['issuanceDate']}`) > since,
    )
    const offset = Number(query.get('offset') ?? 0)
    const limit = Math.min(Number(query.get('limit') ?? A_PAGE), A_PAGE)
    const next = `<${url}${BASE}/credentials?limit=${limit}&offset=${offset + limit}>; rel="next"`
    return {
      status: 200,
      body: { credential: fitting.slice(offset, offset + limit), compactJwsString: [] },
      headers: {
        'x-total-count': String(fitting.length),
        ...(offset + limit < fitting.length ? { link: next } : {}),
      },
    }
  }

  const api = (
    method: string,
    path: string,
    query: URLSearchParams,
    body: string,
    bearer: string,
  ): Answer => {
    const scope = SCOPE_OF[`${method} ${path}`]
    const granted = tokens.get(bearer.replace(/^Bearer /, ''))
    if (scope === undefined) return refusal(404, 'not found')
    if (granted === undefined) return refusal(401, 'no such token')
    if (!granted.includes(scope)) return refusal(403, 'not for this')
    if (path === '/credentials' && method === 'GET') return page(query)
    if (path === '/profile' && method === 'GET') return { status: 200, body: held }
    const document = JSON.parse(body) as JsonObject
    if (path === '/profile') held = document
    else received.push(document)
    return { status: path === '/profile' ? 200 : 201, body: document }
  }

  const answer = async (request: IncomingMessage): Promise<Answer> => {
    const { method = '', headers } = request
    const { pathname, search, searchParams } = new URL(request.url ?? '', url)
    asked.push(`${method} ${pathname}${search}`)
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks).toString()
    const { authorization = '' } = headers
    if (pathname === `${BASE}/discovery`) return discovery()
    if (pathname === '/register') return register(JSON.parse(body) as JsonObject)
    if (pathname === '/authorize') return authorize(searchParams)
    if (pathname === '/token') return token(new URLSearchParams(body), authorization)
    return api(method, pathname.replace(BASE, ''), searchParams, body, authorization)
  }

  const server = createServer(
    (request, response) => void answer(request).then((made) => send(response, made)),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://localhost:${(server.address() as AddressInfo).port}`
  return {
    url,
    asked,
    received,
    profile: () => held,
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** What a registration must say (Open Badges 3.0, section "Registration"). */
const REGISTERED = [
  'client_name',
  'client_uri',
  'logo_uri',
  'tos_uri',
  'policy_uri',
  'software_id',
  'software_version',
  'token_endpoint_auth_method',
  'scope',
]

const SCOPE_OF: Readonly<Record<string, string>> = {
  'GET /credentials': OB_SCOPES.readCredentials,
  'POST /credentials': OB_SCOPES.upsertCredentials,
  'GET /profile': OB_SCOPES.readProfile,
  'PUT /profile': OB_SCOPES.updateProfile,
}

const refusal = (status: number, error: string): Answer => ({ status, body: { error } })

function send(response: ServerResponse, { status, body, headers = {} }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(body === undefined ? '' : JSON.stringify(body))
}
