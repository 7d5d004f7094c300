import type { ClaimCodeId, EventId, OrganisationId, SubjectId } from '#engine/shared/ids.ts'
import type { LocalisedText } from '#engine/shared/localised-text.ts'
import type { claim_code as CodeRow, Prisma } from '#prisma'
import type { ClaimCode, ClaimCodeStore } from '#services/ports/claim-code-store.ts'
import {
  bytes,
  date,
  dateOrNull,
  instant,
  instantOrNull,
  known,
  newestFirst,
  page,
  type Transaction,
} from './rows.ts'

export function claimCodeStore(tx: Transaction): ClaimCodeStore {
  const find: ClaimCodeStore['find'] = async (organisationId, slug) => {
    const row = await tx.claim_code.findFirst({ where: { organisation_id: organisationId, slug } })
    return row === null ? undefined : toCode(row)
  }
  return {
    insert: async (code, hash) => {
      const { count } = await tx.claim_code.createMany({
        data: {
          organisation_id: code.organisationId,
          id: code.id,
          slug: code.slug,
          name: code.name,
          code_hash: bytes(hash),
          valid_from: dateOrNull(code.validFrom),
          valid_until: dateOrNull(code.validUntil),
          max_uses: code.maxUses ?? null,
          created_at: date(code.createdAt),
        },
        skipDuplicates: true,
      })
      return count === 1
    },
    find,
    findByHash: async (hash) => {
      const row = await tx.claim_code.findUnique({ where: { code_hash: bytes(hash) } })
      return row === null ? undefined : toCode(row)
    },
    lock: async (organisationId, id) => {
      await tx.$queryRaw`
        SELECT 1 FROM claim_code WHERE organisation_id = ${organisationId}::uuid AND id = ${id}::uuid FOR NO KEY UPDATE`
      const row = await tx.claim_code.findFirst({ where: { organisation_id: organisationId, id } })
      return row === null ? undefined : toCode(row)
    },
    list: async (organisationId, request) => {
      const rows = await tx.claim_code.findMany(
        newestFirst<Prisma.claim_codeWhereInput>('created_at', request, { organisation_id: organisationId }),
      )
      return page(rows.map(toCode), request.limit, (each) => each.createdAt)
    },
    all: async (organisationId) => {
      const rows = await tx.claim_code.findMany({
        where: { organisation_id: organisationId },
        select: { slug: true, id: true },
      })
      return new Map(rows.map(({ slug, id }) => [slug, id as ClaimCodeId]))
    },
    end: async (organisationId, slug, at) => {
      await tx.claim_code.updateMany({
        where: { organisation_id: organisationId, slug, ended_at: null },
        data: { ended_at: date(at) },
      })
      return find(organisationId, slug)
    },

    useOf: async (codeId, subjectId) => {
      const row = await tx.claim_code_use.findFirst({
        where: { code_id: codeId, subject_id: subjectId, taken_back_at: null },
      })
      if (row === null) return undefined
      return {
        organisationId: row.organisation_id as OrganisationId,
        id: row.id,
        codeId,
        subjectId: row.subject_id as SubjectId,
        eventId: row.event_id as EventId,
        usedAt: instant(row.used_at),
      }
    },
    use: async ({ organisationId, id, codeId, subjectId, eventId, usedAt }) => {
      await tx.claim_code_use.create({
        data: {
          organisation_id: organisationId,
          id,
          code_id: codeId,
          subject_id: subjectId,
          event_id: eventId,
          used_at: date(usedAt),
        },
      })
      await tx.claim_code.updateMany({
        where: { organisation_id: organisationId, id: codeId },
        data: { uses: { increment: 1 } },
      })
    },
    giveBack: async (organisationId, eventId, at) => {
      const where = { organisation_id: organisationId, event_id: eventId, taken_back_at: null }
      const use = await tx.claim_code_use.findFirst({ where })
      const { count } = await tx.claim_code_use.updateMany({ where, data: { taken_back_at: date(at) } })
      if (use === null || count === 0) return
      await tx.claim_code.updateMany({
        where: { organisation_id: organisationId, id: use.code_id },
        data: { uses: { decrement: 1 } },
      })
    },
  }
}

const toCode = (row: CodeRow): ClaimCode => ({
  ...known({
    validFrom: instantOrNull(row.valid_from),
    validUntil: instantOrNull(row.valid_until),
    maxUses: row.max_uses,
    endedAt: instantOrNull(row.ended_at),
  }),
  organisationId: row.organisation_id as OrganisationId,
  id: row.id as ClaimCodeId,
  slug: row.slug,
  name: row.name as LocalisedText,
  uses: row.uses,
  createdAt: instant(row.created_at),
})
