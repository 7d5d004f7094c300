import { claimOver } from '#engine/claims/claim-over.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { Identifier } from '#engine/events/identifier.ts'
import { MINUTE_MS } from '#engine/shared/duration.ts'
import type { AccountId, CredentialId } from '#engine/shared/ids.ts'
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
}

export interface AcceptedClaim {
  readonly credentialId: CredentialId
  readonly session?: NewSession
}

export interface ClaimOffer extends DescribedOffer {
  readonly claim: Pick<Claim, 'state' | 'identifier' | 'expiresAt'>
  readonly award: Pick<Award, 'achievementId' | 'awardedAt' | 'byRule'>
  /** Whether whoever is signed in has proven the identifier to which the badge was sent. */
  readonly matches?: boolean
  readonly credentialId?: CredentialId
}

export type ClaimBadges = ReturnType<typeof createClaimBadges>

export const createClaimBadges = ({ database, clock, hashes, audit, signIn }: ClaimBadgesNeeds) => {
  const find = async (stores: Stores, token: string): Promise<Claim> => {
    const claim = await stores.claims.findByToken(hashToken(token, hashes.sha256))
    if (claim === undefined) throw errors.claimInvalid({})
    if (claim.state === 'open' && claim.expiresAt <= clock.now()) return { ...claim, state: 'expired' }
    return claim
  }

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

  return {
    hasProven,
    matches,

    /** The claim of a link, while it can be accepted. Throws `claim-invalid`, `claim-over`. */
    openClaim: async (stores: Stores, token: string): Promise<Claim> => {
      const claim = await find(stores, token)
      if (claim.state !== 'open') throw claimOver(claim.state)
      const award = await stores.awards.find(claim.awardId)
      if (award === undefined) throw errors.claimInvalid({})
      if (award.state !== 'issued') throw claimOver(award.state)
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
        const { described } = await describeOffer(stores, award)
        const credential = await stores.credentials.findByAward(award.id)
        const doesMatch = await matches(stores, visitor, claim.identifier)
        // What was taken back meanwhile is offered no more.
        const isOver = claim.state === 'open' && award.state !== 'issued'
        return {
          claim: isOver ? { ...claim, state: 'expired' } : claim,
          award,
          ...described,
          ...(doesMatch === undefined ? {} : { matches: doesMatch }),
          ...(claim.state === 'claimed' && credential !== undefined ? { credentialId: credential.id } : {}),
        }
      }),

    /**
     * Takes the badge home. Whoever is signed in as somebody else has to prove the identifier to which the badge was sent,
     * or to ask the awarder (`claim-mismatch`): it neither goes to another account nor changes who is signed in. A link that was mailed proves the address that it was mailed to, so it also opens a session:
     * one of an earner, which reaches badges and no organisation. Whoever is signed in as that person keeps the session
     * that they have. Pressing twice is harmless; later the link signs nobody in any more, however long the
     * mail is kept. Throws `claim-invalid`, `claim-over`, `claim-mismatch`.
     */
    accept: (token: string, visitor?: Visitor): Promise<AcceptedClaim> =>
      database.asWorker(async (stores) => {
        const claim = await find(stores, token)
        if (claim.state === 'rejected' || claim.state === 'expired') throw claimOver(claim.state)
        const credential = await stores.credentials.findByAward(claim.awardId)
        const award = await stores.awards.find(claim.awardId)
        if (credential === undefined || award === undefined) throw errors.claimInvalid({})
        if (award.state !== 'issued') throw claimOver(award.state)

        const now = clock.now()
        if (claim.state === 'claimed' && claim.decidedAt < now - SECOND_PRESS_MS) throw claimOver(claim.state)
        const signedIn =
          visitor === undefined ? undefined : await stores.accounts.lockShared(visitor.accountId)
        const isSignedIn = signedIn !== undefined && (await hasProven(stores, signedIn, claim.identifier))
        if (!isSignedIn && (await matches(stores, visitor, claim.identifier)) === false)
          throw errors.claimMismatch({ identifier: maskedIdentifier(claim.identifier) })
        const session = isSignedIn ? undefined : await signIn.openSession(stores, claim.identifier, 'earner')
        const accountId = session?.accountId ?? (signedIn as AccountId)
        const accepted = { credentialId: credential.id, ...(session === undefined ? {} : { session }) }
        if (claim.state === 'claimed') {
          if (claim.accountId !== accountId) throw claimOver(claim.state)
          return accepted
        }
        if (!(await stores.claims.accept(claim.id, accountId, now))) {
          // Somebody was faster: the same person, who pressed twice, or whoever said no.
          const decided = await find(stores, token)
          if (decided.state === 'claimed' && decided.accountId === accountId) return accepted
          throw claimOver(decided.state)
        }
        await stores.confirmations.expireOf({ kind: 'claim', claimId: claim.id }, now)
        await stores.subjects.linkAccount(claim.organisationId, award.subjectId, accountId, now)
        await audit(stores, {
          organisationId: claim.organisationId,
          at: now,
          // Not the account: it is the same in every organisation, and none is to see what others know of a person.
          actor: 'earner',
          action: 'claim.accepted',
          targetType: 'claim',
          targetId: claim.id,
        })
        return accepted
      }),

    reject: (token: string): Promise<void> =>
      database.asWorker(async (stores) => {
        const claim = await find(stores, token)
        if (claim.state !== 'open') throw claimOver(claim.state)
        const now = clock.now()
        if (!(await stores.claims.reject(claim.id, now))) throw claimOver((await find(stores, token)).state)
        await stores.confirmations.expireOf({ kind: 'claim', claimId: claim.id }, now)
        await audit(stores, {
          organisationId: claim.organisationId,
          at: now,
          actor: 'earner',
          action: 'claim.rejected',
          targetType: 'claim',
          targetId: claim.id,
        })
      }),
  }
}
