import type { Identifier, IdentifierType } from '#engine/events/identifier.ts'
import type { AccountId, AchievementId, ClaimId, DirectAwardId, OrganisationId } from '#engine/shared/ids.ts'
import type { Prisma, claim_confirmation as Row } from '#prisma'
import type { ClaimConfirmation, ConfirmationStore, Questioned } from '#services/ports/confirmation-store.ts'
import { date, instant, known, newestFirst, page, type Transaction } from './rows.ts'

export function confirmationStore(tx: Transaction): ConfirmationStore {
  /** Questions about badges of these achievements. */
  const idsAbout = async (organisationId: OrganisationId, achievementIds: readonly AchievementId[]) => {
    const rows = await tx.$queryRaw<{ id: string }[]>`
      SELECT asked.id::text FROM claim_confirmation asked
      LEFT JOIN claim ON claim.organisation_id = asked.organisation_id AND claim.id = asked.claim_id
      LEFT JOIN award ON award.organisation_id = claim.organisation_id AND award.id = claim.award_id
      LEFT JOIN direct_award offer
        ON offer.organisation_id = asked.organisation_id AND offer.id = asked.direct_award_id
      WHERE asked.organisation_id = ${organisationId}::uuid
        AND coalesce(award.achievement_id, offer.achievement_id) = ANY(${[...achievementIds]}::uuid[])`
    return rows.map(({ id }) => id)
  }
  return {
    insert: async (asked) => {
      await tx.claim_confirmation.updateMany({
        where: {
          ...isOf(asked.of),
          account_id: asked.accountId,
          state: 'asked',
          expires_at: { lte: date(asked.askedAt) },
        },
        data: { state: 'expired', decided_at: date(asked.askedAt) },
      })
      const { count } = await tx.claim_confirmation.createMany({
        data: {
          organisation_id: asked.organisationId,
          id: asked.id,
          ...isOf(asked.of),
          account_id: asked.accountId,
          identifier_type: asked.identifier.type,
          identifier: asked.identifier.value,
          contact: asked.contact ?? null,
          language: asked.language,
          message: asked.message ?? null,
          state: 'asked',
          asked_at: date(asked.askedAt),
          expires_at: date(asked.expiresAt),
        },
        skipDuplicates: true,
      })
      return count === 1
    },
    find: async (id) => {
      const row = await tx.claim_confirmation.findUnique({ where: { id } })
      return row === null ? undefined : toConfirmation(row)
    },
    lock: async (id) => {
      await tx.$queryRaw`SELECT 1 FROM claim_confirmation WHERE id = ${id}::uuid FOR UPDATE`
      const row = await tx.claim_confirmation.findUnique({ where: { id } })
      return row === null ? undefined : toConfirmation(row)
    },
    decide: async (id, { state, at, by, reason }) => {
      const { count } = await tx.claim_confirmation.updateMany({
        where: { id, state: 'asked' },
        data: { state, decided_at: date(at), decided_by: by ?? null, reason: reason ?? null },
      })
      return count === 1
    },
    expireOf: async (of, at) => {
      await tx.claim_confirmation.updateMany({
        where: { ...isOf(of), state: 'asked' },
        data: { state: 'expired', decided_at: date(at) },
      })
    },
    openOf: async (of, accountId, now) => {
      const row = await tx.claim_confirmation.findFirst({
        where: { ...isOf(of), account_id: accountId, state: 'asked', expires_at: { gt: date(now) } },
      })
      return row === null ? undefined : toConfirmation(row)
    },
    list: async (organisationId, request, { state, now, among }) => {
      const isOver = { state: 'asked', expires_at: { lte: date(now) } }
      const wanted =
        state === undefined
          ? {}
          : state === 'expired'
            ? { OR: [{ state }, isOver] }
            : { state, ...(state === 'asked' ? { expires_at: { gt: date(now) } } : {}) }
      const about = among === undefined ? {} : { id: { in: await idsAbout(organisationId, among) } }
      const rows = await tx.claim_confirmation.findMany(
        newestFirst<Prisma.claim_confirmationWhereInput>('asked_at', request, {
          organisation_id: organisationId,
          AND: [wanted, about],
        }),
      )
      return page(rows.map(toConfirmation), request.limit, ({ askedAt }) => askedAt)
    },
    pseudonymise: async (directAwardId, pseudonym) => {
      const rows = await tx.claim_confirmation.findMany({ where: { direct_award_id: directAwardId } })
      for (const { id, reason, ...row } of rows)
        await tx.claim_confirmation.update({
          where: { id },
          data: {
            identifier: pseudonym(identifierOf(row)),
            contact: null,
            message: null,
            // A refusal has one.
            reason: reason === null ? null : '',
          },
        })
    },
    ofAccount: async (accountId) =>
      (
        await tx.claim_confirmation.findMany({
          where: { account_id: accountId },
          orderBy: [{ asked_at: 'desc' }, { id: 'desc' }],
          take: 100,
        })
      ).map(toConfirmation),
  }
}

const isOf = (of: Questioned) =>
  of.kind === 'claim' ? { claim_id: of.claimId } : { direct_award_id: of.directAwardId }

const identifierOf = (row: Pick<Row, 'identifier_type' | 'identifier'>): Identifier => ({
  type: row.identifier_type as IdentifierType,
  value: row.identifier,
})

function questionedOf(row: Row): Questioned {
  return row.direct_award_id === null
    ? { kind: 'claim', claimId: row.claim_id as ClaimId }
    : { kind: 'direct_award', directAwardId: row.direct_award_id as DirectAwardId }
}

function toConfirmation(row: Row): ClaimConfirmation {
  const asked = {
    ...known({ contact: row.contact, message: row.message }),
    organisationId: row.organisation_id as OrganisationId,
    id: row.id,
    of: questionedOf(row),
    accountId: row.account_id as AccountId,
    identifier: identifierOf(row),
    language: row.language,
    askedAt: instant(row.asked_at),
    expiresAt: instant(row.expires_at),
  }
  if (row.decided_at === null) return { ...asked, state: 'asked' }
  const decided = { ...asked, decidedAt: instant(row.decided_at) }
  if (row.state === 'confirmed' || row.state === 'refused')
    return { ...decided, ...known({ reason: row.reason }), state: row.state, decidedBy: row.decided_by ?? '' }
  return { ...decided, state: row.state as 'withdrawn' | 'expired' }
}
