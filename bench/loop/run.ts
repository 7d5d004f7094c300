/** `npm run bench:loop`: how long a hostile document holds the event loop of a server. `--short`: one round. */
import { machine, progress } from '../run-benchmarks.ts'
import { printTable } from '../table.ts'
import { loopBenchmark } from './loop.ts'

const rounds = process.argv.includes('--short') ? 1 : 3
console.log(`${machine()}. ${rounds} rounds: median.`)
for (const table of await loopBenchmark.run({ rounds, sideMs: 0, progress }))
  console.log(`\n${printTable(table)}`)
