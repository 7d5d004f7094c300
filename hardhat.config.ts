import { defineConfig } from 'hardhat/config'
import { compiler } from './contracts/compiler.ts'

export default defineConfig({
  solidity: { profiles: { default: compiler, production: compiler } },
  test: { solidity: { fuzz: { runs: 256 }, invariant: { runs: 64, depth: 48 } } },
})
