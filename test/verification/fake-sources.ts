import type { JsonObject } from '#engine/shared/json.ts'
import type { DidResolver, StatusListSource } from '#services/ports/verification-sources.ts'

/** What stands under a name of the fake web; nothing stands under any other name. */
export type Served = JsonObject | string | 'unavailable'

/** For tests: DID documents by DID and status lists by address, without a web. */
export const fakeSources = (served: ReadonlyMap<string, Served>): DidResolver & StatusListSource => ({
  resolve: async (did) => {
    const found = served.get(did) ?? 'not_found'
    return typeof found === 'string' && found !== 'not_found' ? 'unavailable' : found
  },
  fetch: async (url) => served.get(url) ?? 'unavailable',
})
