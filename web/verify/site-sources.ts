import { unbake } from '#adapters/crypto/unbake.ts'
import { isLoopbackHost, readDidWeb } from '#engine/credentials/did-web.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { DidResolver, DocumentSource, StatusListSource } from '#services/ports/verification-sources.ts'
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

/** What a badge of Open Badges 2.0 is spread over, from wherever it stands. That it is no more, its server says with 410. */
export const siteDocuments: DocumentSource = {
  fetch: async (address) => {
    const response = await ask(address)
    if (response?.status === 410) return 'gone'
    const found = response === undefined ? 'unavailable' : await documentIn(response)
    return typeof found === 'string' ? 'unavailable' : found
  },
}

async function fetchDocument(address: string): Promise<JsonObject | string | 'unavailable'> {
  const response = await ask(address)
  return response === undefined ? 'unavailable' : documentIn(response)
}

async function documentIn(response: Response): Promise<JsonObject | string | 'unavailable'> {
  if (!response.ok) return 'unavailable'
  try {
    const read = await readDocument(new Uint8Array(await response.arrayBuffer()), unbake)
    return read.ok ? read.document : 'unavailable'
  } catch {
    return 'unavailable'
  }
}

/** Whatever goes wrong on the way, a refusal of other pages included, is no answer. */
async function ask(address: string): Promise<Response | undefined> {
  const url = URL.parse(address)
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopbackHost(url.hostname))
  if (url === null || !isSafe) return undefined
  try {
    return await fetch(url, {
      redirect: 'error',
      credentials: 'omit',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
  } catch {
    return undefined
  }
}
