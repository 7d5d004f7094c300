import type { EventId, ForeignBadgeId, OrganisationId, SubjectId } from '#engine/shared/ids.ts'
import type { foreign_badge as BadgeRow } from '#prisma'
import type { ForeignBadge, ForeignBadgeStore } from '#services/ports/foreign-badge-store.ts'
import { bytes, date, dateOrNull, instant, instantOrNull, known, type Transaction } from './rows.ts'

export function foreignBadgeStore(tx: Transaction): ForeignBadgeStore {
  /** The document may be large: it is read where it is asked for, and nowhere else. */
  const omit = { document: true, media_type: true } as const
  return {
    findSame: async (organisationId, key) => {
      await tx.$queryRaw`
        SELECT count(pg_advisory_xact_lock(hashtextextended('foreign-badge:' || ${organisationId} || encode(${bytes(key)}::bytea, 'hex'), 0)))`
      return one(
        await tx.foreign_badge.findFirst({
          where: { organisation_id: organisationId, credential_key: bytes(key) },
          omit,
        }),
      )
    },
    find: async (organisationId, id) =>
      one(await tx.foreign_badge.findFirst({ where: { organisation_id: organisationId, id }, omit })),
    document: async (organisationId, id) => {
      const row = await tx.foreign_badge.findFirst({
        where: { organisation_id: organisationId, id },
        select: { document: true, media_type: true },
      })
      return row === null ? undefined : { bytes: row.document, mediaType: row.media_type }
    },
    ofSubject: async (organisationId, subjectId) => {
      const rows = await tx.foreign_badge.findMany({
        where: { organisation_id: organisationId, subject_id: subjectId },
        orderBy: [{ recorded_at: 'desc' }, { id: 'desc' }],
        omit,
      })
      return rows.map(toBadge)
    },
    save: async (badge, document) => {
      const { organisationId, id } = badge
      const said = {
        subject_id: badge.subjectId,
        credential_key: bytes(badge.key),
        issuer: badge.issuer,
        credential: badge.credential,
        achievement: badge.achievement,
        digest: bytes(badge.digest),
        document: bytes(document.bytes),
        media_type: document.mediaType,
        valid_from: date(badge.validFrom),
        valid_until: dateOrNull(badge.validUntil),
        round: badge.round,
        event_id: badge.eventId,
        recorded_at: date(badge.recordedAt),
        checked_at: date(badge.checkedAt),
        taken_back_at: null,
      }
      await tx.foreign_badge.upsert({
        where: { organisation_id_id: { organisation_id: organisationId, id } },
        update: said,
        create: { organisation_id: organisationId, id, ...said },
      })
    },
    checked: async (organisationId, id, at) => {
      await tx.foreign_badge.updateMany({
        where: { organisation_id: organisationId, id },
        data: { checked_at: date(at) },
      })
    },
    takeBack: async (organisationId, eventId, at) => {
      await tx.foreign_badge.updateMany({
        where: { organisation_id: organisationId, event_id: eventId, taken_back_at: null },
        data: { taken_back_at: date(at) },
      })
    },
  }
}

type Row = Omit<BadgeRow, 'document' | 'media_type'>

const one = (row: Row | null): ForeignBadge | undefined => (row === null ? undefined : toBadge(row))

const toBadge = (row: Row): ForeignBadge => ({
  ...known({ validUntil: instantOrNull(row.valid_until), takenBackAt: instantOrNull(row.taken_back_at) }),
  organisationId: row.organisation_id as OrganisationId,
  id: row.id as ForeignBadgeId,
  subjectId: row.subject_id as SubjectId,
  key: row.credential_key,
  issuer: row.issuer,
  credential: row.credential,
  achievement: row.achievement,
  digest: row.digest,
  validFrom: instant(row.valid_from),
  round: row.round,
  eventId: row.event_id as EventId,
  recordedAt: instant(row.recorded_at),
  checkedAt: instant(row.checked_at),
})
