/**
 * Mutation test of the contracts: each mutant is one small fault (a branch negated, an operator exchanged, a number one
 * more, a statement left out), and some Solidity test must fail for it. Prints each mutant that no test kills, and exits 1
 * if there is one that does not stand in `mutation/equivalent-mutants.ts` with its reason.
 *
 *   npm run test:mutants                  # all of them
 *   npm run test:mutants -- --sample 20   # twenty, evenly spread
 *   npm run test:mutants -- --list        # what there is
 *   npm run test:mutants -- --only TEXT   # those with this in their names
 *
 * All mutants but those of constants and assembly are compiled at once, each behind a switch that reads the environment:
 * compiling takes far longer than testing.
 */
import { spawn } from 'node:child_process'
import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { EQUIVALENT } from './mutation/equivalent-mutants.ts'
import { type AstNode, findMutants, type Mutant, withSwitches } from './mutation/find-mutants.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const CONTRACTS = join(ROOT, 'contracts')

/** Reads the environment of the test run. It answers with code of its own, as the cheat codes do. */
const SWITCH = `// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;
interface Environment { function envOr(string calldata name, uint256 otherwise) external view returns (uint256); }
library Mutants {
    function on(uint256 number) internal view returns (bool) {
        return Environment(address(uint160(uint256(keccak256("hevm cheat code"))))).envOr("MUTANT", uint256(0)) == number;
    }
}
`

interface File {
  readonly name: string
  readonly source: Buffer
  readonly mutants: readonly Mutant[]
}

const { values } = parseArgs({
  options: {
    sample: { type: 'string' },
    only: { type: 'string' },
    list: { type: 'boolean' },
  },
})
const files = await readContracts()
const all = files.flatMap(({ mutants }) => mutants)
const numberOf = new Map(all.map((mutant, i) => [mutant, i + 1]))
const chosen = choose(all)

if (values.list === true) {
  for (const mutant of chosen) console.log(`${mutant.line}: ${mutant.name}`)
} else {
  process.exitCode = await run(chosen)
}

async function run(mutants: readonly Mutant[]): Promise<number> {
  const unknown = Object.keys(EQUIVALENT).filter((name) => !all.some((mutant) => mutant.name === name))
  const began = performance.now()
  const folder = await copyProject()
  const survivors: Mutant[] = []
  try {
    await writeSwitched(folder)
    if (await isKilled(folder, 0)) throw new Error('The tests fail without any mutant.')
    for (const [i, mutant] of mutants.entries()) {
      const killed =
        mutant.form === 'text'
          ? await isTextKilled(mutant)
          : await isKilled(folder, numberOf.get(mutant) ?? 0)
      const expected = mutant.name in EQUIVALENT ? 'equivalent' : 'SURVIVED'
      console.log(
        `${i + 1}/${mutants.length} ${killed ? 'killed' : expected}: ${mutant.name} (line ${mutant.line})`,
      )
      if (!killed) survivors.push(mutant)
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  const unexplained = survivors.filter(({ name }) => !(name in EQUIVALENT))
  const minutes = ((performance.now() - began) / 60_000).toFixed(1)
  console.log(
    `${mutants.length} of ${all.length} mutants: ${mutants.length - survivors.length} killed, ` +
      `${survivors.length - unexplained.length} equivalent, ${unexplained.length} survived; ${minutes} minutes.`,
  )
  for (const { name } of unexplained) console.log(`No test fails for: ${name}`)
  for (const name of unknown) console.log(`There is no such mutant any more: ${name}`)
  return unexplained.length + unknown.length === 0 ? 0 : 1
}

function choose(mutants: readonly Mutant[]): readonly Mutant[] {
  const { only, sample } = values
  const named = only === undefined ? mutants : mutants.filter(({ name }) => name.includes(only))
  if (sample === undefined) return named
  const count = Math.min(Number(sample), named.length)
  return Array.from({ length: count }, (_, i) => named[Math.floor((i * named.length) / count)] as Mutant)
}

async function readContracts(): Promise<readonly File[]> {
  const names = (await readdir(CONTRACTS)).filter((name) => name.endsWith('.sol')).sort()
  const sources = new Map<string, Buffer>()
  for (const name of names) sources.set(name, await readFile(join(CONTRACTS, name)))
  const asts = parse(sources)
  return names.map((name) => {
    const source = sources.get(name) ?? Buffer.alloc(0)
    const ast = asts.get(name)
    if (ast === undefined) throw new Error(`${name} has no AST.`)
    return { name, source, mutants: findMutants(name, source, ast) }
  })
}

function parse(sources: ReadonlyMap<string, Buffer>): ReadonlyMap<string, AstNode> {
  const require = createRequire(import.meta.url)
  const solc = require('solc') as { compile: (input: string) => string }
  const input = {
    language: 'Solidity',
    sources: Object.fromEntries([...sources].map(([name, text]) => [name, { content: text.toString() }])),
    settings: { stopAfter: 'parsing', outputSelection: { '*': { '': ['ast'] } } },
  }
  const parsed = JSON.parse(solc.compile(JSON.stringify(input))) as {
    readonly errors?: readonly { readonly formattedMessage: string }[]
    readonly sources?: Record<string, { readonly ast: AstNode }>
  }
  if (parsed.sources === undefined) throw new Error(JSON.stringify(parsed.errors))
  return new Map(Object.entries(parsed.sources).map(([name, { ast }]) => [name, ast]))
}

async function copyProject(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mutants-'))
  await cp(CONTRACTS, join(folder, 'contracts'), { recursive: true })
  await cp(join(ROOT, 'hardhat.config.ts'), join(folder, 'hardhat.config.ts'))
  await cp(join(ROOT, 'package.json'), join(folder, 'package.json'))
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  return folder
}

/** The switch reads something, so that nothing is pure any more. */
async function writeSwitched(folder: string): Promise<void> {
  const contracts = join(folder, 'contracts')
  await writeFile(join(contracts, 'Mutants.sol'), SWITCH)
  for (const { name, source, mutants } of files) {
    const switched = withSwitches(source, mutants, (mutant) => numberOf.get(mutant) ?? 0)
    const imported = switched.replace(/^pragma .*$/m, '$&\nimport {Mutants} from "./Mutants.sol";')
    await writeFile(join(contracts, name), imported.replace(/\bpure\b/g, 'view'))
  }
  for (const name of await readdir(join(contracts, 'test'))) {
    const path = join(contracts, 'test', name)
    await writeFile(path, (await readFile(path, 'utf8')).replace(/\bpure\b/g, 'view'))
  }
}

/** A mutant of a constant or of assembly: one compilation each. */
async function isTextKilled(mutant: Mutant): Promise<boolean> {
  const file = files.find(({ mutants }) => mutants.includes(mutant))
  if (file === undefined) throw new Error(`${mutant.name} is of no file.`)
  const { name, source } = file
  const folder = await copyProject()
  try {
    const before = source.subarray(0, mutant.start).toString()
    await writeFile(
      join(folder, 'contracts', name),
      before + mutant.to + source.subarray(mutant.end).toString(),
    )
    return await isKilled(folder, 0)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Whether a test fails. A contract that does not compile is a fault of this script. */
async function isKilled(folder: string, number: number): Promise<boolean> {
  const { code, output } = await hardhat(folder, number)
  if (code === 0) return false
  if (/\d+ failing/.test(output)) return true
  throw new Error(`Mutant ${number}: the tests did not run.\n${output}`)
}

function hardhat(
  folder: string,
  number: number,
): Promise<{ readonly code: number; readonly output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      [join(ROOT, 'node_modules/hardhat/dist/src/cli.js'), 'test', 'solidity'],
      {
        cwd: folder,
        env: { ...process.env, MUTANT: String(number), HARDHAT_DISABLE_TELEMETRY_PROMPT: 'true' },
      },
    )
    let output = ''
    child.stdout.on('data', (text) => (output += String(text)))
    child.stderr.on('data', (text) => (output += String(text)))
    child.on('error', reject)
    child.on('close', (code) => resolve({ code: code ?? 1, output }))
  })
}
