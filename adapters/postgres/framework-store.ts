import type { FrameworkId, OrganisationId } from '#engine/shared/ids.ts'
import type { LocalisedText } from '#engine/shared/localised-text.ts'
import type { framework as FrameworkRow } from '#prisma'
import type { FrameworkStore, ImportedFramework } from '#services/ports/framework-store.ts'
import { date, instant, type Transaction } from './rows.ts'

export function frameworkStore(tx: Transaction): FrameworkStore {
  return {
    list: async (organisationId) => {
      const rows = await tx.framework.findMany({
        where: { organisation_id: organisationId },
        orderBy: { slug: 'asc' },
      })
      const counts = await tx.framework_target.groupBy({
        by: ['framework_id'],
        where: { organisation_id: organisationId },
        _count: true,
      })
      const counted = new Map(counts.map(({ framework_id, _count }) => [framework_id, _count]))
      return rows.map((row) => ({ framework: framework(row), targets: counted.get(row.id) ?? 0 }))
    },
    save: async (made) => {
      const rows = await tx.$queryRaw<{ id: string }[]>`
        INSERT INTO framework (organisation_id, id, slug, format, name, target_type, publisher, source, licence, edition,
          imported_by, imported_at)
        VALUES (${made.organisationId}::uuid, ${made.id}::uuid, ${made.slug}, ${made.format}, ${made.name},
          ${made.targetType}, ${made.publisher}, ${made.source}, ${made.licence}, ${made.edition}, ${made.importedBy},
          ${date(made.importedAt)})
        ON CONFLICT (organisation_id, slug) DO UPDATE
        SET format = excluded.format, name = excluded.name, target_type = excluded.target_type,
            publisher = excluded.publisher, source = excluded.source, licence = excluded.licence,
            edition = excluded.edition, imported_by = excluded.imported_by, imported_at = excluded.imported_at
        RETURNING id::text`
      return (rows[0]?.id ?? made.id) as FrameworkId
    },
    dropOlder: async ({ organisationId, id, edition, targetType }) => {
      const dropped = await tx.$executeRaw`
        DELETE FROM framework_target target
        WHERE organisation_id = ${organisationId}::uuid AND framework_id = ${id}::uuid AND edition <> ${edition}
          AND NOT EXISTS (
            SELECT FROM achievement_version version, jsonb_array_elements(version.definition->'alignments') aligned
            WHERE version.organisation_id = target.organisation_id
              AND aligned->>'targetType' = ${targetType} AND aligned->>'targetCode' = target.code)`
      const kept = await tx.framework_target.count({
        where: { organisation_id: organisationId, framework_id: id, edition: { not: edition } },
      })
      return { dropped, kept }
    },
    search: async (organisationId, words, slug, limit) => {
      const rows = await tx.$queryRaw<
        (FrameworkRow & { code: string; named: LocalisedText; url: string | null })[]
      >`
        SELECT framework.*, target.code, target.name AS named, target.url
        FROM framework_target target JOIN framework
          ON framework.organisation_id = target.organisation_id AND framework.id = target.framework_id
        WHERE target.organisation_id = ${organisationId}::uuid AND (${slug ?? null}::text IS NULL OR slug = ${slug ?? null})
          AND NOT EXISTS (
            SELECT FROM unnest(${[...words]}::text[]) AS word
            WHERE position(word IN lower(concat_ws(' ', slug, framework.name, target.code, target.name::text))) = 0)
        ORDER BY slug, length(target.name::text), code LIMIT ${limit}`
      return rows.map(({ code, named, url, ...row }) => ({
        framework: framework(row),
        code,
        name: named,
        ...(url === null ? {} : { url }),
      }))
    },
  }
}

const framework = (row: FrameworkRow): ImportedFramework => ({
  organisationId: row.organisation_id as OrganisationId,
  id: row.id as FrameworkId,
  slug: row.slug,
  format: row.format as ImportedFramework['format'],
  name: row.name,
  targetType: row.target_type,
  publisher: row.publisher,
  source: row.source,
  licence: row.licence,
  edition: row.edition,
  importedBy: row.imported_by,
  importedAt: instant(row.imported_at),
})
