import { WaarmerkError } from '#engine/errors/define-error.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import { isTestIssuer } from '#services/issuers/issuer-marks.ts'
import type { PublishedIssuers } from '#services/issuers/published-issuers.ts'
import type { Database } from '#services/ports/database.ts'
import type { DidResolver, IssuerTrust, StatusListSource } from '#services/ports/verification-sources.ts'

/** Our own DIDs come from the database; others from `foreign`, the guarded fetcher. */
export function ownDidsFirst(issuers: PublishedIssuers, foreign: DidResolver): DidResolver {
  return { resolve: async (did) => (await issuers.didDocumentByDid(did)) ?? foreign.resolve(did) }
}

/** Our own status lists come from the database; others from `foreign`. */
export function ownListsFirst(
  issuers: PublishedIssuers,
  origin: string,
  foreign: StatusListSource,
): StatusListSource {
  return {
    fetch: async (url) => {
      const own = url.startsWith(`${origin}/issuers/`)
        ? /^\/issuers\/([a-z0-9-]+)\/status\/(\d{1,9})$/.exec(url.slice(origin.length))
        : null
      const [, slug, number] = own ?? []
      if (slug === undefined || number === undefined) return foreign.fetch(url)
      try {
        return JSON.parse(
          new TextDecoder().decode(await issuers.statusList(slug, Number(number))),
        ) as JsonObject
      } catch (error) {
        if (error instanceof WaarmerkError && error.status < 500) return 'unavailable'
        throw error
      }
    },
  }
}

/** Issuers of this installation are known to it. */
export function ownIssuersTrusted(database: Database): IssuerTrust {
  return {
    look: (issuerId) =>
      database.asWorker(async (stores) => {
        const issuer = await stores.issuers.findByDid(issuerId)
        if (issuer === undefined || issuer.state === 'closed') return undefined
        const organisation = await stores.organisations.find(issuer.organisationId)
        return { by: 'registry', name: issuer.name, test: isTestIssuer(issuer, organisation) }
      }),
  }
}
