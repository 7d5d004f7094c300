/** `npm run bench:rules`: what the rules cost, beside others. `--short` takes half a minute and checks everything. */

import { ingestBenchmark } from '../ingest.ts'
import { runBenchmarks } from '../run-benchmarks.ts'
import { awardsBenchmark, rescanBenchmark } from './awards.ts'
import { evaluationBenchmark } from './evaluation.ts'
import { matchingBenchmark } from './matching.ts'
import { memoryBenchmark } from './memory.ts'

await runBenchmarks(
  'bench:rules',
  [
    matchingBenchmark,
    awardsBenchmark,
    rescanBenchmark,
    memoryBenchmark,
    ingestBenchmark,
    evaluationBenchmark,
  ],
  { full: { rounds: 5, sideMs: 400 }, short: { rounds: 2, sideMs: 30 } },
)
