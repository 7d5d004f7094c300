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
 * Begins a statement with `waiting`: the keys of rows that wait, locked, in turns by organisation. Each that has some gets the
 * same share of `limit`, its own oldest first, so whoever has many thousands waiting holds up nobody who has one. Where more
 * organisations wait than `limit`, chance says which have a turn: those that came first may have many that are older than the
 * only one of the last. One organisation alone gets all of it.
 *
 * There may be more, also where it finds fewer than `limit`: a share that is not used is nobody's until the next time. Shares are
 * rounded down, so no more rows are locked than are answered. They are a list of their own, as PostgreSQL runs that once: what
 * stands inside a join may run again, and then locks others.
 */
export const inTurns = ({ table, key, waits, since, limit }: Waiting): Prisma.Sql => Prisma.sql`
  WITH RECURSIVE organisation_waiting AS (
    (SELECT organisation_id FROM ${table} WHERE ${waits} ORDER BY organisation_id LIMIT 1)
    UNION ALL
    SELECT following.organisation_id FROM organisation_waiting CROSS JOIN LATERAL (
      SELECT organisation_id FROM ${table} WHERE ${waits} AND organisation_id > organisation_waiting.organisation_id
      ORDER BY organisation_id LIMIT 1
    ) AS following
  ), turn AS MATERIALIZED (
    SELECT organisation_id FROM organisation_waiting ORDER BY random() LIMIT ${limit}::int
  ), share AS (
    SELECT ${limit}::int / greatest(count(*), 1) AS rows FROM turn
  ), waiting AS MATERIALIZED (
    SELECT own.* FROM share, turn CROSS JOIN LATERAL (
      SELECT ${key} FROM ${table} WHERE ${waits} AND organisation_id = turn.organisation_id
      ORDER BY ${since} LIMIT share.rows FOR UPDATE SKIP LOCKED
    ) AS own
    -- There are no more anyway, but the planner would not know, and read the whole table for them.
    LIMIT ${limit}::int
  )`
