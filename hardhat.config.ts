import { readdirSync } from 'node:fs'
import { defineConfig } from 'hardhat/config'
import { compiler, quickCompiler } from './contracts/compiler.ts'

const tests = readdirSync(new URL('contracts/test', import.meta.url)).filter((name) => name.endsWith('.sol'))
const overrides = Object.fromEntries(tests.map((name) => [`contracts/test/${name}`, quickCompiler]))

export default defineConfig({
  solidity: { profiles: { default: { compilers: [compiler], overrides }, production: compiler } },
  test: { solidity: { fuzz: { runs: 256 }, invariant: { runs: 64, depth: 48 } } },
  coverage: { skipFiles: ['contracts/test/**'] },
})
