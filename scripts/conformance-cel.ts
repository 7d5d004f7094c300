/**
 * Runs the official conformance data of CEL (npm `@bufbuild/cel-spec`) and prints, for each of its files, how many
 * cases apply, how many give the right value, and how often the checker finds the official type. Cases are left out
 * for protobuf only. Exits with 1 below the thresholds.
 */
import { type CaseResult, runConformance } from '#test/cel/conformance.ts'
import { isGood, scoreOf, THRESHOLDS } from '#test/cel/score.ts'

const results = runConformance()
const percent = (of: number, all: number) => (all === 0 ? '–' : `${((100 * of) / all).toFixed(2)} %`)

function row(name: string, cases: readonly CaseResult[]): readonly string[] {
  const { applied, passed, typed, agreed, leftOut } = scoreOf(cases)
  const types = `${agreed}/${typed}`
  return [
    name,
    `${cases.length}`,
    `${leftOut}`,
    `${passed}/${applied}`,
    percent(passed, applied),
    types,
    percent(agreed, typed),
  ]
}

function table(title: string, cases: readonly CaseResult[]): void {
  const files = [...new Set(cases.map(({ file }) => file))]
  const head = [title, 'cases', 'left out', 'passed', '', 'types', '']
  const rows = [
    head,
    ...files.map((file) =>
      row(
        file,
        cases.filter((one) => one.file === file),
      ),
    ),
    row('together', cases),
  ]
  for (const cells of rows)
    console.log(cells.map((cell, at) => (at === 0 ? cell.padEnd(18) : cell.padStart(11))).join(''))
  console.log()
}

table(
  'core',
  results.filter(({ isCore }) => isCore),
)
table(
  'extensions',
  results.filter(({ isCore }) => !isCore),
)

const reasons = Map.groupBy(
  results.filter(({ leftOut }) => leftOut !== undefined),
  ({ leftOut }) => leftOut,
)
for (const [reason, cases] of reasons) console.log(`left out, because there is ${reason}: ${cases.length}`)
console.log()
for (const { file, name, evaluation, types } of results) {
  if (evaluation !== undefined) console.log(`failed  ${file}/${name}: ${evaluation}`)
  if (types !== undefined && types.official !== types.ours)
    console.log(`type    ${file}/${name}: ${types.ours}, officially ${types.official}`)
}
const good = isGood(results)
console.log(
  `\nwanted: ${THRESHOLDS.passed} % of the core cases, ${THRESHOLDS.types} % of the types: ${good ? 'reached' : 'MISSED'}`,
)
process.exitCode = good ? 0 : 1
