import { domainOf } from '#engine/credentials/did-web.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { Identifier } from '#engine/events/identifier.ts'
import { MINUTE_MS } from '#engine/shared/duration.ts'
import type { AccountId, CredentialId } from '#engine/shared/ids.ts'
import { textIn } from '#engine/shared/localised-text.ts'
import { hashToken } from '#services/access/secret-token.ts'
import type { NewSession, SignIn } from '#services/access/sign-in.ts'
import { describeAchievement } from '#services/achievements/describe-achievement.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import { isTestIssuer } from '#services/issuers/issuer-marks.ts'
import type { Award } from '#services/ports/award-store.ts'
import type { Claim } from '#services/ports/claim-store.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { Hashes } from '#services/ports/hashes.ts'
import type { Stores } from '#services/ports/stores.ts'

/** How long after the first press a second one is taken for the same. */
const SECOND_PRESS_MS = 10 * MINUTE_MS

export interface ClaimBadgesNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly hashes: Hashes
  readonly audit: AuditTrail
  readonly signIn: SignIn
}

export interface AcceptedClaim {
  readonly credentialId: CredentialId
  readonly session?: NewSession
}

export interface ClaimOffer {
  readonly claim: Claim
  readonly award: Award
  readonly achievementName: string
  readonly achievementDescription: string
  readonly issuerName: string
  readonly issuerDomain: string
  readonly image?: string
  readonly test: boolean
  readonly credentialId?: CredentialId
}

export const createClaimBadges = ({ database, clock, hashes, audit, signIn }: ClaimBadgesNeeds) => {
  const find = async (stores: Stores, token: string): Promise<Claim> => {
    const claim = await stores.claims.findByToken(hashToken(token, hashes.sha256))
    if (claim === undefined) throw errors.claimInvalid({})
    if (claim.state === 'open' && claim.expiresAt <= clock.now()) return { ...claim, state: 'expired' }
    return claim
  }

  return {
    /** What is offered by a claim link. Throws `claim-invalid`. */
    offer: (token: string): Promise<ClaimOffer> =>
      database.asWorker(async (stores) => {
        const claim = await find(stores, token)
        const award = await stores.awards.find(claim.awardId)
        const issuer = award === undefined ? undefined : await stores.issuers.find(award.issuerId)
        const version =
          award === undefined ? undefined : await stores.achievements.version(award.achievementVersionId)
        if (award === undefined || issuer === undefined || version === undefined)
          throw errors.claimInvalid({})
        const described = describeAchievement(
          issuer,
          award.achievementId,
          version.version,
          version.definition,
        )
        const credential = await stores.credentials.findByAward(award.id)
        // What was taken back meanwhile is offered no more.
        const isOver = claim.state === 'open' && award.state !== 'issued'
        return {
          claim: isOver ? { ...claim, state: 'expired' } : claim,
          award,
          achievementName: textIn(
            version.definition.name,
            version.definition.language,
            version.definition.language,
          ),
          achievementDescription: described.description,
          issuerName: issuer.name,
          issuerDomain: domainOf(issuer.did) ?? new URL(issuer.origin).hostname,
          ...(described.image === undefined ? {} : { image: described.image.id }),
          test: isTestIssuer(issuer, await stores.organisations.find(claim.organisationId)),
          ...(claim.state === 'claimed' && credential !== undefined ? { credentialId: credential.id } : {}),
        }
      }),

    /**
     * Takes the badge home. A link that was mailed proves the address that it was mailed to, so it also opens a session:
     * one of an earner, which reaches badges and no organisation. Whoever is signed in as that person keeps the session
     * that they have (`signedIn`). Pressing twice is harmless; later the link signs nobody in any more, however long the
     * mail is kept. Throws `claim-invalid`, `claim-over`.
     */
    accept: (token: string, signedIn?: AccountId): Promise<AcceptedClaim> =>
      database.asWorker(async (stores) => {
        const claim = await find(stores, token)
        if (claim.state === 'rejected' || claim.state === 'expired')
          throw errors.claimOver({ state: claim.state })
        const credential = await stores.credentials.findByAward(claim.awardId)
        const award = await stores.awards.find(claim.awardId)
        if (credential === undefined || award === undefined) throw errors.claimInvalid({})
        if (award.state !== 'issued') throw errors.claimOver({ state: award.state })

        const now = clock.now()
        if (claim.state === 'claimed' && claim.decidedAt < now - SECOND_PRESS_MS)
          throw errors.claimOver({ state: claim.state })
        const isSignedIn = signedIn !== undefined && (await hasIdentity(stores, signedIn, claim.identifier))
        const session = isSignedIn ? undefined : await signIn.openSession(stores, claim.identifier, 'earner')
        const accountId = session?.accountId ?? (signedIn as AccountId)
        const accepted = { credentialId: credential.id, ...(session === undefined ? {} : { session }) }
        if (claim.state === 'claimed') {
          if (claim.accountId !== accountId) throw errors.claimOver({ state: claim.state })
          return accepted
        }
        if (!(await stores.claims.accept(claim.id, accountId, now))) {
          // Somebody was faster: the same person, who pressed twice, or whoever said no.
          const decided = await find(stores, token)
          if (decided.state === 'claimed' && decided.accountId === accountId) return accepted
          throw errors.claimOver({ state: decided.state })
        }
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
        if (claim.state !== 'open') throw errors.claimOver({ state: claim.state })
        const now = clock.now()
        if (!(await stores.claims.reject(claim.id, now)))
          throw errors.claimOver({ state: (await find(stores, token)).state })
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

/** An address as strangers may see it: `s•••@example.org`. */
export function maskedIdentifier({ type, value }: Identifier): string {
  if (type !== 'email' && type !== 'eppn') return `${type}:${value.slice(0, 2)}•••`
  const [name = '', domain = ''] = value.split('@')
  return `${name.slice(0, 1)}•••@${domain}`
}

const hasIdentity = async (
  stores: Stores,
  accountId: AccountId,
  { type, value }: Identifier,
): Promise<boolean> =>
  (await stores.access.identities(accountId)).some((each) => each.type === type && each.value === value)
