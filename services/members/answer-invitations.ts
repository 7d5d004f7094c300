import { type InvitationState, possibleWith } from '#engine/access/invitation-state.ts'
import { actorOf, type Principal } from '#engine/access/rights.ts'
import { errors } from '#engine/errors/catalogue.ts'
import type { AccountId, MembershipId } from '#engine/shared/ids.ts'
import { requireFullSession } from '#services/access/account-changes.ts'
import { hasProven } from '#services/access/has-proven.ts'
import { hashToken } from '#services/access/secret-token.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import type { Clock } from '#services/ports/clock.ts'
import type { Database } from '#services/ports/database.ts'
import type { Hashes } from '#services/ports/hashes.ts'
import type { Invitation } from '#services/ports/invitation-store.ts'
import type { Membership } from '#services/ports/membership-store.ts'
import type { Organisation } from '#services/ports/organisation-store.ts'
import type { Random } from '#services/ports/random.ts'
import type { Role } from '#services/ports/role-store.ts'
import type { Stores } from '#services/ports/stores.ts'
import { stateOf } from './invite-members.ts'

export interface AnswerInvitationsNeeds {
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly hashes: Hashes
  readonly audit: AuditTrail
}

/** What the link of a mail shows to the one who opens it. */
export interface InvitationOffer {
  readonly invitation: Invitation
  readonly state: InvitationState
  readonly organisation: Organisation
  /** Where it is for a part of the organisation. */
  readonly unitName?: string
  readonly role?: Role
  /** The address of the one who invited, where that was a person. */
  readonly inviter?: string
  /** Whether the one who is signed in has proven the address. */
  readonly isTheirs: boolean
}

type Person = Extract<Principal, { kind: 'session' }>

export const createAnswerInvitations = (needs: AnswerInvitationsNeeds) => {
  const { database, clock, random, hashes, audit } = needs

  const find = async (stores: Stores, token: string): Promise<Invitation> => {
    const invitation = await stores.invitations.findByToken(hashToken(token, hashes.sha256))
    if (invitation === undefined) throw errors.invitationUnknown({})
    return invitation
  }

  /** The invitation under the lock of its organisation's people. Throws `invitation-closed` unless it is open. */
  const findOpen = async (stores: Stores, token: string): Promise<Invitation> => {
    await stores.organisations.lockPeople((await find(stores, token)).organisationId)
    const invitation = await find(stores, token)
    const state = stateOf(invitation, clock.now())
    if (state !== 'open') throw errors.invitationClosed({ state, possible: possibleWith(state) })
    return invitation
  }

  return {
    /** Throws `invitation-unknown`. */
    offer: (token: string, accountId: AccountId | undefined): Promise<InvitationOffer> =>
      database.asWorker(async (stores) => {
        const invitation = await find(stores, token)
        const { organisationId, unitId, roleId, invitedBy } = invitation
        const organisation = await stores.organisations.find(organisationId)
        if (organisation === undefined) throw errors.invitationUnknown({})
        const unit = await stores.organisations.findUnit(organisationId, unitId)
        const role = roleId === undefined ? undefined : await stores.roles.find(organisationId, roleId)
        const inviter = await emailOf(stores, invitedBy)
        return {
          invitation,
          state: stateOf(invitation, clock.now()),
          organisation,
          isTheirs:
            accountId !== undefined &&
            (await hasProven(stores, accountId, { type: 'email', value: invitation.address })),
          ...(unit?.parentId === undefined ? {} : { unitName: unit.name }),
          ...(role === undefined ? {} : { role }),
          ...(inviter === undefined ? {} : { inviter }),
        }
      }),

    /**
     * Makes the one who is signed in a member, where they have proven the very address that was invited.
     * Throws `invitation-closed`, `invitation-others`, `already-member`, `full-session-required`.
     */
    accept: (
      principal: Person,
      token: string,
    ): Promise<{ readonly organisation: Organisation; readonly membershipId: MembershipId }> =>
      database.asWorker(async (stores) => {
        // 1. Load. The account does not become part of another one until the commit.
        const accountId = await stores.accounts.lockShared(principal.accountId)
        await requireFullSession(stores, principal.sessionId, clock)
        const invitation = await findOpen(stores, token)
        const { organisationId, unitId, roleId, rights, address } = invitation
        const organisation = await stores.organisations.find(organisationId)
        if (organisation === undefined) throw errors.invitationUnknown({})

        // 2. Decide.
        if (!(await hasProven(stores, accountId, { type: 'email', value: address })))
          throw errors.invitationOthers({ address })
        const memberships = await stores.memberships.ofAccount(organisationId, accountId)
        const there = memberships.find((membership) => membership.unitId === unitId)
        if (there !== undefined) throw errors.alreadyMember({ membershipId: there.id })

        // 3. Act and save.
        const now = clock.now()
        const membership: Membership = {
          organisationId,
          id: random.rowId() as MembershipId,
          unitId,
          accountId,
          rights,
          revision: 1,
          createdAt: now,
          ...(roleId === undefined ? {} : { roleId }),
        }
        await stores.memberships.insert(membership)
        if (!(await stores.invitations.close(invitation, 'accepted', now, membership.id)))
          throw errors.conflict({ what: 'invitation', reason: 'it is being answered already' })
        await stores.assessors.accepted(organisationId, invitation.id, accountId)
        await audit(
          stores,
          {
            organisationId,
            at: now,
            actor: actorOf(principal),
            action: 'invitation.accepted',
            targetType: 'invitation',
            targetId: invitation.id,
          },
          {
            organisationId,
            at: now,
            actor: actorOf(principal),
            action: 'member.joined',
            targetType: 'membership',
            targetId: membership.id,
            detail: { account: accountId, unit: unitId, rights: [...rights] },
          },
        )
        return { organisation, membershipId: membership.id }
      }),

    /** Says no: whoever has the link reads the mailbox, and needs no account for that. Throws `invitation-closed`. */
    decline: (token: string): Promise<void> =>
      database.asWorker(async (stores) => {
        const invitation = await findOpen(stores, token)
        const now = clock.now()
        if (!(await stores.invitations.close(invitation, 'declined', now)))
          throw errors.conflict({ what: 'invitation', reason: 'it is being answered already' })
        await audit(stores, {
          organisationId: invitation.organisationId,
          at: now,
          actor: 'invited',
          action: 'invitation.declined',
          targetType: 'invitation',
          targetId: invitation.id,
        })
      }),
  }
}

async function emailOf(stores: Stores, actor: string): Promise<string | undefined> {
  if (!actor.startsWith(ACCOUNT)) return undefined
  const accountId = actor.slice(ACCOUNT.length) as AccountId
  return (await stores.access.emailsOf([accountId])).get(accountId)?.[0]
}
const ACCOUNT = 'account:'
