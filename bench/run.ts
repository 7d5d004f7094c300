/** `npm run bench`: what the parts of the product cost, beside others. The rules have a command of their own. */
import { gasBenchmark } from './gas.ts'
import { ingestBenchmark } from './ingest.ts'
import { issueBenchmark } from './issue.ts'
import { runBenchmarks } from './run-benchmarks.ts'

await runBenchmarks('bench', [ingestBenchmark, issueBenchmark, gasBenchmark])
