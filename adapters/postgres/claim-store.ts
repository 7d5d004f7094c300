import type { IdentifierType } from '#engine/events/identifier.ts'
import type { AccountId, AwardId, ClaimId, OrganisationId } from '#engine/shared/ids.ts'
import type { claim as ClaimRow } from '#prisma'
import type { Claim, ClaimStore } from '#services/ports/claim-store.ts'
import { bytes, date, instant, type Transaction } from './rows.ts'

export function claimStore(tx: Transaction): ClaimStore {
  return {
    open: async (claims) => {
      if (claims.length === 0) return []
      const rows = await tx.claim.createManyAndReturn({
        data: claims.map((claim) => ({
          organisation_id: claim.organisationId,
          id: claim.id,
          award_id: claim.awardId,
          token_hash: bytes(claim.tokenHash),
          identifier_type: claim.identifier.type,
          identifier: claim.identifier.value,
          state: 'open',
          opened_at: date(claim.openedAt),
          expires_at: date(claim.expiresAt),
        })),
        skipDuplicates: true,
        select: { id: true },
      })
      return rows.map(({ id }) => id as ClaimId)
    },
    findByToken: async (tokenHash) =>
      one(await tx.claim.findUnique({ where: { token_hash: bytes(tokenHash) } })),
    find: async (id) => one(await tx.claim.findUnique({ where: { id } })),
    findByAward: async (awardId) => one(await tx.claim.findFirst({ where: { award_id: awardId } })),
    findByAwards: async (awardIds) =>
      (await tx.claim.findMany({ where: { award_id: { in: [...awardIds] } } })).map(toClaim),
    offeredTo: async (identifiers, now) => {
      if (identifiers.length === 0) return []
      const rows = await tx.claim.findMany({
        where: {
          state: 'open',
          expires_at: { gt: date(now) },
          OR: identifiers.map(({ type, value }) => ({ identifier_type: type, identifier: value })),
        },
        orderBy: [{ opened_at: 'desc' }, { id: 'desc' }],
        take: 100,
      })
      return rows.map(toClaim)
    },
    mails: async (id) => (await tx.claim.findUniqueOrThrow({ where: { id }, select: { mails: true } })).mails,
    renew: async (id, tokenHash, expiresAt) => {
      const { count } = await tx.claim.updateMany({
        where: { id, state: 'open' },
        data: { token_hash: bytes(tokenHash), expires_at: date(expiresAt), mails: { increment: 1 } },
      })
      return count === 1
    },
    accept: async (id, accountId, at, sessionId) => {
      const { count } = await tx.claim.updateMany({
        where: { id, state: 'open' },
        data: {
          state: 'claimed',
          account_id: accountId,
          decided_at: date(at),
          session_id: sessionId ?? null,
        },
      })
      return count === 1
    },
    reject: async (id, at) => {
      const { count } = await tx.claim.updateMany({
        where: { id, state: 'open' },
        data: { state: 'rejected', decided_at: date(at) },
      })
      return count === 1
    },
    ofSession: async (sessionId) =>
      (await tx.claim.findMany({ where: { session_id: sessionId }, orderBy: { decided_at: 'desc' } })).map(
        toClaim,
      ),
    ofAccount: async (accountId) =>
      (await tx.claim.findMany({ where: { account_id: accountId }, orderBy: { decided_at: 'desc' } })).map(
        toClaim,
      ),
    counts: async (organisationId) => {
      const rows = await tx.claim.groupBy({
        by: ['state'],
        where: { organisation_id: organisationId },
        _count: true,
      })
      return Object.fromEntries(rows.map((row) => [row.state, row._count]))
    },
  }
}

const one = (row: ClaimRow | null): Claim | undefined => (row === null ? undefined : toClaim(row))

function toClaim(row: ClaimRow): Claim {
  const base = {
    organisationId: row.organisation_id as OrganisationId,
    id: row.id as ClaimId,
    awardId: row.award_id as AwardId,
    identifier: { type: row.identifier_type as IdentifierType, value: row.identifier },
    openedAt: instant(row.opened_at),
    expiresAt: instant(row.expires_at),
  }
  if (row.account_id !== null && row.decided_at !== null) {
    const accountId = row.account_id as AccountId
    return {
      ...base,
      state: 'claimed',
      accountId,
      decidedAt: instant(row.decided_at),
      ...(row.session_id === null ? {} : { sessionId: row.session_id }),
    }
  }
  return { ...base, state: row.state as 'open' | 'rejected' | 'expired' }
}
