import { unitOfAchievement } from '#engine/access/achievement-unit.ts'
import { actorOf, type Principal } from '#engine/access/rights.ts'
import { type MandateState, mandateMovesFrom, mandateState } from '#engine/achievements/assessor-mandate.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { DAY_MS } from '#engine/shared/duration.ts'
import type {
  AccountId,
  AchievementId,
  AssessorMandateId,
  InvitationId,
  MembershipId,
  OrganisationId,
  UnitId,
} from '#engine/shared/ids.ts'
import { asInstant, type Instant } from '#engine/shared/instant.ts'
import { textIn } from '#engine/shared/localised-text.ts'
import { callerNow } from '#services/access/caller-now.ts'
import { personOf } from '#services/access/person-of.ts'
import { grantable } from '#services/access/requested-rights.ts'
import { newToken } from '#services/access/secret-token.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import { assessorMail } from '#services/mail/assessor-mail.ts'
import { queueMail } from '#services/mail/queue-mail.ts'
import { expireInvitations } from '#services/members/expire-invitations.ts'
import { stateOf as invitationStateAt, SENDS_MAX } from '#services/members/invite-members.ts'
import type { AssessorMandate } from '#services/ports/assessor-store.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { Hashes } from '#services/ports/hashes.ts'
import type { Random } from '#services/ports/random.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { WakeUps } from '#services/ports/wake-ups.ts'
import { achievementOf } from './manage-achievements.ts'

export interface ManageAssessorsNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly hashes: Hashes
  readonly audit: AuditTrail
  readonly wakeUps: WakeUps
  /** PUBLIC_URL, without a slash at the end. */
  readonly origin: string
  readonly invitationDays: number
}

export interface WantedMandate {
  /** A member, or an address: of a member, or of somebody who is invited to become one who may read. */
  readonly who: { readonly memberId: MembershipId } | { readonly address: string }
  readonly name: string
  readonly qualification: string
  readonly evidenceUrl?: string
  /** Default: now. */
  readonly from?: Instant
  readonly until?: Instant
  readonly criteria: readonly string[]
  /** Of the mail. */
  readonly language: string
}

export interface ShownMandate {
  readonly mandate: AssessorMandate
  readonly state: MandateState
}

export const createManageAssessors = (needs: ManageAssessorsNeeds) => {
  const { database, clock, random, hashes, audit, wakeUps, origin, invitationDays } = needs

  const shown = (mandate: AssessorMandate): ShownMandate => ({
    mandate,
    state: mandateState(mandate, clock.now()),
  })

  const record = (stores: Stores, principal: Principal, mandate: AssessorMandate, action: string) =>
    audit(stores, {
      organisationId: mandate.organisationId,
      at: clock.now(),
      actor: actorOf(principal),
      action,
      targetType: 'assessor_mandate',
      targetId: mandate.id,
      detail: { achievement: mandate.achievementId },
    })

  /** With the link of the invitation where that is new; else the assessor is a member, or has the link already. */
  const mail = async (
    stores: Stores,
    { organisationId, achievementId, address, invitationId }: AssessorMandate,
    {
      token,
      language,
      now,
    }: { readonly token: string | undefined; readonly language: string; readonly now: Instant },
  ): Promise<void> => {
    const newest = (await stores.achievements.versions(achievementId)).at(-1)?.definition
    const organisation = await stores.organisations.find(organisationId)
    const message = assessorMail({
      // In the fragment: it reaches no server log and no referrer.
      url: token === undefined ? `${origin}/console` : `${origin}/invitation#${token}`,
      language,
      organisation: organisation?.name ?? '',
      achievement: textIn(newest?.name ?? {}, language, newest?.language ?? 'en'),
      ...(token === undefined ? {} : { invitationDays }),
    })
    await queueMail(
      { random, origin },
      stores,
      { organisationId, to: address, now, ...(invitationId === undefined ? {} : { aboutId: invitationId }) },
      message,
    )
  }

  /** The open invitation to the unit, or a new one; its token where it is new: it stands in the mail and nowhere else. */
  const invited = async (
    stores: Stores,
    caller: Principal,
    { organisationId, unitId, address }: { organisationId: OrganisationId; unitId: UnitId; address: string },
    language: string,
  ): Promise<{ readonly id: InvitationId; readonly token?: string }> => {
    const now = clock.now()
    await expireInvitations(stores, audit, organisationId, now)
    const open = await stores.invitations.findOpen(organisationId, unitId, address)
    if (open !== undefined) return { id: open.id }
    const granted = await grantable(stores, caller, organisationId, unitId, { rights: ['read'] })
    const { token, hash } = newToken(random, hashes.sha256)
    const id = random.rowId() as InvitationId
    await stores.invitations.insert({
      ...granted,
      organisationId,
      id,
      unitId,
      address,
      language,
      state: 'open',
      invitedBy: actorOf(caller),
      createdAt: now,
      sentAt: now,
      timesSent: 1,
      expiresAt: asInstant(now + invitationDays * DAY_MS),
      forMandate: true,
      tokenHash: hash,
    })
    await audit(stores, {
      organisationId,
      at: now,
      actor: actorOf(caller),
      action: 'invitation.sent',
      targetType: 'invitation',
      targetId: id,
      detail: { address, unit: unitId },
    })
    return { id, token }
  }

  /** An invitation that was made for mandates alone goes with the last of them that waits for it. */
  const withdrawUnawaited = async (stores: Stores, principal: Principal, mandate: AssessorMandate) => {
    const { organisationId, invitationId } = mandate
    const invitation =
      invitationId === undefined ? undefined : await stores.invitations.find(organisationId, invitationId)
    if (invitation === undefined || !invitation.forMandate) return
    if (await stores.assessors.isAwaited(organisationId, invitation.id)) return
    const at = clock.now()
    if (!(await stores.invitations.close(invitation, 'withdrawn', at))) return
    await audit(stores, {
      organisationId,
      at,
      actor: actorOf(principal),
      action: 'invitation.withdrawn',
      targetType: 'invitation',
      targetId: invitation.id,
      detail: { mandate: mandate.id },
    })
  }

  return {
    /**
     * Gives a mandate. Who is no member that may read is invited to become one, and the mandate waits for that.
     * Throws `criterion-unknown`, `assessor-unfit`, `not-found`.
     */
    give: async (
      principal: Principal,
      organisationId: OrganisationId,
      achievementId: AchievementId,
      wanted: WantedMandate,
    ): Promise<ShownMandate> => {
      const person = await findPerson(database, organisationId, wanted.who)
      const given = await database.inOrganisation(organisationId, async (stores) => {
        // 1. Load, under the lock of the organisation's people: nobody leaves or is invited meanwhile.
        const now = clock.now()
        await stores.organisations.lockPeople(organisationId)
        const caller = await callerNow(stores, principal, organisationId, now)
        await achievementOf(stores, caller, 'administer', achievementId)
        const versions = await stores.achievements.versions(achievementId)
        const unitId = unitOfAchievement(achievementId)
        const path = await stores.organisations.unitPath(organisationId, unitId)
        const memberships =
          person.accountId === undefined
            ? []
            : await stores.memberships.ofAccount(organisationId, person.accountId)

        // 2. Decide.
        const from = wanted.from ?? now
        if (wanted.until !== undefined && wanted.until <= from)
          throw errors.invalidRequest({
            errors: [
              { in: 'body', pointer: '/until', code: 'invalid-time', message: 'is not after the beginning' },
            ],
          })
        const known = versions.flatMap(
          ({ definition }) => definition.criteriaItems?.map(({ id }) => id) ?? [],
        )
        const unknown = wanted.criteria.filter((id) => !known.includes(id))
        if (unknown.length > 0) throw errors.criterionUnknown({ criteria: unknown })
        const mayRead = memberships.some(
          (membership) => path.includes(membership.unitId) && membership.rights.includes('read'),
        )
        if (!mayRead && 'memberId' in wanted.who) throw errors.assessorUnfit({})

        // 3. Save, and tell.
        const invitation = mayRead
          ? undefined
          : await invited(
              stores,
              caller,
              { organisationId, unitId, address: person.address },
              wanted.language,
            )
        const mandate: AssessorMandate = {
          organisationId,
          id: random.rowId() as AssessorMandateId,
          achievementId,
          ...(invitation === undefined
            ? person.accountId === undefined
              ? {}
              : { accountId: person.accountId }
            : { invitationId: invitation.id }),
          address: person.address,
          name: wanted.name,
          qualification: wanted.qualification,
          ...(wanted.evidenceUrl === undefined ? {} : { evidenceUrl: wanted.evidenceUrl }),
          criteria: [...new Set(wanted.criteria)],
          from,
          ...(wanted.until === undefined ? {} : { until: wanted.until }),
          showsName: false,
          givenBy: actorOf(caller),
          givenAt: now,
        }
        await stores.assessors.insert(mandate)
        await mail(stores, mandate, { token: invitation?.token, language: wanted.language, now })
        await record(stores, caller, mandate, 'assessor.mandated')
        return shown(mandate)
      })
      await wakeUps.wake('mail')
      return given
    },

    /**
     * Mails the invitation of a mandate again with a fresh link and a fresh end; the link before opens nothing any more.
     * Throws `mandate-closed` unless it is `invited`, `rights-exceed-own`, `sent-too-often`.
     */
    sendAgain: async (
      principal: Principal,
      organisationId: OrganisationId,
      { achievementId, id }: { readonly achievementId: AchievementId; readonly id: AssessorMandateId },
    ): Promise<ShownMandate> => {
      const sent = await database.inOrganisation(organisationId, async (stores) => {
        // 1. Load, under the lock that whoever accepts takes as well.
        const now = clock.now()
        await stores.organisations.lockPeople(organisationId)
        const caller = await callerNow(stores, principal, organisationId, now)
        await achievementOf(stores, caller, 'administer', achievementId)
        const mandate = await mandateOf(stores, organisationId, achievementId, id)
        const invitation =
          mandate.invitationId === undefined
            ? undefined
            : await stores.invitations.find(organisationId, mandate.invitationId)

        // 2. Decide.
        const state = mandateState(mandate, now)
        const isOpen = invitation !== undefined && invitationStateAt(invitation, now) === 'open'
        if (state !== 'invited' || !isOpen) {
          const closed = state === 'invited' ? 'expired' : state
          throw errors.mandateClosed({ state: closed, possible: mandateMovesFrom(closed) })
        }
        const { unitId, roleId, rights } = invitation
        await grantable(
          stores,
          caller,
          organisationId,
          unitId,
          roleId === undefined ? { rights } : { roleId },
        )
        if (invitation.timesSent >= SENDS_MAX) throw errors.sentTooOften({ most: SENDS_MAX })

        // 3. Save, and tell.
        const { token, hash } = newToken(random, hashes.sha256)
        const again = {
          tokenHash: hash,
          sentAt: now,
          expiresAt: asInstant(now + invitationDays * DAY_MS),
        }
        if (!(await stores.invitations.sendAgain(invitation, again)))
          throw errors.conflict({ what: 'invitation', reason: 'somebody else is changing it' })
        await mail(stores, mandate, { token, language: invitation.language, now })
        await record(stores, caller, mandate, 'assessor.invited_again')
        return shown(mandate)
      })
      await wakeUps.wake('mail')
      return sent
    },

    /** All that were ever given for an achievement, oldest first. */
    list: (
      principal: Principal,
      organisationId: OrganisationId,
      achievementId: AchievementId,
    ): Promise<readonly ShownMandate[]> =>
      database.inOrganisation(organisationId, async (stores) => {
        await achievementOf(stores, principal, 'read', achievementId)
        return (await stores.assessors.ofAchievement(organisationId, achievementId)).map(shown)
      }),

    /**
     * Ends a mandate before its time; the reason is kept. With it goes the invitation that it waited for, where that was made
     * for it. Throws `mandate-closed`.
     */
    end: (
      principal: Principal,
      organisationId: OrganisationId,
      { achievementId, id }: { readonly achievementId: AchievementId; readonly id: AssessorMandateId },
      reason: string,
    ): Promise<ShownMandate> =>
      database.inOrganisation(organisationId, async (stores) => {
        // Whoever accepts takes this lock as well.
        await stores.organisations.lockPeople(organisationId)
        await achievementOf(stores, principal, 'administer', achievementId)
        const mandate = await mandateOf(stores, organisationId, achievementId, id)
        const end = { at: clock.now(), by: actorOf(principal), reason }
        if (!(await stores.assessors.end(mandate, end)))
          throw errors.mandateClosed({ state: 'ended', possible: mandateMovesFrom('ended') })
        await record(stores, principal, mandate, 'assessor.mandate_ended')
        await withdrawUnawaited(stores, principal, mandate)
        return shown({ ...mandate, end, endedAt: end.at })
      }),

    /** The assessor agrees to stand on the public page by name, or does not any more. Nobody else can say so for them. */
    showName: (
      principal: Principal,
      organisationId: OrganisationId,
      { achievementId, id }: { readonly achievementId: AchievementId; readonly id: AssessorMandateId },
      showsName: boolean,
    ): Promise<ShownMandate> =>
      database.inOrganisation(organisationId, async (stores) => {
        await achievementOf(stores, principal, 'read', achievementId)
        const mandate = await mandateOf(stores, organisationId, achievementId, id)
        const caller = await personOf(stores, organisationId, actorOf(principal))
        const assessor =
          mandate.accountId === undefined
            ? undefined
            : await personOf(stores, organisationId, `account:${mandate.accountId}`)
        if (principal.kind !== 'session' || caller !== assessor)
          throw errors.mandateNeeded({ achievementId, state: 'none' })
        await stores.assessors.showName(mandate, showsName)
        await record(stores, principal, mandate, showsName ? 'assessor.name_shown' : 'assessor.name_hidden')
        return shown({ ...mandate, showsName })
      }),
  }
}

/** Who is meant. Addresses belong to no organisation, so this is asked before its transaction begins. */
async function findPerson(
  database: Database,
  organisationId: OrganisationId,
  who: WantedMandate['who'],
): Promise<{ readonly accountId?: AccountId; readonly address: string }> {
  return database.asWorker(async (stores) => {
    if ('address' in who) {
      const address = who.address.toLowerCase()
      const accountId = await stores.access.findAccount({ type: 'email', value: address })
      return accountId === undefined ? { address } : { accountId, address }
    }
    const membership = await stores.memberships.find(organisationId, who.memberId)
    const accountId = membership?.accountId
    const address =
      accountId === undefined ? undefined : (await stores.access.emailsOf([accountId])).get(accountId)?.[0]
    if (accountId === undefined || address === undefined)
      throw errors.notFound({ what: 'member', id: who.memberId })
    return { accountId, address }
  })
}

async function mandateOf(
  stores: Stores,
  organisationId: OrganisationId,
  achievementId: AchievementId,
  id: AssessorMandateId,
): Promise<AssessorMandate> {
  const mandate = await stores.assessors.find(organisationId, id)
  if (mandate === undefined || mandate.achievementId !== achievementId)
    throw errors.notFound({ what: 'mandate', id })
  return mandate
}
