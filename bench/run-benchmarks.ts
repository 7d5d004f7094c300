import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import type { Benchmark, Pace } from './benchmark.ts'
import { printTable } from './table.ts'

export const progress = (what: string): void => console.error(`… ${what}`)

type Paces = Readonly<Record<'full' | 'short', Omit<Pace, 'progress'>>>

/**
 * Runs the benchmarks that the command line names, or all of them; `--short` shows that they work.
 * Tables go to the standard output in Markdown, progress to the standard error.
 */
export async function runBenchmarks(
  command: string,
  benchmarks: readonly Benchmark[],
  { full, short }: Paces = { full: { rounds: 5, sideMs: 1000 }, short: { rounds: 3, sideMs: 100 } },
): Promise<void> {
  const { values, positionals: names } = parseArgs({
    allowPositionals: true,
    options: { short: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
  })
  const unknown = names.filter((name) => !benchmarks.some((benchmark) => benchmark.name === name))
  if (values.help || unknown.length > 0) {
    for (const name of unknown) console.error(`There is no benchmark "${name}".`)
    console.error(`npm run ${command} -- [--short] [NAME …]`)
    for (const { name, about } of benchmarks) console.error(`  ${name.padEnd(12)}${about}`)
    process.exitCode = unknown.length > 0 ? 1 : 0
    return
  }

  const pace: Pace = { ...(values.short ? short : full), progress }
  console.log(
    `${machine()}. ${pace.rounds} rounds of ${pace.sideMs} ms a side, taking turns: median (least–most).`,
  )
  console.log('Rates are this machine’s at this moment; only what was measured in one run can be compared.')
  if (values.short) console.log('Too short a run to quote.')
  for (const { name, about, run } of benchmarks.filter(
    (each) => names.length === 0 || names.includes(each.name),
  )) {
    pace.progress(`${name}: ${about}`)
    for (const table of await run(pace)) console.log(`\n${printTable(table)}`)
  }
}

/** What it runs on. */
export const machine = (): string =>
  `Node ${process.version}, ${process.platform} ${process.arch}, ${availableParallelism()} cores`
