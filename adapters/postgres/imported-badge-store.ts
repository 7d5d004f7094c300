import type { AccountId, ImportedBadgeId } from '#engine/shared/ids.ts'
import type { HolderMatch } from '#engine/verification/holder-match.ts'
import type { Verdict } from '#engine/verification/verification-report.ts'
import type { imported_badge as BadgeRow, Prisma } from '#prisma'
import type { ForeignDocument } from '#services/ports/foreign-badge-store.ts'
import type { ImportedBadge, ImportedBadgeStore, SaidByBadge } from '#services/ports/imported-badge-store.ts'
import { bytes, date, instant, known, type Transaction } from './rows.ts'

export function importedBadgeStore(tx: Transaction): ImportedBadgeStore {
  /** The document may be large: it is read where it is asked for, and nowhere else. */
  const omit = { document: true, media_type: true } as const
  return {
    insert: async (badge, document) => {
      await tx.imported_badge.create({
        data: { id: badge.id, account_id: badge.accountId, ...columns(badge, document) },
      })
    },
    replace: async (badge, document) => {
      const data = columns(badge, document)
      return (await tx.imported_badge.updateMany({ where: { id: badge.id }, data })).count === 1
    },
    find: async (id) => one(await tx.imported_badge.findUnique({ where: { id }, omit })),
    findSame: async (accountId, digest) =>
      one(
        await tx.imported_badge.findFirst({ where: { account_id: accountId, digest: bytes(digest) }, omit }),
      ),
    likeThis: async (accountId, sameHash) =>
      (
        await tx.imported_badge.findMany({
          where: { account_id: accountId, OR: [{ same_hash: bytes(sameHash) }, { same_hash: null }] },
          omit,
        })
      ).map(toBadge),
    count: (accountId) => tx.imported_badge.count({ where: { account_id: accountId } }),
    document: async (id) => {
      const row = await tx.imported_badge.findUnique({
        where: { id },
        select: { document: true, media_type: true },
      })
      return row === null ? undefined : { bytes: row.document, mediaType: row.media_type }
    },
    ofAccount: async (accountId) =>
      (
        await tx.imported_badge.findMany({
          where: { account_id: accountId },
          orderBy: [{ imported_at: 'desc' }, { id: 'desc' }],
          omit,
        })
      ).map(toBadge),
    checked: async (id, { verdict, checkedAt, holder }) => {
      const { count } = await tx.imported_badge.updateMany({
        where: { id },
        data: { verdict, checked_at: date(checkedAt), holder },
      })
      return count === 1
    },
    remove: async (id) => (await tx.imported_badge.deleteMany({ where: { id } })).count === 1,
  }
}

const columns = (badge: ImportedBadge, document: ForeignDocument) => ({
  digest: bytes(badge.digest),
  same_hash: badge.sameHash === undefined ? null : bytes(badge.sameHash),
  document: bytes(document.bytes),
  media_type: document.mediaType,
  said: badge.said as unknown as Prisma.InputJsonValue,
  verdict: badge.verdict,
  checked_at: date(badge.checkedAt),
  holder: badge.holder,
  imported_at: date(badge.importedAt),
})

type Row = Omit<BadgeRow, 'document' | 'media_type'>

const one = (row: Row | null): ImportedBadge | undefined => (row === null ? undefined : toBadge(row))

const toBadge = (row: Row): ImportedBadge => ({
  ...known({ sameHash: row.same_hash }),
  id: row.id as ImportedBadgeId,
  accountId: row.account_id as AccountId,
  digest: row.digest,
  said: row.said as unknown as SaidByBadge,
  verdict: row.verdict as Verdict,
  checkedAt: instant(row.checked_at),
  holder: row.holder as HolderMatch,
  importedAt: instant(row.imported_at),
})
