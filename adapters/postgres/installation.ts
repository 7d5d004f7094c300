import { withClient } from './with-client.ts'

const MONTHS_AHEAD = 3

/** Makes the partitions of this month and the next ones. Safe from several processes at once; as the owner. */
export async function ensurePartitions(url: string): Promise<void> {
  await withClient(url, (client) => client.query(`SELECT ensure_partitions(now()::date, ${MONTHS_AHEAD})`))
}

/** What an installation is bound to by what it has given out: compared at every start. */
export interface Bonds {
  /** The origins under which issuers were made; their badges name them for ever. */
  readonly origins: readonly string[]
  /** The chains that hold its batches; receipts name them for ever. */
  readonly chainIds: readonly number[]
  /** The transaction that registered the newest issuer: on the contract that knows the issuers here. */
  readonly registration?: string
}

/** Read as the worker: row-level security hides every row from the owner. */
export async function readBonds(url: string): Promise<Bonds> {
  return withClient(url, async (client) => {
    await client.query('BEGIN; SET LOCAL ROLE waarmerk_worker')
    const origins = await client.query('SELECT DISTINCT origin FROM issuer')
    const chains = await client.query('SELECT DISTINCT chain_id::float8 AS chain_id FROM batch')
    const registration = await client.query(
      `SELECT raw FROM chain_transaction JOIN chain_task ON chain_task.id = chain_transaction.task_id
       WHERE chain_task.kind = 'register' ORDER BY chain_transaction.created_at DESC LIMIT 1`,
    )
    const newest = registration.rows[0] as { raw: string } | undefined
    await client.query('COMMIT')
    return {
      ...(newest === undefined ? {} : { registration: newest.raw }),
      origins: origins.rows.map((row: { origin: string }) => row.origin),
      chainIds: chains.rows.map((row: { chain_id: number }) => row.chain_id),
    }
  })
}
