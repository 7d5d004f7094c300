/** `npm run bench:loop`: how long a hostile document holds the event loop of a server. */
import { runBenchmarks } from '../run-benchmarks.ts'
import { loopBenchmark } from './loop.ts'

await runBenchmarks('bench:loop', [loopBenchmark], {
  full: { rounds: 3, sideMs: 0 },
  short: { rounds: 1, sideMs: 0 },
})
