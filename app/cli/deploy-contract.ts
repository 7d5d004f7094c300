import { BADGE_ANCHOR_ADDRESS } from '#adapters/ethereum/badge-anchor.ts'
import { deployBadgeAnchor } from '#adapters/ethereum/deploy.ts'
import { createPinoLog } from '#adapters/log/pino-log.ts'
import type { Config } from '../config.ts'
import { claimDataFolder } from '../data-folder.ts'
import { openEndpoints } from '../open-endpoints.ts'
import { loadSecrets } from '../secrets.ts'
import { EXIT, StartError } from '../start-errors.ts'

/** Puts BadgeAnchor at the address that it has on every chain; finds it where somebody has done so before. */
export async function deployContract(config: Config, print: (line: string) => void): Promise<void> {
  if (config.RPC_URL === undefined)
    throw new StartError('deploy needs RPC_URL: the embedded chain has the contract.', EXIT.settings)
  const log = createPinoLog('silent')
  const { provider } = await openEndpoints(config.RPC_URL, BADGE_ANCHOR_ADDRESS, log)
  const folder = await claimDataFolder(config.DATA_DIR)
  try {
    const { relayerKey } = await loadSecrets(config, folder.path)
    const { chainId, contract, deployed } = await deployBadgeAnchor({
      provider,
      relayerKey,
      maxFeeCapWei: BigInt(config.CHAIN_MAX_FEE_GWEI) * 1_000_000_000n,
    })
    print(`BadgeAnchor ${deployed ? 'was deployed' : 'stands already'} at ${contract} on chain ${chainId}.`)
  } finally {
    await folder.release()
  }
}
