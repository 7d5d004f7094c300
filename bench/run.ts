/** `npm run bench`: what the parts of the product cost, beside others. The rules and the gas have commands of their own. */
import { ingestBenchmark } from './ingest.ts'
import { issueBenchmark } from './issue.ts'
import { runBenchmarks } from './run-benchmarks.ts'

await runBenchmarks('bench', [ingestBenchmark, issueBenchmark])
