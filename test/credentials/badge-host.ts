import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ALL_SCOPES } from './application.ts'

/** Another backpack, as badly or as well behaved as a test wants it. */
export interface TestBadgeHost {
  readonly url: string
  /** What its owner keeps there: the last came last. */
  readonly badges: unknown[]
  /** Of each page that was asked for: its query. */
  readonly asked: string[]
  /** It says nothing of how many there are. */
  isSilent?: boolean
  /** What its clock says, instead of the time. */
  date?: Date
  /** Tokens end after so many seconds; a refresh token counts once, and whoever shows it again ends everything. */
  expiresIn?: number
  /** Of each time that new tokens were asked for: what came of it. */
  readonly renewals: ('renewed' | 'refused')[]
  /** Before tokens are handed out for the first time. */
  beforeGrant?: (() => Promise<void>) | undefined
  /** Before new tokens are handed out. */
  beforeRenewal?: ((response: ServerResponse) => Promise<void>) | undefined
  /** The refresh tokens that it has given, in their order. */
  readonly given: string[]
  /** What was given back. */
  readonly revoked: string[]
  /** Answers instead of the list, where it answers at all. */
  interfere?: ((request: IncomingMessage, response: ServerResponse) => boolean) | undefined
  readonly close: () => Promise<void>
}

/** Speaks as much of the Open Badges API as a consumer needs to read. Everybody is let in, without being asked. */
export async function startBadgeHost(badges: unknown[] = []): Promise<TestBadgeHost> {
  const asked: string[] = []
  const access = new Set<string>()
  const refresh = new Set<string>()
  const renewals: ('renewed' | 'refused')[] = []
  const revoked: string[] = []
  const given: string[] = []
  const tokens = () => {
    const { expiresIn } = host
    if (expiresIn === undefined) return { access_token: 'token' }
    const [token, again] = [crypto.randomUUID(), crypto.randomUUID()]
    access.add(token)
    refresh.add(again)
    given.push(again)
    return { access_token: token, refresh_token: again, expires_in: expiresIn }
  }
  const server = createServer(async (request, response): Promise<unknown> => {
    const url = new URL(request.url ?? '', 'http://any')
    const json = (body: unknown, headers: Record<string, string> = {}) =>
      response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
    if (url.pathname === '/register') return json({ client_id: 'we', client_secret: 'secret' })
    if (url.pathname === '/authorize') {
      const back = new URL(url.searchParams.get('redirect_uri') ?? '')
      back.search = new URLSearchParams({
        code: 'x',
        state: url.searchParams.get('state') ?? '',
      }).toString()
      return response.writeHead(303, { location: back.href }).end()
    }
    if (url.pathname === '/revoke') {
      revoked.push((await formOf(request)).get('token') ?? '')
      return response.end()
    }
    if (url.pathname === '/token') {
      const form = await formOf(request)
      if (form.get('grant_type') === 'refresh_token') {
        const isGood = refresh.delete(form.get('refresh_token') ?? '')
        renewals.push(isGood ? 'renewed' : 'refused')
        if (!isGood) {
          access.clear()
          refresh.clear()
          response.statusCode = 400
          return response.setHeader('content-type', 'application/json').end('{"error":"invalid_grant"}')
        }
        access.clear()
        await host.beforeRenewal?.(response)
      } else await host.beforeGrant?.()
      return json({ ...tokens(), token_type: 'Bearer', scope: ALL_SCOPES.join(' ') })
    }
    if (url.pathname === '/ims/ob/v3p0/discovery') return json(description(here))
    asked.push(url.search)
    const bearer = request.headers.authorization?.replace('Bearer ', '') ?? ''
    if (host.expiresIn !== undefined && !access.has(bearer)) return response.writeHead(401).end('{}')
    if (host.date !== undefined) response.setHeader('date', host.date.toUTCString())
    if (host.interfere?.(request, response) === true) return undefined
    const since = Date.parse(url.searchParams.get('since') ?? '')
    const wanted = badges.filter((badge) => Number.isNaN(since) || issuedAt(badge) > since)
    const limit = Number(url.searchParams.get('limit'))
    const offset = Number(url.searchParams.get('offset'))
    const page = wanted.slice(offset, offset + limit)
    return json(
      {
        credential: page.filter((each) => typeof each !== 'string'),
        compactJwsString: page.filter((each) => typeof each === 'string'),
      },
      {
        ...(host.isSilent === true ? {} : { 'x-total-count': String(wanted.length) }),
        ...(offset + limit < wanted.length ? { link: `<${here}/next>; rel="next"` } : {}),
      },
    )
  })
  await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle))
  const here = `http://localhost:${(server.address() as AddressInfo).port}`
  const host: TestBadgeHost = {
    url: here,
    badges,
    asked,
    renewals,
    revoked,
    given,
    close: async () => {
      server.closeAllConnections()
      await new Promise((settle) => server.close(settle))
    },
  }
  return host
}

async function formOf(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return new URLSearchParams(Buffer.concat(chunks).toString())
}

const issuedAt = (badge: unknown): number => Date.parse((badge as { validFrom?: string })?.validFrom ?? '')

const description = (here: string) => ({
  info: { title: 'TEST Host' },
  components: {
    securitySchemes: {
      OAuth2ACG: {
        'x-imssf-registrationUrl': `${here}/register`,
        flows: {
          authorizationCode: {
            authorizationUrl: `${here}/authorize`,
            tokenUrl: `${here}/token`,
            'x-imssf-revocationUrl': `${here}/revoke`,
            scopes: Object.fromEntries(ALL_SCOPES.map((scope) => [scope, scope])),
          },
        },
      },
    },
  },
})
