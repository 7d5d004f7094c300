import { setTimeout as sleep } from 'node:timers/promises'

/** What the API answers, as far as the demo looks at it. */
export interface IngestReport {
  readonly accepted: number
  readonly duplicates: number
  readonly quarantined: number
  readonly items: readonly { readonly id: string; readonly outcome: string }[]
}
export interface EventView {
  readonly id: string
  readonly state: string
  readonly sourceId: string
  readonly type: string
  readonly subjectId: string | null
  readonly actor: { readonly value: string }
}
export interface AwardView {
  readonly id: string
  readonly subjectId: string
  readonly achievementName: string
  readonly state: string
  readonly credentialId: string | null
  readonly claim: string | null
  readonly anchor: string | null
}
export interface ReportView {
  readonly verdict: string
  readonly checks: readonly { readonly name: string; readonly outcome: string; readonly detail: string }[]
}

/** Talks to a running product over HTTP, as any LMS or console would. */
export class ProductClient {
  readonly #url: string
  readonly #apiKey: string

  constructor(url: string, apiKey: string) {
    this.#url = url
    this.#apiKey = apiKey
  }

  get<T>(path: string): Promise<T> {
    return this.#call('GET', path)
  }

  post<T>(path: string, body: unknown, mediaType = 'application/json'): Promise<T> {
    return this.#call('POST', path, JSON.stringify(body), { 'content-type': mediaType })
  }

  /** A CloudEvent in binary mode: its attributes as headers, its data as body. */
  postBinaryEvent<T>(event: Readonly<Record<string, unknown>>): Promise<T> {
    const { data, datacontenttype, ...attributes } = event
    const headers = Object.fromEntries(
      Object.entries(attributes).map(([name, value]) => [`ce-${name}`, encodeURIComponent(String(value))]),
    )
    const body = JSON.stringify(data ?? {})
    return this.#call('POST', '/v1/events', body, {
      ...headers,
      'content-type': String(datacontenttype ?? 'application/json'),
    })
  }

  /** Follows a collection to its end. */
  async all<T>(path: string): Promise<readonly T[]> {
    const items: T[] = []
    let cursor: string | null = null
    do {
      const query: string = `limit=100${cursor === null ? '' : `&cursor=${cursor}`}`
      const page: { items: T[]; next: string | null } = await this.get(`${path}?${query}`)
      items.push(...page.items)
      cursor = page.next
    } while (cursor !== null)
    return items
  }

  /** Takes a badge home with a claim link and shares it: gives the address that verifies it. */
  async claimAndShare(token: string): Promise<{ readonly page: string; readonly verifyUrl: string }> {
    const accepted = await fetch(`${this.#url}/v1/claims/${token}/accept`, { method: 'POST' })
    const { credentialId } = await read<{ credentialId: string }>(accepted)
    const cookie = accepted.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    const shared = await fetch(`${this.#url}/v1/credentials/${credentialId}/share-links`, {
      method: 'POST',
      headers: { cookie, origin: this.#url, 'content-type': 'application/json' },
      body: '{}',
    })
    const { url, verifyUrl } = await read<{ url: string; verifyUrl: string }>(shared)
    return { page: url, verifyUrl }
  }

  async #call<T>(
    method: string,
    path: string,
    body?: string,
    headers: Record<string, string> = {},
  ): Promise<T> {
    const answer = await fetch(`${this.#url}${path}`, {
      method,
      headers: { authorization: `Bearer ${this.#apiKey}`, ...headers },
      ...(body === undefined ? {} : { body }),
    })
    return read<T>(answer)
  }
}

async function read<T>(answer: Response): Promise<T> {
  const body = (await answer.json()) as T & { detail?: string; code?: string }
  if (!answer.ok) throw new Error(`${answer.status} ${body.code ?? ''}: ${body.detail ?? ''}`)
  return body
}

/** Asks until it is so. */
export async function until<T>(
  ask: () => Promise<T | undefined>,
  what: string,
  timeoutMs = 120_000,
): Promise<T> {
  const deadline = performance.now() + timeoutMs
  for (;;) {
    const answer = await ask()
    if (answer !== undefined) return answer
    if (performance.now() > deadline) throw new Error(`Waited in vain: ${what}.`)
    await sleep(250)
  }
}
