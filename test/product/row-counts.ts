import pg from 'pg'

/** Tables that change whoever calls: keys of requests, and what the worker writes by itself. */
const MOVING = new Set([
  'idempotency_key',
  'audit_chain',
  'audit_head',
  'chain_cursor',
  'leaf',
  'leaf_state',
  'batch',
  'chain_task',
  'chain_transaction',
  'evaluation_timer',
  'rule_health_day',
  'event_health_day',
  'webhook_attempt',
])

/** One connection a database, for as long as somebody counts. */
const pools = new Map<string, { readonly pool: pg.Pool; readonly counting: Promise<string> }>()

function poolFor(databaseUrl: string) {
  const known = pools.get(databaseUrl)
  if (known !== undefined) return known
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: 1,
    idleTimeoutMillis: 1000,
    allowExitOnIdle: true,
  })
  // The database is dropped at the end, with whoever is still connected.
  pool.on('error', () => {})
  const made = { pool, counting: countingQuery(pool) }
  pools.set(databaseUrl, made)
  return made
}

async function countingQuery(pool: pg.Pool): Promise<string> {
  const { rows } = await pool.query(`
    SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition
      AND relnamespace = 'public'::regnamespace ORDER BY relname`)
  return (rows as { relname: string }[])
    .filter(({ relname }) => !MOVING.has(relname))
    .map(({ relname }) => `SELECT '${relname}' AS name, count(*)::int AS n FROM "${relname}"`)
    .join(' UNION ALL ')
}

/** How many rows every table of the product has, as the owner of the database counts them. */
export async function rowCounts(databaseUrl: string): Promise<Readonly<Record<string, number>>> {
  const { pool, counting } = poolFor(databaseUrl)
  const { rows } = await pool.query(await counting)
  return Object.fromEntries(rows.map(({ name, n }: { name: string; n: number }) => [name, n]))
}
