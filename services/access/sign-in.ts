import type { Grant, Principal } from '#engine/access/rights.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { type Identifier, identifierText } from '#engine/events/identifier.ts'
import { DAY_MS, MINUTE_MS } from '#engine/shared/duration.ts'
import type { AccountId } from '#engine/shared/ids.ts'
import { asInstant, type Instant } from '#engine/shared/instant.ts'
import { HELD_MAIL_MS } from '#services/mail/held-mail.ts'
import { signInMail } from '#services/mail/mail-texts.ts'
import { queueMail } from '#services/mail/queue-mail.ts'
import type { SessionScope } from '#services/ports/access-store.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { Hashes } from '#services/ports/hashes.ts'
import type { Random } from '#services/ports/random.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { WakeUps } from '#services/ports/wake-ups.ts'
import { hashToken, newToken } from './secret-token.ts'

export const SIGN_IN_LINK_MS = 15 * MINUTE_MS
/** How many links one address is sent while the first of them works. */
const LINKS_AT_ONCE = 5
export const SESSION_MS = 14 * DAY_MS

export interface SignInNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly hashes: Hashes
  readonly wakeUps: WakeUps
  /** PUBLIC_URL, without a slash at the end. */
  readonly origin: string
}

export interface NewSession {
  readonly id: string
  readonly accountId: AccountId
  /** For the cookie; only its hash is kept. */
  readonly token: string
  readonly expiresAt: Instant
}

type SignedIn = Pick<Extract<Principal, { kind: 'session' }>, 'accountId' | 'sessionId' | 'scope'>

export type SignIn = ReturnType<typeof createSignIn>

export const createSignIn = ({ database, clock, random, hashes, wakeUps, origin }: SignInNeeds) => {
  const issueLink = async (stores: Stores, identity: Identifier, lifeMs: number): Promise<string> => {
    const { token, hash } = newToken(random, hashes.sha256)
    const createdAt = clock.now()
    await stores.access.insertSignInLink({
      id: random.rowId(),
      tokenHash: hash,
      identity,
      createdAt,
      expiresAt: asInstant(createdAt + lifeMs),
    })
    // In the fragment: it reaches no server log and no referrer.
    return `${origin}/sign-in#${token}`
  }

  const openSession = async (
    stores: Stores,
    identity: Identifier,
    scope: SessionScope,
    known?: AccountId,
  ): Promise<NewSession> => {
    const now = clock.now()
    const found = known ?? (await stores.access.accountOf(identity, random.rowId() as AccountId))
    // It may have become part of another one since it was found; from here on it cannot.
    const accountId = await stores.accounts.lockShared(found)
    const { token, hash } = newToken(random, hashes.sha256)
    const expiresAt = asInstant(now + SESSION_MS)
    const id = random.rowId()
    await stores.access.insertSession({
      id,
      tokenHash: hash,
      accountId,
      scope,
      createdAt: now,
      expiresAt,
    })
    return { id, accountId, token, expiresAt }
  }

  return {
    /** A link that signs in once, for the one who reads the start-up message. */
    link: (identity: Identifier, lifeMs = SIGN_IN_LINK_MS): Promise<string> =>
      database.asWorker((stores) => issueLink(stores, identity, lifeMs)),

    /** Mails a link. Answers the same whether or not anybody knows the address. */
    request: async (email: string, language: string): Promise<void> => {
      await database.asWorker(async (stores) => {
        const identity: Identifier = { type: 'email', value: email }
        const since = asInstant(clock.now() - SIGN_IN_LINK_MS)
        // Nobody's mailbox is to be filled from here. The answer stays the same.
        if ((await stores.access.countSignInLinks(identity, since)) >= LINKS_AT_ONCE) return
        const url = await issueLink(stores, identity, SIGN_IN_LINK_MS)
        const to = { to: email, now: clock.now() }
        await queueMail({ random, origin }, stores, to, signInMail({ url, language }))
      })
      await wakeUps.wake('mail')
    },

    /** Uses a link up and opens a session. Throws `sign-in-link-invalid`. */
    signIn: (token: string): Promise<NewSession> =>
      database.asWorker(async (stores) => {
        const identity = await stores.access.useSignInLink(hashToken(token, hashes.sha256), clock.now())
        if (identity === undefined) throw errors.signInLinkInvalid({})
        // Whoever comes by a mail has got one there.
        if (identity.type === 'email')
          await stores.mail.unblock(identity.value, asInstant(clock.now() - HELD_MAIL_MS))
        return openSession(stores, identity, 'full')
      }),

    /** Opens a session for somebody who has just proven an identity in another way: by a claim link, or a provider. */
    openSession,

    signOut: (sessionId: string): Promise<void> =>
      database.asWorker((stores) => stores.access.revokeSession(sessionId, clock.now())),

    grants: (accountId: AccountId): Promise<readonly Grant[]> =>
      database.asWorker((stores) => stores.access.grantsOf(accountId)),

    /** Of a session that a claim link opened: those that its links have shown. */
    identities: ({ accountId, sessionId, scope }: SignedIn): Promise<readonly Identifier[]> =>
      database.asWorker(async (stores) =>
        scope === undefined
          ? stores.access.identities(accountId)
          : distinctIdentifiers(
              (await stores.claims.ofSession(sessionId)).map(({ identifier }) => identifier),
            ),
      ),
  }
}

const distinctIdentifiers = (all: readonly Identifier[]): readonly Identifier[] => [
  ...new Map(all.map((each) => [identifierText(each), each])).values(),
]
