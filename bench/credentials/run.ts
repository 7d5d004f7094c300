/** `npm run bench:credentials`: what issuing and verifying cost, beside `@digitalbazaar/vc` as it is published. */
import { runBenchmarks } from '../run-benchmarks.ts'
import { verifyForeignBenchmark } from './verify-foreign.ts'

await runBenchmarks('bench:credentials', [verifyForeignBenchmark])
