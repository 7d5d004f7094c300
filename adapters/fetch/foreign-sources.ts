import { controllerAddress } from '#engine/credentials/did-web.ts'
import { WaarmerkError } from '#engine/errors/define-error.ts'
import { isJsonObject, type JsonObject } from '#engine/shared/json.ts'
import { parseStrictJson } from '#engine/shared/strict-json.ts'
import type { GuardedFetch } from '#services/ports/guarded-fetch.ts'
import type {
  AchievementStandingSource,
  DidResolver,
  DocumentSource,
  StatusListSource,
} from '#services/ports/verification-sources.ts'

const LIMITS = { maxBytes: 1_000_000, maxDepth: 32, maxNodes: 10_000, maxKeys: 10_000 }

/** Resolves did:web and https controllers of others, through the guarded fetcher. */
export function foreignDids(fetch: GuardedFetch): DidResolver {
  return {
    resolve: async (did) => {
      const address = controllerAddress(did)
      if (address === undefined) return 'not_found'
      const answer = await get(fetch, address)
      if (answer === 'unavailable' || answer === 'not_found') return answer
      return parse(answer) ?? 'unavailable'
    },
  }
}

/** Fetches status lists of others, through the guarded fetcher: JSON, or a compact JWS. */
export function foreignLists(fetch: GuardedFetch): StatusListSource {
  return {
    fetch: async (url) => {
      const answer = await get(fetch, url)
      if (answer === 'unavailable' || answer === 'not_found') return 'unavailable'
      const text = new TextDecoder().decode(answer).trim()
      if (/^[\w-]+\.[\w-]+\.[\w-]+$/.test(text)) return text
      return parse(answer) ?? 'unavailable'
    },
  }
}

/** Fetches what others say of their achievements, through the guarded fetcher. */
export function foreignStandings(fetch: GuardedFetch): AchievementStandingSource {
  return {
    fetchStanding: async (url) => {
      const answer = await get(fetch, url)
      if (answer === 'unavailable' || answer === 'not_found') return answer
      return parse(answer) ?? 'unavailable'
    },
  }
}

/** Fetches the parts of older badges, through the guarded fetcher. */
export function foreignDocuments(fetch: GuardedFetch): DocumentSource {
  return {
    fetch: async (url) => {
      try {
        const { status, body } = await fetch(url, {
          headers: { accept: 'application/ld+json, application/json' },
        })
        if (status === 410) return 'gone'
        return (status === 200 ? parse(body) : undefined) ?? 'unavailable'
      } catch (error) {
        if (error instanceof WaarmerkError) return 'unavailable'
        throw error
      }
    },
  }
}

async function get(fetch: GuardedFetch, url: string): Promise<Uint8Array | 'not_found' | 'unavailable'> {
  try {
    const { status, body } = await fetch(url, {
      headers: { accept: 'application/json, application/ld+json, */*;q=0.1' },
    })
    if (status === 404 || status === 410) return 'not_found'
    return status === 200 ? body : 'unavailable'
  } catch (error) {
    // Refused or failed: either way it could not be checked here.
    if (error instanceof WaarmerkError) return 'unavailable'
    throw error
  }
}

function parse(bytes: Uint8Array): JsonObject | undefined {
  const parsed = parseStrictJson(bytes, LIMITS)
  return parsed.ok && isJsonObject(parsed.value) ? parsed.value : undefined
}
