import { type ApiAnswer, ApiCaller } from './api-caller.ts'
import { ProviderVisit } from './oidc-server.ts'

/** Somebody at our pages: their cookies are kept, and they come from our origin. */
export class BrowserLike {
  readonly #url: string
  readonly #cookies = new Map<string, string>()
  readonly atProvider = new ProviderVisit()

  constructor(url: string) {
    this.#url = url
  }

  get = (path: string): Promise<ApiAnswer> => this.send('GET', path)
  post = (path: string, body?: unknown): Promise<ApiAnswer> => this.send('POST', path, body)
  patch = (path: string, body: unknown): Promise<ApiAnswer> => this.send('PATCH', path, body)
  remove = (path: string): Promise<ApiAnswer> => this.send('DELETE', path)

  async send(method: string, path: string, body?: unknown): Promise<ApiAnswer> {
    const caller = new ApiCaller(this.#url, {
      origin: this.#url,
      cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; '),
    })
    const answer = await caller.send(
      method,
      path,
      body === undefined ? undefined : JSON.stringify(body),
      body === undefined ? {} : { 'content-type': 'application/json' },
    )
    for (const cookie of answer.headers.getSetCookie()) {
      const [name = '', value = ''] = (cookie.split(';')[0] ?? '').split(/=(.*)/)
      if (value === '') this.#cookies.delete(name)
      else this.#cookies.set(name, value)
    }
    return answer
  }

  /** Goes to the provider and comes back with its answer, which nobody has looked at yet. */
  async visit(login: string | null, wanted: object = {}): Promise<{ provider: string; query: string }> {
    const asked = { provider: 'school', ...wanted }
    const begun = await this.post('/v1/sign-in-attempts', asked)
    if (begun.status !== 201) throw new Error(`It did not begin: ${begun.body.code}`)
    return { provider: asked.provider, query: await this.atProvider.signIn(begun.body.url, login) }
  }

  finish = (answer: { provider: string; query: string }): Promise<ApiAnswer> =>
    this.post('/v1/sign-in-attempts/finish', answer)

  signIn = async (login: string, wanted: object = {}): Promise<ApiAnswer> =>
    this.finish(await this.visit(login, wanted))

  /** Signs in by the token of a mailed link. */
  signInByToken = (token: string): Promise<ApiAnswer> => this.post('/v1/session', { token })
}
