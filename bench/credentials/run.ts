/** `npm run bench:credentials`: what issuing and verifying cost, beside `@digitalbazaar/vc` as it is published. */
import { runBenchmarks } from '../run-benchmarks.ts'
import { batchBenchmark } from './batch.ts'
import { issueBenchmark } from './issue.ts'
import { issueStepBenchmark } from './issue-step.ts'
import { verifyForeignBenchmark } from './verify-foreign.ts'
import { verifyOwnBenchmark } from './verify-own.ts'

await runBenchmarks('bench:credentials', [
  issueBenchmark,
  issueStepBenchmark,
  batchBenchmark,
  verifyOwnBenchmark,
  verifyForeignBenchmark,
])
