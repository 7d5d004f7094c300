/** What a call answered, read whole. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: the journeys look at answers of every shape, and check what they find
  readonly body: any
  readonly text: string
  readonly bytes: Uint8Array
}

/** Calls the product over HTTP: as a browser that keeps its cookie, or as a program with its key. */
export class Caller {
  readonly #url: string
  readonly #key: string | undefined
  #cookie = ''

  constructor(url: string, key?: string) {
    this.#url = url
    this.#key = key
  }

  get = (path: string): Promise<Answer> => this.send('GET', path)
  post = (path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
    this.send('POST', path, body, headers)

  /** Changes what was seen: asks first, and names the revision that it got. */
  async change(
    method: 'PATCH' | 'PUT' | 'POST',
    path: string,
    body: unknown,
    seenAt = path,
  ): Promise<Answer> {
    const seen = await this.get(seenAt)
    const etag = seen.headers.get('etag') ?? (seen.body?.revision ? `"v${seen.body.revision}"` : undefined)
    return this.send(method, path, body, etag === undefined ? {} : { 'if-match': etag })
  }

  async send(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const isText = typeof body === 'string'
    const isPlain = isText || body instanceof Uint8Array
    const answer = await fetch(path.startsWith('http') ? path : `${this.#url}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...(this.#key === undefined
          ? { cookie: this.#cookie, origin: this.#url }
          : { authorization: `Bearer ${this.#key}` }),
        ...(body === undefined ? {} : { 'content-type': isText ? 'text/csv' : 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: isPlain ? (body as BodyInit) : JSON.stringify(body) }),
    })
    const cookie = answer.headers.getSetCookie()[0]?.split(';')[0]
    if (cookie !== undefined) this.#cookie = cookie
    const bytes = new Uint8Array(await answer.arrayBuffer())
    const text = new TextDecoder().decode(bytes)
    const isJson = /json/.test(answer.headers.get('content-type') ?? '')
    return {
      status: answer.status,
      headers: answer.headers,
      body: isJson && text !== '' ? JSON.parse(text) : undefined,
      text,
      bytes,
    }
  }
}
