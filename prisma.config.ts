import { fileURLToPath } from 'node:url'
import { defineConfig } from 'prisma/config'

// Prisma's CLI wants a native schema engine and downloads it, even for `generate`. Point it at the
// WebAssembly build of the same engine instead, so that nothing is ever downloaded.
process.env['PRISMA_SCHEMA_ENGINE_BINARY'] ??= fileURLToPath(
  new URL('./scripts/prisma-schema-engine.ts', import.meta.url),
)
process.env['CHECKPOINT_DISABLE'] ??= '1'

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: process.env['DATABASE_URL'] ?? 'postgresql://app@127.0.0.1:1/unset' },
})
