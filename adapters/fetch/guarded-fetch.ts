import { lookup } from 'node:dns/promises'
import { type IncomingHttpHeaders, request as requestHttp } from 'node:http'
import { type RequestOptions, request as requestHttps } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import type { Readable } from 'node:stream'
import { type FetchFailure, type FetchRefusal, platformErrors } from '#engine/errors/platform-errors.ts'
import type { GuardedFetch, GuardedRequest, GuardedResponse } from '#services/ports/guarded-fetch.ts'
import { isLoopbackAddress, isPublicAddress } from './public-address.ts'

/** All addresses of a host name. */
export type Resolve = (host: string) => Promise<readonly string[]>

export interface GuardedFetchOptions {
  /** For development: http and https to this machine too, under a name that says so. Never in production. */
  readonly allowLocalhost?: boolean
  readonly resolve?: Resolve
  /** Milliseconds for everything together, the look-up included. */
  readonly timeoutMs?: number
  readonly maxBytes?: number
  /** For who asks for the status: what is beyond `maxBytes` is not read, and a compressed answer is not refused. */
  readonly cut?: boolean
  /** Certificates to trust besides the public ones (PEM). */
  readonly ca?: string
}

const DEFAULT_TIMEOUT_MS = 5_000
const DEFAULT_MAX_BYTES = 1_000_000
const USER_AGENT = 'Waarmerk'

/**
 * The one way out to what strangers name.
 *
 * A name is looked up once, every address of it is judged, and the connection is made to those addresses and no
 * others: a second look-up, with another answer, never happens (DNS rebinding). The connection is not kept.
 */
export function createGuardedFetch(options: GuardedFetchOptions = {}): GuardedFetch {
  const { timeoutMs = DEFAULT_TIMEOUT_MS, maxBytes = DEFAULT_MAX_BYTES, resolve = resolveAll } = options
  return async (text, request = {}) => {
    const url = URL.parse(text)
    if (url === null) throw refused('', 'malformed')
    const host = url.hostname
    const isLocal = options.allowLocalhost === true && LOCAL_NAMES.includes(host)
    judgeUrl(url, isLocal)
    const deadline = AbortSignal.timeout(timeoutMs)
    const late = new Promise<never>((_, fail) => {
      deadline.addEventListener('abort', () => fail(failed(host, 'timeout')), { once: true })
    })
    late.catch(() => {})

    const addresses = await Promise.race([judgeAddresses(host, isLocal, resolve), late])
    return Promise.race([
      exchange(url, request, { addresses, maxBytes, cut: options.cut === true, deadline, ca: options.ca }),
      late,
    ])
  }
}

/** What may be this machine when that is allowed; under any other name it never may. */
export const LOCAL_NAMES = ['localhost', '127.0.0.1', '[::1]']

function judgeUrl(url: URL, isLocal: boolean): void {
  if (url.protocol !== 'https:' && !(isLocal && url.protocol === 'http:'))
    throw refused(url.hostname, 'scheme')
  if (url.username !== '' || url.password !== '') throw refused(url.hostname, 'userinfo')
}

/** One bad address among good ones is reason enough: the connection might take it. */
async function judgeAddresses(host: string, isLocal: boolean, resolve: Resolve): Promise<readonly string[]> {
  const literal = host.replace(/^\[|\]$/g, '')
  const addresses =
    isIP(literal) > 0
      ? [literal]
      : await resolve(host).catch((error) => {
          throw refused(host, 'unresolvable', error)
        })
  if (addresses.length === 0) throw refused(host, 'unresolvable')
  const isFine = isLocal ? isLoopbackAddress : isPublicAddress
  if (!addresses.every(isFine)) throw refused(host, 'address')
  return addresses
}

interface Bounds {
  readonly addresses: readonly string[]
  readonly maxBytes: number
  readonly cut: boolean
  readonly deadline: AbortSignal
  readonly ca: string | undefined
}

function exchange(
  url: URL,
  { method = 'GET', headers, body, signal }: GuardedRequest,
  bounds: Bounds,
): Promise<GuardedResponse> {
  const host = url.hostname
  const options: RequestOptions = {
    method,
    agent: false,
    signal: signal === undefined ? bounds.deadline : AbortSignal.any([bounds.deadline, signal]),
    lookup: pinnedLookup(bounds.addresses),
    headers: {
      accept: '*/*',
      'user-agent': USER_AGENT,
      ...headers,
      'accept-encoding': 'identity',
      ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }),
    },
    ...(bounds.ca !== undefined && { ca: bounds.ca }),
  }
  return new Promise((settle, fail) => {
    const request = (url.protocol === 'http:' ? requestHttp : requestHttps)(url, options, (response) => {
      const status = response.statusCode ?? 0
      const encoding = response.headers['content-encoding'] ?? 'identity'
      const mediaType = (response.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
      const refuse = (reason: FetchFailure) => {
        response.destroy()
        fail(failed(host, reason))
      }
      if (status >= 300 && status < 400 && status !== 304) return refuse('redirect')
      if (bounds.cut) {
        readStart(response, bounds.maxBytes).then(
          (start) => settle({ status, mediaType, body: encoding === 'identity' ? start : new Uint8Array() }),
          (error) => fail(failed(host, bounds.deadline.aborted ? 'timeout' : 'connection', error)),
        )
        return
      }
      if (encoding !== 'identity') return refuse('encoding')
      if (Number(response.headers['content-length'] ?? 0) > bounds.maxBytes) return refuse('too-large')
      readAtMost(response, bounds.maxBytes).then(
        (bytes) =>
          bytes === undefined
            ? refuse('too-large')
            : settle({ status, mediaType, body: bytes, headers: headersOf(response.headers) }),
        (error) => fail(failed(host, bounds.deadline.aborted ? 'timeout' : 'connection', error)),
      )
    })
    request.once('error', (error) =>
      fail(failed(host, bounds.deadline.aborted ? 'timeout' : 'connection', error)),
    )
    request.end(body)
  })
}

const headersOf = (all: IncomingHttpHeaders): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(all).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  )

/** Answers every look-up of the connection with the addresses that were judged. */
const pinnedLookup =
  (addresses: readonly string[]): LookupFunction =>
  (_host, options, answer) => {
    const all = addresses.map((address) => ({ address, family: isIP(address) }))
    const [first] = all
    if (options.all === true) answer(null, all)
    else if (first !== undefined) answer(null, first.address, first.family)
  }

/** Reads a body of at most `max` bytes; undefined, and no more read, when there is more of it. */
async function readAtMost(stream: Readable, max: number): Promise<Uint8Array | undefined> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > max) return undefined
    chunks.push(chunk)
  }
  return new Uint8Array(Buffer.concat(chunks, length))
}

/** The first `max` bytes of a body; the rest is not read. */
async function readStart(stream: Readable, max: number): Promise<Uint8Array> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    length += chunk.length
    if (length >= max) break
  }
  return new Uint8Array(Buffer.concat(chunks).subarray(0, max))
}

const resolveAll: Resolve = async (host) => (await lookup(host, { all: true })).map(({ address }) => address)

const refused = (host: string, reason: FetchRefusal, cause?: unknown) =>
  platformErrors.fetchRefused({ host, reason }, cause)

const failed = (host: string, reason: FetchFailure, cause?: unknown) =>
  platformErrors.fetchFailed({ host, reason }, cause)
