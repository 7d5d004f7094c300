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
    // One worker runs file after file: the product is loaded twice a run and not once a file. So no file leaves
    // anything behind: what it starts it stops, and what it sets (environment, clock, crash points) it sets back.
    isolate: false,
    // One more than CI has cores: a file with a product waits for a third of its time.
    maxWorkers: 3,
    sequence: { sequencer: SlowFirst },
    // A limit ends what hangs and is no measure of speed: a machine that is slow or busy is not a failure.
    testTimeout: 120_000,
    hookTimeout: 240_000,
    // As long as a busy machine may need. `vi.waitFor` has no such setting, and its default is one second: name a timeout.
    expect: { poll: { timeout: 15_000 } },
  },
})
