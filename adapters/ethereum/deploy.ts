import { Transaction } from 'ethers'
import { anchoringErrors } from '#engine/anchoring/anchoring-errors.ts'
import type { Hex } from '#engine/shared/bytes.ts'
import type { ChainAddress } from '#services/ports/chain.ts'
import type { RelayerKey } from '#services/ports/relayer-key.ts'
import { BADGE_ANCHOR_ADDRESS, deploymentData } from './badge-anchor.ts'
import { hasCode, readChainId, requireBadgeAnchor } from './contract-identity.ts'
import { askQuantity, type Eip1193 } from './eip1193.ts'
import { DEPLOYER } from './known-contract.ts'
import { createRelayer, type Payment, type Relayer } from './relayer.ts'
import { readStatus } from './transaction-status.ts'

export interface DeploymentNeeds {
  readonly provider: Eip1193
  /** Pays for it; gets no power over it. */
  readonly relayerKey: RelayerKey | Uint8Array
  readonly maxFeeCapWei?: bigint
  /** How long to wait for a block. */
  readonly timeoutMs?: number
}

export interface Deployment {
  readonly chainId: number
  readonly contract: Hex
  /** False if it was there already. */
  readonly deployed: boolean
}

/** A contract whose address follows from its code: the same on every chain, whoever puts it there. */
export interface DeployableContract {
  readonly name: string
  readonly address: Hex
  /** What the deployment proxy is sent: the salt, and the code that makes the contract. */
  readonly deploymentData: Hex
  /** Makes sure that it stands there, and nothing else. Throws `contract-missing`, `contract-mismatch`. */
  readonly require: (provider: Eip1193, at: ChainAddress) => Promise<void>
}

export const BADGE_ANCHOR: DeployableContract = {
  name: 'BadgeAnchor',
  address: BADGE_ANCHOR_ADDRESS,
  deploymentData: deploymentData(),
  require: requireBadgeAnchor,
}

export const deployBadgeAnchor = (needs: DeploymentNeeds): Promise<Deployment> =>
  deployContract(BADGE_ANCHOR, needs)

/**
 * Puts a contract on a chain, at the address that it has on every chain; finds it if somebody has done so already.
 * Goes through the deterministic deployment proxy (github.com/Arachnid/deterministic-deployment-proxy), which is on
 * most chains; where it is not, it is put there first, by the transaction that its author signed for every chain.
 * Throws `contract-deploy-failed`, `relayer-out-of-funds`, `chain-unavailable`.
 */
export async function deployContract(
  { address, deploymentData: data, require }: DeployableContract,
  { provider, relayerKey, maxFeeCapWei = 500_000_000_000n, timeoutMs = 180_000 }: DeploymentNeeds,
): Promise<Deployment> {
  const chainId = await readChainId(provider)
  const at = { chainId, contract: address }
  const found = await hasCode(provider, address)
  if (!found) {
    const relayer = createRelayer({ provider, chainId, key: relayerKey, maxFeeCapWei })
    const wait = (hash: Hex) => waitFor(provider, chainId, hash, timeoutMs)
    if (!(await hasCode(provider, DEPLOYER))) await installDeployer(provider, relayer, wait)
    await wait(await sendNow(relayer, { to: DEPLOYER, data }))
  }
  await require(provider, at)
  return { ...at, deployed: !found }
}

/** Signed by nobody's key: the same signature on every chain, and so the same address. */
const DEPLOYER_TRANSACTION: Hex =
  '0xf8a58085174876e800830186a08080b853604580600e600039806000f350fe7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe03601600081602082378035828234f58015156039578182fd5b8082525050506014600cf31ba02222222222222222222222222222222222222222222222222222222222222222a02222222222222222222222222222222222222222222222222222222222222222'

async function installDeployer(
  provider: Eip1193,
  relayer: Relayer,
  wait: (hash: Hex) => Promise<void>,
): Promise<void> {
  const { from, hash, gasLimit, gasPrice } = Transaction.from(DEPLOYER_TRANSACTION)
  const cost = gasLimit * (gasPrice ?? 0n)
  const balance = await askQuantity(provider, 'eth_getBalance', [from, 'latest'])
  if (balance < cost)
    await wait(await sendNow(relayer, { to: from as Hex, data: '0x', value: cost - balance }))
  await relayer.send({ raw: DEPLOYER_TRANSACTION, hash: hash as Hex, nonce: 0, sender: from as Hex })
  await wait(hash as Hex)
}

async function sendNow(relayer: Relayer, call: Payment): Promise<Hex> {
  const transaction = await relayer.sign(call, await relayer.nextNonce())
  await relayer.send(transaction)
  return transaction.hash
}

async function waitFor(provider: Eip1193, chainId: number, hash: Hex, timeoutMs: number): Promise<void> {
  const deadline = performance.now() + timeoutMs
  for (;;) {
    const { state } = await readStatus(provider, hash, { kind: 'confirmations', blocks: 1 })
    if (state === 'mined') return
    const reason = state === 'reverted' ? 'its transaction reverted' : 'its transaction was not mined in time'
    if (state === 'reverted' || performance.now() > deadline)
      throw anchoringErrors.deployFailed({ chainId, reason })
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
}
