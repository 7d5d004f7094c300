import { unbake } from '#adapters/crypto/unbake.ts'
import { createGuardedFetch } from '#adapters/fetch/guarded-fetch.ts'
import { isLoopbackHost, readDidWeb } from '#engine/credentials/did-web.ts'
import { isJsonObject, type JsonObject } from '#engine/shared/json.ts'
import type {
  AchievementStandingSource,
  DidResolver,
  StatusListSource,
} from '#services/ports/verification-sources.ts'
import { readDocument } from '#services/verify/read-document.ts'

const TIMEOUT_MS = 5000
const MAX_BYTES = 1024 * 1024

/** The part of `fetch` that is used here. */
type Get = (
  url: URL,
  init: {
    readonly redirect: 'error'
    readonly signal: AbortSignal
    readonly headers: Readonly<Record<string, string>>
  },
) => Promise<Response>

const guarded = createGuardedFetch({ allowLocalhost: true, timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES })

/** As the server does: a badge of a stranger sends nobody into the network that the command runs in. */
const getGuarded: Get = async (url, { headers, signal }) => {
  const { status, body } = await guarded(url.href, { headers, signal })
  return new Response(new Uint8Array(body), { status })
}

/**
 * Fetches DID documents, status lists and standings of achievements over https from public addresses (http and https
 * from this very machine too, under a name that says so), without redirects, 5 s and 1 MB.
 */
export function createWebSources(
  get: Get = getGuarded,
): DidResolver & StatusListSource & AchievementStandingSource {
  return {
    resolve: async (did) => {
      // An issuer may also be an https address that serves its own controller document.
      const url = did.startsWith('https://') ? did : readDidWeb(did)?.url
      if (url === undefined) return 'not_found'
      const document = await fetchDocument(get, url)
      return typeof document === 'string' && document !== 'not_found' ? 'unavailable' : document
    },
    fetch: async (url) => {
      const document = await fetchDocument(get, url)
      return document === 'not_found' ? 'unavailable' : document
    },
    fetchStanding: async (url) => {
      const document = await fetchDocument(get, url)
      return typeof document === 'string' && document !== 'not_found' ? 'unavailable' : document
    },
  }
}

/** The JSON object, or compact JWS, at an address. Whatever goes wrong on the way is `unavailable`. */
async function fetchDocument(
  get: Get,
  address: string,
): Promise<JsonObject | string | 'not_found' | 'unavailable'> {
  const url = URL.parse(address)
  if (
    url === null ||
    !(url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.hostname)))
  ) {
    return 'unavailable'
  }
  try {
    const response = await get(url, {
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: { accept: 'application/did+json, application/vc, application/ld+json, application/json' },
    })
    if (response.status === 404 || response.status === 410) return 'not_found'
    const bytes = response.ok ? await readAtMost(response, MAX_BYTES) : undefined
    const read = bytes === undefined ? undefined : await readDocument(bytes, unbake)
    return read?.ok === true ? read.document : 'unavailable'
  } catch {
    return 'unavailable'
  }
}

async function readAtMost(response: Response, limit: number): Promise<Uint8Array | undefined> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of response.body ?? []) {
    length += part.length
    if (length > limit) return undefined
    parts.push(part)
  }
  return Buffer.concat(parts)
}

/** DID documents that were kept on disk, for verifying without a network. */
export function createFileResolver(documents: readonly JsonObject[]): DidResolver {
  return {
    resolve: async (did) => documents.filter(isJsonObject).find(({ id }) => id === did) ?? 'unavailable',
  }
}
