import { validUntil } from '#engine/achievements/achievement-definition.ts'
import { evidenceEntry } from '#engine/awards/award-evidence.ts'
import { resultEntries } from '#engine/awards/award-results.ts'
import { claimOver } from '#engine/claims/claim-over.ts'
import { achievementDocument } from '#engine/credentials/achievement-document.ts'
import { type PersonalParts, readPersonalParts } from '#engine/credentials/personal-parts.ts'
import { particularMembers } from '#engine/credentials/subject-particulars.ts'
import { type DirectAwardState, standingAsOf } from '#engine/direct-awards/direct-award-state.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { Identifier } from '#engine/events/identifier.ts'
import type {
  AccountId,
  AwardId,
  ClaimId,
  CredentialId,
  DirectAwardId,
  SubjectId,
} from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import { requireFullSession } from '#services/access/account-changes.ts'
import { hashToken } from '#services/access/secret-token.ts'
import type { SignIn } from '#services/access/sign-in.ts'
import { describeAchievement } from '#services/achievements/describe-achievement.ts'
import { wakeAskers } from '#services/awards/wake-askers.ts'
import {
  type AcceptedClaim,
  type ClaimBadges,
  type ClaimOffer,
  isTakenBy,
  type OfferedBadge,
  SECOND_PRESS_MS,
  type Visitor,
} from '#services/claims/claim-badges.ts'
import { describeOffer } from '#services/claims/describe-offer.ts'
import { maskedIdentifier } from '#services/claims/masked-identifier.ts'
import { personOfAccount } from '#services/facts/fact-people.ts'
import type { AchievementVersion } from '#services/ports/achievement-store.ts'
import type { Award } from '#services/ports/award-store.ts'
import { crashPoint } from '#services/ports/crash-points.ts'
import type { DirectAward } from '#services/ports/direct-award-store.ts'
import type { Issuer } from '#services/ports/issuer-store.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { RuleSets } from '#services/rules/rule-sets.ts'
import type { DirectAwardNeeds } from './direct-award-needs.ts'
import { hashOfCode } from './direct-award-secrets.ts'
import { moveDirectAward } from './move-direct-award.ts'

export interface ClaimDirectAwardsNeeds extends DirectAwardNeeds {
  readonly signIn: SignIn
  readonly ruleSets: RuleSets
  /** What is done with links of other awards. */
  readonly claims: ClaimBadges
}

/** Whose it becomes, and in which session; none where an awarder says that it is theirs. */
type Taker = Omit<Visitor, 'sessionId'> & Partial<Pick<Visitor, 'sessionId'>>

/** A direct award as the one sees it to whom it was sent. */
export interface OfferedDirectAward {
  readonly award: DirectAward
  readonly offer: ClaimOffer
}

/**
 * What earners do with direct awards: by the mailed link, which works as that of any badge, by a code, or signed in with
 * the identifier to which it was sent. The award is made, and its credential signed, when it is claimed.
 */
export const createClaimDirectAwards = (needs: ClaimDirectAwardsNeeds) => {
  const { database, clock, random, hashes, audit, wakeUps, signIn, ruleSets, claims } = needs

  /** Nobody has been offered what is still scheduled. */
  const byToken = async (stores: Stores, token: string): Promise<DirectAward | undefined> => {
    const award = await stores.directAwards.findByToken(hashToken(token, hashes.sha256))
    return award?.standing.state === 'scheduled' ? undefined : award
  }

  const offerOf = async (stores: Stores, award: DirectAward, matches?: boolean): Promise<ClaimOffer> => {
    const { described, issuer, version } = await describeOffer(stores, award)
    const credential =
      award.awardId === undefined ? undefined : await stores.credentials.findByAward(award.awardId)
    const { state } = standingAsOf(award.standing, clock.now())
    const isGone = state === 'unaccepted' && version.state === 'withdrawn'
    const isOpen = state === 'unaccepted' && !isGone && matches !== false
    return {
      claim: {
        state: isGone ? 'withdrawn' : CLAIM_STATE[state],
        identifier: award.identifier,
        expiresAt: award.expiresAt ?? award.scheduledAt,
      },
      award: { achievementId: award.achievementId, awardedAt: award.sentAt ?? award.scheduledAt },
      ...described,
      ...(matches === undefined ? {} : { matches }),
      ...(isOpen ? { parts: partsToBe(issuer, version, award) } : {}),
      ...(state === 'claimed' && credential !== undefined ? { credentialId: credential.id } : {}),
    }
  }

  /**
   * Makes the award of one that the caller has locked: it is signed by the issue step. Who proved the identifier is the
   * person of that identifier; who did not gets the badge as who they are, and sees nothing else of that person.
   */
  const claim = async (
    stores: Stores,
    award: DirectAward,
    taker: Taker,
    isProven: boolean,
  ): Promise<CredentialId> => {
    const now = clock.now()
    const { accountId } = taker
    const { standing, organisationId } = award
    if (standing.state === 'claimed') return claimedBefore(stores, award, taker, now)
    const version = await stores.achievements.version(award.achievementVersionId)
    if (version === undefined || version.state === 'withdrawn') throw claimOver('withdrawn')
    const sentAt = award.sentAt ?? now
    const subjectId = isProven
      ? await subjectOf(stores, award)
      : await subjectOfAccount(stores, award, accountId, now)
    // From the claim, when the badge is made: counted from the offer it could be over before anybody had it.
    const end = validUntil(version.definition, now)
    const { narrative, evidence, results, particulars } = award
    const granted: Award = {
      organisationId,
      id: random.rowId() as AwardId,
      issuerId: award.issuerId,
      achievementId: award.achievementId,
      achievementVersionId: award.achievementVersionId,
      subjectId,
      state: 'due',
      awardedAt: sentAt,
      grantedAt: now,
      revision: 1,
      ...(narrative === undefined ? {} : { narrative }),
      ...(evidence === undefined ? {} : { evidence }),
      ...(results === undefined ? {} : { results }),
      ...(particulars === undefined ? {} : { particulars }),
      ...(end === undefined ? {} : { validUntil: end }),
    }
    await stores.awards.grant([granted])
    const moved = await moveDirectAward(
      needs,
      stores,
      award,
      { kind: 'claim', at: now },
      // Not the account: it is the same in every organisation, and none is to see what others know of a person.
      { actor: 'earner', awardId: granted.id },
    )
    if (moved === undefined) throw claimOver(standingAsOf(standing, now).state)
    const credential = await stores.credentials.ofAward({
      organisationId,
      id: random.uuid() as CredentialId,
      awardId: granted.id,
      issuerId: award.issuerId,
      subjectUri: `urn:uuid:${random.uuid()}`,
      visibility: 'private',
      publicOmits: [],
      createdAt: now,
    })
    await openAndAccept(stores, award, granted.id, taker, now)
    await stores.subjects.linkAccount(organisationId, subjectId, accountId, now)
    await wakeAskers(stores, ruleSets, granted, now)
    crashPoint('claim.before-commit')
    return credential.id
  }

  const openAndAccept = async (
    stores: Stores,
    { organisationId, identifier, sentAt, expiresAt }: DirectAward,
    awardId: AwardId,
    { accountId, sessionId }: Taker,
    now: Instant,
  ): Promise<void> => {
    const id = random.rowId() as ClaimId
    await stores.claims.open([
      {
        organisationId,
        id,
        awardId,
        identifier,
        state: 'open',
        openedAt: sentAt ?? now,
        expiresAt: expiresAt ?? now,
        // A link of its own that nobody is sent: the direct award answers for the one that was.
        tokenHash: hashes.sha256(random.bytes(32)),
      },
    ])
    await stores.claims.accept(id, accountId, now, sessionId)
    await audit(stores, {
      organisationId,
      at: now,
      actor: 'earner',
      action: 'claim.accepted',
      targetType: 'claim',
      targetId: id,
    })
  }

  const subjectOf = async (
    stores: Stores,
    { organisationId, identifier }: DirectAward,
  ): Promise<SubjectId> => {
    const [known] = (await stores.subjects.byIdentifiers(organisationId, [identifier])).values()
    if (known !== undefined) return known
    const wanted = { id: random.rowId() as SubjectId, identifier }
    const [made] = (await stores.subjects.create(organisationId, [wanted])).values()
    return made ?? wanted.id
  }

  const subjectOfAccount = async (
    stores: Stores,
    { organisationId }: DirectAward,
    accountId: AccountId,
    now: Instant,
  ): Promise<SubjectId> => {
    const identities = await stores.access.identities(accountId)
    const person = await personOfAccount(stores, organisationId, accountId, identities, {
      create: true,
      random,
      now,
    })
    if (person === undefined) throw new Error('An account has no identity.')
    return person.subjectId
  }

  /** Pressing twice is harmless; later the link says that it is over. */
  const claimedBefore = async (
    stores: Stores,
    { awardId, standing }: DirectAward,
    taker: Taker,
    now: Instant,
  ): Promise<CredentialId> => {
    const before = awardId === undefined ? undefined : await stores.claims.findByAward(awardId)
    const credential = awardId === undefined ? undefined : await stores.credentials.findByAward(awardId)
    const isRecent = standing.state === 'claimed' && now - standing.claimedAt <= SECOND_PRESS_MS
    const isTheirs = before !== undefined && isTakenBy(before, taker)
    if (!isRecent || !isTheirs || credential === undefined) throw claimOver(standing.state)
    return credential.id
  }

  /** Locked, while it can be claimed. Throws `claim-over`. */
  const held = async (stores: Stores, { id }: DirectAward): Promise<DirectAward> => {
    const award = await stores.directAwards.lock(id)
    if (award === undefined) throw errors.claimInvalid({})
    const { state } = standingAsOf(award.standing, clock.now())
    if (state !== 'unaccepted' && state !== 'claimed') throw claimOver(CLAIM_STATE[state])
    return award
  }

  const acceptByLink = async (
    stores: Stores,
    found: DirectAward,
    visitor: Visitor | undefined,
  ): Promise<AcceptedClaim> => {
    const award = await held(stores, found)
    const { identifier, standing } = award
    const signedIn = visitor === undefined ? undefined : await stores.accounts.lockShared(visitor.accountId)
    if (
      visitor !== undefined &&
      signedIn !== undefined &&
      (await claims.hasProven(stores, signedIn, identifier))
    )
      return { credentialId: await claim(stores, award, { ...visitor, accountId: signedIn }, true) }
    if ((await claims.matches(stores, visitor, identifier)) === false)
      throw errors.claimMismatch({ identifier: maskedIdentifier(identifier) })
    // From the first press on the link signs nobody in any more.
    if (standing.state === 'claimed') throw claimOver(standing.state)
    const session = await signIn.openSession(stores, identifier, 'earner')
    const { accountId, id: sessionId } = session
    return {
      credentialId: await claim(stores, award, { accountId, sessionId, scope: 'earner' }, true),
      session,
    }
  }

  const reject = async (stores: Stores, found: DirectAward): Promise<void> => {
    const award = await held(stores, found)
    const said = { actor: 'earner' }
    const moved = await moveDirectAward(needs, stores, award, { kind: 'reject', at: clock.now() }, said)
    if (moved === undefined) throw claimOver(award.standing.state)
  }

  /** One that was sent to an identity of theirs. Throws `not-found`. */
  const offeredTo = async (
    stores: Stores,
    visitor: Visitor,
    id: DirectAwardId,
    what = 'direct award',
  ): Promise<DirectAward> => {
    await requireFullSession(stores, visitor.sessionId, clock)
    const award = await stores.directAwards.find(id)
    const isTheirs =
      award !== undefined &&
      award.standing.state !== 'scheduled' &&
      (await claims.hasProven(stores, visitor.accountId, award.identifier))
    if (award === undefined || !isTheirs) throw errors.notFound({ what, id })
    return award
  }

  const claimed = async <T>(work: (stores: Stores) => Promise<T>): Promise<T> => {
    const done = await database.asWorker(work)
    if (done !== undefined) crashPoint('claim.after-commit')
    await wakeUps.wake('issue')
    await wakeUps.wake('timers')
    return done
  }

  /** What is on offer to whoever is signed in, by any of their identities. Throws `full-session-required`. */
  const mine = (visitor: Visitor): Promise<readonly OfferedDirectAward[]> =>
    database.asWorker(async (stores) => {
      await requireFullSession(stores, visitor.sessionId, clock)
      const identities = await stores.access.identities(visitor.accountId)
      const offered: OfferedDirectAward[] = []
      for (const award of await stores.directAwards.offeredTo(identities, clock.now()))
        offered.push({ award, offer: await offerOf(stores, award, true) })
      return offered
    })

  /** Throws `not-found`, `claim-over`, `full-session-required`. */
  const claimMine = (visitor: Visitor, id: DirectAwardId, what?: string): Promise<CredentialId> =>
    claimed(async (stores) => {
      const accountId = await stores.accounts.lockShared(visitor.accountId)
      const award = await held(stores, await offeredTo(stores, visitor, id, what))
      return claim(stores, award, { ...visitor, accountId }, true)
    })

  /** Throws `not-found`, `claim-over`, `full-session-required`. */
  const rejectMine = (visitor: Visitor, id: DirectAwardId, what?: string): Promise<void> =>
    database.asWorker(async (stores) => reject(stores, await offeredTo(stores, visitor, id, what)))

  const isDirectAward = (id: string): Promise<boolean> =>
    database.asWorker(async (stores) => (await stores.directAwards.find(id as DirectAwardId)) !== undefined)

  /** The links and offers of all awards, direct ones among them. */
  const links: ClaimBadges = {
    ...claims,

    identifierOf: async (token) => {
      const award = await database.asWorker((stores) => byToken(stores, token))
      if (award === undefined) return claims.identifierOf(token)
      const { state } = standingAsOf(award.standing, clock.now())
      if (state !== 'unaccepted') throw claimOver(CLAIM_STATE[state])
      return award.identifier
    },

    offer: async (token, visitor) => {
      const offer = await database.asWorker(async (stores) => {
        const award = await byToken(stores, token)
        return award && offerOf(stores, award, await claims.matches(stores, visitor, award.identifier))
      })
      return offer ?? claims.offer(token, visitor)
    },

    accept: async (token, visitor) => {
      const accepted = await claimed(async (stores) => {
        const award = await byToken(stores, token)
        return award && acceptByLink(stores, award, visitor)
      })
      return accepted ?? claims.accept(token, visitor)
    },

    reject: async (token, visitor) => {
      const isDirect = await database.asWorker(async (stores) => {
        const award = await byToken(stores, token)
        if (award === undefined) return false
        if ((await claims.matches(stores, visitor, award.identifier)) === false)
          throw errors.claimMismatch({ identifier: maskedIdentifier(award.identifier) })
        await reject(stores, award)
        return true
      })
      if (!isDirect) await claims.reject(token, visitor)
    },

    mine: async (visitor) => {
      const direct = await mine(visitor)
      const offered = direct.map(
        ({ award, offer }): OfferedBadge => ({ id: award.id, kind: 'direct-award', offer }),
      )
      return [...offered, ...(await claims.mine(visitor))].sort(
        (a, b) => b.offer.award.awardedAt - a.offer.award.awardedAt,
      )
    },

    acceptMine: async (visitor, id) =>
      (await isDirectAward(id))
        ? claimMine(visitor, id as DirectAwardId, 'offer')
        : claims.acceptMine(visitor, id),

    rejectMine: async (visitor, id) =>
      (await isDirectAward(id))
        ? rejectMine(visitor, id as DirectAwardId, 'offer')
        : claims.rejectMine(visitor, id),
  }

  return {
    links,
    mine,
    claimMine: (visitor: Visitor, id: DirectAwardId): Promise<CredentialId> => claimMine(visitor, id),
    rejectMine: (visitor: Visitor, id: DirectAwardId): Promise<void> => rejectMine(visitor, id),

    /** For questions to awarders, in the transaction of whoever asks or answers. */
    questioned: {
      /** The one of a link, held, while it can be claimed; undefined where the link is of another award. Throws `claim-over`. */
      open: async (stores: Stores, token: string): Promise<DirectAward | undefined> => {
        const found = await byToken(stores, token)
        const award = found === undefined ? undefined : await held(stores, found)
        if (award?.standing.state === 'claimed') throw claimOver('claimed')
        return award
      },

      /**
       * Sends one that is held to the identity that an awarder takes for that of the same person, and claims it for its
       * account. Throws `claim-over`. Wake `issue` and `timers` after the commit.
       */
      giveTo: async (
        stores: Stores,
        award: DirectAward,
        { accountId, identifier }: { readonly accountId: AccountId; readonly identifier: Identifier },
        by: string,
      ): Promise<void> => {
        const now = clock.now()
        const { state } = standingAsOf(award.standing, now)
        if (state !== 'unaccepted') throw claimOver(CLAIM_STATE[state])
        await audit(stores, {
          organisationId: award.organisationId,
          at: now,
          actor: by,
          action: 'direct_award.changed',
          targetType: 'direct_award',
          targetId: award.id,
        })
        await claim(stores, { ...award, identifier }, { accountId }, true)
      },
    },

    /**
     * Claims by a code, as whoever is signed in: the code was handed or mailed to them. What was sent to an eppn is for
     * an account with that identity. Throws `code-unknown`, `claim-over`, `claim-mismatch`, `full-session-required`.
     */
    claimByCode: (visitor: Visitor, text: string): Promise<CredentialId> => {
      const hash = hashOfCode(text, hashes)
      return claimed(async (stores) => {
        const accountId = await stores.accounts.lockShared(visitor.accountId)
        await requireFullSession(stores, visitor.sessionId, clock)
        const found = await stores.directAwards.findByCode(hash)
        if (found === undefined || found.standing.state === 'scheduled') throw errors.codeUnknown({})
        const award = await held(stores, found)
        const isProven = await claims.hasProven(stores, accountId, award.identifier)
        if (!isProven && award.identifier.type === 'eppn')
          throw errors.claimMismatch({ identifier: maskedIdentifier(award.identifier) })
        return claim(stores, award, { ...visitor, accountId }, isProven)
      })
    },
  }
}

/** How the page of a claim calls it. */
const CLAIM_STATE: Readonly<Record<DirectAwardState, ClaimOffer['claim']['state']>> = {
  scheduled: 'expired',
  unaccepted: 'open',
  claimed: 'claimed',
  rejected: 'rejected',
  revoked: 'withdrawn',
  expired: 'expired',
  deleted: 'withdrawn',
}

/** What its credential will say of this person: it is signed once it is claimed. */
function partsToBe(
  issuer: Issuer,
  { version, definition }: AchievementVersion,
  { achievementId, narrative, evidence = [], results = [], particulars = {} }: DirectAward,
): PersonalParts {
  const achievement = describeAchievement(issuer, achievementId, version, definition)
  const said = resultEntries(achievement.id, definition.resultDescriptions ?? [], results)
  return readPersonalParts({
    credentialSubject: {
      achievement: achievementDocument(achievement, false),
      ...particularMembers(particulars),
      ...(narrative === undefined ? {} : { narrative }),
      result: said.map((each) => ({ ...each })),
    },
    evidence: evidence.map((each) => ({ ...evidenceEntry(each) })),
  })
}
