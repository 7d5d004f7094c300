import { actorOf, type Principal } from '#engine/access/rights.ts'
import {
  canBeUndone,
  type DirectAwardPolicy,
  expiryOf,
  undoEnd,
} from '#engine/direct-awards/direct-award-schedule.ts'
import { type DirectAwardAct, possibleActs, standingAsOf } from '#engine/direct-awards/direct-award-state.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { type Identifier, identifierText } from '#engine/events/identifier.ts'
import type { AchievementId, DirectAwardId, OrganisationId } from '#engine/shared/ids.ts'
import { formatInstant, type Instant } from '#engine/shared/instant.ts'
import { requireSeen } from '#engine/shared/require-seen.ts'
import { achievementsWith } from '#services/access/achievements-with.ts'
import { requireRightOnAchievement } from '#services/access/authorise.ts'
import { achievementOf } from '#services/achievements/manage-achievements.ts'
import { publishedVersion } from '#services/achievements/review-steps.ts'
import type { RevokeIssued } from '#services/awards/revoke-issued.ts'
import { wakeShutOut } from '#services/awards/wake-askers.ts'
import { sameId } from '#services/issuers/specimen.ts'
import { withMailTrouble } from '#services/mail/with-mail-trouble.ts'
import { SENDS_MAX } from '#services/members/invite-members.ts'
import type {
  DirectAward,
  DirectAwardContent,
  DirectAwardCounts,
  DirectAwardFilter,
} from '#services/ports/direct-award-store.ts'
import type { Page, PageRequest } from '#services/ports/page.ts'
import type { Pseudonyms } from '#services/ports/pseudonyms.ts'
import type { QrImages } from '#services/ports/qr-images.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { RuleSets } from '#services/rules/rule-sets.ts'
import type { DirectAwardNeeds } from './direct-award-needs.ts'
import { codeUrl, newSecrets, openSecrets } from './direct-award-secrets.ts'
import { mailDirectAward, messageIds } from './mail-direct-award.ts'
import { moveDirectAward } from './move-direct-award.ts'
import {
  isSourceIssuer,
  offerDirectAward,
  policyFor,
  strangeResults,
  type WantedDirectAward,
} from './offer-direct-award.ts'

export interface ManageDirectAwardsNeeds extends DirectAwardNeeds {
  readonly pseudonyms: Pseudonyms
  readonly qrImages: QrImages
  readonly revokeIssued: RevokeIssued
  readonly ruleSets: RuleSets
}

/** A direct award, and its code where it is new: shown this once. */
export interface MadeDirectAward {
  readonly award: DirectAward
  readonly code?: string
}

/** `undefined` leaves a member as it is, `null` takes it away. */
export interface DirectAwardChange {
  readonly identifier?: Identifier
  readonly language?: string
  readonly scheduledAt?: Instant
  readonly narrative?: string | null
  readonly message?: string | null
  readonly evidence?: DirectAwardContent['evidence']
  readonly results?: DirectAwardContent['results']
  /** In place of all that were there; null: none. */
  readonly particulars?: NonNullable<DirectAwardContent['particulars']> | null
}

export interface DirectAwardQuery extends Pick<DirectAwardFilter, 'state' | 'achievementId' | 'bundleId'> {
  readonly identifier?: Identifier
}

export const createManageDirectAwards = (needs: ManageDirectAwardsNeeds) => {
  const { database, clock, audit, wakeUps, origin } = needs
  const { pseudonyms, qrImages, revokeIssued, ruleSets } = needs

  /** Throws `direct-award-state` unless the act is possible now. */
  const assertPossible = (award: DirectAward, act: DirectAwardAct): void => {
    const { state } = standingAsOf(award.standing, clock.now())
    if (!possibleActs(state).includes(act)) throw stateError(award, clock.now())
  }

  /**
   * For a change: held, as it stands now, for someone who may award its badge and has `seen` it so.
   * Throws `direct-award-state`, `precondition-failed`.
   */
  const held = async (
    stores: Stores,
    principal: Principal,
    id: DirectAwardId,
    { act, seen }: { readonly act: DirectAwardAct; readonly seen: number | undefined },
  ): Promise<DirectAward> => {
    const found = await findFor(stores, principal, 'award', id)
    const award = (await stores.directAwards.lock(found.id)) ?? found
    assertPossible(award, act)
    requireSeen(award, seen)
    return award
  }

  const filterOf = (
    organisationId: OrganisationId,
    { identifier, ...query }: DirectAwardQuery,
  ): DirectAwardFilter =>
    identifier === undefined
      ? query
      : // Also those in which they are not named any more: whoever asks knows the identifier already.
        { ...query, identifiers: [identifier.value, pseudonyms(organisationId, identifier)] }

  const record = (stores: Stores, principal: Principal, award: DirectAward, action: string) =>
    audit(stores, {
      organisationId: award.organisationId,
      at: clock.now(),
      actor: actorOf(principal),
      action: `direct_award.${action}`,
      targetType: 'direct_award',
      targetId: award.id,
    })

  /** To another identifier goes another offer: the ways in that the first one was sent lead nowhere any more. */
  const readdressed = async (
    stores: Stores,
    award: DirectAward,
    identifier: Identifier,
  ): Promise<MadeDirectAward> => {
    const other = await stores.directAwards.lockOpen(award.organisationId, award.achievementId, identifier)
    if (other !== undefined) throw openError(other)
    const now = clock.now()
    await stores.mail.withdraw(messageIds(award, origin))
    await stores.confirmations.expireOf({ kind: 'direct_award', directAwardId: award.id }, now)
    const { secrets, code } = newSecrets(needs, award.id, identifier)
    const fresh = { ...award, identifier, secrets }
    if (award.standing.state !== 'unaccepted') return { award: fresh, code }
    const expiresAt = expiryOf(now, award.policy)
    const again: DirectAward = {
      ...fresh,
      standing: { state: 'unaccepted', sentAt: now, expiresAt },
      sentAt: now,
      expiresAt,
      reminded: 0,
    }
    return { award: await mailDirectAward(needs, stores, again), code }
  }

  return {
    /**
     * Awards a badge to an identifier. The code is shown this once; a link is mailed where it is an address.
     * Throws `not-found`, `forbidden`, `achievement-not-published`, `direct-award-open`, `invalid-request`.
     */
    create: async (
      principal: Principal,
      organisationId: OrganisationId,
      {
        achievementId,
        policy,
        ...wanted
      }: WantedDirectAward & {
        readonly achievementId: AchievementId
        readonly policy: Partial<DirectAwardPolicy>
      },
    ): Promise<MadeDirectAward> => {
      const made = await database.inOrganisation(organisationId, async (stores) => {
        const { issuer } = await achievementOf(stores, principal, 'award', achievementId)
        const version = await publishedVersion(stores, achievementId)
        refuseStrangeResults(strangeResults(version, wanted.results))
        if (isSourceIssuer(issuer, wanted.particulars)) throw sameId('/particulars/source/id')
        const offered = await offerDirectAward(
          needs,
          stores,
          {
            organisationId,
            issuer,
            version,
            policy: await policyFor(stores, organisationId, policy),
            actor: actorOf(principal),
          },
          wanted,
        )
        if (offered.outcome === 'made') return offered
        throw openError(offered.award)
      })
      await wakeUps.wake('mail')
      return made
    },

    list: (
      principal: Principal,
      organisationId: OrganisationId,
      page: PageRequest,
      query: DirectAwardQuery,
    ): Promise<Page<DirectAward>> =>
      database.inOrganisation(organisationId, async (stores) => {
        const among = await achievementsWith(stores, principal, 'read', organisationId)
        const found = await stores.directAwards.list(organisationId, page, {
          ...filterOf(organisationId, query),
          among,
        })
        return { ...found, items: await withMailTrouble(stores, organisationId, found.items) }
      }),

    find: (principal: Principal, organisationId: OrganisationId, id: DirectAwardId): Promise<DirectAward> =>
      database.inOrganisation(organisationId, async (stores) => {
        const award = await findFor(stores, principal, 'read', id)
        const [shown = award] = await withMailTrouble(stores, organisationId, [award])
        return shown
      }),

    statistics: (
      principal: Principal,
      organisationId: OrganisationId,
      query: Omit<DirectAwardQuery, 'state'>,
    ): Promise<DirectAwardCounts> =>
      database.inOrganisation(organisationId, async (stores) => {
        const among = await achievementsWith(stores, principal, 'read', organisationId)
        return stores.directAwards.counts(organisationId, { ...filterOf(organisationId, query), among })
      }),

    /**
     * Mends a direct award while it is open. Another identifier gets a fresh offer, with all the time that the first one
     * had. Throws `precondition-failed`, `direct-award-state`, `direct-award-open`, `invalid-request`.
     */
    change: async (
      principal: Principal,
      organisationId: OrganisationId,
      id: DirectAwardId,
      seen: number,
      change: DirectAwardChange,
    ): Promise<MadeDirectAward> => {
      const changed = await database.inOrganisation(organisationId, async (stores) => {
        const award = await held(stores, principal, id, { act: 'change', seen })
        const { scheduledAt, identifier } = change
        if (scheduledAt !== undefined && award.standing.state !== 'scheduled') {
          // Of what is possible, this change is not: it was sent.
          const { state } = award.standing
          throw errors.directAwardState({
            state,
            possible: possibleActs(state).filter((act) => act !== 'change'),
          })
        }
        const version = await stores.achievements.version(award.achievementVersionId)
        if (version !== undefined && 'document' in version)
          refuseStrangeResults(strangeResults(version, change.results))
        const issuer = await stores.issuers.find(award.issuerId)
        if (issuer !== undefined && isSourceIssuer(issuer, change.particulars ?? undefined))
          throw sameId('/particulars/source/id')

        const mended: DirectAward = {
          ...withTexts(award, change),
          ...(scheduledAt === undefined
            ? {}
            : { scheduledAt, standing: { state: 'scheduled' as const, at: scheduledAt } }),
        }
        const isSame =
          identifier === undefined || identifierText(identifier) === identifierText(award.identifier)
        const made = isSame ? { award: mended } : await readdressed(stores, mended, identifier)
        await record(stores, principal, award, 'changed')
        const saved = await stores.directAwards.save(made.award)
        const [shown = saved] = await withMailTrouble(stores, organisationId, [saved])
        return { ...made, award: shown }
      })
      await wakeUps.wake('mail')
      return changed
    },

    /** Mails it once more, with the same link and code. Throws `direct-award-state`, `sent-too-often`. */
    resend: async (
      principal: Principal,
      organisationId: OrganisationId,
      id: DirectAwardId,
      seen?: number,
    ): Promise<DirectAward> => {
      const sent = await database.inOrganisation(organisationId, async (stores) => {
        const award = await held(stores, principal, id, { act: 'resend', seen })
        if (award.identifier.type !== 'email')
          throw errors.conflict({ what: 'direct award', reason: 'nothing is mailed to this identifier' })
        if (award.mails >= SENDS_MAX) throw errors.sentTooOften({ most: SENDS_MAX })
        await record(stores, principal, award, 'sent_again')
        return stores.directAwards.save(await mailDirectAward(needs, stores, award))
      })
      await wakeUps.wake('mail')
      return sent
    },

    /**
     * Undoes a slip, for a short time: it is deleted, and a mail that has not gone yet never goes.
     * Throws `direct-award-state`, `direct-award-undo-over`.
     */
    undo: (
      principal: Principal,
      organisationId: OrganisationId,
      id: DirectAwardId,
      seen?: number,
    ): Promise<DirectAward> =>
      database.inOrganisation(organisationId, async (stores) => {
        const award = await held(stores, principal, id, { act: 'undo', seen })
        const at = clock.now()
        if (!canBeUndone(award, at)) {
          const { state } = award.standing
          const possible = possibleActs(state).filter((act) => act !== 'undo')
          const until = formatInstant(undoEnd(award.createdAt, award.policy))
          throw errors.directAwardUndoOver({ until, state, possible })
        }
        const said = { actor: actorOf(principal), action: 'undone' }
        return moved(await moveDirectAward(needs, stores, award, { kind: 'delete', at }, said), award, at)
      }),

    /** Takes the offer away. Its row stays, and names nobody after a while. Throws `direct-award-state`. */
    delete: (
      principal: Principal,
      organisationId: OrganisationId,
      id: DirectAwardId,
      seen?: number,
    ): Promise<DirectAward> =>
      database.inOrganisation(organisationId, async (stores) => {
        const award = await held(stores, principal, id, { act: 'delete', seen })
        const at = clock.now()
        const said = { actor: actorOf(principal) }
        return moved(await moveDirectAward(needs, stores, award, { kind: 'delete', at }, said), award, at)
      }),

    /**
     * Takes back what was offered or claimed. A claimed badge is revoked as any other: status list, chain, page.
     * Throws `direct-award-state`.
     */
    revoke: async (
      principal: Principal,
      organisationId: OrganisationId,
      id: DirectAwardId,
      { reason, seen }: { readonly reason: string; readonly seen?: number },
    ): Promise<DirectAward> => {
      const revoked = await database.inOrganisation(organisationId, async (stores) => {
        const award = await held(stores, principal, id, { act: 'revoke', seen })
        const at = clock.now()
        const actor = actorOf(principal)
        if (award.awardId === undefined)
          return moved(
            await moveDirectAward(needs, stores, award, { kind: 'revoke', at }, { actor, reason }),
            award,
            at,
          )
        // The row of the direct award follows that of the award: a trigger sees to it.
        const granted = await stores.awards.lock(award.awardId)
        if (granted === undefined || !(await revokeIssued(stores, granted, { at, reason, actor })))
          throw stateError(award, at)
        await wakeShutOut(stores, ruleSets, granted, at)
        await record(stores, principal, award, 'revoked')
        return moved(await stores.directAwards.find(id), award, at)
      })
      await wakeUps.wake('send')
      await wakeUps.wake('timers')
      return revoked
    },

    /** Draws where its code is typed, to be handed to somebody. Throws `direct-award-state` where it is not open. */
    draw: async (
      principal: Principal,
      organisationId: OrganisationId,
      id: DirectAwardId,
      format: 'png' | 'svg',
    ): Promise<Uint8Array> => {
      const code = await database.inOrganisation(organisationId, async (stores) => {
        const award = await findFor(stores, principal, 'award', id)
        assertPossible(award, 'change')
        return openSecrets(needs, award)?.code
      })
      if (code === undefined) throw errors.notFound({ what: 'code of the direct award', id })
      return qrImages[format](codeUrl(origin, code))
    },
  }

  async function findFor(
    stores: Stores,
    principal: Principal,
    right: 'read' | 'award',
    id: DirectAwardId,
  ): Promise<DirectAward> {
    const award = await stores.directAwards.find(id)
    if (award === undefined) throw errors.notFound({ what: 'direct award', id })
    await requireRightOnAchievement(stores, principal, right, award.organisationId, award.achievementId)
    return award
  }
}

const openError = ({ id, standing: { state } }: DirectAward) =>
  errors.directAwardOpen({ directAwardId: id, state, possible: possibleActs(state) })

const stateError = ({ standing }: DirectAward, now: Instant) => {
  const { state } = standingAsOf(standing, now)
  return errors.directAwardState({ state, possible: possibleActs(state) })
}

const moved = (award: DirectAward | undefined, before: DirectAward, now: Instant): DirectAward => {
  if (award === undefined) throw stateError(before, now)
  return award
}

/** The texts as they are after a change. */
function withTexts(award: DirectAward, change: DirectAwardChange): DirectAward {
  const { narrative, message, evidence, results, particulars: before, ...rest } = award
  const particulars = change.particulars === undefined ? before : (change.particulars ?? undefined)
  const text = (name: 'narrative' | 'message', before: string | undefined) => {
    const after = change[name] === undefined ? before : (change[name] ?? undefined)
    return after === undefined ? {} : { [name]: after }
  }
  const list = <T>(name: 'evidence' | 'results', after: readonly T[] | undefined) =>
    after === undefined || after.length === 0 ? {} : { [name]: after }
  return {
    ...rest,
    language: change.language ?? award.language,
    ...text('narrative', narrative),
    ...text('message', message),
    ...list('evidence', change.evidence ?? evidence),
    ...list('results', change.results ?? results),
    ...(particulars === undefined ? {} : { particulars }),
  }
}

function refuseStrangeResults(places: readonly number[]): void {
  if (places.length === 0) return
  throw errors.invalidRequest({
    errors: places.map((at) => ({
      in: 'body' as const,
      pointer: `/results/${at}/resultDescription`,
      code: 'result-unknown',
      message: 'is no result description of the achievement, or its value is none that this result can have',
    })),
  })
}
