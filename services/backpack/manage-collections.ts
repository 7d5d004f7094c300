import { arrange, type CollectionAccess, type CollectionItem } from '#engine/credentials/collection.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { AccountId, CollectionId, CredentialId } from '#engine/shared/ids.ts'
import { formatInstant, type Instant } from '#engine/shared/instant.ts'
import type { LocalisedText } from '#engine/shared/localised-text.ts'
import { newToken } from '#services/access/secret-token.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Collection } from '#services/ports/collection-store.ts'
import type { Credential } from '#services/ports/credential-store.ts'
import type { Database } from '#services/ports/database.ts'
import type { Hashes } from '#services/ports/hashes.ts'
import type { Random } from '#services/ports/random.ts'
import type { Stores } from '#services/ports/stores.ts'

export interface ManageCollectionsNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly hashes: Hashes
  readonly audit: AuditTrail
  readonly origin: string
}

export interface WantedCollection {
  readonly name: LocalisedText
  readonly description: LocalisedText
  readonly access: CollectionAccess
  /** In this order, each once. */
  readonly badges: readonly CredentialId[]
}

/** What the call says besides what the collection is to be. */
export interface Consent {
  /** Private badges in it may be seen by whoever sees the collection. */
  readonly shareBadges: boolean
  /** The old link ends, and a new one is made. */
  readonly newLink: boolean
}

/** `url`: where a link was made just now. It is known to nobody here. */
export interface MadeCollection {
  readonly collection: Collection
  readonly url?: string
}

/** So many collections one account may hold. */
export const MOST_COLLECTIONS = 100

export type ManageCollections = ReturnType<typeof createManageCollections>

/** Badges that an earner puts together under a name. Somebody else's collection, and somebody else's badge, is none. */
export const createManageCollections = (needs: ManageCollectionsNeeds) => {
  const { database, clock, random, hashes, audit, origin } = needs

  const own = async (stores: Stores, accountId: AccountId, id: CollectionId): Promise<Collection> => {
    const collection = await stores.collections.lock(id)
    if (collection?.accountId !== accountId) throw errors.notFound({ what: 'collection', id })
    return collection
  }

  /** The badges that are wanted, as the earner's own. */
  const earned = async (stores: Stores, accountId: AccountId, wanted: readonly CredentialId[]) => {
    const claims = await stores.claims.ofAccount(accountId)
    const credentials = await stores.credentials.findByAwards(claims.map(({ awardId }) => awardId))
    const mine = new Map(credentials.map((each) => [each.id, each]))
    for (const id of wanted) if (!mine.has(id)) throw errors.notFound({ what: 'credential', id })
    return mine
  }

  const arranged = (
    wanted: WantedCollection,
    before: readonly CollectionItem[],
    mine: ReadonlyMap<CredentialId, Credential>,
    shareBadges: boolean,
  ): readonly CollectionItem[] => {
    const { access, badges } = wanted
    const isPublic = (id: CredentialId) => mine.get(id)?.visibility === 'public'
    const found = arrange({ wanted: badges, before, access, isPublic, shareBadges })
    if (found.kind === 'refused') throw errors.badgesNotShared({ badges: found.hidden })
    return found.items
  }

  const assertEnd = (access: CollectionAccess, now: Instant): void => {
    if (access.visibility === 'link' && access.expiresAt !== undefined && access.expiresAt <= now)
      throw errors.endInPast({ expiresAt: formatInstant(access.expiresAt) })
  }

  /** Says in the trail of each organisation which of its badges are now seen through a collection, and no longer. */
  const recordShown = async (
    stores: Stores,
    [before, after]: readonly [readonly CollectionItem[], readonly CollectionItem[]],
    mine: ReadonlyMap<CredentialId, Credential>,
    at: Instant,
  ): Promise<void> => {
    const shownIn = (items: readonly CollectionItem[]) =>
      new Set(items.filter(({ shown }) => shown).map(({ credentialId }) => credentialId))
    const [was, is] = [shownIn(before), shownIn(after)]
    const moved = [
      ...[...is].filter((id) => !was.has(id)).map((id) => ({ id, action: 'credential.shared' })),
      ...[...was].filter((id) => !is.has(id)).map((id) => ({ id, action: 'credential.unshared' })),
    ]
    await audit(
      stores,
      ...moved.flatMap(({ id, action }) => {
        const organisationId = mine.get(id)?.organisationId
        if (organisationId === undefined) return []
        return [{ organisationId, at, actor: 'earner', action, targetType: 'credential', targetId: id }]
      }),
    )
  }

  /** Such events belong to the account: no organisation is to know what else somebody has. */
  const recordOwn = (
    stores: Stores,
    { accountId, id, visibility }: Collection,
    action: string,
    at: Instant,
  ) =>
    stores.accounts.record(accountId, {
      id: random.rowId(),
      at,
      action: `collection.${action}`,
      detail: { id, visibility },
    })

  const urlOf = (id: CollectionId, token: string) => `${origin}/collections/${id}?share=${token}`

  return {
    list: (accountId: AccountId): Promise<readonly Collection[]> =>
      database.asWorker((stores) => stores.collections.ofAccount(accountId)),

    find: (accountId: AccountId, id: CollectionId): Promise<Collection> =>
      database.asWorker((stores) => own(stores, accountId, id)),

    /** Throws `too-many-collections`, `end-in-past`, `badges-not-shared`; `not-found` for a badge that is not theirs. */
    create: (
      asking: AccountId,
      wanted: WantedCollection,
      { shareBadges }: Pick<Consent, 'shareBadges'>,
    ): Promise<MadeCollection> =>
      database.asWorker(async (stores) => {
        // Held, so that two calls at once do not both find room, nor a merge leave it behind.
        const accountId = await stores.accounts.lock(asking)
        const now = clock.now()
        assertEnd(wanted.access, now)
        if ((await stores.collections.ofAccount(accountId)).length >= MOST_COLLECTIONS)
          throw errors.tooManyCollections({ most: MOST_COLLECTIONS })
        const mine = await earned(stores, accountId, wanted.badges)
        const { name, description, access } = wanted
        const collection: Collection = {
          ...access,
          id: random.uuid() as CollectionId,
          accountId,
          name,
          description,
          items: arranged(wanted, [], mine, shareBadges),
          revision: 1,
          createdAt: now,
          changedAt: now,
        }
        const link = access.visibility === 'link' ? newToken(random, hashes.sha256) : undefined
        await stores.collections.insert(collection, link?.hash)
        await recordShown(stores, [[], collection.items], mine, now)
        await recordOwn(stores, collection, 'created', now)
        return { collection, ...(link === undefined ? {} : { url: urlOf(collection.id, link.token) }) }
      }),

    /**
     * Changes what is given; all else stays. `seen`: the revision that the caller knows. Throws as `create` does, and
     * `precondition-failed`.
     */
    change: (
      accountId: AccountId,
      id: CollectionId,
      seen: number,
      change: Partial<WantedCollection>,
      { shareBadges, newLink }: Consent,
    ): Promise<MadeCollection> =>
      database.asWorker(async (stores) => {
        const before = await own(stores, accountId, id)
        if (before.revision !== seen) throw errors.preconditionFailed({ current: before.revision })
        const now = clock.now()
        if (change.access !== undefined) assertEnd(change.access, now)
        const wanted: WantedCollection = {
          name: before.name,
          description: before.description,
          access: accessOf(before),
          badges: before.items.map(({ credentialId }) => credentialId),
          ...change,
        }
        const mine = await earned(stores, accountId, wanted.badges)
        const collection: Collection = {
          ...wanted.access,
          id,
          accountId,
          name: wanted.name,
          description: wanted.description,
          items: arranged(wanted, before.items, mine, shareBadges),
          revision: before.revision + 1,
          createdAt: before.createdAt,
          changedAt: now,
        }
        const isNewLink = wanted.access.visibility === 'link' && (before.visibility !== 'link' || newLink)
        const link = isNewLink ? newToken(random, hashes.sha256) : undefined
        await stores.collections.save(collection, link?.hash)
        await recordShown(stores, [before.items, collection.items], mine, now)
        await recordOwn(stores, collection, 'changed', now)
        return { collection, ...(link === undefined ? {} : { url: urlOf(id, link.token) }) }
      }),

    /** Its badges stay what they are. Throws `precondition-failed`. */
    remove: (accountId: AccountId, id: CollectionId, seen: number): Promise<void> =>
      database.asWorker(async (stores) => {
        const before = await own(stores, accountId, id)
        if (before.revision !== seen) throw errors.preconditionFailed({ current: before.revision })
        const now = clock.now()
        await stores.collections.remove(id)
        await recordShown(stores, [before.items, []], await earned(stores, accountId, []), now)
        await recordOwn(stores, before, 'removed', now)
      }),
  }
}

const accessOf = (collection: Collection): CollectionAccess =>
  collection.visibility === 'link'
    ? {
        visibility: 'link',
        ...(collection.expiresAt === undefined ? {} : { expiresAt: collection.expiresAt }),
      }
    : { visibility: collection.visibility }
