/** `npm run bench:rules`: what the rules cost, beside others. `--short` takes half a minute and checks everything. */
import { runBenchmarks } from '../run-benchmarks.ts'
import { matchingBenchmark } from './matching.ts'

await runBenchmarks('bench:rules', [matchingBenchmark], 400)
