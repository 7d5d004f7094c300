import type { IdentifierType } from '#engine/events/identifier.ts'
import type { SubjectId } from '#engine/shared/ids.ts'
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
