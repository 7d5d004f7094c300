import { createServer } from 'node:http'
import { exportJWK, generateKeyPair, type JWK, SignJWT, UnsecuredJWT } from 'jose'
import { Provider } from 'oidc-provider'
import { freePort } from './test-product.ts'

const CLIENT = { id: 'waarmerk', secret: 'a secret of the tests, of forty characters' } as const

/** Claims of one person at the provider. */
export type PersonClaims = Readonly<Record<string, unknown>>

type Tamper = (claims: Record<string, unknown>) => Promise<string> | string

export interface OidcServer {
  readonly issuer: string
  readonly client: typeof CLIENT
  /** Who has an account there, by login name. */
  readonly people: Map<string, PersonClaims>
  /** What the last authorisation request asked. */
  lastRequest(): URLSearchParams
  /** Puts another ID token into the answers to come: made from the claims of the right one. */
  tamper(make: Tamper | undefined): void
  /** An ID token with these claims under the provider's own key. */
  sign(claims: Record<string, unknown>): Promise<string>
  /** Signs with the key of now, also when the provider has taken another one. */
  signer(): Tamper
  /** An ID token by nobody (`none`), by a stranger's key under the provider's key id, and by the shared secret. */
  readonly forge: Readonly<Record<'unsigned' | 'stranger' | 'sharedSecret', Tamper>>
  /** Takes other keys, as providers do now and then. */
  rotateKeys(): Promise<void>
  /** Does not answer, until called with false. */
  down(isDown: boolean): void
  close(): Promise<void>
}

/**
 * A real OpenID Connect server in this process (oidc-provider, a certified one). Its sign-in page asks for a name and
 * believes it. `redirectUris`: where it sends people back.
 */
export async function startOidcServer(
  redirectUris: readonly string[],
  offers: { readonly signOut?: boolean } = {},
): Promise<OidcServer> {
  const port = await freePort()
  const issuer = `http://localhost:${port}`
  const people = new Map<string, PersonClaims>()
  let asked = new URLSearchParams()
  let tampered: Tamper | undefined
  let isDown = false
  let key = await newKey()
  const stranger = await newKey()
  let provider = makeProvider()

  function makeProvider(): Provider {
    const made = new Provider(issuer, {
      clients: [
        {
          client_id: CLIENT.id,
          client_secret: CLIENT.secret,
          redirect_uris: redirectUris,
          post_logout_redirect_uris: [...new Set(redirectUris.map((uri) => `${new URL(uri).origin}/`))],
          response_types: ['code'],
          grant_types: ['authorization_code'],
          id_token_signed_response_alg: 'ES256',
        },
      ],
      jwks: { keys: [key.jwk] },
      cookies: { keys: ['cookies of the tests'] },
      claims: {
        openid: ['sub', 'eduid', 'eduperson_principal_name', 'schac_home_organization'],
        email: ['email', 'email_verified'],
      },
      acrValues: ['urn:two-factors'],
      pkce: { required: () => true },
      features: {
        devInteractions: { enabled: false },
        rpInitiatedLogout: { enabled: offers.signOut ?? true },
      },
      interactions: { url: (_ctx: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
      findAccount: (_ctx: unknown, sub: string) => ({
        accountId: sub,
        claims: () => ({ sub, ...people.get(sub) }),
      }),
      // Nobody is asked whether they agree.
      loadExistingGrant: async (ctx: {
        oidc: {
          client: { clientId: string }
          session: { accountId: string; grantIdFor(clientId: string): string | undefined }
        }
      }) => {
        const { client, session } = ctx.oidc
        const known = session.grantIdFor(client.clientId)
        if (known !== undefined) return made.Grant.find(known)
        const grant = new made.Grant({ clientId: client.clientId, accountId: session.accountId })
        grant.addOIDCScope('openid email')
        await grant.save()
        return grant
      },
      ttl: {
        AccessToken: 600,
        AuthorizationCode: 60,
        Grant: 600,
        IdToken: 600,
        Interaction: 600,
        Session: 600,
      },
    })
    made.use(async (ctx, next) => {
      await next()
      const body = ctx.body as { id_token?: string } | undefined
      if (tampered !== undefined && typeof body === 'object' && typeof body?.id_token === 'string') {
        const [, payload = ''] = body.id_token.split('.')
        const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>
        ctx.body = { ...body, id_token: await tampered(claims) }
      }
    })
    return made
  }

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', issuer)
    if (isDown) {
      response.writeHead(503).end('down')
      return
    }
    // A tenant whose discovery document names another issuer than was asked for.
    if (url.pathname.startsWith('/tenant/')) request.url = url.pathname.slice('/tenant'.length)
    if (url.pathname === '/auth') asked = url.searchParams
    if (!url.pathname.startsWith('/interaction/')) return provider.callback()(request, response)
    if (request.method === 'GET') {
      response.writeHead(200, { 'content-type': 'text/html' }).end(
        `<!doctype html><title>Sign in</title><h1>Sign in at the school</h1>
         <form method="post"><label>Name <input name="login"></label> <button>Sign in</button></form>
         <form method="post"><button name="cancel" value="yes">Cancel</button></form>`,
      )
      return
    }
    let body = ''
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString()
    })
    request.on('end', () => {
      const form = new URLSearchParams(body)
      const login = form.get('login')
      const result =
        login === null
          ? { error: 'access_denied', error_description: 'The person stopped.' }
          : { login: { accountId: login, acr: String(people.get(login)?.['acr'] ?? 'urn:password') } }
      void provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false })
    })
  })
  await new Promise<void>((resolve) => server.listen(port, 'localhost', resolve))

  return {
    issuer,
    client: CLIENT,
    people,
    lastRequest: () => asked,
    tamper: (make) => {
      tampered = make
    },
    sign: (claims) =>
      new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: key.kid }).sign(key.privateKey),
    signer: () => {
      const { kid, privateKey } = key
      return (claims) => new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid }).sign(privateKey)
    },
    forge: {
      unsigned: (claims) => new UnsecuredJWT(claims).encode(),
      stranger: (claims) =>
        new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: key.kid }).sign(stranger.privateKey),
      sharedSecret: (claims) =>
        new SignJWT(claims)
          .setProtectedHeader({ alg: 'HS256' })
          .sign(new TextEncoder().encode(CLIENT.secret)),
    },
    rotateKeys: async () => {
      key = await newKey()
      provider = makeProvider()
    },
    down: (value) => {
      isDown = value
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function newKey() {
  const { publicKey: _, privateKey } = await generateKeyPair('ES256', { extractable: true })
  const kid = crypto.randomUUID()
  const jwk: JWK = { ...(await exportJWK(privateKey)), kid, alg: 'ES256', use: 'sig' }
  return { kid, jwk, privateKey }
}

/** A browser at the provider, without pictures: it keeps its cookies and goes where it is sent. */
export class ProviderVisit {
  readonly #cookies = new Map<string, string>()

  /** Signs in there (or gives up: null) and answers the query with which the browser comes back. */
  async signIn(url: string, login: string | null): Promise<string> {
    let next: string = url
    let form: URLSearchParams | undefined
    for (let step = 0; step < 12; step++) {
      const { answer } = await this.#go(next, form)
      form = undefined
      const location = answer.headers.get('location')
      if (location === null) {
        form = new URLSearchParams(login === null ? { cancel: 'yes' } : { login })
        continue
      }
      next = new URL(location, next).href
      if (new URL(next).pathname.startsWith('/sign-in/callback/')) return new URL(next).search.slice(1)
    }
    throw new Error('The provider sends the browser in circles.')
  }

  /** Signs out there, as somebody who says yes, and answers where that ends. */
  async signOut(url: string): Promise<string> {
    const asked = await this.#go(url, undefined)
    const page = asked.body
    const [, action = ''] = /action="([^"]+)"/.exec(page) ?? []
    const [, xsrf = ''] = /name="xsrf" value="([^"]+)"/.exec(page) ?? []
    const done = await this.#go(new URL(action, url).href, new URLSearchParams({ xsrf, logout: 'yes' }))
    return done.answer.headers.get('location') ?? ''
  }

  /** Whether the provider asks who this is, or knows. */
  async isKnown(url: string): Promise<boolean> {
    const { answer } = await this.#go(url, undefined)
    return !(answer.headers.get('location') ?? '').includes('/interaction/')
  }

  async #go(url: string, form: URLSearchParams | undefined) {
    const answer = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form === undefined ? {} : { method: 'POST', body: form }),
    })
    for (const cookie of answer.headers.getSetCookie()) {
      const [name = '', value = ''] = (cookie.split(';')[0] ?? '').split(/=(.*)/)
      this.#cookies.set(name, value)
    }
    return { answer, body: await answer.text() }
  }
}
