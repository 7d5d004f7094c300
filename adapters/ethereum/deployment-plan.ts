import { Interface, Transaction } from 'ethers'
import type { Hex } from '#engine/shared/bytes.ts'
import { hasCode, readChainId } from './contract-identity.ts'
import { codeIn, DEPLOYMENT_FEE_CAP_WEI } from './deploy.ts'
import type { DeployableContract } from './deployable-contract.ts'
import { missingForProxy } from './deployment-proxy.ts'
import { askBytes, askObject, askQuantity, type Eip1193 } from './eip1193.ts'
import { nextFees } from './fees.ts'
import { DEPLOYER } from './known-contract.ts'
import { gasLimitFor, readMarket } from './relayer.ts'

/** What deploying would do and cost. Prices in wei. */
export interface DeploymentPlan {
  readonly chainId: number
  /** Whether the chain says which blocks are final. */
  readonly namesFinalised: boolean
  readonly hasProxy: boolean
  readonly contracts: readonly PlannedContract[]
  /** For a unit of gas: the base fee with the tip at the moment, and what is never passed. */
  readonly price: { readonly now: bigint; readonly cap: bigint }
  /** All that is missing, at either price. */
  readonly cost: { readonly now: bigint; readonly atCap: bigint }
  /** What of it a rollup takes for the data on its parent chain; undefined where the chain asks for no such fee. */
  readonly dataFee: bigint | undefined
  /** What a node wants to see on the account before it takes the transactions: for gas that will not be used, too. */
  readonly needed: bigint
  readonly relayer: Hex
  readonly balance: bigint
}

export interface PlannedContract {
  readonly name: string
  readonly address: Hex
  /** Undefined: it is there already, and is ours. */
  readonly gas: bigint | undefined
}

export interface DeploymentPlanNeeds {
  readonly provider: Eip1193
  /** The account that would pay. */
  readonly relayer: Hex
  readonly maxFeeCapWei?: bigint
  /** As `deployDirectly` does it. */
  readonly directly?: boolean
}

/**
 * Finds out what deploying some contracts would do. Sends nothing.
 * Throws `contract-mismatch`, `fee-cap-reached`, `chain-unavailable`.
 */
export async function planDeployment(
  contracts: readonly DeployableContract[],
  { provider, relayer, maxFeeCapWei: cap = DEPLOYMENT_FEE_CAP_WEI, directly = false }: DeploymentPlanNeeds,
): Promise<DeploymentPlan> {
  const chainId = await readChainId(provider)
  const hasProxy = await hasCode(provider, DEPLOYER)
  const way = directly ? 'directly' : hasProxy ? 'by the proxy' : 'by the proxy to come'
  const market = await readMarket(provider)
  const fees = nextFees(market, cap)

  const planned: PlannedContract[] = []
  let gas = 0n
  let gasLimits = 0n
  let value = 0n
  let dataFee: bigint | undefined
  for (const contract of contracts) {
    const { name, address, deploymentData: data } = contract
    if (await hasCode(provider, address)) {
      await contract.require(provider, { chainId, contract: address })
      planned.push({ name, address, gas: undefined })
      continue
    }
    const used = await estimate(provider, relayer, data, way)
    const gasLimit = gasLimitFor(used, data)
    const unsigned = Transaction.from({ type: 2, chainId, nonce: 0, to: DEPLOYER, data, gasLimit, ...fees })
    const fee = await dataFeeOf(provider, unsigned.unsignedSerialized as Hex)
    planned.push({ name, address, gas: used })
    gas += used
    gasLimits += gasLimit
    if (fee !== undefined) dataFee = (dataFee ?? 0n) + fee
  }
  if (gas > 0n && way === 'by the proxy to come') {
    value = await missingForProxy(provider)
    gas += TRANSFER_GAS
    gasLimits += gasLimitFor(TRANSFER_GAS, '0x')
  }

  const paid = value + (dataFee ?? 0n)
  const now = least(market.baseFee + fees.maxPriorityFeePerGas, cap)
  return {
    chainId,
    namesFinalised: await namesFinalised(provider),
    hasProxy,
    contracts: planned,
    price: { now, cap },
    cost: { now: gas * now + paid, atCap: gas * cap + paid },
    dataFee,
    needed: gasLimits * fees.maxFeePerGas + paid,
    relayer,
    balance: await askQuantity(provider, 'eth_getBalance', [relayer, 'latest']),
  }
}

const TRANSFER_GAS = 21_000n
/** What the proxy itself uses for a contract of this size: copying and hashing its code, and the bytes of the salt. */
const PROXY_GAS = 10_000n

/** Without the proxy nobody can be asked what it would use; making the contract directly uses nearly the same. */
async function estimate(
  provider: Eip1193,
  from: Hex,
  data: Hex,
  way: 'directly' | 'by the proxy' | 'by the proxy to come',
): Promise<bigint> {
  const ask = (call: { readonly to?: Hex; readonly data: Hex }) =>
    askQuantity(provider, 'eth_estimateGas', [{ from, ...call }, 'latest'])
  if (way === 'by the proxy') return ask({ to: DEPLOYER, data })
  const used = await ask({ data: codeIn(data) })
  // A contract can hand on 63 of 64 parts of its gas at most (EIP-150), so nodes ask for that much more.
  return way === 'directly' ? used : used + used / 63n + PROXY_GAS
}

/** Where every chain of the OP stack (Base, OP Mainnet) has its price of data. */
const GAS_PRICE_ORACLE: Hex = '0x420000000000000000000000000000000000000F'
const oracle = new Interface(['function getL1Fee(bytes transaction) view returns (uint256)'])

async function dataFeeOf(provider: Eip1193, transaction: Hex): Promise<bigint | undefined> {
  if (!(await hasCode(provider, GAS_PRICE_ORACLE))) return undefined
  const data = oracle.encodeFunctionData('getL1Fee', [transaction])
  return BigInt(await askBytes(provider, 'eth_call', [{ to: GAS_PRICE_ORACLE, data }, 'latest']))
}

/** A chain without finality has no such block, or its node does not know the word. */
async function namesFinalised(provider: Eip1193): Promise<boolean> {
  try {
    return (await askObject(provider, 'eth_getBlockByNumber', ['finalized', false])) !== undefined
  } catch {
    return false
  }
}

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b)
