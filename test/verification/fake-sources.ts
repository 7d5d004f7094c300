import type { JsonObject } from '#engine/shared/json.ts'
import type { WebSources } from './verification-sources.conformance.ts'

/** What stands under a name of the fake web; nothing stands under any other name. */
export type Served = JsonObject | string | 'unavailable'

/** For tests: DID documents by DID, status lists and standings by address, without a web. */
export const fakeSources = (served: ReadonlyMap<string, Served>): WebSources => ({
  resolve: async (did) => {
    const found = served.get(did) ?? 'not_found'
    return typeof found === 'string' && found !== 'not_found' ? 'unavailable' : found
  },
  fetch: async (url) => served.get(url) ?? 'unavailable',
  fetchStanding: async (url) => {
    const found = served.get(url) ?? 'not_found'
    return typeof found === 'string' && found !== 'not_found' ? 'unavailable' : found
  },
})
