import { STANDARD_DIGEST } from '#engine/notifications/digest-period.ts'
import type { AwardId } from '#engine/shared/ids.ts'
import type { Stores } from '#services/ports/stores.ts'

/** In whose calendar the dates of a badge are told to people: that of its holder, who chose it for mails; else that of the product. */
export async function holderTimeZone(stores: Stores, awardId: AwardId): Promise<string> {
  const claim = await stores.claims.findByAward(awardId)
  const setting =
    claim?.state === 'claimed' ? await stores.notifications.digestSetting(claim.accountId) : undefined
  return (setting ?? STANDARD_DIGEST).timeZone
}
