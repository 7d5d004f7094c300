import {
  type Artifact,
  type ArtifactId,
  CollectStackTraces,
  EdrContext,
  L1_CHAIN_TYPE,
  l1GenesisState,
  l1HardforkFromString,
  l1HardforkLatest,
  l1HardforkToString,
  l1SolidityTestRunnerFactory,
  type SuiteResult,
} from '@nomicfoundation/edr'
import type { CompiledContract } from './compiled-contracts.ts'

/** What a suite that loops for ever may burn before it counts as failed. */
const GAS = 1_000_000_000n

/** Thorough as `npm run test:contracts` is, or with few random tries and no random sequences. */
export type Effort = 'quick' | 'thorough'

/** Runs suites of Solidity tests as Hardhat does, but many times in one process. */
export interface SolidityTests {
  readonly suites: readonly CompiledContract[]
  /** The first test that fails with this mutant on. */
  failure(mutant: number, suites: readonly CompiledContract[], effort: Effort): Promise<string | undefined>
}

export async function openSolidityTests(
  contracts: readonly CompiledContract[],
  compilerVersion: string,
  projectRoot: string,
): Promise<SolidityTests> {
  const context = new EdrContext()
  await context.registerSolidityTestRunnerFactory(L1_CHAIN_TYPE, l1SolidityTestRunnerFactory())
  const hardfork = l1HardforkToString(l1HardforkLatest())
  const idOf = ({ name, source }: CompiledContract): ArtifactId => ({
    name,
    source,
    solcVersion: compilerVersion,
  })
  const artifacts: Artifact[] = contracts.map((contract) => ({
    id: idOf(contract),
    contract: {
      abi: JSON.stringify(contract.abi),
      bytecode: `0x${contract.bytecode}`,
      deployedBytecode: `0x${contract.deployedBytecode}`,
      linkReferences: {},
      deployedLinkReferences: {},
    },
  }))
  const failure: SolidityTests['failure'] = async (mutant, suites, effort) => {
    const results: SuiteResult[] = []
    // Results may be told after the run is over.
    const { promise: told, resolve } = Promise.withResolvers<void>()
    await context.runSolidityTests(
      L1_CHAIN_TYPE,
      artifacts,
      suites.map(idOf),
      {
        projectRoot,
        hardfork,
        localPredeploys: l1GenesisState(l1HardforkFromString(hardfork)),
        blockCoinbase: Buffer.from(mutant.toString(16).padStart(40, '0'), 'hex'),
        gasLimit: GAS,
        disableBlockGasLimit: true,
        disableTransactionGasCap: true,
        collectStackTraces: CollectStackTraces.OnFailure,
        // The same tries for each mutant and each day.
        fuzz: { runs: effort === 'quick' ? 16 : 256, seed: '0x5eed' },
        invariant: { runs: effort === 'quick' ? 1 : 64, depth: 48, shrinkRunLimit: 0 },
      },
      { buildInfos: [], ignoreContracts: false },
      (result) => {
        if (results.push(result) === suites.length) resolve()
      },
    )
    await told
    const failed = results.flatMap(({ id, testResults }) =>
      testResults
        .filter(({ status }) => status === 'Failure')
        .map(({ name, reason }) => `${id.name}.${name}: ${reason}`),
    )
    return failed[0]
  }
  return { suites: contracts.filter(isSuite), failure }
}

function isSuite({ bytecode, abi }: CompiledContract): boolean {
  return (
    bytecode !== '' &&
    abi.some(({ type, name = '' }) => type === 'function' && /^(?:test|invariant)/.test(name))
  )
}
