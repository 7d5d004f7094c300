import { deployBadgeAnchor } from '#adapters/ethereum/deploy.ts'
import { createRpcProvider } from '#adapters/ethereum/rpc-provider.ts'
import type { Config } from '../config.ts'
import { claimDataFolder } from '../data-folder.ts'
import { loadSecrets } from '../secrets.ts'
import { checkRpc } from '../start-checks.ts'
import { EXIT, StartError } from '../start-errors.ts'

/** Puts BadgeAnchor at the address that it has on every chain; finds it where somebody has done so before. */
export async function deployContract(config: Config, print: (line: string) => void): Promise<void> {
  if (config.RPC_URL === undefined)
    throw new StartError('deploy needs RPC_URL: the embedded chain has the contract.', EXIT.settings)
  await checkRpc(config.RPC_URL)
  const folder = await claimDataFolder(config.DATA_DIR)
  try {
    const { relayerKey } = await loadSecrets(config, folder.path)
    const { chainId, contract, deployed } = await deployBadgeAnchor({
      provider: createRpcProvider({ url: config.RPC_URL }),
      relayerKey,
    })
    print(`BadgeAnchor ${deployed ? 'was deployed' : 'stands already'} at ${contract} on chain ${chainId}.`)
  } finally {
    await folder.release()
  }
}
