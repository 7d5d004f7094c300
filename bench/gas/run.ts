/**
 * `npm run bench:gas`: what the contract uses, beside others and the least that is possible.
 * With --check (ours only, a second or two) it says what became dearer than its record, and exits 1; with --write it
 * records what it measured and writes the documentation on it.
 */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { printTable, whole } from '../table.ts'
import { documentsOf, textOf } from './documents.ts'
import { type Figures, measureFigures, measureOurFigures, type OurFigures } from './figures.ts'
import recorded from './recorded.json' with { type: 'json' }
import { regressions, savings } from './regressions.ts'
import { tablesOf } from './tables.ts'
import { isReached, targetsOf } from './targets.ts'

const RECORD = new URL('recorded.json', import.meta.url)
const AGAIN = 'npm run bench:gas -- --write'

const { values } = parseArgs({
  options: { check: { type: 'boolean', default: false }, write: { type: 'boolean', default: false } },
})
if (values.check) check(await measureOurFigures())
else {
  const figures = await measureFigures()
  if (values.write) write(figures)
  for (const table of tablesOf(figures)) console.log(`${printTable(table)}\n`)
}

function check(figures: OurFigures): void {
  const { floor, ours } = recorded
  const faults = [
    ...regressions(figures, { floor, ours }).map(
      ({ of, recorded: was, measured: is }) =>
        `${of} uses ${is} gas; recorded are ${was}, and 1 % more is allowed. If it must be, record it: ${AGAIN}`,
    ),
    ...targetsOf(figures)
      .filter((target) => !isReached(target))
      .map(({ of, gas, most, why }) => `${of} uses ${gas} gas; at most ${most} may be used (${why}).`),
    ...documentsOf(recorded)
      .filter(({ path, text }) => textOf(path) !== text)
      .map(({ name }) => `${name} does not say what is recorded: ${AGAIN}`),
  ]
  for (const fault of faults) console.error(fault)
  for (const { of, recorded: was, measured: is } of savings(figures, { floor, ours })) {
    console.log(`${of} uses ${whole(is)} gas, less than the ${whole(was)} that are recorded: ${AGAIN}`)
  }
  if (faults.length === 0) console.log('Nothing uses more gas than is recorded.')
  else process.exitCode = 1
}

function write(figures: Figures): void {
  writeFileSync(RECORD, `${JSON.stringify(figures, undefined, 2)}\n`)
  for (const { path, text } of documentsOf(figures)) writeFileSync(path, text)
}
