/**
 * Compiles the contracts and writes their artifacts into adapters/ethereum, so that the product starts without a
 * compiler. With --check it writes nothing and exits 1 if a committed file differs.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { keccak256 } from 'ethers'
import { compiler } from '#contracts/compiler.ts'

const ROOT = new URL('..', import.meta.url)
const CONTRACTS = [
  { name: 'BadgeAnchor', file: 'badge-anchor-artifact.json' },
  { name: 'AttestedAward', file: 'attested-award-artifact.json' },
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

const check = process.argv.includes('--check')
for (const { name, file } of CONTRACTS) {
  const path = new URL(`adapters/ethereum/${file}`, ROOT)
  const wanted = await artifact(name)
  const held = await readFile(path, 'utf8').catch(() => '')
  if (held === wanted) {
    console.log(`The artifact of ${name} is up to date.`)
  } else if (check) {
    console.error(
      `The artifact of ${name} is not what its source compiles to. Run: node scripts/build-contracts.ts`,
    )
    process.exitCode = 1
  } else {
    await writeFile(path, wanted)
    console.log(`The artifact of ${name} was written.`)
  }
}

async function artifact(name: string): Promise<string> {
  const entry = `contracts/${name}.sol`
  const contract = (await compile(entry, name)).contracts?.[entry]?.[name]
  if (contract === undefined) throw new Error(`${entry} has no ${name}`)
  const { bytecode, deployedBytecode } = contract.evm
  const immutables = Object.values(deployedBytecode.immutableReferences)
    .flat()
    .sort((a, b) => a.start - b.start)
  return `${JSON.stringify(
    {
      contract: name,
      compiler: { version: compiler.version, settings: compiler.settings },
      // Positions in the code that differ by chain and address: taken as zero in the hash.
      immutables,
      deployedCodeHash: keccak256(`0x${deployedBytecode.object}`),
      bytecode: `0x${bytecode.object}`,
      abi: contract.abi,
    },
    undefined,
    2,
  )}\n`
}

async function compile(entry: string, name: string): Promise<Compiled> {
  const require = createRequire(import.meta.url)
  const solc = require('solc') as { compile: (input: string, callbacks: object) => string }
  const input = {
    language: 'Solidity',
    sources: { [entry]: { content: await readFile(new URL(entry, ROOT), 'utf8') } },
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
  const { readFileSync } = await import('node:fs')
  const findImports = (path: string) => {
    const file = path.startsWith('contracts/') ? fileURLToPath(new URL(path, ROOT)) : require.resolve(path)
    return { contents: readFileSync(file, 'utf8') }
  }
  const compiled = JSON.parse(solc.compile(JSON.stringify(input), { import: findImports })) as Compiled
  const faults = compiled.errors?.filter(({ severity }) => severity === 'error') ?? []
  if (faults.length > 0) throw new Error(faults.map(({ formattedMessage }) => formattedMessage).join('\n'))
  return compiled
}
