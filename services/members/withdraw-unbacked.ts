import { holdsRight, type Principal } from '#engine/access/rights.ts'
import type { AccountId, KeyId, OrganisationId } from '#engine/shared/ids.ts'
import type { Instant } from '#engine/shared/instant.ts'
import { peopleOf } from '#services/access/person-of.ts'
import type { AuditTrail } from '#services/audit/audit-trail.ts'
import type { Stores } from '#services/ports/stores.ts'

type Inviter = Exclude<Principal, { kind: 'operator' }>

/**
 * Withdraws the open invitations of those who could not make them any more: nobody comes back in, or lets others in, by
 * an invitation from before their rights were taken. `whose`: `account:ID` and `key:ID` of those whose rights changed,
 * `everybody` where units moved. What a key invited falls with the key, and with whoever made it.
 */
export async function withdrawUnbacked(
  stores: Stores,
  audit: AuditTrail,
  { organisationId, actor, now }: { organisationId: OrganisationId; actor: string; now: Instant },
  whose: readonly string[] | 'everybody',
): Promise<void> {
  const invitedBy = await stores.invitations.inviters(organisationId)
  const people = await peopleOf(stores, organisationId, invitedBy)
  for (const inviter of invitedBy) {
    // As who they were when they invited: a key, or an account that has become part of another since.
    const person = people.get(inviter) ?? inviter
    const asked = whose === 'everybody' ? [inviter] : whose.filter((one) => one === inviter || one === person)
    const principals = await Promise.all(asked.map((one) => inviterNow(stores, organisationId, one, people)))
    const known = principals.filter((each) => each !== undefined)
    if (known.length === 0) continue
    for (const invitation of await stores.invitations.openBy(organisationId, inviter)) {
      const path = await stores.organisations.unitPath(organisationId, invitation.unitId)
      const needed = ['administer', ...invitation.rights] as const
      if (known.every((each) => needed.every((right) => holdsRight(each, right, path)))) continue
      if (!(await stores.invitations.close(invitation, 'withdrawn', now))) continue
      await audit(stores, {
        organisationId,
        at: now,
        actor,
        action: 'invitation.withdrawn',
        targetType: 'invitation',
        targetId: invitation.id,
        detail: { reason: 'Whoever invited does not hold the rights any more.' },
      })
    }
  }
}

/** With the rights that they hold now; undefined for the operator. A key whose time is over was good when it invited. */
async function inviterNow(
  stores: Stores,
  organisationId: OrganisationId,
  inviter: string,
  people: ReadonlyMap<string, string>,
): Promise<Inviter | undefined> {
  const [kind, id = ''] = inviter.split(':')
  if (kind === 'key') {
    const key = await stores.access.findKey(organisationId, id as KeyId)
    const grants =
      key === undefined || key.revokedAt !== undefined
        ? []
        : [{ organisationId, unitId: key.unitId, rights: key.rights }]
    return { kind: 'api-key', keyId: id as KeyId, organisationId, grants }
  }
  if (kind !== 'account') return undefined
  const accountId = (people.get(inviter) ?? inviter).slice('account:'.length) as AccountId
  return { kind: 'session', accountId, sessionId: '', grants: await stores.access.grantsOf(accountId) }
}
