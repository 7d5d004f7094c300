import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toBeHex, toQuantity } from 'ethers'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { addressOf } from '#adapters/ethereum/anchor-messages.ts'
import { ATTESTED_AWARD_ADDRESS } from '#adapters/ethereum/attested-award.ts'
import { BADGE_ANCHOR_ADDRESS } from '#adapters/ethereum/badge-anchor.ts'
import { requireBadgeAnchor } from '#adapters/ethereum/contract-identity.ts'
import { BADGE_ANCHOR, deployDirectly } from '#adapters/ethereum/deploy.ts'
import { type DeploymentPlan, planDeployment } from '#adapters/ethereum/deployment-plan.ts'
import type { Eip1193 } from '#adapters/ethereum/eip1193.ts'
import { DEPLOYER } from '#adapters/ethereum/known-contract.ts'
import { CONTRACTS } from '#app/cli/deploy/contracts.ts'
import { runDeploy } from '#app/cli/deploy/run-deploy.ts'
import { readConfig } from '#app/config.ts'
import type { Hex } from '#engine/shared/bytes.ts'
import { type Anvil, startAnvil } from './anvil.ts'
import { keyNamed } from './harness.ts'

// What `waarmerk deploy` does and says on a real node over HTTP. Each test begins with a chain as it was.
let anvil: Anvil
let folder: string
let snapshot: unknown
beforeAll(async () => {
  anvil = await startAnvil()
  folder = await mkdtemp(join(tmpdir(), 'waarmerk-deploy-'))
})
afterAll(async () => {
  anvil.close()
  await rm(folder, { recursive: true })
})
beforeEach(async () => {
  snapshot = await anvil.ask('evm_snapshot')
})
afterEach(() => anvil.ask('evm_revert', snapshot))

const relayerKey = keyNamed('payer')
const relayer = addressOf(relayerKey)

async function waarmerkDeploy(...argv: readonly string[]) {
  let out = ''
  let err = ''
  const exitCode = await runDeploy(argv, {
    out: (text) => {
      out += text
    },
    err: (text) => {
      err += text
    },
    config: () =>
      readConfig({
        RPC_URL: anvil.url,
        RELAYER_KEY: Buffer.from(relayerKey).toString('hex'),
        DATA_DIR: folder,
      }),
  })
  return { exitCode, out, err }
}

const holds = (wei: bigint) => anvil.ask('anvil_setBalance', relayer, toQuantity(wei))
const removeProxy = () => anvil.ask('anvil_setCode', DEPLOYER, '0x')
const plan = () =>
  planDeployment(
    CONTRACTS.map(({ deployable }) => deployable),
    { provider: anvil.provider, relayer },
  )

/** Of the newest blocks, oldest first: each deployment is a block of its own. */
async function gasOfLast(count: number): Promise<readonly bigint[]> {
  const newest = Number(await anvil.ask('eth_blockNumber'))
  const used: bigint[] = []
  for (let number = newest - count + 1; number <= newest; number++) {
    const block = (await anvil.ask('eth_getBlockByNumber', toQuantity(number), false)) as { gasUsed: string }
    used.push(BigInt(block.gasUsed))
  }
  return used
}

/** Nodes ask for what is handed on to another contract and may not be used up (EIP-150): a sixty-third. */
function expectEstimates({ contracts }: DeploymentPlan, used: readonly bigint[]): void {
  expect(used).toHaveLength(contracts.length)
  for (const [at, { gas = 0n }] of contracts.entries()) {
    const spare = Number(gas) / Number(used[at]) - 1
    expect(spare).toBeGreaterThanOrEqual(0)
    expect(spare).toBeLessThan(0.025)
  }
}

const DEPLOYED = `BadgeAnchor was deployed at ${BADGE_ANCHOR_ADDRESS} on chain 31338.
AttestedAward was deployed at ${ATTESTED_AWARD_ADDRESS} on chain 31338.
`

test('a dry run says what is missing and what it costs, and sends nothing', async () => {
  await holds(10n ** 18n)
  const before = await anvil.ask('eth_blockNumber')
  const { exitCode, out } = await waarmerkDeploy('--dry-run')
  expect(exitCode).toBe(0)
  expect(out).toMatch(
    new RegExp(`AttestedAward +is missing; would get ${ATTESTED_AWARD_ADDRESS}, for 1,\\d{3},\\d{3} gas`),
  )
  expect(out).toContain('31338 (a chain that is not known here)')
  expect(out).toContain(`is there, at ${DEPLOYER}`)
  expect(out).toMatch(new RegExp(`is missing; would get ${BADGE_ANCHOR_ADDRESS}, for 3,\\d{3},\\d{3} gas`))
  expect(out).toMatch(/cost +0\.00\d+ of its coin at the moment; at the highest price 2\.\d+ of its coin/)
  expect(out).toContain(`${relayer} has 1 of its coin: enough`)
  expect(await anvil.ask('eth_blockNumber')).toBe(before)
  expect(await anvil.ask('eth_getCode', BADGE_ANCHOR_ADDRESS, 'latest')).toBe('0x')
})

test('what is deployed uses what the dry run said, and is found the next time', async () => {
  await holds(10n ** 18n)
  const expected = await plan()
  expect((await waarmerkDeploy()).out).toBe(DEPLOYED)
  expectEstimates(expected, await gasOfLast(2))

  expect((await waarmerkDeploy()).out).toBe(DEPLOYED.replaceAll('was deployed', 'stands already'))
  const again = await waarmerkDeploy('--dry-run')
  expect(again.out).toContain(`stands already at ${BADGE_ANCHOR_ADDRESS}`)
  expect(again.out).not.toContain('price of gas')
})

test('an account that has too little is told how much more, and with that much it goes through, the proxy included', async () => {
  await removeProxy()
  await holds(0n)
  const expected = await plan()
  expect(expected.hasProxy).toBe(false)
  const poor = await waarmerkDeploy('--dry-run')
  expect(poor.out).toContain(`is missing; would be put at ${DEPLOYER} first`)
  expect(poor.out).toContain('NOT ENOUGH')
  expect(await waarmerkDeploy()).toMatchObject({
    exitCode: 70,
    err: expect.stringContaining('relayer-out-of-funds'),
  })

  await holds(expected.needed)
  expect(await waarmerkDeploy()).toEqual({ exitCode: 0, err: '', out: DEPLOYED })
  expectEstimates(expected, await gasOfLast(2))
})

test('a chain without the proxy takes the contract directly, at an address that is said', async () => {
  await removeProxy()
  await holds(10n ** 18n)
  const before = await waarmerkDeploy('--dry-run', '--directly', '--contract', 'BadgeAnchor')
  expect(before.out).toContain('not used')
  const { out, exitCode } = await waarmerkDeploy('--directly', '--contract', 'BadgeAnchor')
  expect(exitCode).toBe(0)
  const contract = /set CHAIN_CONTRACT=(0x[0-9a-fA-F]{40})\./.exec(out)?.[1] as Hex
  await requireBadgeAnchor(anvil.provider, { chainId: 31_338, contract })
  expect(await anvil.ask('eth_getCode', DEPLOYER, 'latest')).toBe('0x')
})

test('where gas costs nothing, an account without anything deploys', async () => {
  await removeProxy()
  await holds(0n)
  await anvil.ask('anvil_setNextBlockBaseFeePerGas', '0x0')
  await anvil.ask('evm_mine')
  // As the nodes of such a chain suggest it; anvil asks for a tip all the same.
  const provider: Eip1193 = {
    request: (call) =>
      call.method === 'eth_maxPriorityFeePerGas' ? Promise.resolve('0x0') : anvil.provider.request(call),
  }
  expect(await planDeployment([BADGE_ANCHOR], { provider, relayer, directly: true })).toMatchObject({
    price: { now: 0n },
    cost: { now: 0n },
    needed: 0n,
    balance: 0n,
  })
  const { contract } = await deployDirectly(BADGE_ANCHOR, { provider, relayerKey })
  await requireBadgeAnchor(provider, { chainId: 31_338, contract })
})

test('what a rollup takes for its data is part of the cost', async () => {
  const without = await plan()
  expect(without.dataFee).toBeUndefined()
  // PUSH6, MSTORE at 0, RETURN of 32 bytes: an oracle with one answer.
  const fee = 10n ** 12n
  const oracle = `0x65${toBeHex(fee, 6).slice(2)}60005260206000f3`
  await anvil.ask('anvil_setCode', '0x420000000000000000000000000000000000000F', oracle)
  const { dataFee, cost, needed } = await plan()
  const all = fee * BigInt(CONTRACTS.length)
  expect(dataFee).toBe(all)
  expect(cost.now - without.cost.now).toBe(all)
  expect(needed - without.needed).toBe(all)
})

test('what the command does not know is refused with how it is used', async () => {
  expect(await waarmerkDeploy('--contract', 'Nothing')).toMatchObject({
    exitCode: 64,
    err: expect.stringContaining('There is no contract Nothing.'),
  })
  expect(await waarmerkDeploy('--directly')).toMatchObject({
    exitCode: 64,
    err: expect.stringContaining('AttestedAward would not be found'),
  })
  expect(await waarmerkDeploy('--force')).toMatchObject({
    exitCode: 64,
    err: expect.stringContaining('Usage:'),
  })
})

// That this input compiles to the code that is deployed is held by `scripts/build-contracts.ts --check`, which compiles it.
test.each(CONTRACTS)(
  'the source of $deployable.name is written as explorers want it, with what their forms ask for',
  async ({ deployable: { name, address }, sources }) => {
    const file = join(folder, `${name}.json`)
    const { out } = await waarmerkDeploy('--verification-input', file, '--contract', name)
    expect(out).toMatch(
      new RegExp(`contracts/${name}\\.sol:${name}, compiler v0\\.8\\.37\\+commit\\.[0-9a-f]{8},`),
    )
    expect(out).toContain(address)
    const written = JSON.parse(await readFile(file, 'utf8')) as {
      sources: Record<string, { content: string }>
    }
    expect(written).toEqual((await sources()).default.input)
    const own = await readFile(new URL(`../../contracts/${name}.sol`, import.meta.url), 'utf8')
    expect(written.sources[`contracts/${name}.sol`]?.content).toBe(own)
    expect(Object.keys(written.sources)).toContain('@openzeppelin/contracts/utils/cryptography/EIP712.sol')
  },
)
