import { missingClaim, provenIdentities } from '#engine/access/proven-identities.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { Identifier } from '#engine/events/identifier.ts'
import { utf8 } from '#engine/shared/bytes.ts'
import { MINUTE_MS } from '#engine/shared/duration.ts'
import type { AccountId } from '#engine/shared/ids.ts'
import { asInstant } from '#engine/shared/instant.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { Hashes } from '#services/ports/hashes.ts'
import type { IdentityProvider, IdentityProviders, RoundTrip } from '#services/ports/identity-providers.ts'
import type { Random } from '#services/ports/random.ts'
import type { SecretBox } from '#services/ports/secret-box.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { WakeUps } from '#services/ports/wake-ups.ts'
import { type AccountChanges, type MergeOffer, requireFullSession } from './account-changes.ts'
import { ownPath } from './own-path.ts'
import { base64url, hashToken, newToken } from './secret-token.ts'
import type { NewSession, SignIn } from './sign-in.ts'

export const ATTEMPT_MS = 15 * MINUTE_MS

/** A longer ID token is no hint: it would not fit into an address. */
const ID_TOKEN_MAX = 6_000
const contextOf = (sessionId: string) => ({ keyId: 'session-id-token', rowId: sessionId })

export interface SignInByProviderNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly hashes: Hashes
  readonly wakeUps: WakeUps
  readonly providers: IdentityProviders
  readonly signIn: SignIn
  readonly accountChanges: AccountChanges
  readonly secretBox: SecretBox
  readonly origin: string
}

interface SignedIn {
  readonly accountId: AccountId
  readonly sessionId: string
}

export interface BegunAttempt {
  /** Where the browser goes now. */
  readonly url: string
  /** For a cookie of this browser: an answer counts only beside it. */
  readonly browser: string
}

export interface FinishedAttempt {
  readonly returnTo: string
  /** Of somebody who signed in; whoever added an identity keeps the session that they have. */
  readonly session?: NewSession
  readonly accountId: AccountId
  readonly added: readonly Identifier[]
  readonly offers: readonly MergeOffer[]
}

/**
 * Signing in by OpenID Connect, and adding an identity that way.
 *
 * What defends it: the answer counts once, within 15 minutes, in the browser that began (its cookie is a secret of 256
 * bits, so nobody can sign a stranger's browser in), and for the provider that was asked, which has a return address of
 * its own (mix-up). Nonce and code verifier are derived from the cookie's secret and the state: the database holds
 * nothing by which an answer could be used.
 */
export const createSignInByProvider = (needs: SignInByProviderNeeds) => {
  const { database, clock, random, hashes, wakeUps, providers, signIn, accountChanges, secretBox, origin } =
    needs

  const find = (id: string): IdentityProvider => {
    const provider = providers.get(id)
    if (provider === undefined) throw errors.providerUnknown({ provider: id })
    return provider
  }

  const roundTrip = (provider: IdentityProvider, browser: string, state: string): RoundTrip => {
    const derived = (what: string) => base64url(hashes.sha256(utf8(`${what}.${browser}.${state}`)))
    return {
      redirectUri: `${origin}/sign-in/callback/${provider.id}`,
      state,
      nonce: derived('nonce'),
      codeVerifier: derived('code-verifier'),
    }
  }

  /**
   * Whose account it is that has these identities, the first that has an owner; a new one otherwise.
   * Identities that are left out belong to somebody else.
   */
  const accountOf = async (stores: Stores, identities: readonly Identifier[], language: string) => {
    for (const identity of identities) {
      const owner = await stores.accounts.ownerOf(identity)
      if (owner !== undefined) return { accountId: await stores.accounts.lock(owner), isNew: false }
    }
    const [first] = identities as [Identifier]
    const accountId = await stores.access.accountOf(first, random.rowId() as AccountId)
    await stores.accounts.setLanguage(accountId, language)
    return { accountId, isNew: true }
  }

  return {
    providers: (): Pick<IdentityProvider, 'id' | 'name'>[] =>
      [...providers.values()].map(({ id, name }) => ({ id, name })),

    /**
     * Begins a round trip. `adding`: whoever is signed in adds what the provider proves to their account.
     * `browser`: the secret that this browser has already, so that several tabs may be under way.
     * Throws `provider-unknown`, `provider-unavailable`, `full-session-required`.
     */
    begin: async (wanted: {
      readonly provider: string
      readonly returnTo?: string
      readonly language: string
      readonly browser?: string
      readonly adding?: SignedIn
    }): Promise<BegunAttempt> => {
      const provider = find(wanted.provider)
      const { adding, language } = wanted
      const known = wanted.browser
      const browser =
        known !== undefined && /^[\w-]{43}$/.test(known) ? known : newToken(random, hashes.sha256).token
      const state = newToken(random, hashes.sha256)
      const url = await provider.begin(roundTrip(provider, browser, state.token), language)
      const createdAt = clock.now()
      await database.asWorker(async (stores) => {
        if (adding !== undefined) await requireFullSession(stores, adding.sessionId, clock)
        await stores.accounts.insertAttempt({
          stateHash: state.hash,
          browserHash: hashToken(browser, hashes.sha256),
          provider: provider.id,
          ...(adding === undefined ? {} : { accountId: adding.accountId }),
          returnTo: ownPath(wanted.returnTo, origin),
          language,
          createdAt,
          expiresAt: asInstant(createdAt + ATTEMPT_MS),
        })
      })
      return { url, browser }
    },

    /**
     * Ends a round trip with what the browser came back with (`query`). Signs in to the account that has the first of
     * the proven identities, makes one where nobody has any, and adds the others. What belongs to another account stays
     * there; a merge is offered.
     * Throws `provider-unknown`, `sign-in-attempt-invalid`, `provider-unavailable`, `provider-refused`,
     * `provider-answer-invalid`, `sign-in-not-admitted`, `no-usable-identity`.
     */
    finish: async (answer: {
      readonly provider: string
      readonly query: string
      readonly browser: string | undefined
      readonly signedIn?: SignedIn
    }): Promise<FinishedAttempt> => {
      const provider = find(answer.provider)
      const { browser, signedIn } = answer
      const state = new URLSearchParams(answer.query).get('state')
      if (browser === undefined || state === null) throw errors.signInAttemptInvalid({})

      // 1. Use the attempt up, whatever comes of it.
      const attempt = await database.asWorker((stores) =>
        stores.accounts.useAttempt(
          {
            stateHash: hashToken(state, hashes.sha256),
            browserHash: hashToken(browser, hashes.sha256),
            provider: provider.id,
          },
          clock.now(),
        ),
      )
      if (attempt === undefined) throw errors.signInAttemptInvalid({})
      const { accountId: adding, returnTo, language } = attempt
      if (adding !== undefined && adding !== signedIn?.accountId) throw errors.signInAttemptInvalid({})

      // 2. Ask the provider who it is.
      const { sources, idToken } = await provider.finish(roundTrip(provider, browser, state), answer.query)
      const { name } = provider
      const missing = missingClaim(provider.requires, sources)
      if (missing !== undefined) throw errors.signInNotAdmitted({ provider: name, claim: missing })
      const proven = provenIdentities(provider.proves, sources)
      if (proven.length === 0) throw errors.noUsableIdentity({ provider: name })

      // 3. Find or make the account.
      const finished = await database.asWorker(async (stores) => {
        await stores.accounts.lockIdentities(proven)
        const identities = adding === undefined ? await withoutFormer(stores, proven) : proven
        const [first] = identities
        if (first === undefined) throw errors.noUsableIdentity({ provider: name })
        if (adding !== undefined) await requireFullSession(stores, signedIn?.sessionId ?? '', clock)
        const { accountId, isNew } =
          adding === undefined
            ? await accountOf(stores, identities, language)
            : { accountId: await stores.accounts.lock(adding), isNew: false }
        const added: Identifier[] = []
        const offers = new Map<AccountId, MergeOffer>()
        for (const identity of identities) {
          if (isNew && identity !== first) {
            await stores.accounts.addIdentity(accountId, { ...identity, provider: provider.id }, clock.now())
            continue
          }
          const done = await accountChanges.add(stores, accountId, { ...identity, provider: provider.id })
          if (done.outcome === 'added') added.push(identity)
          if (done.outcome === 'merge-needed') offers.set(done.offer.merge.from, done.offer)
        }
        const rest = { returnTo, accountId, added, offers: [...offers.values()] }
        if (adding !== undefined) return rest
        await accountChanges.record(stores, accountId, 'account.signed_in', { provider: provider.id })
        if (signedIn !== undefined) await stores.access.revokeSession(signedIn.sessionId, clock.now())
        const session = await signIn.openSession(stores, first, 'full', accountId)
        if (idToken.length <= ID_TOKEN_MAX)
          await stores.access.keepProvider(session.id, {
            provider: provider.id,
            sealedIdToken: secretBox.seal(utf8(idToken), contextOf(session.id)),
          })
        return { ...rest, session }
      })
      await wakeUps.wake('mail')
      return finished
    },

    /**
     * Ends a session here, and answers where the browser goes to end it at the provider that opened it; undefined where
     * none did, or it offers no such place. It is over here whatever becomes of it there.
     */
    signOut: async (sessionId: string): Promise<string | undefined> => {
      const kept = await database.asWorker(async (stores) => {
        const found = await stores.access.providerOf(sessionId)
        await stores.access.revokeSession(sessionId, clock.now())
        return found
      })
      // A provider that the operator has taken away since signs nobody out.
      const provider = kept === undefined ? undefined : providers.get(kept.provider)
      if (kept === undefined || provider === undefined) return undefined
      const idToken = new TextDecoder().decode(secretBox.open(kept.sealedIdToken, contextOf(sessionId)))
      return provider.signOut(idToken, `${origin}/`)
    },
  }
}

/**
 * Leaves out addresses whose owner has another number at the same place: schools give addresses out again, and whoever has
 * one now does not get into the account of whoever had it before.
 */
async function withoutFormer(stores: Stores, proven: readonly Identifier[]): Promise<readonly Identifier[]> {
  const numbers = proven.filter(({ type }) => type === 'account').map(({ value }) => value)
  const kept: Identifier[] = []
  for (const identity of proven) {
    const owner = identity.type === 'account' ? undefined : await stores.accounts.ownerOf(identity)
    const account = owner === undefined ? undefined : await stores.accounts.find(owner)
    const known = (account?.identities ?? [])
      .filter(({ type }) => type === 'account')
      .map(({ value }) => value)
    const isAnother = numbers.some(
      (number) => !known.includes(number) && known.some((each) => placeOf(each) === placeOf(number)),
    )
    if (!isAnother) kept.push(identity)
  }
  return kept
}

/** The home page of `HOME_PAGE#NUMBER`. */
const placeOf = (value: string): string => value.slice(0, value.indexOf('#'))
