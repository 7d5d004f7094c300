import { domainOf } from '#engine/credentials/did-web.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { byId } from '#engine/shared/by-id.ts'
import type { CollectionId } from '#engine/shared/ids.ts'
import { hashToken } from '#services/access/secret-token.ts'
import { type LoadedCredential, loadCredentials } from '#services/credentials/load-credentials.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Collection } from '#services/ports/collection-store.ts'
import type { Database } from '#services/ports/database.ts'
import type { Hashes } from '#services/ports/hashes.ts'

export interface ShowCollectionNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly hashes: Hashes
}

export interface CollectionBadge extends LoadedCredential {
  readonly issuerDomain: string
}

export interface ShownCollection {
  readonly collection: Collection
  readonly badges: readonly CollectionBadge[]
}

export type ShowCollection = ReturnType<typeof createShowCollection>

/**
 * A collection as strangers see it: only badges that are signed, and public or agreed by their owner to be shown in it. As
 * many queries for two hundred badges as for one.
 */
export const createShowCollection =
  ({ database, clock, hashes }: ShowCollectionNeeds) =>
  /** Throws `not-found` for one that is private, whose link is over, and that never was, alike. */
  (id: CollectionId, share?: string): Promise<ShownCollection> =>
    database.asWorker(async (stores) => {
      const tokenHash = share === undefined ? undefined : hashToken(share, hashes.sha256)
      const now = clock.now()
      const collection = await stores.collections.open(id, tokenHash, now)
      if (collection === undefined) throw errors.notFound({ what: 'collection', id })
      const found = await stores.credentials.findMany(
        collection.items.map(({ credentialId }) => credentialId),
      )
      const credentials = byId(found)
      const seen = collection.items.flatMap(({ credentialId, shown }) => {
        const credential = credentials.get(credentialId)
        // One that became private again after it was put here is not shown.
        return credential !== undefined && (shown || credential.visibility === 'public') ? [credential] : []
      })
      // Nor is one that is not signed yet: there is nothing that a stranger could check.
      const badges = (await loadCredentials(stores, seen))
        .filter(({ edition }) => edition !== undefined)
        .map((badge) => ({
          ...badge,
          issuerDomain: domainOf(badge.issuer.did) ?? new URL(badge.issuer.origin).hostname,
        }))
      return { collection, badges }
    })
