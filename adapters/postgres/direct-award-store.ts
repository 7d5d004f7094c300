import type { GivenEvidence } from '#engine/awards/award-evidence.ts'
import type { AwardResult } from '#engine/awards/award-results.ts'
import type { SubjectParticulars } from '#engine/credentials/subject-particulars.ts'
import { type DirectAwardPolicy, nextMoment } from '#engine/direct-awards/direct-award-schedule.ts'
import {
  claimedAtOf,
  DIRECT_AWARD_STATES,
  type DirectAwardStanding,
  type DirectAwardState,
} from '#engine/direct-awards/direct-award-state.ts'
import type { IdentifierType } from '#engine/events/identifier.ts'
import type {
  AchievementId,
  AchievementVersionId,
  AwardId,
  DirectAwardBundleId,
  DirectAwardId,
  IssuerId,
  OrganisationId,
} from '#engine/shared/ids.ts'
import { type direct_award as DirectAwardRow, Prisma } from '#prisma'
import type {
  DirectAward,
  DirectAwardCounts,
  DirectAwardFilter,
  DirectAwardStore,
} from '#services/ports/direct-award-store.ts'
import {
  behind,
  bytes,
  date,
  dateOrNull,
  instant,
  instantOrNull,
  known,
  newestFirst,
  ofAchievements,
  page,
  type Transaction,
} from './rows.ts'

export function directAwardStore(tx: Transaction): DirectAwardStore {
  const find = async (id: string) => one(await tx.direct_award.findUnique({ where: { id } }))
  return {
    insert: async (award) => {
      const { count } = await tx.direct_award.createMany({
        data: {
          organisation_id: award.organisationId,
          id: award.id,
          issuer_id: award.issuerId,
          achievement_id: award.achievementId,
          achievement_version_id: award.achievementVersionId,
          bundle_id: award.bundle?.id ?? null,
          bundle_row: award.bundle?.row ?? null,
          created_by: award.createdBy,
          created_at: date(award.createdAt),
          ...columns(award),
          revision: award.revision,
        },
        skipDuplicates: true,
      })
      return count === 1
    },
    find,
    lock: async (id) => {
      await tx.$queryRaw`SELECT 1 FROM direct_award WHERE id = ${id}::uuid FOR UPDATE`
      return find(id)
    },
    findByToken: async (hash) =>
      one(await tx.direct_award.findUnique({ where: { token_hash: bytes(hash) } })),
    findByCode: async (hash) => one(await tx.direct_award.findUnique({ where: { code_hash: bytes(hash) } })),
    lockOpen: async (organisationId, achievementId, { type, value }) => {
      const [row] = await tx.$queryRaw<{ id: string }[]>`
        SELECT id::text FROM direct_award WHERE organisation_id = ${organisationId}::uuid
          AND achievement_id = ${achievementId}::uuid AND identifier_type = ${type} AND identifier = ${value}
          AND state IN ('scheduled', 'unaccepted') FOR UPDATE`
      return row === undefined ? undefined : find(row.id)
    },
    openAmong: async (organisationId, achievementId, identifiers) => {
      const rows = await tx.$queryRaw<{ text: string }[]>`
        SELECT direct_award.identifier_type || ':' || direct_award.identifier AS text
        FROM unnest(${identifiers.map(({ type }) => type)}::text[], ${identifiers.map(({ value }) => value)}::text[]) AS wanted (type, value)
        JOIN direct_award ON identifier_type = wanted.type AND identifier = wanted.value
        WHERE organisation_id = ${organisationId}::uuid AND achievement_id = ${achievementId}::uuid
          AND state IN ('scheduled', 'unaccepted')`
      return new Set(rows.map(({ text }) => text))
    },
    offeredTo: async (identifiers, now) => {
      if (identifiers.length === 0) return []
      const rows = await tx.direct_award.findMany({
        where: {
          state: 'unaccepted',
          expires_at: { gt: date(now) },
          OR: identifiers.map(({ type, value }) => ({ identifier_type: type, identifier: value })),
        },
        orderBy: [{ sent_at: 'desc' }, { id: 'desc' }],
        take: 100,
      })
      return rows.map(toDirectAward)
    },
    save: async (award) => {
      const row = await tx.direct_award.update({
        where: { id: award.id },
        data: { ...columns(award), revision: { increment: 1 } },
      })
      return toDirectAward(row)
    },
    list: async (organisationId, request, filter) => {
      const rows = await tx.direct_award.findMany(
        newestFirst<Prisma.direct_awardWhereInput>('created_at', request, {
          organisation_id: organisationId,
          ...wanted(filter),
        }),
      )
      return page(rows.map(toDirectAward), request.limit, (award) => award.createdAt)
    },
    counts: async (organisationId, filter) => {
      const where = { organisation_id: organisationId, ...wanted(filter) }
      const rows = await tx.direct_award.groupBy({ by: ['state'], where, _count: true })
      const byState = new Map(rows.map((row) => [row.state, row._count]))
      const revokedAfterClaim = await tx.direct_award.count({
        where: { ...where, state: 'revoked', claimed_at: { not: null } },
      })
      const counts = Object.fromEntries(DIRECT_AWARD_STATES.map((state) => [state, byState.get(state) ?? 0]))
      return { ...counts, revokedAfterClaim } as DirectAwardCounts
    },
    claimDue: async (limit, now, last) => {
      const rows = await tx.$queryRaw<{ id: string }[]>`
        SELECT id::text FROM direct_award WHERE next_at <= ${date(now)}
        ORDER BY (organisation_id > ${behind(last)}::uuid) DESC, organisation_id, next_at
        LIMIT ${limit} FOR UPDATE SKIP LOCKED`
      const found = await tx.direct_award.findMany({ where: { id: { in: rows.map(({ id }) => id) } } })
      return found.map(toDirectAward)
    },
    postpone: async (id, now) => {
      await tx.$queryRaw`
        UPDATE direct_award SET attempts = attempts + 1, next_at = ${date(now)}::timestamptz + least(3600, 2 ^ least(attempts, 12)) * interval '1 second'
        WHERE id = ${id}::uuid AND next_at IS NOT NULL RETURNING 1`
    },

    policy: async (organisationId) => {
      const row = await tx.direct_award_setting.findUnique({ where: { organisation_id: organisationId } })
      return row === null ? undefined : { policy: policyOf(row), revision: row.revision }
    },
    savePolicy: async (organisationId, revision, policy) => {
      const rows = await tx.$queryRaw<unknown[]>`
        INSERT INTO direct_award_setting AS setting (organisation_id, reminder_days, expiry_days, keep_days, undo_seconds, revision)
        SELECT ${organisationId}::uuid, ${[...policy.reminderDays]}::int[], ${policy.expiryDays}::int,
          ${policy.keepDays}::int, ${policy.undoSeconds}::int, 2
        WHERE ${revision}::int = 1 OR EXISTS (SELECT FROM direct_award_setting WHERE organisation_id = ${organisationId}::uuid)
        ON CONFLICT (organisation_id) DO UPDATE
        SET reminder_days = excluded.reminder_days, expiry_days = excluded.expiry_days, keep_days = excluded.keep_days,
            undo_seconds = excluded.undo_seconds, revision = setting.revision + 1
        WHERE setting.revision = ${revision}::int
        RETURNING 1`
      return rows.length === 1
    },
  }
}

/** What changes of it, as columns. What is not there any more becomes null. */
function columns(award: DirectAward) {
  const { standing, identifier, policy, secrets, evidence, results, particulars } = award
  return {
    identifier_type: identifier.type,
    identifier: identifier.value,
    state: standing.state,
    language: award.language,
    narrative: award.narrative ?? null,
    evidence: jsonOrNull(evidence),
    results: jsonOrNull(results),
    particulars: jsonOrNull(particulars),
    message: award.message ?? null,
    token_hash: bytesOrNull(secrets?.token?.hash),
    sealed_token: bytesOrNull(secrets?.token?.sealed),
    code_hash: bytesOrNull(secrets?.code.hash),
    sealed_code: bytesOrNull(secrets?.code.sealed),
    scheduled_at: date(award.scheduledAt),
    sent_at: dateOrNull(award.sentAt),
    expires_at: dateOrNull(award.expiresAt),
    claimed_at: dateOrNull(claimedAtOf(standing)),
    ended_at: dateOrNull('endedAt' in standing ? standing.endedAt : undefined),
    reason: award.reason ?? null,
    award_id: award.awardId ?? null,
    reminder_days: [...policy.reminderDays],
    expiry_days: policy.expiryDays,
    keep_days: policy.keepDays,
    undo_seconds: policy.undoSeconds,
    reminded: award.reminded,
    mails: award.mails,
    pseudonymised_at: dateOrNull(award.pseudonymisedAt),
    next_at: dateOrNull(nextMoment(award)),
  }
}

const bytesOrNull = (value: Uint8Array | undefined) => (value === undefined ? null : bytes(value))

const jsonOrNull = (value: unknown) =>
  value === undefined ? Prisma.DbNull : (value as Prisma.InputJsonValue)

const wanted = ({ state, achievementId, among, bundleId, identifiers }: DirectAwardFilter) => ({
  AND: ofAchievements(among),
  ...(state === undefined ? {} : { state }),
  ...(achievementId === undefined ? {} : { achievement_id: achievementId }),
  ...(bundleId === undefined ? {} : { bundle_id: bundleId }),
  ...(identifiers === undefined ? {} : { identifier: { in: [...identifiers] } }),
})

const one = (row: DirectAwardRow | null): DirectAward | undefined =>
  row === null ? undefined : toDirectAward(row)

const policyOf = (
  row: Pick<DirectAwardRow, 'reminder_days' | 'expiry_days' | 'keep_days' | 'undo_seconds'>,
): DirectAwardPolicy => ({
  reminderDays: row.reminder_days,
  expiryDays: row.expiry_days,
  keepDays: row.keep_days,
  undoSeconds: row.undo_seconds,
})

/** The checks of the table say that these columns are there in these states. */
function standingOf(row: DirectAwardRow): DirectAwardStanding {
  const state = row.state as DirectAwardState
  const at = (column: Date | null) => instant(column ?? row.scheduled_at)
  switch (state) {
    case 'scheduled':
      return { state, at: instant(row.scheduled_at) }
    case 'unaccepted':
      return { state, sentAt: at(row.sent_at), expiresAt: at(row.expires_at) }
    case 'claimed':
      return { state, sentAt: at(row.sent_at), claimedAt: at(row.claimed_at) }
    case 'revoked':
      return {
        state,
        endedAt: at(row.ended_at),
        ...(row.claimed_at === null
          ? {}
          : { claimed: { sentAt: at(row.sent_at), claimedAt: at(row.claimed_at) } }),
      }
    case 'rejected':
    case 'expired':
    case 'deleted':
      return { state, endedAt: at(row.ended_at) }
  }
}

function secretsOf({ code_hash, sealed_code, token_hash, sealed_token }: DirectAwardRow) {
  if (code_hash === null || sealed_code === null) return null
  return {
    code: { hash: code_hash, sealed: sealed_code },
    ...(token_hash === null || sealed_token === null
      ? {}
      : { token: { hash: token_hash, sealed: sealed_token } }),
  }
}

function toDirectAward(row: DirectAwardRow): DirectAward {
  return {
    ...known({
      narrative: row.narrative,
      evidence: row.evidence as unknown as readonly GivenEvidence[] | null,
      results: row.results as unknown as readonly AwardResult[] | null,
      particulars: row.particulars as unknown as SubjectParticulars | null,
      message: row.message,
      sentAt: instantOrNull(row.sent_at),
      expiresAt: instantOrNull(row.expires_at),
      reason: row.reason,
      awardId: row.award_id as AwardId | null,
      pseudonymisedAt: instantOrNull(row.pseudonymised_at),
      secrets: secretsOf(row),
      bundle:
        row.bundle_id === null || row.bundle_row === null
          ? null
          : { id: row.bundle_id as DirectAwardBundleId, row: row.bundle_row },
    }),
    organisationId: row.organisation_id as OrganisationId,
    id: row.id as DirectAwardId,
    issuerId: row.issuer_id as IssuerId,
    achievementId: row.achievement_id as AchievementId,
    achievementVersionId: row.achievement_version_id as AchievementVersionId,
    identifier: { type: row.identifier_type as IdentifierType, value: row.identifier },
    standing: standingOf(row),
    policy: policyOf(row),
    language: row.language,
    createdBy: row.created_by,
    createdAt: instant(row.created_at),
    scheduledAt: instant(row.scheduled_at),
    reminded: row.reminded,
    mails: row.mails,
    revision: row.revision,
  }
}
