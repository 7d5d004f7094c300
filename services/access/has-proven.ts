import type { Identifier } from '#engine/events/identifier.ts'
import type { AccountId } from '#engine/shared/ids.ts'
import type { Stores } from '#services/ports/stores.ts'

/** Whether an account has proven that this very identifier is its owner's. */
export const hasProven = async (
  stores: Stores,
  accountId: AccountId,
  { type, value }: Identifier,
): Promise<boolean> =>
  (await stores.access.identities(accountId)).some((each) => each.type === type && each.value === value)
