/**
 * Compiles BadgeAnchor and writes adapters/ethereum/badge-anchor-artifact.json, so that the product starts without a
 * compiler. With --check it writes nothing and exits 1 if the committed file differs.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { keccak256 } from 'ethers'
import { compiler } from '#contracts/compiler.ts'

const ROOT = new URL('..', import.meta.url)
const ARTIFACT = new URL('adapters/ethereum/badge-anchor-artifact.json', ROOT)
const ENTRY = 'contracts/BadgeAnchor.sol'

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

const wanted = await artifact()
const check = process.argv.includes('--check')
const held = await readFile(ARTIFACT, 'utf8').catch(() => '')
if (held === wanted) {
  console.log('The artifact of BadgeAnchor is up to date.')
} else if (check) {
  console.error(
    'The artifact of BadgeAnchor is not what its source compiles to. Run: node scripts/build-contracts.ts',
  )
  process.exitCode = 1
} else {
  await writeFile(ARTIFACT, wanted)
  console.log('The artifact of BadgeAnchor was written.')
}

async function artifact(): Promise<string> {
  const contract = (await compile()).contracts?.[ENTRY]?.['BadgeAnchor']
  if (contract === undefined) throw new Error(`${ENTRY} has no BadgeAnchor`)
  const { bytecode, deployedBytecode } = contract.evm
  const immutables = Object.values(deployedBytecode.immutableReferences)
    .flat()
    .sort((a, b) => a.start - b.start)
  return `${JSON.stringify(
    {
      contract: 'BadgeAnchor',
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

async function compile(): Promise<Compiled> {
  const require = createRequire(import.meta.url)
  const solc = require('solc') as { compile: (input: string, callbacks: object) => string }
  const input = {
    language: 'Solidity',
    sources: { [ENTRY]: { content: await readFile(new URL(ENTRY, ROOT), 'utf8') } },
    settings: {
      ...compiler.settings,
      outputSelection: {
        [ENTRY]: {
          BadgeAnchor: [
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
