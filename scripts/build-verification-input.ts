/**
 * Writes adapters/ethereum/CONTRACT-sources.json: the input for the compiler that block explorers want for the
 * verification of a source, with every file in it, so that `waarmerk deploy --verification-input` needs neither the
 * compiler nor OpenZeppelin's package. With --check it writes nothing and exits 1 if a committed file differs.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compiler } from '#contracts/compiler.ts'
import { generatedFile } from './generated-file.ts'

const ROOT = new URL('..', import.meta.url)
const CONTRACTS = [
  { name: 'BadgeAnchor', file: 'badge-anchor-sources.json' },
  { name: 'AttestedAward', file: 'attested-award-sources.json' },
]

const require = createRequire(import.meta.url)

for (const { name, file } of CONTRACTS) {
  const entry = `contracts/${name}.sol`
  const written = {
    contract: `${entry}:${name}`,
    compiler: longVersion(),
    input: {
      language: 'Solidity',
      sources: Object.fromEntries([...sourcesOf(entry)].map(([path, content]) => [path, { content }])),
      settings: {
        ...compiler.settings,
        outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object', 'evm.deployedBytecode.object'] } },
      },
    },
  }
  const path = fileURLToPath(new URL(`adapters/ethereum/${file}`, ROOT))
  generatedFile(
    path,
    `${JSON.stringify(written, undefined, 2)}\n`,
    'node scripts/build-verification-input.ts',
  )
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

/** As explorers list compilers: with the commit. */
function longVersion(): string {
  const { version } = require('solc') as { version(): string }
  return `v${version().replace('.Emscripten.clang', '')}`
}
