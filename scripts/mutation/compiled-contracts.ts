import { readdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const require = createRequire(import.meta.url)
const solc = require('solc') as { compile: (input: string) => string }

/** A node of the compiler's AST, as far as it is looked at here. */
export interface AstNode {
  readonly nodeType: string
  /** Byte offset, length, number of the file. */
  readonly src: string
  readonly [member: string]: unknown
}

/** Source texts by path. */
export type Sources = ReadonlyMap<string, Buffer>

export interface CompiledContract {
  readonly source: string
  readonly name: string
  readonly abi: readonly { readonly type: string; readonly name?: string }[]
  readonly bytecode: string
  readonly deployedBytecode: string
}

interface Output {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[]
  readonly sources?: Record<string, { readonly ast: AstNode }>
  readonly contracts?: Record<string, Record<string, OutputContract>>
}

interface OutputContract {
  readonly abi: CompiledContract['abi']
  readonly evm: {
    readonly bytecode: { readonly object: string }
    readonly deployedBytecode: { readonly object: string }
  }
}

/** The contracts or their tests: `contracts`, `contracts/test`. */
export async function readSources(folder: string): Promise<Sources> {
  const names = (await readdir(join(ROOT, folder))).filter((name) => name.endsWith('.sol')).sort()
  const sources = new Map<string, Buffer>()
  for (const name of names) sources.set(`${folder}/${name}`, await readFile(join(ROOT, folder, name)))
  return sources
}

/** With the types of all expressions, and what each name stands for. */
export async function parse(sources: Sources): Promise<ReadonlyMap<string, AstNode>> {
  const { sources: parsed = {} } = await compile(sources, {}, { '': ['ast'] })
  return new Map(Object.entries(parsed).map(([path, { ast }]) => [path, ast]))
}

/** Code of all contracts in the sources and in what they import. */
export async function compileContracts(
  sources: Sources,
  settings: object,
): Promise<readonly CompiledContract[]> {
  const selection = { '*': ['abi', 'evm.bytecode.object', 'evm.deployedBytecode.object'] }
  const { contracts = {} } = await compile(sources, settings, selection)
  return Object.entries(contracts).flatMap(([source, byName]) =>
    Object.entries(byName).map(([name, { abi, evm }]) => ({
      source,
      name,
      abi,
      bytecode: evm.bytecode.object,
      deployedBytecode: evm.deployedBytecode.object,
    })),
  )
}

async function compile(sources: Sources, settings: object, selection: object): Promise<Output> {
  const content = await withImports(sources)
  const input = {
    language: 'Solidity',
    sources: Object.fromEntries([...content].map(([path, text]) => [path, { content: text.toString() }])),
    settings: { ...settings, outputSelection: { '*': selection } },
  }
  const output = JSON.parse(solc.compile(JSON.stringify(input))) as Output
  const faults = output.errors?.filter(({ severity }) => severity === 'error') ?? []
  if (faults.length > 0) throw new Error(faults.map(({ formattedMessage }) => formattedMessage).join('\n'))
  return output
}

async function withImports(sources: Sources): Promise<Sources> {
  const all = new Map(sources)
  // A map that grows while it is walked is walked to its end.
  for (const [path, text] of all) {
    for (const [, named = ''] of text.toString().matchAll(/^import .*?"([^"]+)";/gm)) {
      const imported = named.startsWith('.') ? join(path, '..', named) : named
      if (all.has(imported)) continue
      const file = imported.startsWith('contracts/') ? join(ROOT, imported) : require.resolve(imported)
      all.set(imported, await readFile(file))
    }
  }
  return all
}
