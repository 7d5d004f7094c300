import type { IdentifierType } from '#engine/events/identifier.ts'
import { identifierText } from '#engine/events/identifier.ts'
import type { OrganisationId, SubjectId } from '#engine/shared/ids.ts'
import type { SubjectStore } from '#services/ports/subject-store.ts'
import { date, type Transaction } from './rows.ts'

export function subjectStore(tx: Transaction): SubjectStore {
  const byIdentifiers: SubjectStore['byIdentifiers'] = async (organisationId, identifiers) => {
    if (identifiers.length === 0) return new Map()
    const rows = await tx.$queryRaw<{ type: string; value: string; canonical_id: string }[]>`
      SELECT identifier.type, identifier.value, subject.canonical_id::text
      FROM unnest(${identifiers.map(({ type }) => type)}::text[], ${identifiers.map(({ value }) => value)}::text[]) AS wanted (type, value)
      JOIN subject_identifier identifier
        ON identifier.organisation_id = ${organisationId}::uuid AND identifier.type = wanted.type AND identifier.value = wanted.value
      JOIN subject ON subject.organisation_id = identifier.organisation_id AND subject.id = identifier.subject_id`
    return new Map(
      rows.map(({ type, value, canonical_id }) => [
        identifierText({ type: type as IdentifierType, value }),
        canonical_id as SubjectId,
      ]),
    )
  }
  return {
    byIdentifiers,
    create: async (organisationId, wanted) => {
      if (wanted.length === 0) return new Map()
      // In one order everywhere, so that two batches with the same new people cannot wait for each other.
      const sorted = [...wanted].sort((a, b) =>
        identifierText(a.identifier) < identifierText(b.identifier) ? -1 : 1,
      )
      for (const { identifier } of sorted)
        await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`subject:${organisationId}:${identifierText(identifier)}`}, 0))::text`
      const taken = await byIdentifiers(
        organisationId,
        sorted.map(({ identifier }) => identifier),
      )
      const free = sorted.filter(({ identifier }) => !taken.has(identifierText(identifier)))
      if (free.length > 0) {
        const ids = free.map(({ id }) => id)
        await tx.$executeRaw`
          INSERT INTO subject (organisation_id, id, canonical_id)
          SELECT ${organisationId}::uuid, id, id FROM unnest(${ids}::uuid[]) AS new (id)`
        await tx.$executeRaw`
          INSERT INTO subject_identifier (organisation_id, type, value, subject_id)
          SELECT ${organisationId}::uuid, type, value, id
          FROM unnest(${free.map(({ identifier }) => identifier.type)}::text[], ${free.map(({ identifier }) => identifier.value)}::text[], ${ids}::uuid[]) AS new (type, value, id)`
      }
      return new Map([
        ...taken,
        ...free.map(({ id, identifier }) => [identifierText(identifier), id] as const),
      ])
    },
    find: async (organisationId, id) => {
      const row = await tx.subject.findFirst({ where: { organisation_id: organisationId, id } })
      if (row === null) return undefined
      const identifiers = await identifiersOf(tx, organisationId, row.canonical_id)
      return { id: row.id as SubjectId, canonicalId: row.canonical_id as SubjectId, identifiers }
    },
    identifiers: (organisationId, id) => identifiersOf(tx, organisationId, id),
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
