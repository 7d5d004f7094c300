import type { CollectionAccess, CollectionItem } from '#engine/credentials/collection.ts'
import type { AccountId, CollectionId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { LocalisedText } from '#engine/shared/localised-text.ts'

export type Collection = CollectionAccess & {
  readonly id: CollectionId
  readonly accountId: AccountId
  readonly name: LocalisedText
  /** May be empty. */
  readonly description: LocalisedText
  /** In the order of their owner. */
  readonly items: readonly CollectionItem[]
  readonly revision: number
  readonly createdAt: Instant
  readonly changedAt: Instant
}

/** Collections belong to accounts: all of it is for workers. */
export interface CollectionStore {
  /** `tokenHash`: of its link, where it has one. */
  insert(collection: Collection, tokenHash?: Uint8Array): Promise<void>
  find(id: CollectionId): Promise<Collection | undefined>
  /** Nobody else changes it until the commit. */
  lock(id: CollectionId): Promise<Collection | undefined>
  /** The newest first. */
  ofAccount(accountId: AccountId): Promise<readonly Collection[]>
  /** Puts this in the place of what is held. Without `tokenHash` a link stays what it is. */
  save(collection: Collection, tokenHash?: Uint8Array): Promise<void>
  remove(id: CollectionId): Promise<void>
  /** A collection that strangers may see now: it is public, or this is its link and not over. */
  open(id: CollectionId, tokenHash: Uint8Array | undefined, at: Instant): Promise<Collection | undefined>
}
