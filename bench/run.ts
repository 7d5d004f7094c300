/**
 * `npm run bench` measures everything; `npm run bench -- ingest gas` some of it; `--short` shows in half a minute that
 * all of it works. Tables go to the standard output in Markdown, progress to the standard error.
 */
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import type { Benchmark, Pace } from './benchmark.ts'
import { evaluateBenchmark } from './evaluate.ts'
import { gasBenchmark } from './gas.ts'
import { ingestBenchmark } from './ingest.ts'
import { issueBenchmark } from './issue.ts'
import { printTable } from './table.ts'

const BENCHMARKS: readonly Benchmark[] = [ingestBenchmark, evaluateBenchmark, issueBenchmark, gasBenchmark]

const progress = (what: string): void => console.error(`… ${what}`)
const FULL: Pace = { rounds: 5, sideMs: 1000, progress }
const SHORT: Pace = { rounds: 3, sideMs: 100, progress }

const { values, positionals: names } = parseArgs({
  allowPositionals: true,
  options: { short: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
})
const unknown = names.filter((name) => !BENCHMARKS.some((benchmark) => benchmark.name === name))

if (values.help || unknown.length > 0) {
  for (const name of unknown) console.error(`There is no benchmark "${name}".`)
  console.error('npm run bench -- [--short] [NAME …]')
  for (const { name, about } of BENCHMARKS) console.error(`  ${name.padEnd(10)}${about}`)
  process.exitCode = unknown.length > 0 ? 1 : 0
} else {
  await run(
    BENCHMARKS.filter(({ name }) => names.length === 0 || names.includes(name)),
    values.short ? SHORT : FULL,
  )
}

async function run(benchmarks: readonly Benchmark[], pace: Pace): Promise<void> {
  console.log(
    `${machine()}. ${pace.rounds} rounds of ${pace.sideMs} ms a side, taking turns: median (least–most).`,
  )
  console.log('Rates are this machine’s at this moment; only what was measured in one run can be compared.')
  if (pace === SHORT) console.log('Too short a run to quote.')
  for (const { name, about, run: measure } of benchmarks) {
    pace.progress(`${name}: ${about}`)
    for (const table of await measure(pace)) console.log(`\n${printTable(table)}`)
  }
}

function machine(): string {
  return `Node ${process.version}, ${process.platform} ${process.arch}, ${availableParallelism()} cores`
}
