import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toBeHex, toQuantity } from 'ethers'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { addressOf } from '#adapters/ethereum/anchor-messages.ts'
import { BADGE_ANCHOR_ADDRESS } from '#adapters/ethereum/badge-anchor.ts'
import { requireBadgeAnchor } from '#adapters/ethereum/contract-identity.ts'
import { BADGE_ANCHOR, codeIn } from '#adapters/ethereum/deploy.ts'
import { planDeployment } from '#adapters/ethereum/deployment-plan.ts'
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
const plan = () => planDeployment([BADGE_ANCHOR], { provider: anvil.provider, relayer })
const used = async (): Promise<bigint> => {
  const block = (await anvil.ask('eth_getBlockByNumber', 'latest', false)) as { gasUsed: string }
  return BigInt(block.gasUsed)
}

test('a dry run says what is missing and what it costs, and sends nothing', async () => {
  await holds(10n ** 18n)
  const before = await anvil.ask('eth_blockNumber')
  const { exitCode, out } = await waarmerkDeploy('--dry-run')
  expect(exitCode).toBe(0)
  expect(out).toContain('31338 (a chain that is not known here)')
  expect(out).toContain(`is there, at ${DEPLOYER}`)
  expect(out).toMatch(new RegExp(`is missing; would get ${BADGE_ANCHOR_ADDRESS}, for 3,\\d{3},\\d{3} gas`))
  expect(out).toMatch(/cost +0\.00\d+ of its coin at the moment; at the highest price 1\.\d+ of its coin/)
  expect(out).toContain(`${relayer} has 1 of its coin: enough`)
  expect(await anvil.ask('eth_blockNumber')).toBe(before)
  expect(await anvil.ask('eth_getCode', BADGE_ANCHOR_ADDRESS, 'latest')).toBe('0x')
})

test('what is deployed uses what the dry run said, and is found the next time', async () => {
  await holds(10n ** 18n)
  const expected = (await plan()).contracts[0]?.gas ?? 0n
  const { out } = await waarmerkDeploy()
  expect(out).toBe(`BadgeAnchor was deployed at ${BADGE_ANCHOR_ADDRESS} on chain 31338.\n`)
  const actual = await used()
  expect(expected).toBeGreaterThanOrEqual(actual)
  expect(Number(expected - actual) / Number(actual)).toBeLessThan(0.02)

  expect((await waarmerkDeploy()).out).toContain('BadgeAnchor stands already at')
  const again = await waarmerkDeploy('--dry-run')
  expect(again.out).toContain(`stands already at ${BADGE_ANCHOR_ADDRESS}`)
  expect(again.out).not.toContain('price of gas')
})

test('an account that has too little is told how much more, and with that much it goes through, the proxy included', async () => {
  await removeProxy()
  await holds(0n)
  const { needed, contracts, hasProxy } = await plan()
  expect(hasProxy).toBe(false)
  const poor = await waarmerkDeploy('--dry-run')
  expect(poor.out).toContain(`is missing; would be put at ${DEPLOYER} first`)
  expect(poor.out).toContain('NOT ENOUGH')
  expect(await waarmerkDeploy()).toMatchObject({
    exitCode: 70,
    err: expect.stringContaining('relayer-out-of-funds'),
  })

  await holds(needed)
  expect(await waarmerkDeploy()).toMatchObject({
    err: '',
    out: expect.stringContaining(`was deployed at ${BADGE_ANCHOR_ADDRESS}`),
  })
  const [actual, expected] = [await used(), contracts[0]?.gas ?? 0n]
  expect(expected).toBeGreaterThanOrEqual(actual)
  expect(Number(expected - actual) / Number(actual)).toBeLessThan(0.02)
})

test('a chain without the proxy takes the contract directly, at an address that is said', async () => {
  await removeProxy()
  await holds(10n ** 18n)
  const before = await waarmerkDeploy('--dry-run', '--directly')
  expect(before.out).toContain('not used')
  const { out, exitCode } = await waarmerkDeploy('--directly')
  expect(exitCode).toBe(0)
  const contract = /set CHAIN_CONTRACT=(0x[0-9a-fA-F]{40})\./.exec(out)?.[1] as Hex
  await requireBadgeAnchor(anvil.provider, { chainId: 31_338, contract })
  expect(await anvil.ask('eth_getCode', DEPLOYER, 'latest')).toBe('0x')
})

test('what a rollup takes for its data is part of the cost', async () => {
  const without = await plan()
  expect(without.dataFee).toBeUndefined()
  // PUSH6, MSTORE at 0, RETURN of 32 bytes: an oracle with one answer.
  const fee = 10n ** 12n
  const oracle = `0x65${toBeHex(fee, 6).slice(2)}60005260206000f3`
  await anvil.ask('anvil_setCode', '0x420000000000000000000000000000000000000F', oracle)
  const { dataFee, cost, needed } = await plan()
  expect(dataFee).toBe(fee)
  expect(cost.now - without.cost.now).toBe(fee)
  expect(needed - without.needed).toBe(fee)
})

test('what the command does not know is refused with how it is used', async () => {
  expect(await waarmerkDeploy('--contract', 'Nothing')).toMatchObject({
    exitCode: 64,
    err: expect.stringContaining('There is no contract Nothing.'),
  })
  expect(await waarmerkDeploy('--force')).toMatchObject({
    exitCode: 64,
    err: expect.stringContaining('Usage:'),
  })
})

test.each(CONTRACTS)(
  'the source of $deployable.name that is written for explorers compiles to the contract',
  { timeout: 120_000 },
  async ({ deployable: { name, deploymentData } }) => {
    const file = join(folder, `${name}.json`)
    const { out } = await waarmerkDeploy('--verification-input', file, '--contract', name)
    const solc = createRequire(import.meta.url)('solc') as {
      compile(input: string): string
      version(): string
    }
    expect(out).toContain(
      `Contract contracts/${name}.sol:${name}, compiler v${solc.version().replace('.Emscripten.clang', '')},`,
    )
    // Without a way to read any other file.
    const compiled = JSON.parse(solc.compile(await readFile(file, 'utf8'))) as {
      contracts: Record<string, Record<string, { evm: { bytecode: { object: string } } }>>
    }
    const { object } = compiled.contracts[`contracts/${name}.sol`]?.[name]?.evm.bytecode ?? {}
    expect(`0x${object}`).toBe(codeIn(deploymentData))
  },
)
