import { fileURLToPath } from 'node:url'
import { defineConfig } from 'hardhat/config'

// The compiler is the one in the solc package: nothing is downloaded.
const compiler = {
  version: '0.8.37',
  path: fileURLToPath(import.meta.resolve('solc/soljson.js')),
  settings: { optimizer: { enabled: true, runs: 10_000 }, viaIR: true, evmVersion: 'prague' },
}

export default defineConfig({
  solidity: { profiles: { default: compiler, production: compiler } },
  test: { solidity: { fuzz: { runs: 256 }, invariant: { runs: 64, depth: 48 } } },
})
