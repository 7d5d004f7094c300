import type { OrganisationId } from '#engine/shared/ids.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { Prisma } from '#prisma'
import type { AuditStore } from '#services/ports/audit-store.ts'
import { after, bytes, date, instant, known, page, type Transaction } from './rows.ts'

export function auditStore(tx: Transaction): AuditStore {
  return {
    record: async (entries) => {
      if (entries.length === 0) return
      await tx.audit.createMany({
        data: entries.map((entry) => ({
          organisation_id: entry.organisationId,
          received_at: date(entry.at),
          id: entry.id,
          actor: entry.actor,
          action: entry.action,
          target_type: entry.targetType,
          target_id: entry.targetId ?? null,
          detail_digest: entry.detailDigest === undefined ? null : bytes(entry.detailDigest),
        })),
      })
      await tx.audit_detail.createMany({
        data: entries.flatMap(({ organisationId, id, salt, detail }) =>
          detail === undefined
            ? []
            : [
                {
                  organisation_id: organisationId,
                  audit_id: id,
                  salt: bytes(salt),
                  detail: detail as Prisma.InputJsonValue,
                },
              ],
        ),
      })
    },
    actorsOn: async (organisationId, targetIds) => {
      if (targetIds.length === 0) return []
      const rows = await tx.$queryRaw<{ actor: string }[]>`
        SELECT DISTINCT actor FROM audit
        WHERE organisation_id = ${organisationId}::uuid AND target_id = ANY(${targetIds}::uuid[])`
      return rows.map(({ actor }) => actor)
    },
    makersOf: async (organisationId, keyIds) => {
      if (keyIds.length === 0) return new Map()
      const rows = await tx.audit.findMany({
        where: { organisation_id: organisationId, target_id: { in: [...keyIds] }, action: 'api_key.created' },
        select: { actor: true, target_id: true },
      })
      return new Map(rows.map((row) => [row.target_id ?? '', row.actor]))
    },
    list: async (organisationId, request) => {
      const rows = await tx.audit.findMany({
        where: { organisation_id: organisationId, ...after('received_at', request) },
        orderBy: [{ received_at: 'desc' }, { id: 'desc' }],
        take: request.limit + 1,
      })
      const details = await tx.audit_detail.findMany({
        where: { organisation_id: organisationId, audit_id: { in: rows.map((row) => row.id) } },
      })
      const detailOf = new Map(details.map((row) => [row.audit_id, row.detail as JsonObject]))
      const entries = rows.map((row) => ({
        ...known({ targetId: row.target_id, detail: detailOf.get(row.id) ?? null }),
        organisationId: row.organisation_id as OrganisationId,
        id: row.id,
        at: instant(row.received_at),
        actor: row.actor,
        action: row.action,
        targetType: row.target_type,
      }))
      return page(entries, request.limit, (entry) => entry.at)
    },
  }
}
