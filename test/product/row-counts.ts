import { withClient } from '#adapters/postgres/with-client.ts'

/** Tables that change whoever calls: keys of requests, and what the worker writes by itself. */
const MOVING = new Set([
  'idempotency_key',
  'leaf',
  'batch',
  'chain_task',
  'chain_transaction',
  'evaluation_timer',
])

/** How many rows every table of the product has, as the owner of the database counts them. */
export const rowCounts = (databaseUrl: string): Promise<Readonly<Record<string, number>>> =>
  withClient(databaseUrl, async (client) => {
    const tables = await client.query(`
      SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition
        AND relnamespace = 'public'::regnamespace ORDER BY relname`)
    const counted = (tables.rows as { relname: string }[])
      .filter(({ relname }) => !MOVING.has(relname))
      .map(({ relname }) => `SELECT '${relname}' AS name, count(*)::int AS n FROM "${relname}"`)
    const { rows } = await client.query(counted.join(' UNION ALL '))
    return Object.fromEntries(rows.map(({ name, n }: { name: string; n: number }) => [name, n]))
  })
