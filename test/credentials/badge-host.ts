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
  /** Answers instead of the list, where it answers at all. */
  interfere?: ((request: IncomingMessage, response: ServerResponse) => boolean) | undefined
  readonly close: () => Promise<void>
}

/** Speaks as much of the Open Badges API as a consumer needs to read. Everybody is let in, without being asked. */
export async function startBadgeHost(badges: unknown[] = []): Promise<TestBadgeHost> {
  const asked: string[] = []
  const server = createServer((request, response): unknown => {
    const url = new URL(request.url ?? '', 'http://any')
    const json = (body: unknown, headers: Record<string, string> = {}) =>
      response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
    if (url.pathname === '/register') return json({ client_id: 'we', client_secret: 'secret' })
    if (url.pathname === '/token')
      return json({ access_token: 'token', token_type: 'Bearer', scope: ALL_SCOPES.join(' ') })
    if (url.pathname === '/ims/ob/v3p0/discovery') return json(description(here))
    asked.push(url.search)
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
        'x-total-count': String(wanted.length),
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
    close: async () => {
      server.closeAllConnections()
      await new Promise((settle) => server.close(settle))
    },
  }
  return host
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
            scopes: Object.fromEntries(ALL_SCOPES.map((scope) => [scope, scope])),
          },
        },
      },
    },
  },
})
