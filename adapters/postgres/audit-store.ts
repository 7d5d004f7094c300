import { BEFORE_THE_FIRST, type ChainedEntry } from '#engine/audit/audit-chain.ts'
import type { LeafId, OrganisationId } from '#engine/shared/ids.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import type { audit_head as AuditHeadRow, audit as AuditRow, Prisma } from '#prisma'
import type { AnchoredAuditHead, AuditStore } from '#services/ports/audit-store.ts'
import { bytes, date, instant, known, newestFirst, page, type Transaction } from './rows.ts'

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
    unchained: async (limit) => {
      const rows = await tx.$queryRaw<{ organisation_id: string }[]>`
        SELECT organisation_id::text FROM audit WHERE sequence IS NULL GROUP BY organisation_id ORDER BY random() LIMIT ${limit}`
      return rows.map((row) => row.organisation_id as OrganisationId)
    },
    lockChain: async (organisationId) => {
      await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`audit:${organisationId}`}, 0))::text`
      const row = await tx.audit_chain.findUnique({ where: { organisation_id: organisationId } })
      return row === null ? BEFORE_THE_FIRST : { sequence: Number(row.sequence), hash: row.hash }
    },
    oldestUnchained: async (organisationId, limit) => {
      const rows = await tx.audit.findMany({
        where: { organisation_id: organisationId, sequence: null },
        orderBy: [{ received_at: 'asc' }, { id: 'asc' }],
        take: limit,
      })
      return rows.map(toChainedEntry)
    },
    chain: async (organisationId, places) => {
      const last = places.at(-1)?.head
      if (last === undefined) return
      const chained = await tx.$executeRaw`
        UPDATE audit SET sequence = place.sequence, hash = place.hash
        FROM unnest(
          ${places.map(({ entry }) => date(entry.at))}::timestamptz[], ${places.map(({ entry }) => entry.id)}::uuid[],
          ${places.map(({ head }) => BigInt(head.sequence))}::bigint[], ${places.map(({ head }) => Buffer.from(head.hash))}::bytea[]
        ) AS place (received_at, id, sequence, hash)
        WHERE audit.received_at = place.received_at AND audit.id = place.id
          AND audit.organisation_id = ${organisationId}::uuid AND audit.sequence IS NULL`
      if (chained !== places.length) throw new Error('An entry of the audit trail has its place already.')
      await tx.audit_chain.upsert({
        where: { organisation_id: organisationId },
        create: { organisation_id: organisationId, sequence: BigInt(last.sequence), hash: bytes(last.hash) },
        update: { sequence: BigInt(last.sequence), hash: bytes(last.hash) },
      })
    },
    behindOnHeads: async (olderThan, limit) => {
      const rows = await tx.$queryRaw<{ organisation_id: string }[]>`
        SELECT chain.organisation_id::text FROM audit_chain chain JOIN LATERAL (
          SELECT sequence, made_at FROM audit_head head WHERE head.organisation_id = chain.organisation_id
          ORDER BY sequence DESC LIMIT 1
        ) AS newest ON true
        WHERE chain.sequence > newest.sequence AND newest.made_at <= ${date(olderThan)} LIMIT ${limit}`
      return rows.map((row) => row.organisation_id as OrganisationId)
    },
    newestHead: async (organisationId) => {
      const row = await tx.audit_head.findFirst({
        where: { organisation_id: organisationId },
        orderBy: { sequence: 'desc' },
      })
      return row === null ? undefined : toAuditHead(row)
    },
    insertHead: async (organisationId, { sequence, hash, leafId, madeAt }) => {
      await tx.audit_head.create({
        data: {
          organisation_id: organisationId,
          sequence: BigInt(sequence),
          hash: bytes(hash),
          leaf_id: leafId,
          made_at: date(madeAt),
        },
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
      const rows = await tx.audit.findMany(
        newestFirst<Prisma.auditWhereInput>('received_at', request, { organisation_id: organisationId }),
      )
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

export function toChainedEntry(row: AuditRow): ChainedEntry {
  return {
    id: row.id,
    at: instant(row.received_at),
    actor: row.actor,
    action: row.action,
    targetType: row.target_type,
    ...known({ targetId: row.target_id, detailDigest: row.detail_digest }),
  }
}

export const toAuditHead = (row: AuditHeadRow): AnchoredAuditHead => ({
  sequence: Number(row.sequence),
  hash: row.hash,
  leafId: row.leaf_id as LeafId,
  madeAt: instant(row.made_at),
})
