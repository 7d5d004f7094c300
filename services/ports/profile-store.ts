import type { AccountId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'

/** What is written about the owner of an account, by an application for them. Belongs to accounts: for workers. */
export interface ProfileStore {
  find(accountId: AccountId): Promise<JsonObject | undefined>
  put(accountId: AccountId, profile: JsonObject, at: Instant): Promise<void>
}
