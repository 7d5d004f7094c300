import { writeFile } from 'node:fs/promises'
import { BADGE_ANCHOR_ADDRESS } from '#adapters/ethereum/badge-anchor.ts'
import { deployContract, deployDirectly } from '#adapters/ethereum/deploy.ts'
import { planDeployment } from '#adapters/ethereum/deployment-plan.ts'
import { createPinoLog } from '#adapters/log/pino-log.ts'
import { WaarmerkError } from '#engine/errors/define-error.ts'
import type { Hex } from '#engine/shared/bytes.ts'
import type { Config } from '../../config.ts'
import { claimDataFolder } from '../../data-folder.ts'
import { openEndpoints } from '../../open-endpoints.ts'
import { loadRelayerKey } from '../../secrets.ts'
import { EXIT, explainStartError, StartError } from '../../start-errors.ts'
import { parseArguments } from '../parse-arguments.ts'
import { UsageFault } from '../usage-fault.ts'
import { CONTRACTS } from './contracts.ts'
import { printPlan } from './print-plan.ts'

const DEPLOY_USAGE = `Usage: waarmerk deploy [options]

Puts the contracts on the chain of RPC_URL, each at the address that it has on every chain, or finds them there.
The relayer pays, and gets no power over them.

  --dry-run                  send nothing; say what is there, what is missing, and what it would cost
  --contract NAME            this contract alone: ${CONTRACTS.map(({ deployable }) => deployable.name).join(', ')}
  --directly                 without the deployment proxy, for a chain that refuses it: at an address of that chain alone
  --verification-input FILE  send nothing; write the source, as block explorers want it ("Standard JSON Input")
`

const EXIT_USAGE = 64

interface DeployIo {
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  /** Read only where a chain is asked. */
  readonly config: () => Config
}

/** `waarmerk deploy`. Gives the exit code. */
export async function runDeploy(argv: readonly string[], io: DeployIo): Promise<number> {
  try {
    const options = readOptions(argv)
    if (options.help) io.out(DEPLOY_USAGE)
    else if (options.verificationInput !== undefined)
      await writeSource(options.verificationInput, options, io)
    else if (options.dryRun) await dryRun(options, io)
    else await deploy(options, io)
    return 0
  } catch (error) {
    if (error instanceof UsageFault) {
      io.err(`${error.message}\n\n${DEPLOY_USAGE}`)
      return EXIT_USAGE
    }
    const { message, exitCode } = explainStartError(error)
    io.err(error instanceof WaarmerkError ? `${error.message} (${error.code})\n` : `${message}\n`)
    return exitCode
  }
}

type Options = ReturnType<typeof readOptions>

function readOptions(argv: readonly string[]) {
  const values = parse(argv)
  const { contract: name, directly = false } = values
  const contracts = CONTRACTS.filter(({ deployable }) => name === undefined || deployable.name === name)
  if (contracts.length === 0) throw new UsageFault(`There is no contract ${name}.`)
  const lost = contracts.find(({ deployable }) => deployable.setting === undefined)?.deployable
  if (directly && lost !== undefined) {
    throw new UsageFault(
      `${lost.name} would not be found: it is looked for at its own address only. Name another one with --contract.`,
    )
  }
  return {
    contracts,
    directly,
    help: values.help ?? false,
    dryRun: values['dry-run'] ?? false,
    verificationInput: values['verification-input'],
  }
}

function parse(argv: readonly string[]) {
  return parseArguments({
    args: [...argv],
    options: {
      'dry-run': { type: 'boolean' },
      contract: { type: 'string' },
      directly: { type: 'boolean' },
      'verification-input': { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  }).values
}

async function writeSource(file: string, { contracts }: Options, { out }: DeployIo): Promise<void> {
  const [only, ...more] = contracts
  if (only === undefined || more.length > 0) {
    throw new UsageFault('Sources are verified one by one: name one with --contract.')
  }
  const { contract, compiler, input } = (await only.sources()).default
  await writeFile(file, `${JSON.stringify(input, undefined, 2)}\n`)
  out(
    `${file} is the standard JSON input. Contract ${contract}, compiler ${compiler}, no constructor arguments, address ${only.deployable.address}.\n`,
  )
}

async function dryRun({ contracts, directly }: Options, { out, config: read }: DeployIo): Promise<void> {
  const config = read()
  const provider = await chainOf(config)
  const plan = await planDeployment(
    contracts.map(({ deployable }) => deployable),
    {
      provider,
      relayer: (await loadRelayerKey(config, config.DATA_DIR)).address,
      maxFeeCapWei: capOf(config),
      directly,
    },
  )
  out(printPlan(plan, { directly }))
}

async function deploy({ contracts, directly }: Options, { out, config: read }: DeployIo): Promise<void> {
  const config = read()
  const provider = await chainOf(config)
  // Taken, so that nothing else sends with this relayer from here meanwhile.
  const folder = await claimDataFolder(config.DATA_DIR)
  try {
    const needs = {
      provider,
      relayerKey: await loadRelayerKey(config, folder.path),
      maxFeeCapWei: capOf(config),
    }
    for (const { deployable } of contracts) {
      const { name, setting } = deployable
      const put = directly ? deployDirectly : deployContract
      const { chainId, contract, deployed } = await put(deployable, needs)
      out(`${name} ${deployed ? 'was deployed' : 'stands already'} at ${contract} on chain ${chainId}.\n`)
      if (directly) out(`Nobody finds it there by itself: set ${setting}=${contract}.\n`)
    }
  } finally {
    await folder.release()
  }
}

const capOf = ({ CHAIN_MAX_FEE_GWEI }: Config): bigint => BigInt(CHAIN_MAX_FEE_GWEI) * 1_000_000_000n

async function chainOf({ RPC_URL, CHAIN_CONTRACT }: Config) {
  if (RPC_URL === undefined)
    throw new StartError('deploy needs RPC_URL: the embedded chain has the contract.', EXIT.settings)
  const contract = (CHAIN_CONTRACT ?? BADGE_ANCHOR_ADDRESS) as Hex
  return (await openEndpoints(RPC_URL, contract, createPinoLog('silent'))).provider
}
