import { unbake } from '#adapters/crypto/unbake.ts'
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

/** Fetches DID documents, status lists and standings of achievements over https (http on this very machine only), without redirects, 5 s and 1 MB. */
export function createWebSources(
  get: typeof fetch,
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
  get: typeof fetch,
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
    const read = bytes === undefined ? undefined : readDocument(bytes, unbake)
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
