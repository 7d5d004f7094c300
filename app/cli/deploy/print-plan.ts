import { formatEther, formatUnits } from 'ethers'
import type { DeploymentPlan } from '#adapters/ethereum/deployment-plan.ts'
import { DEPLOYER } from '#adapters/ethereum/known-contract.ts'
import { knownChain } from './known-chains.ts'

/** What a dry run found out, for whoever has to decide and to pay. */
export function printPlan(plan: DeploymentPlan, { directly }: { readonly directly: boolean }): string {
  const { name, coin } = knownChain(plan.chainId)
  const money = (wei: bigint) => `${amount(wei)} ${coin}`
  const isMissing = plan.contracts.some(({ gas }) => gas !== undefined)
  const lines: [string, string][] = [
    ['chain', `${plan.chainId} (${name})`],
    [
      'final blocks',
      plan.namesFinalised ? 'named by the chain' : 'not named by the chain: set CHAIN_CONFIRMATIONS',
    ],
    ['deployment proxy', directly ? 'not used' : proxyOf(plan, isMissing)],
    ...plan.contracts.map(({ name: contract, address, gas }): [string, string] => [
      contract,
      gas === undefined
        ? `stands already at ${address}`
        : `is missing; would get ${directly ? 'an address of this chain alone' : address}, for ${gas.toLocaleString('en')} gas`,
    ]),
  ]
  if (isMissing) {
    const { now, cap } = plan.price
    lines.push(
      [
        'price of gas',
        `${formatUnits(now, 'gwei')} gwei at the moment; above ${formatUnits(cap, 'gwei')} nothing is sent`,
      ],
      ['cost', `${money(plan.cost.now)} at the moment; at the highest price ${money(plan.cost.atCap)}`],
    )
    if (plan.dataFee !== undefined)
      lines.push(['of this', `${money(plan.dataFee)} for the data on its parent chain`])
  }
  lines.push(['relayer', relayerOf(plan, isMissing, money)])
  const width = Math.max(...lines.map(([what]) => what.length))
  return `${lines.map(([what, text]) => `${what.padEnd(width)}  ${text}`).join('\n')}\nA dry run: nothing was sent.\n`
}

function proxyOf({ hasProxy }: DeploymentPlan, isMissing: boolean): string {
  if (hasProxy) return `is there, at ${DEPLOYER}`
  return isMissing
    ? `is missing; would be put at ${DEPLOYER} first, which the cost includes. A node that refuses it needs --directly`
    : 'is missing, and not needed'
}

function relayerOf(
  { relayer, balance, needed }: DeploymentPlan,
  isMissing: boolean,
  money: (wei: bigint) => string,
): string {
  const has = `${relayer} has ${money(balance)}`
  if (!isMissing) return has
  return balance >= needed
    ? `${has}: enough`
    : `${has}: NOT ENOUGH, as nodes want to see ${money(needed)} before they take it. Send it ${money(needed - balance)}`
}

/** Six digits that count; more would be noise, and fewer would hide small prices. */
const amount = (wei: bigint): string =>
  Number(formatEther(wei)).toLocaleString('en', { maximumSignificantDigits: 6, maximumFractionDigits: 18 })
