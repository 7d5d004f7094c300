/**
 * Compiles the contracts and writes into adapters/ethereum, for each of them,
 * - its artifact, so that the product starts without a compiler;
 * - its sources: the very input of that compilation, every file of OpenZeppelin's included, as block explorers want it.
 * With --check it writes nothing and exits 1 if a committed file differs: the input that is handed out compiles to the
 * code that is deployed, or CI fails.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { keccak256 } from 'ethers'
import { compiler } from '#contracts/compiler.ts'
import { generatedFile } from './generated-file.ts'

const ROOT = new URL('..', import.meta.url)
const COMMAND = 'node scripts/build-contracts.ts'
const CONTRACTS = [
  { name: 'BadgeAnchor', file: 'badge-anchor' },
  { name: 'AttestedAward', file: 'attested-award' },
] as const

interface Compiled {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[]
  readonly contracts?: Record<string, Record<string, CompiledContract>>
}

interface CompiledContract {
  readonly abi: readonly object[]
  readonly evm: {
    readonly bytecode: { readonly object: string }
    readonly deployedBytecode: {
      readonly object: string
      readonly immutableReferences: Record<
        string,
        readonly { readonly start: number; readonly length: number }[]
      >
    }
  }
}

const require = createRequire(import.meta.url)
const solc = require('solc') as { compile(input: string): string; version(): string }

for (const { name, file } of CONTRACTS) {
  const entry = `contracts/${name}.sol`
  const input = inputOf(entry, name)
  const compiled = compile(input).contracts?.[entry]?.[name]
  if (compiled === undefined) throw new Error(`${entry} has no ${name}`)
  write(`${file}-artifact.json`, artifactOf(name, compiled))
  write(`${file}-sources.json`, { contract: `${entry}:${name}`, compiler: longVersion(), input })
}

function write(file: string, value: object): void {
  const path = fileURLToPath(new URL(`adapters/ethereum/${file}`, ROOT))
  generatedFile(path, `${JSON.stringify(value, undefined, 2)}\n`, COMMAND)
}

function artifactOf(name: string, { abi, evm: { bytecode, deployedBytecode } }: CompiledContract): object {
  const immutables = Object.values(deployedBytecode.immutableReferences)
    .flat()
    .sort((a, b) => a.start - b.start)
  return {
    contract: name,
    compiler: { version: compiler.version, settings: compiler.settings },
    // Positions in the code that differ by chain and address: taken as zero in the hash.
    immutables,
    deployedCodeHash: keccak256(`0x${deployedBytecode.object}`),
    bytecode: `0x${bytecode.object}`,
    abi,
  }
}

/** Standard JSON input of the compiler, with all files in it. */
function inputOf(entry: string, name: string): object {
  return {
    language: 'Solidity',
    sources: Object.fromEntries([...sourcesOf(entry)].map(([path, content]) => [path, { content }])),
    settings: {
      ...compiler.settings,
      outputSelection: {
        [entry]: {
          [name]: [
            'abi',
            'evm.bytecode.object',
            'evm.deployedBytecode.object',
            'evm.deployedBytecode.immutableReferences',
          ],
        },
      },
    },
  }
}

/** A file and whatever it imports, by the names that the compiler knows them by, in order. */
function sourcesOf(entry: string): Map<string, string> {
  const sources = new Map<string, string>()
  const waiting = [entry]
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (sources.has(path)) continue
    const content = readFileSync(fileOf(path), 'utf8')
    sources.set(path, content)
    for (const [, imported = ''] of content.matchAll(/^import\s[^;"]*"([^"]+)";/gm)) {
      waiting.push(imported.startsWith('.') ? posix.join(posix.dirname(path), imported) : imported)
    }
  }
  return new Map([...sources].sort(([a], [b]) => (a < b ? -1 : 1)))
}

function fileOf(path: string): string {
  return path.startsWith('contracts/') ? fileURLToPath(new URL(path, ROOT)) : require.resolve(path)
}

/** Without a way to read any other file: what is missing in the input is an error. */
function compile(input: object): Compiled {
  const compiled = JSON.parse(solc.compile(JSON.stringify(input))) as Compiled
  const faults = compiled.errors?.filter(({ severity }) => severity === 'error') ?? []
  if (faults.length > 0) throw new Error(faults.map(({ formattedMessage }) => formattedMessage).join('\n'))
  return compiled
}

/** As explorers list compilers: with the commit. */
function longVersion(): string {
  return `v${solc.version().replace('.Emscripten.clang', '')}`
}
