import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { startEmbeddedPostgres } from '#adapters/postgres/embedded-postgres.ts'
import { migrate } from '#adapters/postgres/migrate.ts'
import { withClient } from '#adapters/postgres/with-client.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Connection string of the server's owner, who may create databases. */
    postgresOwner: string
  }
}

/** One server a run, with a migrated template that each test file copies (about 0.1 s). */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { owner, stop } = await server()
  try {
    await makeTemplate(owner)
  } catch (error) {
    await stop()
    throw error
  }
  project.provide('postgresOwner', owner)
  return stop
}

async function makeTemplate(owner: string): Promise<void> {
  await withClient(owner, async (client) => {
    await client.query('DROP DATABASE IF EXISTS test_template WITH (FORCE)')
    await client.query('CREATE DATABASE test_template')
  })
  const template = new URL(owner)
  template.pathname = '/test_template'
  await migrate(template.href)
}

/** TEST_DATABASE_URL (an owner who may create databases and roles), or else an embedded server in a temporary folder. */
async function server(): Promise<{ owner: string; stop: () => Promise<void> }> {
  const own = process.env['TEST_DATABASE_URL']
  if (own !== undefined && own !== '') return { owner: own, stop: async () => {} }
  const folder = await mkdtemp(join(tmpdir(), 'waarmerk-test-'))
  const postgres = await startEmbeddedPostgres({ directory: join(folder, 'postgres'), unsafe: true })
  return {
    owner: postgres.url(),
    async stop() {
      await postgres.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
