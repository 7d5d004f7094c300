/**
 * Runs the Solidity tests with Hardhat's coverage, prints its report, and exits 1 unless every line and statement of
 * contracts/*.sol was run and every error of the interfaces is expected by some test.
 *
 * The tool counts no branches: `npm run test:mutants` negates every condition instead.
 */
import { spawn } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'

const CONTRACTS = new URL('../contracts/', import.meta.url)

const { code, output } = await hardhat()
const complaints = [
  ...(code === 0 ? [] : ['The tests fail.']),
  ...(await notCovered(output)),
  ...(await notExpected()),
]
for (const complaint of complaints) console.error(complaint)
if (complaints.length === 0) console.log('Every line, statement and error of the contracts is tested.')
else process.exitCode = 1

function hardhat(): Promise<{ readonly code: number; readonly output: string }> {
  return new Promise((resolve, reject) => {
    const cli = fileURLToPath(new URL('../node_modules/hardhat/dist/src/cli.js', import.meta.url))
    const child = spawn(process.execPath, [cli, 'test', 'solidity', '--coverage'], {
      cwd: fileURLToPath(new URL('..', import.meta.url)),
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let output = ''
    child.stdout.on('data', (text: Buffer) => {
      process.stdout.write(text)
      output += text.toString()
    })
    child.on('error', reject)
    child.on('close', (code) => resolve({ code: code ?? 1, output }))
  })
}

/** A row of the report: path, lines, statements, lines that were not run. */
async function notCovered(output: string): Promise<readonly string[]> {
  const row = /^║ (?<path>contracts\/\S+\.sol) +│ (?<lines>[\d.]+) +│ (?<statements>[\d.]+) +│/gm
  const report = new Map<string, string>()
  for (const { groups = {} } of stripVTControlCharacters(output).matchAll(row))
    report.set(groups['path'] ?? '', `${groups['lines']} % of lines, ${groups['statements']} % of statements`)
  const wanted = (await sources('')).filter(([, text]) => /^(?:abstract )?(?:contract|library) /m.test(text))
  return wanted
    .map(([name]) => `contracts/${name}: ${report.get(`contracts/${name}`) ?? 'not in the report'}`)
    .filter((line) => !line.endsWith(': 100.00 % of lines, 100.00 % of statements'))
}

/** Errors that no test names. That each is tested at each of its places, the mutants see to. */
async function notExpected(): Promise<readonly string[]> {
  const tests = (await sources('test/')).map(([, text]) => text).join('\n')
  const errors = (await sources('')).flatMap(([, text]) =>
    [...text.matchAll(/^ *error (\w+)\(/gm)].map(([, name = '']) => name),
  )
  if (errors.length === 0) throw new Error('No errors found in the interfaces.')
  return errors
    .filter((name) => !tests.includes(`.${name}.selector`))
    .map((name) => `No test expects ${name}.`)
}

async function sources(folder: string): Promise<readonly (readonly [string, string])[]> {
  const names = (await readdir(new URL(folder, CONTRACTS))).filter((name) => name.endsWith('.sol'))
  return Promise.all(
    names.map(async (name) => [name, await readFile(new URL(folder + name, CONTRACTS), 'utf8')] as const),
  )
}
