import type { FileCursor } from '#engine/achievements/frameworks/read-framework-part.ts'
import { concat } from '#engine/shared/bytes.ts'
import type { FrameworkImportId, JobId } from '#engine/shared/ids.ts'
import type { Prisma } from '#prisma'
import type { FrameworkImportStore } from '#services/ports/framework-import-store.ts'
import { bytes, date, instant, type Transaction } from './rows.ts'

export function frameworkImportStore(tx: Transaction): FrameworkImportStore {
  return {
    insert: async ({ organisationId, id, slug, cursor, createdAt }) => {
      await tx.framework_import.create({
        data: {
          organisation_id: organisationId,
          id,
          slug,
          cursor: cursor as unknown as Prisma.InputJsonObject,
          created_at: date(createdAt),
        },
      })
    },
    running: async (organisationId, slug) => {
      const row = await tx.framework_import.findFirst({
        where: { organisation_id: organisationId, slug, job_id: { not: null } },
      })
      return (row?.job_id ?? undefined) as JobId | undefined
    },
    putPart: async ({ organisationId, id }, position, part) => {
      await tx.framework_import_part.create({
        data: { organisation_id: organisationId, import_id: id, position, bytes: bytes(part) },
      })
    },
    handOver: async ({ organisationId, id }, jobId) => {
      await tx.framework_import.updateMany({
        where: { organisation_id: organisationId, id },
        data: { job_id: jobId },
      })
    },
    discard: async ({ organisationId, id }) => {
      await tx.framework_import.deleteMany({ where: { organisation_id: organisationId, id, job_id: null } })
    },
    discardLost: async (organisationId, before) => {
      await tx.framework_import.deleteMany({
        where: { organisation_id: organisationId, job_id: null, created_at: { lt: date(before) } },
      })
    },
    ofJob: async (organisationId, jobId) => {
      const row = await tx.framework_import.findFirst({
        where: { organisation_id: organisationId, job_id: jobId },
      })
      if (row === null) return undefined
      return {
        organisationId,
        id: row.id as FrameworkImportId,
        slug: row.slug,
        cursor: row.cursor as unknown as FileCursor,
        createdAt: instant(row.created_at),
      }
    },
    read: async ({ organisationId, id }, position, most) => {
      const rows = await tx.$queryRaw<{ position: number; bytes: Uint8Array }[]>`
        SELECT position, bytes FROM framework_import_part
        WHERE organisation_id = ${organisationId}::uuid AND import_id = ${id}::uuid AND position < ${position + most}::int
          AND position >= coalesce((
            SELECT max(position) FROM framework_import_part
            WHERE organisation_id = ${organisationId}::uuid AND import_id = ${id}::uuid AND position <= ${position}::int), 0)
        ORDER BY position`
      const from = position - (rows[0]?.position ?? position)
      return concat(...rows.map((row) => row.bytes)).subarray(from, from + most)
    },
    keep: async ({ organisationId, id }, targets) => {
      const rows = await tx.$queryRaw<{ row: number }[]>`
        INSERT INTO framework_import_target (organisation_id, import_id, code, name, url, row)
        SELECT ${organisationId}::uuid, ${id}::uuid, code, name::jsonb, nullif(url, ''), row
        FROM unnest(${targets.map(({ target }) => target.code)}::text[],
          ${targets.map(({ target }) => JSON.stringify(target.name))}::text[],
          ${targets.map(({ target }) => target.url ?? '')}::text[],
          ${targets.map(({ row }) => row)}::int[]) AS new (code, name, url, row)
        ORDER BY row
        ON CONFLICT DO NOTHING RETURNING row`
      const kept = new Set(rows.map(({ row }) => row))
      return new Set(targets.map(({ row }) => row).filter((row) => !kept.has(row)))
    },
    moveOn: async ({ organisationId, id }, cursor) => {
      await tx.framework_import.updateMany({
        where: { organisation_id: organisationId, id },
        data: { cursor: cursor as unknown as Prisma.InputJsonObject },
      })
    },
    publish: ({ organisationId, id }, framework) =>
      tx.$executeRaw`
        INSERT INTO framework_target AS target (organisation_id, framework_id, code, name, url, edition)
        SELECT organisation_id, ${framework.id}::uuid, code, name, url, ${framework.edition}
        FROM framework_import_target
        WHERE organisation_id = ${organisationId}::uuid AND import_id = ${id}::uuid
        ON CONFLICT (organisation_id, framework_id, code) DO UPDATE
        SET name = target.name || excluded.name, url = coalesce(excluded.url, target.url), edition = excluded.edition`,
  }
}
