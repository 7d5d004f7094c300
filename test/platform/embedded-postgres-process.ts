/** A process of its own that starts an embedded PostgreSQL in the folder given, for tests that kill it. */
import { startEmbeddedPostgres } from '#adapters/postgres/embedded-postgres.ts'

const [directory = ''] = process.argv.slice(2)
try {
  const postgres = await startEmbeddedPostgres({ directory })
  process.stdout.write(`${postgres.url()}\n`)
  process.on('SIGTERM', async () => {
    await postgres.stop()
    process.exit(0)
  })
  setInterval(() => {}, 1_000)
} catch (error) {
  process.stdout.write(`${(error as { fault?: string }).fault ?? error}\n`)
  process.exit(1)
}
