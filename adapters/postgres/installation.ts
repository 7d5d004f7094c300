import { withClient } from './with-client.ts'

export interface Installation {
  /** The origin under which it was first started. */
  readonly origin: string
  readonly chainId?: number
  readonly contract?: string
}

const MONTHS_AHEAD = 3

/** Makes the partitions of this month and the next ones. Safe from several processes at once; as the owner. */
export async function ensurePartitions(url: string): Promise<void> {
  await withClient(url, (client) => client.query(`SELECT ensure_partitions(now()::date, ${MONTHS_AHEAD})`))
}

/** What the installation was made as: recorded at its first start, compared at every later one. */
export async function recordInstallation(url: string, now: Installation): Promise<Installation> {
  return withClient(url, async (client) => {
    await client.query(
      'INSERT INTO installation (origin, chain_id, contract) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
      [now.origin, now.chainId ?? null, now.contract ?? null],
    )
    const { rows } = await client.query(
      'SELECT origin, chain_id::float8 AS chain_id, contract FROM installation',
    )
    const row = rows[0] as { origin: string; chain_id: number | null; contract: string | null }
    return {
      origin: row.origin,
      ...(row.chain_id === null ? {} : { chainId: row.chain_id }),
      ...(row.contract === null ? {} : { contract: row.contract }),
    }
  })
}

/** The origins under which issuers were made; their badges name them for ever. */
export async function issuerOrigins(url: string): Promise<readonly string[]> {
  return withClient(url, async (client) => {
    const { rows } = await client.query('SELECT DISTINCT origin FROM issuer')
    return rows.map((row: { origin: string }) => row.origin)
  })
}
