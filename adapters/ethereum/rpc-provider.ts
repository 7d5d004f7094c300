import { anchoringErrors } from '#engine/anchoring/anchoring-errors.ts'
import type { Eip1193 } from './eip1193.ts'

export interface RpcProviderOptions {
  readonly url: string
  /** How long an answer may take. */
  readonly timeoutMs?: number
  /** How many bytes an answer may have. */
  readonly maxBytes?: number
  readonly fetch?: typeof fetch
}

/** A JSON-RPC error object, as the node sent it. */
class JsonRpcFault extends Error {
  readonly code: unknown
  readonly data: unknown

  constructor(message: string, code: unknown, data: unknown) {
    super(message)
    this.code = code
    this.data = data
  }
}

/**
 * A chain behind an HTTP endpoint. A slow, huge, broken or non-JSON answer is `chain-unavailable`; the URL, which may hold
 * a key, stands in no message. No retries: whoever asks decides.
 */
export function createRpcProvider(options: RpcProviderOptions): Eip1193 {
  const { timeoutMs = 15_000, maxBytes = 8_000_000, fetch: get = fetch } = options
  const { url, authorization } = withoutUserinfo(options.url)
  let lastId = 0
  return {
    async request({ method, params = [] }) {
      const id = ++lastId
      // Without a cause: what fetch throws may name the URL.
      const unavailable = (reason: string) => anchoringErrors.chainUnavailable({ method, reason })
      let text: string
      try {
        const response = await get(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json', accept: 'application/json', ...authorization },
          body: JSON.stringify({ jsonrpc: '2.0', id, method, params }),
          signal: AbortSignal.timeout(timeoutMs),
          redirect: 'error',
        })
        text = await readAtMost(response, maxBytes)
        // Some nodes send JSON-RPC errors with a 4xx or 500 status; only what is no such error is judged by its status.
        if (BUSY.has(response.status) || (!response.ok && !text.includes('"jsonrpc"')))
          throw unavailable(`HTTP ${response.status}`)
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'chain-unavailable') throw error
        throw unavailable(reasonOf(error))
      }
      const answer = parse(text)
      if (answer === undefined) throw unavailable('the answer is not JSON-RPC')
      if (answer['error'] !== undefined && answer['error'] !== null) {
        const { message, code, data } = answer['error'] as {
          message?: unknown
          code?: unknown
          data?: unknown
        }
        if (isRateLimit(code, message)) throw unavailable('it has had too many requests')
        throw new JsonRpcFault(typeof message === 'string' ? message : 'no reason given', code, data)
      }
      if (answer['id'] !== id) throw unavailable('the answer is to another question')
      if (!('result' in answer)) throw unavailable('the answer has no result')
      return answer['result']
    },
  }
}

/** Says nothing about the question, whatever the body is. */
const BUSY: ReadonlySet<number> = new Set([429, 502, 503, 504])

/** -32005 is "limit exceeded" in EIP-1474; some name it in words only. Also of searches of logs that are too wide. */
const isRateLimit = (code: unknown, message: unknown): boolean =>
  code === -32_005 || (typeof message === 'string' && /rate limit|too many requests/i.test(message))

/** fetch takes no user and password in an address. */
function withoutUserinfo(text: string): {
  readonly url: string
  readonly authorization: Record<string, string>
} {
  const url = URL.parse(text)
  if (url === null || (url.username === '' && url.password === '')) return { url: text, authorization: {} }
  const user = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`
  url.username = ''
  url.password = ''
  return {
    url: url.href,
    authorization: { authorization: `Basic ${Buffer.from(user).toString('base64')}` },
  }
}

async function readAtMost(response: Response, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = []
  let length = 0
  // Not every browser lets one iterate over a body.
  const reader = response.body?.getReader()
  for (;;) {
    const chunk = (await reader?.read())?.value
    if (chunk === undefined) break
    length += chunk.length
    if (length > maxBytes) {
      await reader?.cancel()
      throw new Error(`the answer has more than ${maxBytes} bytes`)
    }
    chunks.push(chunk)
  }
  const whole = new Uint8Array(length)
  let filled = 0
  for (const chunk of chunks) {
    whole.set(chunk, filled)
    filled += chunk.length
  }
  return new TextDecoder().decode(whole)
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'no connection'
  if (error.name === 'TimeoutError') return 'it took too long'
  const cause = error.cause
  // The code only (ECONNREFUSED, ENOTFOUND): the message may hold the URL.
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return cause.code
  return error.name === 'TypeError' ? 'no connection' : error.message
}
