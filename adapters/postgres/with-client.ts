import pg from 'pg'

/** Runs `use` on a connection of its own, to the database in the URL or to another one of the same server. */
export async function withClient<T>(
  url: string,
  use: (client: pg.Client) => Promise<T>,
  database?: string,
): Promise<T> {
  const address = new URL(url)
  address.searchParams.delete('schema')
  if (database !== undefined) address.pathname = `/${encodeURIComponent(database)}`
  const client = new pg.Client({ connectionString: address.href, connectionTimeoutMillis: 5_000 })
  // A connection that is cut while nobody asks must not end the process; the next query says so.
  client.on('error', () => {})
  await client.connect()
  try {
    return await use(client)
  } finally {
    await client.end()
  }
}
