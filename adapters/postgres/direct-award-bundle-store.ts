import { BUNDLE_UNDO_OUTCOMES, type BundleUndoOutcome } from '#engine/direct-awards/bundle-undo.ts'
import type {
  AchievementId,
  AchievementVersionId,
  DirectAwardBundleId,
  DirectAwardId,
  IssuerId,
  OrganisationId,
} from '#engine/shared/ids.ts'
import type {
  direct_award_bundle as DirectAwardBundleRow,
  direct_award_bundle_row as DirectAwardBundleRowRow,
  Prisma,
} from '#prisma'
import type {
  BundleRow,
  DirectAwardBundle,
  DirectAwardBundleStore,
  RowFault,
  WantedRow,
} from '#services/ports/direct-award-bundle-store.ts'
import {
  behind,
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

export function directAwardBundleStore(tx: Transaction): DirectAwardBundleStore {
  const find = async (id: string) => {
    const row = await tx.direct_award_bundle.findUnique({ where: { id } })
    return row === null ? undefined : toBundle(row)
  }
  return {
    insert: async (bundle, rows) => {
      const { policy } = bundle
      await tx.direct_award_bundle.create({
        data: {
          organisation_id: bundle.organisationId,
          id: bundle.id,
          issuer_id: bundle.issuerId,
          achievement_id: bundle.achievementId,
          achievement_version_id: bundle.achievementVersionId,
          name: bundle.name,
          state: bundle.state,
          language: bundle.language ?? null,
          message: bundle.message ?? null,
          scheduled_at: dateOrNull(bundle.scheduledAt),
          reminder_days: [...policy.reminderDays],
          expiry_days: policy.expiryDays,
          keep_days: policy.keepDays,
          undo_seconds: policy.undoSeconds,
          total: bundle.total,
          awarded: bundle.awarded,
          refused: bundle.refused,
          created_by: bundle.createdBy,
          created_at: date(bundle.createdAt),
          finished_at: dateOrNull(bundle.finishedAt),
        },
      })
      await tx.$queryRaw`
        INSERT INTO direct_award_bundle_row (organisation_id, bundle_id, number, state, wanted, faults)
        SELECT ${bundle.organisationId}::uuid, ${bundle.id}::uuid, made.number, made.state, made.wanted::jsonb, made.faults::jsonb
        FROM unnest(${rows.map(({ number }) => number)}::int[], ${rows.map(({ state }) => state)}::text[],
          ${rows.map((row) => (row.state === 'waiting' ? JSON.stringify(row.wanted) : null))}::text[],
          ${rows.map((row) => JSON.stringify(row.state === 'refused' ? row.faults : []))}::text[]
        ) AS made (number, state, wanted, faults)
        RETURNING 1`
    },
    find,
    list: async (organisationId, request, among) => {
      const rows = await tx.direct_award_bundle.findMany(
        newestFirst<Prisma.direct_award_bundleWhereInput>('created_at', request, {
          organisation_id: organisationId,
          ...ofAchievements(among),
        }),
      )
      return page(rows.map(toBundle), request.limit, (bundle) => bundle.createdAt)
    },
    rows: async (id, { state, after: last, limit }) => {
      const rows = await tx.direct_award_bundle_row.findMany({
        where: { bundle_id: id, number: { gt: last }, ...(state === undefined ? {} : { state }) },
        orderBy: { number: 'asc' },
        take: limit,
      })
      return rows.map(toRow)
    },
    lock: async (id) => {
      await tx.$queryRaw`SELECT 1 FROM direct_award_bundle WHERE id = ${id}::uuid FOR UPDATE`
      return find(id)
    },
    askUndo: async ({ id }, { askedAt, askedBy }, fault) => {
      const asked = date(askedAt)
      await tx.$queryRaw`
        UPDATE direct_award_bundle_row SET state = 'refused', wanted = NULL, faults = ${JSON.stringify([fault])}::jsonb
        WHERE bundle_id = ${id}::uuid AND state = 'waiting' RETURNING 1`
      await tx.$queryRaw`
        UPDATE direct_award_bundle SET undo_asked_at = ${asked}::timestamptz, undo_asked_by = ${askedBy},
          refused = total - awarded, state = 'done', finished_at = coalesce(finished_at, ${asked}::timestamptz)
        WHERE id = ${id}::uuid RETURNING 1`
    },
    claimUndo: async (last) => {
      const [row] = await tx.$queryRaw<{ id: string }[]>`
        SELECT id::text FROM direct_award_bundle WHERE undo_asked_at IS NOT NULL AND undone_at IS NULL
        ORDER BY (organisation_id > ${behind(last)}::uuid) DESC, organisation_id, undo_asked_at LIMIT 1 FOR UPDATE SKIP LOCKED`
      const bundle = row === undefined ? undefined : await find(row.id)
      return bundle?.undo === undefined ? undefined : { ...bundle, undo: bundle.undo }
    },
    rowsToUndo: async (id, limit) => {
      const rows = await tx.direct_award_bundle_row.findMany({
        where: { bundle_id: id, state: 'awarded', undo: null },
        orderBy: { number: 'asc' },
        take: limit,
        select: { number: true, direct_award_id: true },
      })
      return rows.map((row) => ({
        number: row.number,
        directAwardId: row.direct_award_id as DirectAwardId,
      }))
    },
    settleUndo: async ({ id }, rows, at) => {
      await tx.$queryRaw`
        UPDATE direct_award_bundle_row settled SET undo = made.undo
        FROM unnest(${rows.map(({ number }) => number)}::int[], ${rows.map(({ undo }) => undo)}::text[]) AS made (number, undo)
        WHERE settled.bundle_id = ${id}::uuid AND settled.number = made.number AND settled.state = 'awarded' RETURNING 1`
      const done = await tx.$queryRaw<object[]>`
        UPDATE direct_award_bundle SET undone_at = ${date(at)}::timestamptz
        WHERE id = ${id}::uuid AND undone_at IS NULL AND NOT EXISTS (
          SELECT 1 FROM direct_award_bundle_row WHERE bundle_id = ${id}::uuid AND state = 'awarded' AND undo IS NULL)
        RETURNING 1`
      return done.length === 1
    },
    undoCounts: async (id) => {
      const counted = await tx.direct_award_bundle_row.groupBy({
        by: ['undo'],
        where: { bundle_id: id, undo: { not: null } },
        _count: true,
      })
      const of = (outcome: BundleUndoOutcome) => counted.find(({ undo }) => undo === outcome)?._count ?? 0
      return Object.fromEntries(BUNDLE_UNDO_OUTCOMES.map((outcome) => [outcome, of(outcome)])) as Readonly<
        Record<BundleUndoOutcome, number>
      >
    },
    claim: async (last) => {
      const [row] = await tx.$queryRaw<{ id: string }[]>`
        SELECT id::text FROM direct_award_bundle WHERE state = 'running'
        ORDER BY (organisation_id > ${behind(last)}::uuid) DESC, organisation_id, created_at LIMIT 1 FOR UPDATE SKIP LOCKED`
      return row === undefined ? undefined : find(row.id)
    },
    lockRunning: async (id) => {
      const rows = await tx.$queryRaw<unknown[]>`
        SELECT 1 FROM direct_award_bundle WHERE id = ${id}::uuid AND state = 'running' FOR UPDATE`
      return rows.length === 0 ? undefined : find(id)
    },
    settle: async ({ id }, rows, at) => {
      await tx.$queryRaw`
        UPDATE direct_award_bundle_row settled
        SET state = made.state, wanted = NULL, faults = made.faults::jsonb, direct_award_id = made.direct_award_id
        FROM unnest(${rows.map(({ number }) => number)}::int[], ${rows.map(({ state }) => state)}::text[],
          ${rows.map((row) => JSON.stringify(row.state === 'refused' ? row.faults : []))}::text[],
          ${rows.map((row) => (row.state === 'awarded' ? row.directAwardId : null))}::uuid[]
        ) AS made (number, state, faults, direct_award_id)
        WHERE settled.bundle_id = ${id}::uuid AND settled.number = made.number AND settled.state = 'waiting'
        RETURNING 1`
      await tx.$queryRaw`
        WITH counted AS (
          SELECT count(*) FILTER (WHERE state = 'awarded') AS awarded, count(*) FILTER (WHERE state = 'refused') AS refused,
                 count(*) FILTER (WHERE state = 'waiting') AS waiting
          FROM direct_award_bundle_row WHERE bundle_id = ${id}::uuid
        )
        UPDATE direct_award_bundle SET awarded = counted.awarded, refused = counted.refused,
          state = CASE counted.waiting WHEN 0 THEN 'done' ELSE 'running' END,
          finished_at = CASE counted.waiting WHEN 0 THEN ${date(at)}::timestamptz END
        FROM counted WHERE id = ${id}::uuid RETURNING 1`
    },
  }
}

function toRow(row: DirectAwardBundleRowRow): BundleRow {
  const { number, state, wanted, faults, direct_award_id, undo } = row
  if (direct_award_id !== null)
    return {
      number,
      state: 'awarded',
      directAwardId: direct_award_id as DirectAwardId,
      ...known({ undo: undo as BundleUndoOutcome | null }),
    }
  return state === 'waiting'
    ? { number, state, wanted: wanted as unknown as WantedRow }
    : { number, state: 'refused', faults: faults as unknown as readonly RowFault[] }
}

const toBundle = (row: DirectAwardBundleRow): DirectAwardBundle => ({
  ...known({
    language: row.language,
    message: row.message,
    scheduledAt: instantOrNull(row.scheduled_at),
    finishedAt: instantOrNull(row.finished_at),
  }),
  organisationId: row.organisation_id as OrganisationId,
  id: row.id as DirectAwardBundleId,
  issuerId: row.issuer_id as IssuerId,
  achievementId: row.achievement_id as AchievementId,
  achievementVersionId: row.achievement_version_id as AchievementVersionId,
  name: row.name,
  state: row.state as DirectAwardBundle['state'],
  policy: {
    reminderDays: row.reminder_days,
    expiryDays: row.expiry_days,
    keepDays: row.keep_days,
    undoSeconds: row.undo_seconds,
  },
  total: row.total,
  awarded: row.awarded,
  refused: row.refused,
  createdBy: row.created_by,
  createdAt: instant(row.created_at),
  ...(row.undo_asked_at === null
    ? {}
    : {
        undo: {
          askedAt: instant(row.undo_asked_at),
          askedBy: row.undo_asked_by ?? '',
          ...known({ doneAt: instantOrNull(row.undone_at) }),
        },
      }),
})
