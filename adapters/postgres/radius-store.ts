import type { AwardId, EventId, OrganisationId } from '#engine/shared/ids.ts'
import { unreachable } from '#engine/shared/never.ts'
import { Prisma } from '#prisma'
import type { Award, AwardStore } from '#services/ports/award-store.ts'
import type { RadiusCause, RadiusStore } from '#services/ports/radius-store.ts'
import { page, type Transaction } from './rows.ts'

export function radiusStore(tx: Transaction, awards: Pick<AwardStore, 'select'>): RadiusStore {
  return {
    isThere: async (organisationId, cause) => {
      const [row] = await tx.$queryRaw<{ found: boolean }[]>`
        SELECT EXISTS (${thing(organisationId, cause)}) AS found`
      return row?.found === true
    },
    awards: async (organisationId, cause, { limit, after }) => {
      const behind =
        after === undefined
          ? Prisma.empty
          : Prisma.sql`AND (award.granted_at, award.id) < (${new Date(after.at)}, ${after.id}::uuid)`
      const rows = await tx.$queryRaw<{ id: string }[]>`
        SELECT award.id::text FROM award
        WHERE award.organisation_id = ${organisationId}::uuid AND ${restsOn(organisationId, cause)} ${behind}
        ORDER BY award.granted_at DESC, award.id DESC LIMIT ${limit + 1}::int`
      const found = await awards.select(
        organisationId,
        { awardIds: rows.map(({ id }) => id as AwardId) },
        limit + 1,
      )
      const byId = new Map(found.map((award) => [award.id as string, award]))
      const items = rows.flatMap(({ id }): Award[] => {
        const award = byId.get(id)
        return award === undefined ? [] : [award]
      })
      return page(items, limit, ({ grantedAt }) => grantedAt)
    },
    counts: async (organisationId, cause) => {
      const rows = await tx.$queryRaw<{ state: string; n: number }[]>`
        SELECT award.state, count(*)::int AS n FROM award
        WHERE award.organisation_id = ${organisationId}::uuid AND ${restsOn(organisationId, cause)} GROUP BY award.state`
      return Object.fromEntries(rows.map(({ state, n }) => [state, n]))
    },
    events: async (organisationId, cause, awardIds) => {
      if (cause.kind !== 'event' && cause.kind !== 'source') return new Map()
      const meant =
        cause.kind === 'event'
          ? Prisma.sql`named.id = ${cause.id}::uuid`
          : Prisma.sql`EXISTS (SELECT 1 FROM event WHERE event.id = named.id AND event.source_id = ${cause.id}::uuid)`
      const rows = await tx.$queryRaw<{ award_id: string; event_id: string }[]>`
        SELECT DISTINCT award.id::text AS award_id, named.id::text AS event_id
        FROM award JOIN decision ON decision.id = award.decision_id, LATERAL (${EVIDENCE}) AS named (id)
        WHERE award.organisation_id = ${organisationId}::uuid AND award.id = ANY(${[...awardIds]}::uuid[]) AND ${meant}
        ORDER BY 1, 2`
      const events = new Map<AwardId, EventId[]>()
      for (const { award_id, event_id } of rows) {
        const ids = events.get(award_id as AwardId) ?? []
        ids.push(event_id as EventId)
        events.set(award_id as AwardId, ids)
      }
      return events
    },
  }
}

/** The events that a decision rests on, wherever they stand in its trace. */
const EVIDENCE = Prisma.sql`
  SELECT (found #>> '{}')::uuid FROM jsonb_path_query(decision.trace, '$.**.evidence[*]') AS found
  UNION SELECT (found #>> '{}')::uuid FROM jsonb_path_query(decision.trace, '$.**.joined[*]') AS found`

/** Under which names one person approved: accounts that have become one account are one person. */
const namesOf = (organisationId: OrganisationId, person: string) => Prisma.sql`ARRAY(
  WITH said AS (
    SELECT person FROM award_approval WHERE organisation_id = ${organisationId}::uuid UNION SELECT ${person}
  ), merged AS (
    SELECT 'account:' || id AS person, 'account:' || merged_into AS today FROM merged_accounts(ARRAY(
      SELECT substr(person, 9)::uuid FROM said WHERE person LIKE 'account:%'))
  ), named AS (
    SELECT said.person, coalesce(merged.today, said.person) AS today FROM said LEFT JOIN merged USING (person)
  )
  SELECT person FROM named WHERE today = (SELECT today FROM named WHERE person = ${person}))`

/** A condition on `award`. */
function restsOn(organisationId: OrganisationId, cause: RadiusCause): Prisma.Sql {
  switch (cause.kind) {
    case 'event':
      return Prisma.sql`award.subject_id IN (
          SELECT subject.canonical_id FROM subject WHERE subject.id IN (
            SELECT event.subject_id FROM event WHERE event.id = ${cause.id}::uuid
            UNION SELECT named.subject_id FROM event_recipient named WHERE named.event_id = ${cause.id}::uuid))
        AND EXISTS (SELECT 1 FROM decision, LATERAL (${EVIDENCE}) AS named (id)
          WHERE decision.id = award.decision_id AND named.id = ${cause.id}::uuid)`
    case 'source':
      return Prisma.sql`EXISTS (
        SELECT 1 FROM decision, LATERAL (${EVIDENCE}) AS named (id) JOIN event ON event.id = named.id
        WHERE decision.id = award.decision_id AND event.source_id = ${cause.id}::uuid)`
    case 'rule_version':
      return Prisma.sql`award.rule_version_id = ${cause.id}::uuid`
    case 'assessor':
      return Prisma.sql`EXISTS (
        SELECT 1 FROM award_approval said WHERE said.organisation_id = award.organisation_id
          AND said.award_id = award.id AND said.person = ANY(${namesOf(organisationId, cause.id)}) AND said.decision = 'approved')`
    case 'key':
      return Prisma.sql`${cause.id}::uuid = (
        SELECT edition.key_id FROM credential JOIN credential_edition edition
          ON edition.organisation_id = credential.organisation_id AND edition.credential_id = credential.id
        WHERE credential.organisation_id = award.organisation_id AND credential.award_id = award.id
          AND edition.state = 'signed' ORDER BY edition.edition DESC LIMIT 1)`
    default:
      return unreachable(cause)
  }
}

function thing(organisationId: OrganisationId, cause: RadiusCause): Prisma.Sql {
  switch (cause.kind) {
    case 'event':
      return Prisma.sql`SELECT 1 FROM event WHERE organisation_id = ${organisationId}::uuid AND id = ${cause.id}::uuid`
    case 'source':
      return Prisma.sql`SELECT 1 FROM source WHERE organisation_id = ${organisationId}::uuid AND id = ${cause.id}::uuid`
    case 'rule_version':
      return Prisma.sql`SELECT 1 FROM rule_version WHERE organisation_id = ${organisationId}::uuid AND id = ${cause.id}::uuid`
    case 'assessor':
      return Prisma.sql`SELECT 1 FROM award_approval WHERE organisation_id = ${organisationId}::uuid AND person = ANY(${namesOf(organisationId, cause.id)})`
    case 'key':
      return Prisma.sql`SELECT 1 FROM issuer_key WHERE organisation_id = ${organisationId}::uuid AND id = ${cause.id}::uuid AND purpose <> 'anchoring'`
    default:
      return unreachable(cause)
  }
}
