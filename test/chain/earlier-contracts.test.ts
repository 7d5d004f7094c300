import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { concat, id } from 'ethers'
import { expect, test } from 'vitest'
import { addressOf } from '#adapters/ethereum/anchor-messages.ts'
import { BADGE_ANCHOR_ADDRESS } from '#adapters/ethereum/badge-anchor.ts'
import { deployBadgeAnchor } from '#adapters/ethereum/deploy.ts'
import { openEmbeddedChain } from '#adapters/ethereum/embedded-chain.ts'
import { createEthereumChain } from '#adapters/ethereum/ethereum-chain.ts'
import { DEPLOYER } from '#adapters/ethereum/known-contract.ts'
import { keeperOf } from '#adapters/keys/local-relayer-key.ts'
import { createPinoLog } from '#adapters/log/pino-log.ts'
import { systemClock } from '#adapters/system/system-clock.ts'
import { readConfig } from '#app/config.ts'
import { type OpenChain, openChain } from '#app/open-chain.ts'
import { checkContract } from '#app/start-checks.ts'
import { EXIT } from '#app/start-errors.ts'
import { type Hex, toHex } from '#engine/shared/bytes.ts'
import type { Chain, ContractCall, SignedTransaction } from '#services/ports/chain.ts'
import earlier from './earlier-contracts.json' with { type: 'json' }
import { keyNamed, relayerKey } from './harness.ts'

const log = createPinoLog('silent')
const SALT = id('waarmerk/BadgeAnchor/1')
const key = keyNamed('first')
const did = 'did:web:badges.example:issuers:first'
const root = id('a batch of one') as Hex

async function deliver(chain: Chain, call: ContractCall): Promise<SignedTransaction> {
  const transaction = await chain.sign(call, await chain.nextNonce())
  await chain.send(transaction)
  expect((await chain.status(transaction.hash)).state).toBe('mined')
  return transaction
}

/** A chain folder as an installation of that time left it, and the transaction that it holds of its issuer. */
async function beginWith({ bytecode, address }: (typeof earlier)[number], directory: string) {
  const embedded = await openEmbeddedChain({ directory, now: () => systemClock.now() })
  await embedded.fund(addressOf(relayerKey))
  const { provider } = embedded
  // The proxy comes with the contract of today; the earlier one is then put there as it was.
  await deployBadgeAnchor({ provider, relayerKey })
  const today = await createEthereumChain({
    provider,
    relayerKey,
    contract: BADGE_ANCHOR_ADDRESS,
    independent: false,
    clock: systemClock,
  })
  await deliver(today, { to: DEPLOYER, data: concat([SALT, bytecode]) as Hex })
  const chain = await createEthereumChain({
    provider,
    relayerKey,
    contract: address as Hex,
    independent: false,
    clock: systemClock,
  })
  const issuerId = toHex(chain.issuerId({ did, firstKey: addressOf(key) }))
  const registration = await deliver(
    chain,
    await chain.registerIssuerCall({ id: issuerId, did, anchoringKey: key }),
  )
  await embedded.close()
  return { issuerId, registration: registration.raw }
}

const inFolder = async (work: (directory: string) => Promise<void>) => {
  const directory = await mkdtemp(join(tmpdir(), 'waarmerk-earlier-'))
  try {
    await work(directory)
  } finally {
    await rm(directory, { recursive: true })
  }
}

test.each(earlier)('an installation that began with $address goes on with it', async (version) => {
  await inFolder(async (directory) => {
    const { issuerId, registration } = await beginWith(version, directory)
    const bonds = { chainIds: [31_337], registration }
    const opened: OpenChain = await openChain(readConfig({}), keeperOf(relayerKey), directory, bonds, log)
    try {
      expect(opened.chain.address.contract).toBe(version.address)
      await deliver(
        opened.chain,
        await opened.chain.anchorCall({ issuerId, root, size: 1, kind: 0, anchoringKey: key }),
      )
      const question = { issuerId, signer: addressOf(key), root, leaf: root, index: 0, proof: [] }
      expect(await opened.chain.verify(question)).toBe('valid')
    } finally {
      await opened.close()
    }
  })
})

test('a new installation begins with the contract of today', async () => {
  await inFolder(async (directory) => {
    const opened = await openChain(readConfig({}), keeperOf(relayerKey), directory, { chainIds: [] }, log)
    expect(opened.chain.address.contract).toBe(BADGE_ANCHOR_ADDRESS)
    await opened.close()
  })
})

test('a setting that names another contract than the one of the issuers is refused, with both named', () => {
  const [version] = earlier as [(typeof earlier)[number]]
  checkContract(version.address.toLowerCase(), version.address)
  checkContract(undefined, version.address)
  checkContract(BADGE_ANCHOR_ADDRESS, undefined)
  const refused = () => checkContract(BADGE_ANCHOR_ADDRESS, version.address)
  expect(refused).toThrow(expect.objectContaining({ exitCode: EXIT.settings }))
  expect(refused).toThrow(BADGE_ANCHOR_ADDRESS)
  expect(refused).toThrow(version.address)
})
