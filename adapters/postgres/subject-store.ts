import type { IdentifierType } from '#engine/events/identifier.ts'
import type { OrganisationId, SubjectId } from '#engine/shared/ids.ts'
import type { SubjectStore } from '#services/ports/subject-store.ts'
import { date, type Transaction } from './rows.ts'
import { createSubjects, subjectsByIdentifiers } from './subject-identifiers.ts'

export function subjectStore(tx: Transaction): SubjectStore {
  return {
    byIdentifiers: (organisationId, identifiers) => subjectsByIdentifiers(tx, organisationId, identifiers),
    create: (organisationId, wanted) => createSubjects(tx, organisationId, wanted),
    find: async (organisationId, id) => {
      const row = await tx.subject.findFirst({ where: { organisation_id: organisationId, id } })
      if (row === null) return undefined
      const identifiers = await identifiersOf(tx, organisationId, row.canonical_id)
      return { id: row.id as SubjectId, canonicalId: row.canonical_id as SubjectId, identifiers }
    },
    identifiers: (organisationId, id) => identifiersOf(tx, organisationId, id),
    identifiersOfMany: async (organisationId, ids) => {
      const rows = await tx.subject_identifier.findMany({
        where: { organisation_id: organisationId, subject_id: { in: [...ids] } },
        orderBy: { created_at: 'asc' },
      })
      return new Map(
        [...Map.groupBy(rows, (row) => row.subject_id as SubjectId)].map(([id, of]) => [
          id,
          of.map(({ type, value }) => ({ type: type as IdentifierType, value })),
        ]),
      )
    },
    linkedTo: async (accountId) => {
      const rows = await tx.$queryRaw<{ organisation_id: string; subject_id: string }[]>`
        SELECT DISTINCT subject.organisation_id::text, subject.canonical_id::text AS subject_id
        FROM subject_account linked
        JOIN subject ON subject.organisation_id = linked.organisation_id AND subject.id = linked.subject_id
        WHERE linked.account_id = ${accountId}::uuid ORDER BY 1, 2`
      return rows.map((row) => ({
        organisationId: row.organisation_id as OrganisationId,
        subjectId: row.subject_id as SubjectId,
      }))
    },
    ofAccount: async (organisationId, accountId) => {
      const rows = await tx.$queryRaw<{ canonical_id: string }[]>`
        SELECT subject.canonical_id::text
        FROM subject_account link JOIN subject ON subject.organisation_id = link.organisation_id AND subject.id = link.subject_id
        WHERE link.organisation_id = ${organisationId}::uuid AND link.account_id = ${accountId}::uuid
        ORDER BY link.linked_at, subject.canonical_id`
      return [...new Set(rows.map(({ canonical_id }) => canonical_id as SubjectId))]
    },
    organisationsOf: async (accountId, identities) => {
      const rows = await tx.$queryRaw<{ organisation_id: string }[]>`
        SELECT organisation_id::text FROM subject_account WHERE account_id = ${accountId}::uuid
        UNION
        SELECT identifier.organisation_id::text
        FROM unnest(${identities.map(({ type }) => type)}::text[], ${identities.map(({ value }) => value)}::text[]) AS proven (type, value)
        JOIN subject_identifier identifier USING (type, value)`
      return rows.map(({ organisation_id }) => organisation_id as OrganisationId)
    },
    linkAccount: async (organisationId, subjectId, accountId, at) => {
      await tx.subject_account.createMany({
        data: {
          organisation_id: organisationId,
          subject_id: subjectId,
          account_id: accountId,
          linked_at: date(at),
        },
        skipDuplicates: true,
      })
    },
  }
}

async function identifiersOf(tx: Transaction, organisationId: string, subjectId: string) {
  const rows = await tx.subject_identifier.findMany({
    where: { organisation_id: organisationId, subject_id: subjectId },
    orderBy: { created_at: 'asc' },
  })
  return rows.map(({ type, value }) => ({ type: type as IdentifierType, value }))
}
