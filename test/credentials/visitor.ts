import { recordExchange } from '#test/product/record-exchange.ts'
import type { TestProduct } from '#test/product/test-product.ts'

/** A browser without pictures: it keeps cookies by their path, and goes nowhere by itself. */
export class Visitor {
  readonly #product: TestProduct
  readonly #cookies = new Map<string, { readonly value: string; readonly path: string }>()

  constructor(product: TestProduct) {
    this.#product = product
  }

  /** Signs in by a link, as somebody who has proven an address. */
  async signIn(address: string): Promise<this> {
    const link = await this.#product.running.product.routes.signIn.link({ type: 'email', value: address })
    const token = /#([\w-]+)$/.exec(link)?.[1]
    const answer = await this.send('POST', '/v1/session', { token })
    if (answer.status >= 300) throw new Error(`Signing in answered ${answer.status}.`)
    return this
  }

  async send(
    method: string,
    url: string,
    json?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    const address = new URL(url, this.#product.url)
    const answer = await fetch(address, {
      method,
      redirect: 'manual',
      headers: {
        accept: 'application/json',
        origin: this.#product.url,
        cookie: this.#cookiesFor(address.pathname),
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    })
    for (const cookie of answer.headers.getSetCookie()) this.#keep(cookie)
    const read = await answer.clone().text()
    if (/json/.test(answer.headers.get('content-type') ?? ''))
      recordExchange(
        { method, path: url, status: answer.status },
        json === undefined ? undefined : JSON.stringify(json),
        JSON.parse(read),
      )
    return answer
  }

  /**
   * Goes to where an application sends people to let it in, and answers what is asked there. Gives the address of the
   * application to which the browser is sent back.
   */
  async answerRequest(url: string, decision: 'allow' | 'refuse' = 'allow'): Promise<URL> {
    const asked = await this.send('GET', url)
    const page = asked.headers.get('location') ?? ''
    // What is wrong with a request is told to the application at once.
    if (!new URL(page).pathname.startsWith('/connect/')) return new URL(page)
    const answer = await this.send('POST', page, { decision })
    const { next } = (await answer.json()) as { next?: string }
    if (next === undefined) throw new Error(`The request was answered by ${answer.status}.`)
    const back = await this.send('GET', next)
    return new URL(back.headers.get('location') ?? '')
  }

  #keep(text: string): void {
    const [pair = '', ...attributes] = text.split(/; */)
    const [name = '', value = ''] = pair.split(/=(.*)/)
    const path = attributes.find((each) => /^path=/i.test(each))?.slice(5) ?? '/'
    if (value === '') this.#cookies.delete(name)
    else this.#cookies.set(name, { value, path })
  }

  #cookiesFor(pathname: string): string {
    return [...this.#cookies]
      .filter(([, { path }]) => pathname.startsWith(path))
      .map(([name, { value }]) => `${name}=${value}`)
      .join('; ')
  }
}
