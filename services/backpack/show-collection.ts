import { domainOf } from '#engine/credentials/did-web.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { CollectionId } from '#engine/shared/ids.ts'
import { hashToken } from '#services/access/secret-token.ts'
import { type ReadableCredential, readCredential } from '#services/credentials/read-credential.ts'
import { isTestIssuer } from '#services/issuers/issuer-marks.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Collection } from '#services/ports/collection-store.ts'
import type { Database } from '#services/ports/database.ts'
import type { Hashes } from '#services/ports/hashes.ts'

export interface ShowCollectionNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly hashes: Hashes
}

export interface CollectionBadge extends ReadableCredential {
  readonly issuerDomain: string
  readonly test: boolean
}

export interface ShownCollection {
  readonly collection: Collection
  readonly badges: readonly CollectionBadge[]
}

export type ShowCollection = ReturnType<typeof createShowCollection>

/** A collection as strangers see it: only badges that are public, or that its owner agreed to show in it. */
export const createShowCollection =
  ({ database, clock, hashes }: ShowCollectionNeeds) =>
  /** Throws `not-found` for one that is private, whose link is over, and that never was, alike. */
  (id: CollectionId, share?: string): Promise<ShownCollection> =>
    database.asWorker(async (stores) => {
      const tokenHash = share === undefined ? undefined : hashToken(share, hashes.sha256)
      const now = clock.now()
      const collection = await stores.collections.open(id, tokenHash, now)
      if (collection === undefined) throw errors.notFound({ what: 'collection', id })
      const reader = { collection: id, ...(share === undefined ? {} : { share }) }
      const badges: CollectionBadge[] = []
      for (const { credentialId, shown } of collection.items) {
        const credential = await stores.credentials.find(credentialId)
        // One that became private again after it was put here.
        if (credential === undefined || (!shown && credential.visibility !== 'public')) continue
        const found = await readCredential(stores, hashes, credentialId, reader, now)
        badges.push({
          ...found,
          issuerDomain: domainOf(found.issuer.did) ?? new URL(found.issuer.origin).hostname,
          test: isTestIssuer(found.issuer, await stores.organisations.find(credential.organisationId)),
        })
      }
      return { collection, badges }
    })
