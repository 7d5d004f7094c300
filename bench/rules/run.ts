/** `npm run bench:rules`: what the rules cost, beside others. `--short` takes half a minute and checks everything. */
import { runBenchmarks } from '../run-benchmarks.ts'
import { awardsBenchmark } from './awards.ts'
import { matchingBenchmark } from './matching.ts'
import { memoryBenchmark } from './memory.ts'

await runBenchmarks('bench:rules', [matchingBenchmark, awardsBenchmark, memoryBenchmark], 400)
