/**
 * Mutation test of the contracts: each mutant is one small fault (a condition negated, a boundary moved by one, an operator
 * or a constant exchanged, a statement left out, two arguments swapped), and some Solidity test must fail for it. Prints a
 * table, and exits 1 if a mutant survives that does not stand in `mutation/equivalent-mutants.ts` with its reason.
 *
 *   npm run test:mutants                  # all of them
 *   npm run test:mutants -- --sample 25   # twenty-five, evenly spread, the same each time
 *   npm run test:mutants -- --only TEXT   # those with this in their names
 *   npm run test:mutants -- --list        # what there is
 *
 * All mutants are compiled at once, each behind a switch, and the tests of all run in this one process: compiling takes longer
 * than testing a hundred of them.
 */
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { compiler, quickCompiler } from '#contracts/compiler.ts'
import {
  type CompiledContract,
  compileContracts,
  parse,
  readSources,
  type Sources,
} from './mutation/compiled-contracts.ts'
import { EQUIVALENT } from './mutation/equivalent-mutants.ts'
import { findMutants, type Mutant } from './mutation/find-mutants.ts'
import { openUp, withoutPure } from './mutation/open-up.ts'
import { type Effort, openSolidityTests, type SolidityTests } from './mutation/solidity-tests.ts'
import { SWITCH, withSwitches } from './mutation/with-switches.ts'

type Fate = 'killed' | 'equivalent' | 'survived'

const { values } = parseArgs({
  options: {
    sample: { type: 'string' },
    only: { type: 'string' },
    list: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
  },
})
const opened = await openUp(await readSources('contracts'))
const numbers = await numberMutants(opened)
const chosen = choose([...numbers.keys()])
if (values.list) for (const { name, line } of chosen) console.log(`${name} (line ${line})`)
else process.exitCode = await run()

/** From 1 on: 0 is no mutant. */
async function numberMutants(sources: Sources): Promise<ReadonlyMap<Mutant, number>> {
  const asts = await parse(sources)
  const all = [...sources].flatMap(([path, source]) => {
    const ast = asts.get(path)
    return ast === undefined ? [] : findMutants(path, source, ast)
  })
  return new Map(all.map((mutant, i) => [mutant, i + 1]))
}

function choose(all: readonly Mutant[]): readonly Mutant[] {
  const { only, sample } = values
  const named = all.filter(({ name }) => only === undefined || name.includes(only))
  const count = Math.min(Number(sample ?? named.length), named.length)
  return named.filter(
    (_, i) => Math.floor((i * count) / named.length) !== Math.floor(((i - 1) * count) / named.length),
  )
}

async function run(): Promise<number> {
  const tests = await compileAll()
  const seconds = stopwatch()
  const suites = await quickestFirst(tests)
  const fates = new Map<Mutant, Fate>()
  const complaints = Object.keys(EQUIVALENT)
    .filter((name) => ![...numbers.keys()].some((mutant) => mutant.name === name))
    .map((name) => `There is no such mutant any more: ${name}`)
  for (const mutant of chosen) {
    const killer = await killerOf(tests, suites, mutant)
    const isEquivalent = mutant.name in EQUIVALENT
    fates.set(mutant, killer !== undefined ? 'killed' : isEquivalent ? 'equivalent' : 'survived')
    if (values.verbose) console.log(`${mutant.name}: ${killer ?? 'no test fails'}`)
    if (killer !== undefined && isEquivalent)
      complaints.push(`Said to be equivalent, but ${killer}: ${mutant.name}`)
    if (killer === undefined && !isEquivalent)
      complaints.push(`No test fails for: ${mutant.name} (line ${mutant.line})`)
  }
  printTable(fates)
  console.log(`${chosen.length} of ${numbers.size} mutants in ${seconds()}.`)
  for (const complaint of complaints) console.error(complaint)
  return complaints.length === 0 ? 0 : 1
}

/** The contracts with all mutants in them, and the tests. */
async function compileAll(): Promise<SolidityTests> {
  const seconds = stopwatch()
  const switched = new Map([['contracts/Mutants.sol', Buffer.from(SWITCH)]])
  for (const [path, source] of opened) {
    const file = path.replace(/^.*\//, '')
    const own = new Map([...numbers].filter(([mutant]) => mutant.file === file))
    switched.set(path, Buffer.from(withSwitches(source, own)))
  }
  // Without the optimizer: it takes longer than it saves.
  const settings = { ...compiler.settings, optimizer: { enabled: false } }
  const contracts = await compileContracts(switched, settings)
  // The interfaces as the contracts have them, no longer pure.
  const suites = new Map(opened)
  for (const [path, source] of await readSources('contracts/test'))
    suites.set(path, Buffer.from(withoutPure(source.toString())))
  const onlyInterfaces = new Map([...suites].filter(([path]) => /\/(?:I[A-Z]|test\/)/.test(path)))
  const compiledSuites = await compileContracts(onlyInterfaces, quickCompiler.settings)
  console.log(`Compiled ${numbers.size} mutants and the tests in ${seconds()}.`)
  return openSolidityTests(
    [...contracts, ...compiledSuites],
    compiler.version,
    fileURLToPath(new URL('..', import.meta.url)),
  )
}

/** Without any mutant all of them must pass. */
async function quickestFirst(tests: SolidityTests): Promise<readonly CompiledContract[]> {
  const times = new Map<CompiledContract, number>()
  for (const suite of tests.suites) {
    const began = performance.now()
    const failure = await tests.failure(0, [suite], 'quick')
    if (failure !== undefined) throw new Error(`Without any mutant, ${failure}`)
    times.set(suite, performance.now() - began)
  }
  return [...times].sort(([, a], [, b]) => a - b).map(([suite]) => suite)
}

/** The first test that fails: looked for where it takes least. */
async function killerOf(
  tests: SolidityTests,
  suites: readonly CompiledContract[],
  mutant: Mutant,
): Promise<string | undefined> {
  const efforts: readonly Effort[] = ['quick', 'thorough']
  for (const effort of efforts) {
    for (const suite of suites) {
      if (!concerns(suite, mutant)) continue
      const failure = await tests.failure(numbers.get(mutant) ?? 0, [suite], effort)
      if (failure !== undefined) return failure
    }
  }
  return undefined
}

/** A suite names the contract that it deploys; which libraries that has, the compiler knows: they are in its sources. */
function concerns({ deployedBytecode }: CompiledContract, { file }: Mutant): boolean {
  return [...opened]
    .filter(([, text]) => text.includes(file.replace('.sol', '')))
    .some(([path]) => deployedBytecode.includes(Buffer.from(path).toString('hex')))
}

function printTable(fates: ReadonlyMap<Mutant, Fate>): void {
  const row = (of: string, counted: readonly Fate[]): Record<string, string | number> => {
    const count = (wanted: Fate): number => counted.filter((fate) => fate === wanted).length
    const [killed, equivalent, survived] = [count('killed'), count('equivalent'), count('survived')]
    return { of, mutants: counted.length, killed, equivalent, survived }
  }
  const rowsBy = (key: 'kind' | 'file') =>
    [...Map.groupBy(fates, ([mutant]) => mutant[key])].map(([of, some]) =>
      row(
        of,
        some.map(([, fate]) => fate),
      ),
    )
  console.table([...rowsBy('kind'), ...rowsBy('file'), row('all', [...fates.values()])])
}

function stopwatch(): () => string {
  const began = performance.now()
  return () => `${((performance.now() - began) / 1000).toFixed(0)} s`
}
