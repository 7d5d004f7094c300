import type { InvitationState } from '#engine/access/invitation-state.ts'
import type { InvitationId, OrganisationId, RoleId, UnitId } from '#engine/shared/ids.ts'
import type { invitation as InvitationRow, Prisma } from '#prisma'
import type { Invitation, InvitationStore } from '#services/ports/invitation-store.ts'
import { rightsOfRoles, rightsOfRow } from './role-store.ts'
import {
  bytes,
  date,
  instant,
  instantOrNull,
  known,
  newestFirst,
  type OwnedRow,
  owned,
  page,
  type Transaction,
} from './rows.ts'

export function invitationStore(tx: Transaction): InvitationStore {
  const whole = async (rows: readonly InvitationRow[]): Promise<Invitation[]> => {
    const [first] = rows
    if (first === undefined) return []
    const roles = await rightsOfRoles(
      tx,
      first.organisation_id,
      rows.map((row) => row.role_id),
    )
    return rows.map((row) => ({ ...invitation(row), rights: rightsOfRow(row, roles) }))
  }
  const one = async (row: InvitationRow | null): Promise<Invitation | undefined> =>
    row === null ? undefined : (await whole([row]))[0]
  return {
    insert: async (made) => {
      await tx.invitation.create({
        data: {
          organisation_id: made.organisationId,
          id: made.id,
          unit_id: made.unitId,
          address: made.address,
          role_id: made.roleId ?? null,
          rights: made.roleId === undefined ? [...made.rights] : [],
          language: made.language,
          state: made.state,
          token_hash: bytes(made.tokenHash),
          invited_by: made.invitedBy,
          created_at: date(made.createdAt),
          sent_at: date(made.sentAt),
          times_sent: made.timesSent,
          expires_at: date(made.expiresAt),
          for_mandate: made.forMandate,
        },
      })
    },
    find: async (organisationId, id) =>
      one(await tx.invitation.findFirst({ where: { organisation_id: organisationId, id } })),
    findByToken: async (tokenHash) =>
      one(await tx.invitation.findUnique({ where: { token_hash: bytes(tokenHash) } })),
    findOpen: async (organisationId, unitId, address) =>
      one(
        await tx.invitation.findFirst({
          where: { organisation_id: organisationId, unit_id: unitId, address, state: 'open' },
        }),
      ),
    inviters: async (organisationId) =>
      (
        await tx.invitation.findMany({
          where: { organisation_id: organisationId, state: 'open' },
          select: { invited_by: true },
          distinct: ['invited_by'],
        })
      ).map((row) => row.invited_by),
    openBy: async (organisationId, invitedBy) =>
      whole(
        await tx.invitation.findMany({
          where: { organisation_id: organisationId, invited_by: invitedBy, state: 'open' },
        }),
      ),
    list: async (organisationId, unitIds, state, request) => {
      const rows = await tx.invitation.findMany(
        newestFirst<Prisma.invitationWhereInput>('created_at', request, {
          organisation_id: organisationId,
          unit_id: { in: [...unitIds] },
          ...(state === undefined ? {} : { state }),
        }),
      )
      return page(await whole(rows), request.limit, (each) => each.createdAt)
    },
    close: async ({ organisationId, id }, state, at, membershipId) => {
      const { count } = await tx.invitation.updateMany({
        where: { organisation_id: organisationId, id, state: 'open' },
        data: { state, closed_at: date(at), membership_id: membershipId ?? null },
      })
      return count === 1
    },
    sendAgain: async ({ organisationId, id, timesSent }, { tokenHash, sentAt, expiresAt }) => {
      const { count } = await tx.invitation.updateMany({
        where: { organisation_id: organisationId, id, state: 'open', times_sent: timesSent },
        data: {
          token_hash: bytes(tokenHash),
          sent_at: date(sentAt),
          expires_at: date(expiresAt),
          times_sent: timesSent + 1,
        },
      })
      return count === 1
    },
    closeOverdue: async (organisationId, now) => {
      const rows = await tx.$queryRaw<{ id: string }[]>`
        UPDATE invitation SET state = 'expired', closed_at = expires_at
        WHERE organisation_id = ${organisationId}::uuid AND state = 'open' AND expires_at <= ${date(now)}
        RETURNING id::text`
      return rows.map(({ id }) => id as InvitationId)
    },
    expire: async (limit, now) => {
      const rows = await tx.$queryRaw<OwnedRow[]>`
        UPDATE invitation SET state = 'expired', closed_at = expires_at
        FROM (SELECT organisation_id, id FROM invitation WHERE state = 'open' AND expires_at <= ${date(now)}
              ORDER BY expires_at LIMIT ${limit} FOR UPDATE SKIP LOCKED) due
        WHERE invitation.organisation_id = due.organisation_id AND invitation.id = due.id
        RETURNING invitation.organisation_id::text, invitation.id::text`
      return rows.map(owned<InvitationId>)
    },
  }
}

const invitation = (row: InvitationRow): Omit<Invitation, 'rights'> => ({
  ...known({ roleId: row.role_id as RoleId | null, closedAt: instantOrNull(row.closed_at) }),
  organisationId: row.organisation_id as OrganisationId,
  id: row.id as InvitationId,
  unitId: row.unit_id as UnitId,
  address: row.address,
  language: row.language,
  state: row.state as InvitationState,
  invitedBy: row.invited_by,
  createdAt: instant(row.created_at),
  sentAt: instant(row.sent_at),
  timesSent: row.times_sent,
  expiresAt: instant(row.expires_at),
  forMandate: row.for_mandate,
})
