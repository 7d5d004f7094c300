import { DAY_MS, HOUR_MS } from '#engine/shared/duration.ts'
import { asInstant, type Instant } from '#engine/shared/instant.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'

export interface ForgetOffersNeeds {
  readonly database: Database
  readonly clock: Clock
}

/** For so long after its end its owner may still ask what became of an offer. */
const KEPT_MS = DAY_MS
const AT_ONCE = 1_000

/** The step that throws offers to wallets away which are over: once an hour in a process. */
export const createForgetOffers = ({ database, clock }: ForgetOffersNeeds) => {
  let forgotAt: Instant | undefined
  return async (): Promise<{ readonly more: boolean }> => {
    const now = clock.now()
    if (forgotAt !== undefined && now - forgotAt < HOUR_MS) return { more: false }
    const forgotten = await database.asWorker((stores) =>
      stores.walletOffers.forget(asInstant(now - KEPT_MS), AT_ONCE),
    )
    if (forgotten === AT_ONCE) return { more: true }
    forgotAt = now
    return { more: false }
  }
}
