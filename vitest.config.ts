import { defineConfig } from 'vitest/config'
import { SlowFirst } from './test/slow-first.ts'

export default defineConfig({
  test: {
    include: [
      '{engine,services,adapters,api,jobs,app,bench,test,scripts}/**/*.test.ts',
      'web/**/*.test.{ts,tsx}',
    ],
    globalSetup: ['test/postgres/global-setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    sequence: { sequencer: SlowFirst },
    testTimeout: 30_000,
    hookTimeout: 90_000,
    // A browser on a busy machine may need longer than the one second that is the default.
    expect: { poll: { timeout: 15_000 } },
  },
})
