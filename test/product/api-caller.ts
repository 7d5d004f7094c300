import { recordExchange } from './record-exchange.ts'

/** An answer of the API, read whole. */
export interface ApiAnswer {
  readonly status: number
  readonly type: string
  readonly headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: tests look at answers of every shape, and the schemas are what they test
  readonly body: any
  readonly bytes: Uint8Array
}

/** Calls the API as a program would. */
export class ApiCaller {
  readonly #url: string
  readonly #headers: Readonly<Record<string, string>>

  constructor(url: string, headers: Readonly<Record<string, string>> = {}) {
    this.#url = url
    this.#headers = headers
  }

  /** The same caller at another address. */
  at = (url: string): ApiCaller => new ApiCaller(url, this.#headers)

  get = (path: string, headers: Record<string, string> = {}): Promise<ApiAnswer> =>
    this.send('GET', path, undefined, headers)

  post = (
    path: string,
    body: unknown = undefined,
    headers: Record<string, string> = {},
  ): Promise<ApiAnswer> =>
    this.send('POST', path, body === undefined ? undefined : JSON.stringify(body), {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    })

  put = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<ApiAnswer> =>
    this.send('PUT', path, JSON.stringify(body), { 'content-type': 'application/json', ...headers })

  async send(
    method: string,
    path: string,
    body: BodyInit | undefined,
    headers: Record<string, string> = {},
  ): Promise<ApiAnswer> {
    const answer = await fetch(path.startsWith('http') ? path : `${this.#url}${path}`, {
      method,
      redirect: 'manual',
      headers: { ...this.#headers, ...headers },
      ...(body === undefined ? {} : { body }),
    })
    const bytes = new Uint8Array(await answer.arrayBuffer())
    const type = answer.headers.get('content-type') ?? ''
    const read =
      /json/.test(type) && bytes.length > 0 ? JSON.parse(new TextDecoder().decode(bytes)) : undefined
    recordExchange({ method, path, status: answer.status }, body, read)
    return {
      status: answer.status,
      type,
      headers: answer.headers,
      body: read,
      bytes,
    }
  }
}
