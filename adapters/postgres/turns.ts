import { Prisma } from '#prisma'

interface Waiting {
  readonly table: Prisma.Sql
  /** What its rows are known by. */
  readonly key: Prisma.Sql
  /** Which of its rows wait. An index on organisation and `since` holds just these, so that each turn is one step in it. */
  readonly waits: Prisma.Sql
  /** Since when. */
  readonly since: Prisma.Sql
  readonly limit: number
}

/**
 * Selects and locks rows that wait, in turns by organisation: each that has some gets the same share of `limit`, its own oldest
 * first. So whoever has many thousands waiting holds up nobody who has one. Where more organisations wait than `limit`, those go
 * first whose first row has waited longest. One organisation alone gets all of it.
 */
export const inTurns = ({ table, key, waits, since, limit }: Waiting): Prisma.Sql => Prisma.sql`
  WITH RECURSIVE turn AS (
    (SELECT organisation_id FROM ${table} WHERE ${waits} ORDER BY organisation_id LIMIT 1)
    UNION ALL
    SELECT following.organisation_id FROM turn CROSS JOIN LATERAL (
      SELECT organisation_id FROM ${table} WHERE ${waits} AND organisation_id > turn.organisation_id
      ORDER BY organisation_id LIMIT 1
    ) AS following
  ), share AS (SELECT ceil(${limit}::numeric / greatest(count(*), 1))::int AS rows FROM turn)
  SELECT own.* FROM share, turn CROSS JOIN LATERAL (
    SELECT ${key}, ${since} FROM ${table} WHERE ${waits} AND organisation_id = turn.organisation_id
    ORDER BY ${since} LIMIT share.rows FOR UPDATE SKIP LOCKED
  ) AS own
  ORDER BY own.${since} LIMIT ${limit}::int`
