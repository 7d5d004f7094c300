import { fileURLToPath } from 'node:url'

/** The compiler is the one in the solc package: nothing is downloaded. Tests and the shipped artifact use the same. */
export const compiler = {
  version: '0.8.37',
  path: fileURLToPath(import.meta.resolve('solc/soljson.js')),
  settings: {
    optimizer: { enabled: true, runs: 1_000_000 },
    viaIR: true,
    evmVersion: 'prague',
    // No hash of the sources in the bytecode: a comment must not change the contract's address.
    metadata: { bytecodeHash: 'none', appendCBOR: false },
  },
}

/** For the tests, which are compiled often and shipped never. */
export const quickCompiler = {
  ...compiler,
  settings: { ...compiler.settings, optimizer: { enabled: false }, viaIR: false },
}
