import { dataSlice, getCreateAddress, Transaction, toQuantity } from 'ethers'
import { anchoringErrors } from '#engine/anchoring/anchoring-errors.ts'
import type { Hex } from '#engine/shared/bytes.ts'
import type { SignedTransaction } from '#services/ports/chain.ts'
import type { RelayerKey } from '#services/ports/relayer-key.ts'
import { BADGE_ANCHOR_ADDRESS, deploymentData } from './badge-anchor.ts'
import { hasCode, readChainId, requireBadgeAnchor } from './contract-identity.ts'
import type { DeployableContract } from './deployable-contract.ts'
import { missingForProxy, PROXY_TRANSACTION } from './deployment-proxy.ts'
import { askQuantity, type Eip1193 } from './eip1193.ts'
import { nextFees } from './fees.ts'
import { DEPLOYER } from './known-contract.ts'
import { createRelayer, gasLimitFor, readMarket } from './relayer.ts'
import { readStatus } from './transaction-status.ts'

/** The most that is paid for a unit of gas: 500 gwei. */
export const DEPLOYMENT_FEE_CAP_WEI = 500_000_000_000n

export interface DeploymentNeeds {
  readonly provider: Eip1193
  /** Pays for it; gets no power over it. */
  readonly relayerKey: RelayerKey | Uint8Array
  /** Default: `DEPLOYMENT_FEE_CAP_WEI`. */
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

export const BADGE_ANCHOR: DeployableContract = {
  name: 'BadgeAnchor',
  address: BADGE_ANCHOR_ADDRESS,
  deploymentData: deploymentData(),
  setting: 'CHAIN_CONTRACT',
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
  needs: DeploymentNeeds,
): Promise<Deployment> {
  const { provider } = needs
  const chainId = await readChainId(provider)
  const at = { chainId, contract: address }
  const found = await hasCode(provider, address)
  if (!found) {
    const payer = await openPayer(chainId, needs)
    if (!(await hasCode(provider, DEPLOYER))) await installProxy(provider, payer)
    await payer.pay({ to: DEPLOYER, data })
  }
  await require(provider, at)
  return { ...at, deployed: !found }
}

/**
 * Puts a contract on a chain without the proxy, for one that takes no transactions from before EIP-155 and has no proxy.
 * It gets an address of this chain alone, which has to be told to whoever asks for it (`setting`).
 * Throws as `deployContract`.
 */
export async function deployDirectly(
  { deploymentData, require }: DeployableContract,
  needs: DeploymentNeeds,
): Promise<Deployment> {
  const chainId = await readChainId(needs.provider)
  const payer = await openPayer(chainId, needs)
  const { sender, nonce } = await payer.pay({ data: codeIn(deploymentData) })
  const at = { chainId, contract: getCreateAddress({ from: sender, nonce }) as Hex }
  await require(needs.provider, at)
  return { ...at, deployed: true }
}

/** The code that makes the contract, without the salt before it. */
export const codeIn = (deploymentData: Hex): Hex => dataSlice(deploymentData, 32) as Hex

async function installProxy(provider: Eip1193, { pay, deliver }: Payer): Promise<void> {
  const value = await missingForProxy(provider)
  if (value > 0n) await pay({ to: PROXY_TRANSACTION.sender, data: '0x', value })
  await deliver(PROXY_TRANSACTION)
}

/** The relayer, as it pays for what it waits for. */
interface Payer {
  pay(payment: { readonly to?: Hex; readonly data: Hex; readonly value?: bigint }): Promise<SignedTransaction>
  deliver(transaction: SignedTransaction): Promise<void>
}

/**
 * Prices are settled here, once, and are those that a dry run tells. After the transaction of the proxy, which offers
 * much, a quiet chain would suggest as much to us.
 */
async function openPayer(
  chainId: number,
  { provider, relayerKey, maxFeeCapWei = DEPLOYMENT_FEE_CAP_WEI, timeoutMs = 180_000 }: DeploymentNeeds,
): Promise<Payer> {
  const relayer = createRelayer({ provider, chainId, key: relayerKey, maxFeeCapWei })
  const fees = nextFees(await readMarket(provider), maxFeeCapWei)
  const deliver = async (transaction: SignedTransaction) => {
    await relayer.send(transaction)
    await waitFor(provider, chainId, transaction.hash, timeoutMs)
  }
  return {
    deliver,
    pay: async ({ to, data, value = 0n }) => {
      const call = {
        from: relayer.address,
        ...(to === undefined ? {} : { to }),
        data,
        value: toQuantity(value),
      }
      const gas = await askQuantity(provider, 'eth_estimateGas', [call, 'latest'])
      const signed = await relayer.seal(
        Transaction.from({
          type: 2,
          chainId,
          nonce: await relayer.nextNonce(),
          to: to ?? null,
          data,
          value,
          gasLimit: gasLimitFor(gas, data),
          ...fees,
        }),
      )
      await deliver(signed)
      return signed
    },
  }
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
