import { unbake } from '#adapters/crypto/unbake.ts'
import { isLoopbackHost, readDidWeb } from '#engine/credentials/did-web.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { DidResolver, StatusListSource } from '#services/ports/verification-sources.ts'
import { readDocument } from '#services/verify/read-document.ts'

const TIMEOUT_MS = 5000

/** Asks the site of an issuer for its keys and status lists, where the reader wants that and the site lets other pages read them. */
export const siteSources: DidResolver & StatusListSource = {
  resolve: async (did) => {
    const url = did.startsWith('https://') ? did : readDidWeb(did)?.url
    const document = url === undefined ? 'unavailable' : await fetchDocument(url)
    return typeof document === 'string' ? 'unavailable' : document
  },
  fetch: fetchDocument,
}

/** Whatever goes wrong on the way, a refusal of other pages included, is `unavailable`. */
async function fetchDocument(address: string): Promise<JsonObject | string | 'unavailable'> {
  const url = URL.parse(address)
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopbackHost(url.hostname))
  if (url === null || !isSafe) return 'unavailable'
  try {
    const response = await fetch(url, {
      redirect: 'error',
      credentials: 'omit',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    if (!response.ok) return 'unavailable'
    const read = await readDocument(new Uint8Array(await response.arrayBuffer()), unbake)
    return read.ok ? read.document : 'unavailable'
  } catch {
    return 'unavailable'
  }
}
