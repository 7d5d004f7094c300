import { errors } from '#engine/errors/catalogue.ts'
import type { Identifier } from '#engine/events/identifier.ts'
import { MINUTE_MS } from '#engine/shared/duration.ts'
import type { AccountId } from '#engine/shared/ids.ts'
import { asInstant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import { type AccountChange, accountChangeMail } from '#services/mail/account-mails.ts'
import { queueMail } from '#services/mail/queue-mail.ts'
import type { Account, AccountBelongings, AccountMerge } from '#services/ports/account-store.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Random } from '#services/ports/random.ts'
import type { Stores } from '#services/ports/stores.ts'

/** How long a proof may be used to bring two accounts together. */
const MERGE_MS = 15 * MINUTE_MS

/** A second account of a person who has proven both: they may make the two one. */
export interface MergeOffer {
  readonly merge: AccountMerge
  /** What the other account owns. */
  readonly other: AccountBelongings
}

export type AddedIdentity =
  | { readonly outcome: 'added' | 'already' }
  | { readonly outcome: 'merge-needed'; readonly offer: MergeOffer }

export type AccountChanges = ReturnType<typeof createAccountChanges>

/** What ways of proving an identity have in common: adding it, telling of it, and offering a merge. */
export const createAccountChanges = ({
  clock,
  random,
  origin,
}: {
  readonly clock: Clock
  readonly random: Random
  readonly origin: string
}) => {
  const record = (
    stores: Stores,
    accountId: AccountId,
    action: string,
    detail: JsonObject = {},
  ): Promise<void> =>
    stores.accounts.record(accountId, { id: random.rowId(), at: clock.now(), action, detail })

  /** Writes to every address of an account, and to those besides. */
  const tell = async (
    stores: Stores,
    account: Account,
    change: AccountChange,
    identity: Identifier,
    besides: readonly string[] = [],
  ): Promise<void> => {
    const own = account.identities.filter(({ type }) => type === 'email').map(({ value }) => value)
    for (const to of new Set([...own, ...besides])) {
      const message = accountChangeMail({
        change,
        identity: identity.value,
        url: `${origin}/account`,
        language: account.language,
      })
      await queueMail({ random, origin }, stores, { to, now: clock.now() }, message)
    }
  }

  const find = async (stores: Stores, accountId: AccountId): Promise<Account> => {
    const account = await stores.accounts.find(accountId)
    if (account === undefined) throw errors.notFound({ what: 'account', id: accountId })
    return account
  }

  return {
    find,
    record,
    tell,

    /**
     * Gives an account an identity that was proven just now, and says so at its other addresses. One that belongs to
     * another account stays there: the owner of both is offered to make them one, and nothing happens until they say so.
     * The account and the identities are locked.
     */
    add: async (
      stores: Stores,
      accountId: AccountId,
      identity: Identifier & { readonly provider?: string },
    ): Promise<AddedIdentity> => {
      const { type, value } = identity
      const owner = await stores.accounts.ownerOf(identity)
      if (owner === accountId) return { outcome: 'already' }
      const now = clock.now()
      if (owner !== undefined) {
        const merge: AccountMerge = {
          id: random.uuid(),
          into: accountId,
          from: owner,
          identity: { type, value },
          createdAt: now,
          expiresAt: asInstant(now + MERGE_MS),
        }
        await stores.accounts.insertMerge(merge)
        return {
          outcome: 'merge-needed',
          offer: { merge, other: await stores.accounts.belongings(owner) },
        }
      }
      const before = await find(stores, accountId)
      await stores.accounts.addIdentity(accountId, identity, now)
      await record(stores, accountId, 'identity.added', { type, value })
      await tell(stores, before, 'added', identity)
      return { outcome: 'added' }
    },
  }
}

/** A session that a claim link opened reaches badges only. Throws `full-session-required`. */
export async function requireFullSession(stores: Stores, sessionId: string, clock: Clock): Promise<void> {
  if ((await stores.accounts.sessionScope(sessionId, clock.now())) !== 'full')
    throw errors.fullSessionRequired({})
}
