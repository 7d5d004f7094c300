import { actorOf, type Principal } from '#engine/access/rights.ts'
import {
  afterMove,
  type ConfirmationState,
  possibleMoves,
  stateAsOf,
} from '#engine/claims/claim-confirmation.ts'
import { claimOver } from '#engine/claims/claim-over.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { Identifier } from '#engine/events/identifier.ts'
import { DAY_MS } from '#engine/shared/duration.ts'
import type {
  AchievementId,
  AwardId,
  ClaimId,
  DirectAwardId,
  OrganisationId,
  SubjectId,
} from '#engine/shared/ids.ts'
import { asInstant, type Instant } from '#engine/shared/instant.ts'
import { textIn } from '#engine/shared/localised-text.ts'
import { requireFullSession } from '#services/access/account-changes.ts'
import { achievementsWith } from '#services/access/achievements-with.ts'
import { requireRightOnAchievement } from '#services/access/authorise.ts'
import { mainAddress } from '#services/access/main-address.ts'
import type { Person } from '#services/access/manage-account.ts'
import { personOf } from '#services/access/person-of.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import type { createClaimDirectAwards } from '#services/direct-awards/claim-direct-awards.ts'
import { confirmationDecidedMail, confirmationNoticeMail } from '#services/mail/confirmation-mails.ts'
import type { MailMessage } from '#services/mail/mail-message.ts'
import { queueMail } from '#services/mail/queue-mail.ts'
import type { Award } from '#services/ports/award-store.ts'
import type { Claim } from '#services/ports/claim-store.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { ClaimConfirmation, Questioned } from '#services/ports/confirmation-store.ts'
import type { Database } from '#services/ports/database.ts'
import type { DirectAward } from '#services/ports/direct-award-store.ts'
import type { Issuer } from '#services/ports/issuer-store.ts'
import type { Page, PageRequest } from '#services/ports/page.ts'
import type { Random } from '#services/ports/random.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { WakeUps } from '#services/ports/wake-ups.ts'
import { type ClaimBadges, claimStateOf } from './claim-badges.ts'
import { maskedIdentifier } from './masked-identifier.ts'

/** How long an awarder has to answer. */
const ANSWER_MS = 14 * DAY_MS

export interface ConfirmClaimsNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly audit: AuditTrail
  readonly wakeUps: WakeUps
  readonly claims: ClaimBadges
  readonly directAwards: ReturnType<typeof createClaimDirectAwards>['questioned']
  readonly origin: string
}

/** A question as its reader sees it: in the state that it has now. */
export interface ConfirmationView {
  readonly confirmation: ClaimConfirmation
  readonly state: ConfirmationState
  readonly achievementName: string
  readonly issuerName: string
  /** To which the badge was sent. */
  readonly sentTo: Identifier
  readonly achievementId: AchievementId
  /** Of a direct award these are known once it is claimed. */
  readonly awardId?: AwardId
  readonly subjectId?: SubjectId
  readonly directAwardId?: DirectAwardId
}

/** A badge that somebody asks for. */
interface About {
  readonly badge:
    | { readonly kind: 'claim'; readonly claim: Claim; readonly award: Award }
    | { readonly kind: 'direct_award'; readonly offer: DirectAward; readonly award?: Award }
  readonly organisationId: OrganisationId
  readonly sentTo: Identifier
  /** Nobody can claim it any more from then on. */
  readonly until: Instant
  readonly issuer: Issuer
  readonly achievementId: AchievementId
  readonly achievementName: string
}

/**
 * A badge was sent to one identifier, and the learner signs in with another. Where they cannot prove the first one too,
 * whoever may award the badge is asked whether they are the same person. Nothing happens silently: the address to which
 * the badge was sent is told of the question and of the answer.
 */
export const createConfirmClaims = (needs: ConfirmClaimsNeeds) => {
  const { database, clock, random, audit, wakeUps, claims, directAwards, origin } = needs

  const about = async (stores: Stores, of: Questioned): Promise<About | undefined> => {
    const found =
      of.kind === 'claim' ? await claimed(stores, of.claimId) : await offered(stores, of.directAwardId)
    if (found === undefined) return undefined
    const { achievementVersionId, issuerId, ...rest } = found
    const issuer = await stores.issuers.find(issuerId)
    const version = await stores.achievements.version(achievementVersionId)
    if (issuer === undefined || version === undefined) return undefined
    const { name, language } = version.definition
    return { ...rest, issuer, achievementName: textIn(name, language, language) }
  }

  const view = async (stores: Stores, confirmation: ClaimConfirmation): Promise<ConfirmationView> => {
    const found = await about(stores, confirmation.of)
    if (found === undefined) throw errors.notFound({ what: 'claim', id: confirmation.id })
    const { badge, achievementId, achievementName, sentTo } = found
    return {
      confirmation,
      state: stateAsOf(confirmation, clock.now()),
      achievementName,
      issuerName: found.issuer.name,
      sentTo,
      achievementId,
      ...(badge.award === undefined ? {} : { awardId: badge.award.id, subjectId: badge.award.subjectId }),
      ...(badge.kind === 'claim' ? {} : { directAwardId: badge.offer.id }),
    }
  }

  const send = (
    stores: Stores,
    organisationId: OrganisationId,
    to: string,
    message: MailMessage,
  ): Promise<void> => queueMail({ random, origin }, stores, { organisationId, to, now: clock.now() }, message)

  /**
   * For whoever decides: held, with its badge, and with the right to award it. A direct award is held before its questions,
   * as by whoever ends it.
   */
  const held = async (stores: Stores, principal: Principal, organisationId: OrganisationId, id: string) => {
    const seen = await stores.confirmations.find(id)
    if (seen?.of.kind === 'direct_award') await stores.directAwards.lock(seen.of.directAwardId)
    const confirmation = await stores.confirmations.lock(id)
    const found = confirmation === undefined ? undefined : await about(stores, confirmation.of)
    if (confirmation === undefined || found === undefined)
      throw errors.notFound({ what: 'claim confirmation', id })
    await requireRightOnAchievement(stores, principal, 'award', organisationId, found.achievementId)
    const by = await personOf(stores, organisationId, actorOf(principal))
    if (by === `account:${confirmation.accountId}`) throw errors.secondPersonNeeded({ right: 'award' })
    return { confirmation, found }
  }

  const assertPossible = (confirmation: ClaimConfirmation, move: 'confirm' | 'refuse' | 'withdraw'): void => {
    const state = stateAsOf(confirmation, clock.now())
    if (afterMove(state, move) === undefined)
      throw errors.confirmationOver({ state, possible: possibleMoves(state) })
  }

  const tellDecision = async (
    stores: Stores,
    confirmation: ClaimConfirmation,
    { sentTo, issuer, achievementName }: About,
    decision: { readonly confirmed: boolean; readonly reason?: string },
  ): Promise<void> => {
    const { contact, identifier, language, organisationId } = confirmation
    const question = (shown: string) => ({
      url: origin,
      language,
      achievement: achievementName,
      issuer: issuer.name,
      shown,
    })
    if (contact !== undefined)
      await send(
        stores,
        organisationId,
        contact,
        confirmationDecidedMail(question(identifier.value), decision),
      )
    if (sentTo.type === 'email' && sentTo.value !== contact)
      await send(
        stores,
        organisationId,
        sentTo.value,
        confirmationDecidedMail(question(maskedIdentifier(identifier)), decision),
      )
  }

  /** To the account that asked. Throws `claim-over`. */
  const give = async (
    stores: Stores,
    { claim, award }: { readonly claim: Claim; readonly award: Award },
    { organisationId, accountId }: ClaimConfirmation,
    by: string,
  ): Promise<void> => {
    const at = clock.now()
    if (award.state !== 'issued') throw claimOver(claimStateOf(award))
    if (claim.state === 'open' && claim.expiresAt <= at) throw claimOver('expired')
    if (!(await stores.claims.accept(claim.id, accountId, at)))
      throw claimOver((await stores.claims.find(claim.id))?.state ?? claim.state)
    await stores.subjects.linkAccount(organisationId, award.subjectId, accountId, at)
    await stores.confirmations.expireOf({ kind: 'claim', claimId: claim.id }, at)
    await audit(stores, {
      organisationId,
      at,
      actor: by,
      action: 'claim.accepted',
      targetType: 'claim',
      targetId: claim.id,
    })
  }

  return {
    /**
     * Asks the awarder, in the name of an identity that whoever is signed in shows to them. One open question for each
     * account and claim.
     * Throws `claim-invalid`, `claim-over`, `claim-matches`, `confirmation-exists`, `not-found`, `full-session-required`.
     */
    ask: async (
      person: Person,
      token: string,
      { identityId, message }: { readonly identityId: string; readonly message?: string },
    ): Promise<ConfirmationView> => {
      const asked = await database.asWorker(async (stores) => {
        // 1. Load.
        await stores.accounts.lock(person.accountId)
        await requireFullSession(stores, person.sessionId, clock)
        const offer = await directAwards.open(stores, token)
        const of: Questioned =
          offer === undefined
            ? { kind: 'claim', claimId: (await claims.openClaim(stores, token)).id }
            : { kind: 'direct_award', directAwardId: offer.id }
        const found = await about(stores, of)
        const account = await stores.accounts.find(person.accountId)
        const identity = account?.identities.find(({ id }) => id === identityId)
        if (found === undefined) throw errors.claimInvalid({})
        if (account === undefined || identity === undefined)
          throw errors.notFound({ what: 'identity', id: identityId })

        // 2. Decide.
        if (await claims.hasProven(stores, person.accountId, found.sentTo)) throw errors.claimMatches({})
        const now = clock.now()
        const contact = mainAddress(account)
        const { organisationId, sentTo } = found
        const confirmation = {
          organisationId,
          id: random.uuid(),
          of,
          accountId: person.accountId,
          identifier: { type: identity.type, value: identity.value },
          ...(contact === undefined ? {} : { contact }),
          language: account.language,
          ...(message === undefined ? {} : { message }),
          state: 'asked' as const,
          askedAt: now,
          expiresAt: asInstant(Math.min(now + ANSWER_MS, found.until)),
        }

        // 3. Save, which tells whoever may answer, and tell the address to which the badge was sent.
        if (!(await stores.confirmations.insert(confirmation))) {
          const open = await stores.confirmations.openOf(of, person.accountId, now)
          throw errors.confirmationExists({ id: open?.id ?? '' })
        }
        await audit(stores, {
          organisationId,
          at: now,
          actor: 'earner',
          action: 'claim_confirmation.asked',
          targetType: 'claim_confirmation',
          targetId: confirmation.id,
          detail: { identifier: identity.value },
        })
        if (sentTo.type === 'email')
          await send(
            stores,
            organisationId,
            sentTo.value,
            confirmationNoticeMail({
              achievement: found.achievementName,
              issuer: found.issuer.name,
              url: origin,
              shown: maskedIdentifier(identity),
              language: account.language,
            }),
          )
        return view(stores, confirmation)
      })
      await wakeUps.wake('mail')
      return asked
    },

    /** The questions of whoever is signed in. */
    mine: (person: Person): Promise<readonly ConfirmationView[]> =>
      database.asWorker(async (stores) => {
        const views: ConfirmationView[] = []
        for (const each of await stores.confirmations.ofAccount(person.accountId))
          views.push(await view(stores, each))
        return views
      }),

    /** Takes a question back. Throws `not-found`, `confirmation-over`. */
    withdraw: (person: Person, id: string): Promise<ConfirmationView> =>
      database.asWorker(async (stores) => {
        const confirmation = await stores.confirmations.lock(id)
        if (confirmation === undefined || confirmation.accountId !== person.accountId)
          throw errors.notFound({ what: 'claim confirmation', id })
        assertPossible(confirmation, 'withdraw')
        const at = clock.now()
        await stores.confirmations.decide(id, { state: 'withdrawn', at })
        await audit(stores, {
          organisationId: confirmation.organisationId,
          at,
          actor: 'earner',
          action: 'claim_confirmation.withdrawn',
          targetType: 'claim_confirmation',
          targetId: id,
        })
        return view(stores, { ...confirmation, state: 'withdrawn', decidedAt: at })
      }),

    /** For those who may award: the questions about what they may award, the newest first. */
    list: (
      principal: Principal,
      organisationId: OrganisationId,
      page: PageRequest,
      filter: { readonly state?: ConfirmationState },
    ): Promise<Page<ConfirmationView>> =>
      database.inOrganisation(organisationId, async (stores) => {
        const among = await achievementsWith(stores, principal, 'award', organisationId)
        const { items, next } = await stores.confirmations.list(organisationId, page, {
          ...filter,
          among,
          now: clock.now(),
        })
        const views: ConfirmationView[] = []
        for (const each of items) views.push(await view(stores, each))
        return next === undefined ? { items: views } : { items: views, next }
      }),

    /**
     * Says that they are the same person: the badge goes to the account that asked. Other questions about it are over.
     * Throws `not-found`, `forbidden`, `confirmation-over`, `claim-over`, `second-person-needed` for one's own question.
     */
    confirm: async (
      principal: Principal,
      organisationId: OrganisationId,
      id: string,
    ): Promise<ConfirmationView> => {
      const confirmed = await database.inOrganisation(organisationId, async (stores) => {
        const { confirmation, found } = await held(stores, principal, organisationId, id)
        assertPossible(confirmation, 'confirm')
        const at = clock.now()
        const by = actorOf(principal)
        // Before the badge moves, which ends all open questions about it.
        await stores.confirmations.decide(id, { state: 'confirmed', at, by })
        const { badge } = found
        if (badge.kind === 'direct_award') await directAwards.giveTo(stores, badge.offer, confirmation, by)
        else await give(stores, badge, confirmation, by)
        await audit(stores, {
          organisationId,
          at,
          actor: by,
          action: 'claim_confirmation.confirmed',
          targetType: 'claim_confirmation',
          targetId: id,
          detail: { identifier: confirmation.identifier.value },
        })
        await tellDecision(stores, confirmation, found, { confirmed: true })
        return view(stores, { ...confirmation, state: 'confirmed', decidedAt: at, decidedBy: by })
      })
      await wakeUps.wake('mail')
      if (confirmed.directAwardId !== undefined)
        for (const step of ['issue', 'timers'] as const) await wakeUps.wake(step)
      return confirmed
    },

    /** Says no; the learner sees the reason. Throws as `confirm` does. */
    refuse: async (
      principal: Principal,
      organisationId: OrganisationId,
      id: string,
      reason: string,
    ): Promise<ConfirmationView> => {
      const refused = await database.inOrganisation(organisationId, async (stores) => {
        const { confirmation, found } = await held(stores, principal, organisationId, id)
        assertPossible(confirmation, 'refuse')
        const at = clock.now()
        const by = actorOf(principal)
        await stores.confirmations.decide(id, { state: 'refused', at, by, reason })
        await audit(stores, {
          organisationId,
          at,
          actor: by,
          action: 'claim_confirmation.refused',
          targetType: 'claim_confirmation',
          targetId: id,
          detail: { reason },
        })
        await tellDecision(stores, confirmation, found, { confirmed: false, reason })
        return view(stores, { ...confirmation, state: 'refused', decidedAt: at, decidedBy: by, reason })
      })
      await wakeUps.wake('mail')
      return refused
    },
  }
}

async function claimed(stores: Stores, claimId: ClaimId) {
  const claim = await stores.claims.find(claimId)
  const award = claim === undefined ? undefined : await stores.awards.find(claim.awardId)
  if (claim === undefined || award === undefined) return undefined
  const { organisationId, achievementId, achievementVersionId, issuerId } = award
  const badge = { kind: 'claim', claim, award } as const
  const where = { organisationId, achievementId, achievementVersionId, issuerId }
  return { ...where, badge, sentTo: claim.identifier, until: claim.expiresAt }
}

async function offered(stores: Stores, id: DirectAwardId) {
  const offer = await stores.directAwards.find(id)
  if (offer === undefined) return undefined
  const { organisationId, achievementId, achievementVersionId, issuerId, identifier, awardId } = offer
  const award = awardId === undefined ? undefined : await stores.awards.find(awardId)
  const badge = { kind: 'direct_award', offer, ...(award === undefined ? {} : { award }) } as const
  const where = { organisationId, achievementId, achievementVersionId, issuerId }
  return { ...where, badge, sentTo: identifier, until: offer.expiresAt ?? offer.scheduledAt }
}
