import type { Principal } from '#engine/access/rights.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { Identifier } from '#engine/events/identifier.ts'
import { MINUTE_MS } from '#engine/shared/duration.ts'
import { asInstant } from '#engine/shared/instant.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import { identityCodeMail } from '#services/mail/account-mails.ts'
import { HELD_MAIL_MS } from '#services/mail/held-mail.ts'
import { queueMail } from '#services/mail/queue-mail.ts'
import type { Account, AccountEvent } from '#services/ports/account-store.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { Hashes } from '#services/ports/hashes.ts'
import type { Random } from '#services/ports/random.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { WakeUps } from '#services/ports/wake-ups.ts'
import { type AccountChanges, type AddedIdentity, requireFullSession } from './account-changes.ts'
import { hashToken } from './secret-token.ts'

export type Person = Extract<Principal, { kind: 'session' }>
export type ManageAccount = ReturnType<typeof createManageAccount>

const CODE_MS = 15 * MINUTE_MS
const CODE_DIGITS = 8
/** How often a code may be tried: 5 in 10^8. */
const MOST_TRIES = 5
/** How many codes an address is sent, and an account may ask for, while the first of them works. */
const CODES_AT_ONCE = { toAddress: 5, forAccount: 10 } as const
/** By what somebody can sign in. */
const SIGNS_IN: readonly string[] = ['email', 'account', 'eppn']

export interface ManageAccountNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly hashes: Hashes
  readonly audit: AuditTrail
  readonly wakeUps: WakeUps
  readonly accountChanges: AccountChanges
  readonly origin: string
}

/**
 * What a person does with their own account. Changes want a session that was opened by signing in
 * (`full-session-required`): a claim link may lie in a mailbox for months.
 */
export const createManageAccount = (needs: ManageAccountNeeds) => {
  const { database, clock, random, hashes, audit, wakeUps, accountChanges, origin } = needs

  const changing = async <T>(person: Person, work: (stores: Stores) => Promise<T>): Promise<T> => {
    const done = await database.asWorker(async (stores) => {
      // The account first, and only then whether the session still holds: a merge may have ended it meanwhile.
      await stores.accounts.lock(person.accountId)
      await requireFullSession(stores, person.sessionId, clock)
      return work(stores)
    })
    await wakeUps.wake('mail')
    return done
  }

  const codeHash = (code: string) => (codeId: string) => hashToken(`${codeId}.${code}`, hashes.sha256)

  return {
    show: (person: Person): Promise<Account> =>
      database.asWorker((stores) => accountChanges.find(stores, person.accountId)),

    /** What happened to the account, the newest first. */
    events: (person: Person): Promise<readonly AccountEvent[]> =>
      database.asWorker((stores) => stores.accounts.events(person.accountId)),

    change: (
      person: Person,
      to: { readonly language?: string; readonly primary?: string },
    ): Promise<Account> =>
      changing(person, async (stores) => {
        const { accountId } = person
        if (to.language !== undefined) await stores.accounts.setLanguage(accountId, to.language)
        if (to.primary !== undefined) {
          if (!(await stores.accounts.setPrimary(accountId, to.primary)))
            throw errors.notFound({ what: 'e-mail address', id: to.primary })
          await accountChanges.record(stores, accountId, 'identity.primary', { identity: to.primary })
        }
        return accountChanges.find(stores, accountId)
      }),

    /**
     * Mails a code that proves an address to whoever is signed in. Answers the same whoever has the address, and also
     * where too many were asked for: nobody's mailbox is to be filled from here.
     */
    mailCode: (person: Person, identity: Identifier, language: string): Promise<void> =>
      changing(person, async (stores) => {
        const now = clock.now()
        const { accountId } = person
        const since = asInstant(now - CODE_MS)
        const sent = await stores.accounts.countCodes(accountId, identity, since)
        if (sent.toAddress >= CODES_AT_ONCE.toAddress || sent.forAccount >= CODES_AT_ONCE.forAccount) return
        const code = String(random.integer(10 ** CODE_DIGITS)).padStart(CODE_DIGITS, '0')
        const codeId = random.rowId()
        await stores.accounts.insertCode({
          id: codeId,
          accountId,
          identity,
          hash: codeHash(code)(codeId),
          createdAt: now,
          expiresAt: asInstant(now + CODE_MS),
        })
        const message = identityCodeMail({ code, url: `${origin}/account`, language })
        await queueMail({ random, origin }, stores, { to: identity.value, now }, message)
      }),

    /**
     * Adds the address that a code proves. One of another account is not taken from it: a merge is offered.
     * Throws `identity-code-invalid`.
     */
    proveByCode: async (person: Person, identity: Identifier, code: string): Promise<AddedIdentity> => {
      const added = await changing(person, async (stores) => {
        const { accountId } = person
        const isRight = await stores.accounts.tryCode(
          accountId,
          identity,
          codeHash(code),
          clock.now(),
          MOST_TRIES,
        )
        // An answer, not an error: the try has to be counted.
        if (!isRight) return undefined
        await stores.accounts.lockIdentities([identity])
        await stores.mail.unblock(identity.value, asInstant(clock.now() - HELD_MAIL_MS))
        return accountChanges.add(stores, accountId, identity)
      })
      if (added === undefined) throw errors.identityCodeInvalid({})
      return added
    },

    /**
     * Takes an identity away, and says so at every address, at the one that goes too. Badges stay with the account.
     * Throws `not-found`, and `identity-needed` for the last by which its owner can sign in.
     */
    remove: (person: Person, id: string): Promise<void> =>
      changing(person, async (stores) => {
        const account = await accountChanges.find(stores, person.accountId)
        const identity = account.identities.find((each) => each.id === id)
        if (identity === undefined) throw errors.notFound({ what: 'identity', id })
        const others = account.identities.filter((each) => each.id !== id && SIGNS_IN.includes(each.type))
        if (others.length === 0) throw errors.identityNeeded({ identity: id })
        const { type, value } = identity
        await stores.accounts.removeIdentity(person.accountId, id)
        await accountChanges.record(stores, person.accountId, 'identity.removed', { type, value })
        await accountChanges.tell(stores, account, 'removed', identity)
      }),

    /** Ends all sessions of the account but this one. */
    endOtherSessions: (person: Person): Promise<void> =>
      changing(person, async (stores) => {
        await stores.accounts.revokeSessions(person.accountId, clock.now(), person.sessionId)
        await accountChanges.record(stores, person.accountId, 'account.sessions_ended')
      }),

    /**
     * Makes two accounts one: whoever is signed in has proven an identity of the other and now says yes. Grants, badges,
     * identities and links to people move; the sessions of the other end. Doing it twice is harmless.
     * Throws `merge-invalid`, and `not-found` for a proof of somebody else.
     */
    merge: (person: Person, id: string): Promise<Account> =>
      database
        .asWorker(async (stores) => {
          // 1. Load, and lock both: in the order of their ids, or two merges of the same two would wait for each other.
          const found = await stores.accounts.findMerge(id)
          if (found === undefined || found.into !== person.accountId)
            throw errors.notFound({ what: 'merge', id })
          const locked: string[] = []
          for (const each of [found.into, found.from].sort()) locked.push(await stores.accounts.lock(each))
          await requireFullSession(stores, person.sessionId, clock)

          // 2. Decide: both are still what they were when the proof was given.
          const merge = await stores.accounts.findMerge(id)
          const { accountId } = person
          if (merge?.doneAt !== undefined) return accountChanges.find(stores, accountId)
          const now = clock.now()
          const isSame = locked.includes(found.into) && locked.includes(found.from)
          const owner = await stores.accounts.ownerOf(found.identity)
          if (!isSame || owner !== found.from || found.expiresAt <= now) throw errors.mergeInvalid({})

          // 3. Act, and tell everybody whom it concerns.
          const moved = await stores.accounts.merge(found, now)
          await accountChanges.record(stores, accountId, 'account.merged', { from: found.from })
          await audit(
            stores,
            ...moved.organisations.map((organisationId) => ({
              organisationId,
              at: now,
              actor: `account:${accountId}`,
              action: 'account.merged',
              targetType: 'account',
              targetId: found.from,
            })),
            ...moved.claims.map(({ organisationId, claimId }) => ({
              organisationId,
              at: now,
              // Not the account: it is the same in every organisation, and none is to see what others know of a person.
              actor: 'earner',
              action: 'claim.moved',
              targetType: 'claim',
              targetId: claimId,
            })),
          )
          const account = await accountChanges.find(stores, accountId)
          await accountChanges.tell(stores, account, 'merged', found.identity)
          return account
        })
        .then(async (account) => {
          await wakeUps.wake('mail')
          return account
        }),
  }
}
