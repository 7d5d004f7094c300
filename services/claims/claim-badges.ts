import { claimOver } from '#engine/claims/claim-over.ts'
import { type PersonalParts, readPersonalParts } from '#engine/credentials/personal-parts.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { Identifier } from '#engine/events/identifier.ts'
import { MINUTE_MS } from '#engine/shared/duration.ts'
import type { AccountId, ClaimId, CredentialId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import { requireFullSession } from '#services/access/account-changes.ts'
import { hasProven } from '#services/access/has-proven.ts'
import { hashToken } from '#services/access/secret-token.ts'
import type { NewSession, SignIn } from '#services/access/sign-in.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import type { Award } from '#services/ports/award-store.ts'
import type { Claim } from '#services/ports/claim-store.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { Hashes } from '#services/ports/hashes.ts'
import type { Stores } from '#services/ports/stores.ts'
import { type DescribedOffer, describeOffer } from './describe-offer.ts'
import { maskedIdentifier } from './masked-identifier.ts'

/** How long after the first press a second one is taken for the same. */
export const SECOND_PRESS_MS = 10 * MINUTE_MS

export interface ClaimBadgesNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly hashes: Hashes
  readonly audit: AuditTrail
  readonly signIn: SignIn
}

/** Whoever is signed in where a claim link is opened. */
export interface Visitor {
  readonly accountId: AccountId
  readonly sessionId: string
  /** Another claim link opened the session. */
  readonly scope?: 'earner'
}

export interface AcceptedClaim {
  readonly credentialId: CredentialId
  readonly session?: NewSession
}

export interface ClaimOffer extends DescribedOffer {
  /** `withdrawn`: the issuer took it back, so nobody can take it any more. */
  readonly claim: Pick<Claim, 'identifier' | 'expiresAt'> & { readonly state: Claim['state'] | 'withdrawn' }
  readonly award: Pick<Award, 'achievementId' | 'awardedAt' | 'byRule'>
  /** Whether whoever is signed in has proven the identifier to which the badge was sent. */
  readonly matches?: boolean
  readonly credentialId?: CredentialId
  /**
   * What the badge says of this one person: while it can be taken, and not to whoever is signed in as somebody else.
   */
  readonly parts?: PersonalParts
}

/** A badge that waits for whoever is signed in. */
export interface OfferedBadge {
  /** Of the claim, or of the direct award. */
  readonly id: string
  readonly kind: 'award' | 'direct-award'
  readonly offer: ClaimOffer
}

export type ClaimBadges = ReturnType<typeof createClaimBadges>

export const createClaimBadges = ({ database, clock, hashes, audit, signIn }: ClaimBadgesNeeds) => {
  const find = async (stores: Stores, token: string): Promise<Claim> => {
    const claim = await stores.claims.findByToken(hashToken(token, hashes.sha256))
    if (claim === undefined) throw errors.claimInvalid({})
    return asOf(claim)
  }

  const asOf = (claim: Claim): Claim =>
    claim.state === 'open' && claim.expiresAt <= clock.now() ? { ...claim, state: 'expired' } : claim

  /**
   * Whether whoever signed in is the one to whom the badge was sent. Not known (undefined) of nobody, and of a session that
   * another claim link opened: such a link says who somebody is, and opens the next one as well.
   */
  const matches = async (
    stores: Stores,
    visitor: Visitor | undefined,
    identifier: Identifier,
  ): Promise<boolean | undefined> => {
    if (visitor === undefined) return undefined
    if (await hasProven(stores, visitor.accountId, identifier)) return true
    return (await stores.accounts.sessionScope(visitor.sessionId, clock.now())) === 'full' ? false : undefined
  }

  const offerOf = async (
    stores: Stores,
    claim: Claim,
    award: Award,
    doesMatch: boolean | undefined,
  ): Promise<ClaimOffer> => {
    const { described } = await describeOffer(stores, award)
    const credential = await stores.credentials.findByAward(award.id)
    // What was taken back meanwhile is offered no more.
    const isOver = claim.state === 'open' && award.state !== 'issued'
    return {
      claim: isOver ? { ...claim, state: claimStateOf(award) } : claim,
      award,
      ...described,
      ...(doesMatch === undefined ? {} : { matches: doesMatch }),
      ...(claim.state === 'open' && !isOver && doesMatch !== false && credential !== undefined
        ? { parts: await signedParts(stores, credential.id) }
        : {}),
      ...(claim.state === 'claimed' && credential !== undefined ? { credentialId: credential.id } : {}),
    }
  }

  /** What is taken home by a claim, while it can be. Throws `claim-invalid`, `claim-over`. */
  const badgeOf = async (stores: Stores, claim: Claim) => {
    if (claim.state === 'rejected' || claim.state === 'expired') throw claimOver(claim.state)
    const credential = await stores.credentials.findByAward(claim.awardId)
    const award = await stores.awards.find(claim.awardId)
    if (credential === undefined || award === undefined) throw errors.claimInvalid({})
    if (claim.state === 'open' && award.state !== 'issued') throw claimOver(claimStateOf(award))
    return { award, credentialId: credential.id }
  }

  /** Gives it to an account, once: what is theirs already stays so. Throws `claim-over`. */
  const take = async (stores: Stores, claim: Claim, award: Award, taker: Visitor): Promise<void> => {
    const { accountId, sessionId } = taker
    const now = clock.now()
    if (claim.state === 'claimed') {
      if (!isTakenBy(claim, taker)) throw claimOver(claim.state)
      return
    }
    if (!(await stores.claims.accept(claim.id, accountId, now, sessionId))) {
      // Somebody was faster: the same person, who pressed twice, or whoever said no. A session that was opened for this is undone.
      const decided = (await stores.claims.find(claim.id)) ?? claim
      if (isTakenBy(decided, taker)) return
      throw claimOver(decided.state)
    }
    await stores.confirmations.expireOf({ kind: 'claim', claimId: claim.id }, now)
    await stores.subjects.linkAccount(claim.organisationId, award.subjectId, accountId, now)
    await record(stores, claim, 'claim.accepted', now)
  }

  const decline = async (stores: Stores, claim: Claim): Promise<void> => {
    if (claim.state !== 'open') throw claimOver(claim.state)
    const now = clock.now()
    if (!(await stores.claims.reject(claim.id, now)))
      throw claimOver((await stores.claims.find(claim.id))?.state ?? claim.state)
    await stores.confirmations.expireOf({ kind: 'claim', claimId: claim.id }, now)
    await record(stores, claim, 'claim.rejected', now)
  }

  /** Not the account: it is the same in every organisation, and none is to see what others know of a person. */
  const record = (
    stores: Stores,
    { organisationId, id }: Claim,
    action: string,
    at: Instant,
  ): Promise<void> =>
    audit(stores, { organisationId, at, actor: 'earner', action, targetType: 'claim', targetId: id })

  /** One that was sent to an identity of theirs. Throws `not-found`. */
  const offeredTo = async (stores: Stores, visitor: Visitor, id: string): Promise<Claim> => {
    await requireFullSession(stores, visitor.sessionId, clock)
    const claim = await stores.claims.find(id as ClaimId)
    if (claim === undefined || !(await hasProven(stores, visitor.accountId, claim.identifier)))
      throw errors.notFound({ what: 'offer', id })
    return asOf(claim)
  }

  return {
    hasProven,
    matches,

    /** The claim of a link, while it can be accepted. Throws `claim-invalid`, `claim-over`. */
    openClaim: async (stores: Stores, token: string): Promise<Claim> => {
      const claim = await find(stores, token)
      if (claim.state !== 'open') throw claimOver(claim.state)
      const award = await stores.awards.find(claim.awardId)
      if (award === undefined) throw errors.claimInvalid({})
      if (award.state !== 'issued') throw claimOver(claimStateOf(award))
      return claim
    },

    /** To which identifier the badge of a link was sent. Throws `claim-invalid`, `claim-over`. */
    identifierOf: (token: string): Promise<Identifier> =>
      database.asWorker(async (stores) => {
        const claim = await find(stores, token)
        if (claim.state !== 'open') throw claimOver(claim.state)
        return claim.identifier
      }),

    /** What is offered by a claim link. Throws `claim-invalid`. */
    offer: (token: string, visitor?: Visitor): Promise<ClaimOffer> =>
      database.asWorker(async (stores) => {
        const claim = await find(stores, token)
        const award = await stores.awards.find(claim.awardId)
        if (award === undefined) throw errors.claimInvalid({})
        return offerOf(stores, claim, award, await matches(stores, visitor, claim.identifier))
      }),

    /**
     * Takes the badge home. Whoever is signed in as somebody else has to prove the identifier to which the badge was sent,
     * or to ask the awarder (`claim-mismatch`): it neither goes to another account nor changes who is signed in. A link that was mailed proves the address that it was mailed to, so it also opens a session:
     * one of an earner, which reaches badges and no organisation. Whoever is signed in as that person keeps the session
     * that they have. Pressing twice is harmless where one is signed in. A link that was used signs nobody in any more
     * (`claim-over`), from the first press on. Throws `claim-invalid`, `claim-over`, `claim-mismatch`.
     */
    accept: (token: string, visitor?: Visitor): Promise<AcceptedClaim> =>
      database.asWorker(async (stores) => {
        const claim = await find(stores, token)
        const { award, credentialId } = await badgeOf(stores, claim)
        const signedIn =
          visitor === undefined ? undefined : await stores.accounts.lockShared(visitor.accountId)
        const isSignedIn = signedIn !== undefined && (await hasProven(stores, signedIn, claim.identifier))
        if (!isSignedIn && (await matches(stores, visitor, claim.identifier)) === false)
          throw errors.claimMismatch({ identifier: maskedIdentifier(claim.identifier) })
        if (claim.state === 'claimed') {
          const isAgain = clock.now() - claim.decidedAt <= SECOND_PRESS_MS && isTakenBy(claim, visitor)
          if (!isAgain) throw claimOver(claim.state)
          return { credentialId }
        }
        if (visitor !== undefined && isSignedIn) {
          await take(stores, claim, award, { ...visitor, accountId: signedIn })
          return { credentialId }
        }
        const session = await signIn.openSession(stores, claim.identifier, 'earner')
        const { accountId, id: sessionId } = session
        await take(stores, claim, award, { accountId, sessionId, scope: 'earner' })
        return { credentialId, session }
      }),

    /**
     * Says no, for good. Whoever is signed in as somebody else does not say it for them.
     * Throws `claim-invalid`, `claim-over`, `claim-mismatch`.
     */
    reject: (token: string, visitor?: Visitor): Promise<void> =>
      database.asWorker(async (stores) => {
        const claim = await find(stores, token)
        if ((await matches(stores, visitor, claim.identifier)) === false)
          throw errors.claimMismatch({ identifier: maskedIdentifier(claim.identifier) })
        await decline(stores, claim)
      }),

    /** What waits for whoever is signed in, by any of their identities. Throws `full-session-required`. */
    mine: (visitor: Visitor): Promise<readonly OfferedBadge[]> =>
      database.asWorker(async (stores) => {
        await requireFullSession(stores, visitor.sessionId, clock)
        const identities = await stores.access.identities(visitor.accountId)
        const offered: OfferedBadge[] = []
        for (const claim of await stores.claims.offeredTo(identities, clock.now())) {
          const award = await stores.awards.find(claim.awardId)
          if (award?.state !== 'issued') continue
          offered.push({ id: claim.id, kind: 'award', offer: await offerOf(stores, claim, award, true) })
        }
        return offered
      }),

    /**
     * Takes home what waits for an identity of whoever is signed in, without its link. Pressing twice is harmless.
     * Throws `not-found`, `claim-over`, `full-session-required`.
     */
    acceptMine: (visitor: Visitor, id: string): Promise<CredentialId> =>
      database.asWorker(async (stores) => {
        const accountId = await stores.accounts.lockShared(visitor.accountId)
        const claim = await offeredTo(stores, visitor, id)
        const { award, credentialId } = await badgeOf(stores, claim)
        await take(stores, claim, award, { ...visitor, accountId })
        return credentialId
      }),

    /** Throws `not-found`, `claim-over`, `full-session-required`. */
    rejectMine: (visitor: Visitor, id: string): Promise<void> =>
      database.asWorker(async (stores) => decline(stores, await offeredTo(stores, visitor, id))),
  }
}

/** Whether it is theirs already. Of a session that a claim link opened: whether it was taken in this very one. */
export const isTakenBy = (
  claim: Claim,
  by: (Omit<Visitor, 'sessionId'> & Partial<Pick<Visitor, 'sessionId'>>) | undefined,
): boolean =>
  by !== undefined &&
  claim.state === 'claimed' &&
  claim.accountId === by.accountId &&
  (by.scope === undefined || claim.sessionId === by.sessionId)

/** What is said of the open claim of an award that is not issued (any more): the same wherever it is asked about. */
export const claimStateOf = ({ state }: Pick<Award, 'state'>): 'withdrawn' | 'expired' =>
  state === 'revoked' || state === 'refused' ? 'withdrawn' : 'expired'

/** As the edition says that counts. */
async function signedParts(stores: Stores, id: CredentialId): Promise<PersonalParts> {
  const [edition] = await stores.credentials.currentEditions([id])
  const document = edition === undefined ? {} : JSON.parse(new TextDecoder().decode(edition.signed))
  return readPersonalParts(document as JsonObject)
}
