import { type Identifier, type IdentifierType, identifierText } from '#engine/events/identifier.ts'
import type { SubjectId } from '#engine/shared/ids.ts'
import type { Sql } from './sql.ts'

/** Canonical subjects by `identifierText`; identifiers that nobody has are missing from the map. */
export async function subjectsByIdentifiers(
  sql: Sql,
  organisationId: string,
  identifiers: readonly Identifier[],
): Promise<ReadonlyMap<string, SubjectId>> {
  if (identifiers.length === 0) return new Map()
  const rows = await sql.$queryRaw<{ type: string; value: string; canonical_id: string }[]>`
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

/** Makes subjects for identifiers; where another transaction was faster, theirs is returned. By `identifierText`. */
export async function createSubjects(
  sql: Sql,
  organisationId: string,
  wanted: readonly { readonly id: SubjectId; readonly identifier: Identifier }[],
): Promise<ReadonlyMap<string, SubjectId>> {
  if (wanted.length === 0) return new Map()
  const named = wanted.map((each) => ({ ...each, text: identifierText(each.identifier) }))
  // In one order everywhere, so that two batches with the same new people cannot wait for each other.
  named.sort((a, b) => (a.text < b.text ? -1 : 1))
  await sql.$queryRaw`
    SELECT count(pg_advisory_xact_lock(hashtextextended('subject:' || ${organisationId} || ':' || text, 0)))
    FROM unnest(${named.map(({ text }) => text)}::text[]) AS subject (text)`
  const taken = await subjectsByIdentifiers(
    sql,
    organisationId,
    named.map(({ identifier }) => identifier),
  )
  const free = named.filter(({ text }) => !taken.has(text))
  if (free.length > 0) {
    const ids = free.map(({ id }) => id)
    await sql.$executeRaw`
      INSERT INTO subject (organisation_id, id, canonical_id)
      SELECT ${organisationId}::uuid, id, id FROM unnest(${ids}::uuid[]) AS new (id)`
    await sql.$executeRaw`
      INSERT INTO subject_identifier (organisation_id, type, value, subject_id)
      SELECT ${organisationId}::uuid, type, value, id
      FROM unnest(${free.map(({ identifier }) => identifier.type)}::text[], ${free.map(({ identifier }) => identifier.value)}::text[], ${ids}::uuid[]) AS new (type, value, id)`
  }
  return new Map([...taken, ...free.map(({ id, text }) => [text, id] as const)])
}
