/**
 * `npm run bench:loop`: how long a hostile document holds the event loop of a server. `--short`: one round. `--most MS`: fails above that
 * many milliseconds and not above 50, for a machine that may be half as fast.
 */
import { parseArgs } from 'node:util'
import { machine, progress } from '../run-benchmarks.ts'
import { printTable } from '../table.ts'
import { loopBenchmark, MOST_MS } from './loop.ts'

const { values } = parseArgs({ options: { short: { type: 'boolean' }, most: { type: 'string' } } })
const most = values.most === undefined ? MOST_MS : Number(values.most)
if (!(most > 0)) throw new Error('--most is a number of milliseconds.')
const rounds = values.short === true ? 1 : 3
console.log(`${machine()}. ${rounds} rounds: median.`)
for (const table of await loopBenchmark(most).run({ rounds, sideMs: 0, progress }))
  console.log(`\n${printTable(table)}`)
