/** `npm run bench`: what the parts of the product cost, beside others. Credentials, rules and gas have commands of their own. */
import { ingestBenchmark } from './ingest.ts'
import { runBenchmarks } from './run-benchmarks.ts'

await runBenchmarks('bench', [ingestBenchmark])
