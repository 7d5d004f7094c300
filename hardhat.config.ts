import { readdirSync } from 'node:fs'
import { defineConfig } from 'hardhat/config'
import { compiler, quickCompiler } from './contracts/compiler.ts'

const TESTS = 'contracts/test'
const overrides = Object.fromEntries(readdirSync(TESTS).map((name) => [`${TESTS}/${name}`, quickCompiler]))

export default defineConfig({
  solidity: { profiles: { default: { compilers: [compiler], overrides }, production: compiler } },
  test: { solidity: { fuzz: { runs: 256 }, invariant: { runs: 64, depth: 48 } } },
  coverage: { skipFiles: [`${TESTS}/**`] },
})
