import { type InvitationState, isOverdue, possibleWith } from '#engine/access/invitation-state.ts'
import { actorOf, type Principal } from '#engine/access/rights.ts'
import { errors } from '#engine/errors/catalogue.ts'
import { DAY_MS } from '#engine/shared/duration.ts'
import type { InvitationId, OrganisationId, UnitId } from '#engine/shared/ids.ts'
import { asInstant, type Instant } from '#engine/shared/instant.ts'
import { requireRight } from '#services/access/authorise.ts'
import { callerNow } from '#services/access/caller-now.ts'
import { grantable, type RequestedRights } from '#services/access/requested-rights.ts'
import { newToken } from '#services/access/secret-token.ts'
import { unitsWith } from '#services/access/units-with.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import { invitationMail } from '#services/mail/invitation-mail.ts'
import { queueMail } from '#services/mail/queue-mail.ts'
import { withMailTrouble } from '#services/mail/with-mail-trouble.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { Hashes } from '#services/ports/hashes.ts'
import type { Invitation } from '#services/ports/invitation-store.ts'
import type { Page, PageRequest } from '#services/ports/page.ts'
import type { Random } from '#services/ports/random.ts'
import type { Stores } from '#services/ports/stores.ts'
import type { WakeUps } from '#services/ports/wake-ups.ts'
import { expireInvitations } from './expire-invitations.ts'

/** How often one invitation is mailed: nobody's mailbox is to be filled from here. */
export const SENDS_MAX = 10

export interface InviteMembersNeeds {
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

export interface WantedInvitation {
  readonly address: string
  readonly unitId?: UnitId
  readonly wanted: RequestedRights
  readonly language: string
}

export const createInviteMembers = (needs: InviteMembersNeeds) => {
  const { database, clock, random, hashes, audit, wakeUps, origin, invitationDays } = needs

  const expiry = (now: Instant): Instant => asInstant(now + invitationDays * DAY_MS)

  /** The token stands in the mail and nowhere else: not in an answer, not in the audit trail. */
  const mail = async (
    stores: Stores,
    invitation: Invitation,
    token: string,
    inviter: string | undefined,
    now: Instant,
  ): Promise<void> => {
    const { organisationId, unitId, roleId, language, address, rights } = invitation
    const organisation = await stores.organisations.find(organisationId)
    const unit = await stores.organisations.findUnit(organisationId, unitId)
    const role = roleId === undefined ? undefined : await stores.roles.find(organisationId, roleId)
    const message = invitationMail({
      // In the fragment: it reaches no server log and no referrer.
      url: `${origin}/invitation#${token}`,
      language,
      organisation: organisation?.name ?? '',
      rights,
      days: invitationDays,
      ...(unit?.parentId === undefined ? {} : { unit: unit.name }),
      ...(role === undefined ? {} : { role }),
      ...(inviter === undefined ? {} : { inviter }),
    })
    await queueMail(
      { random, origin },
      stores,
      { organisationId, to: address, now, aboutId: invitation.id },
      message,
    )
  }

  /** Where the one who invites is reached, for the one who wonders who that is. */
  const addressOf = async (principal: Principal): Promise<string | undefined> => {
    if (principal.kind !== 'session') return undefined
    const { accountId } = principal
    const emails = await database.asWorker((stores) => stores.access.emailsOf([accountId]))
    return emails.get(accountId)?.[0]
  }

  /** The invitation under the lock, for someone who administers its unit now. */
  const held = async (
    stores: Stores,
    principal: Principal,
    organisationId: OrganisationId,
    id: InvitationId,
    now: Instant,
  ) => {
    await stores.organisations.lockPeople(organisationId)
    const caller = await callerNow(stores, principal, organisationId, now)
    const invitation = await found(stores, organisationId, id)
    await requireRight(stores, caller, 'administer', organisationId, invitation.unitId)
    const state = stateOf(invitation, now)
    return { caller, invitation, state }
  }

  const record = (stores: Stores, caller: Principal, invitation: Invitation, action: string, now: Instant) =>
    audit(stores, {
      organisationId: invitation.organisationId,
      at: now,
      actor: actorOf(caller),
      action,
      targetType: 'invitation',
      targetId: invitation.id,
      detail: { address: invitation.address, unit: invitation.unitId },
    })

  return {
    /**
     * Invites an address to a unit. Throws `rights-exceed-own`, `already-member`, and `invitation-open` where that
     * address is invited to that unit already.
     */
    invite: async (
      principal: Principal,
      organisationId: OrganisationId,
      { address: written, unitId: named, wanted, language }: WantedInvitation,
    ): Promise<Invitation> => {
      const address = written.toLowerCase()
      const inviter = await addressOf(principal)
      const accountId = await database.asWorker((stores) =>
        stores.access.findAccount({ type: 'email', value: address }),
      )
      const made = await database.inOrganisation(organisationId, async (stores) => {
        const now = clock.now()
        await stores.organisations.lockPeople(organisationId)
        const caller = await callerNow(stores, principal, organisationId, now)
        const unitId = named ?? (await stores.organisations.rootUnit(organisationId))
        if (unitId === undefined) throw errors.notFound({ what: 'organisation', id: organisationId })
        await requireRight(stores, caller, 'administer', organisationId, unitId)
        const granted = await grantable(stores, caller, organisationId, unitId, wanted)
        await expireInvitations(stores, audit, organisationId, now)
        const open = await stores.invitations.findOpen(organisationId, unitId, address)
        if (open !== undefined) throw errors.invitationOpen({ invitationId: open.id })
        const memberships =
          accountId === undefined ? [] : await stores.memberships.ofAccount(organisationId, accountId)
        const there = memberships.find((membership) => membership.unitId === unitId)
        if (there !== undefined) throw errors.alreadyMember({ membershipId: there.id })

        const { token, hash } = newToken(random, hashes.sha256)
        const invitation: Invitation = {
          ...granted,
          organisationId,
          id: random.rowId() as InvitationId,
          unitId,
          address,
          language,
          state: 'open',
          invitedBy: actorOf(caller),
          createdAt: now,
          sentAt: now,
          timesSent: 1,
          expiresAt: expiry(now),
          forMandate: false,
        }
        await stores.invitations.insert({ ...invitation, tokenHash: hash })
        await mail(stores, invitation, token, inviter, now)
        await record(stores, caller, invitation, 'invitation.sent', now)
        return invitation
      })
      await wakeUps.wake('mail')
      return made
    },

    /** Those to units that the caller administers, newest first. */
    list: (
      principal: Principal,
      organisationId: OrganisationId,
      state: InvitationState | undefined,
      page: PageRequest,
    ): Promise<Page<Invitation>> =>
      database.inOrganisation(organisationId, async (stores) => {
        const units = await unitsWith(stores, principal, 'administer', organisationId)
        await expireInvitations(stores, audit, organisationId, clock.now())
        const found = await stores.invitations.list(organisationId, units, state, page)
        return { ...found, items: await withMailTrouble(stores, organisationId, found.items) }
      }),

    find: (principal: Principal, organisationId: OrganisationId, id: InvitationId): Promise<Invitation> =>
      database.inOrganisation(organisationId, async (stores) => {
        const invitation = await found(stores, organisationId, id)
        await requireRight(stores, principal, 'administer', organisationId, invitation.unitId)
        const [shown = invitation] = await withMailTrouble(stores, organisationId, [invitation])
        return { ...shown, state: stateOf(invitation, clock.now()) }
      }),

    /**
     * Mails it again with a fresh link and a fresh end; the link before opens nothing any more.
     * Throws `invitation-closed`, `rights-exceed-own`, `sent-too-often`.
     */
    sendAgain: async (
      principal: Principal,
      organisationId: OrganisationId,
      id: InvitationId,
    ): Promise<Invitation> => {
      const inviter = await addressOf(principal)
      const sent = await database.inOrganisation(organisationId, async (stores) => {
        const now = clock.now()
        const { caller, invitation, state } = await held(stores, principal, organisationId, id, now)
        if (state !== 'open') throw errors.invitationClosed({ state, possible: possibleWith(state) })
        const { unitId, roleId, rights } = invitation
        await grantable(
          stores,
          caller,
          organisationId,
          unitId,
          roleId === undefined ? { rights } : { roleId },
        )
        if (invitation.timesSent >= SENDS_MAX) throw errors.sentTooOften({ most: SENDS_MAX })
        const { token, hash } = newToken(random, hashes.sha256)
        const again = { sentAt: now, expiresAt: expiry(now) }
        if (!(await stores.invitations.sendAgain(invitation, { ...again, tokenHash: hash })))
          throw errors.conflict({ what: 'invitation', reason: 'somebody else is changing it' })
        const fresh = { ...invitation, ...again, timesSent: invitation.timesSent + 1 }
        await mail(stores, fresh, token, inviter, now)
        await record(stores, caller, fresh, 'invitation.sent_again', now)
        return fresh
      })
      await wakeUps.wake('mail')
      return sent
    },

    /** Takes it back; to take it back twice is fine. Throws `invitation-closed` where it was answered or is over. */
    withdraw: (principal: Principal, organisationId: OrganisationId, id: InvitationId): Promise<void> =>
      database.inOrganisation(organisationId, async (stores) => {
        const now = clock.now()
        const { caller, invitation, state } = await held(stores, principal, organisationId, id, now)
        if (state === 'withdrawn') return
        if (state !== 'open' || !(await stores.invitations.close(invitation, 'withdrawn', now)))
          throw errors.invitationClosed({ state, possible: possibleWith(state) })
        await record(stores, caller, invitation, 'invitation.withdrawn', now)
      }),
  }
}

/** By the clock, whatever the books still say. */
export const stateOf = (invitation: Invitation, now: Instant): InvitationState =>
  isOverdue(invitation, now) ? 'expired' : invitation.state

async function found(stores: Stores, organisationId: OrganisationId, id: InvitationId): Promise<Invitation> {
  const invitation = await stores.invitations.find(organisationId, id)
  if (invitation === undefined) throw errors.notFound({ what: 'invitation', id })
  return invitation
}
