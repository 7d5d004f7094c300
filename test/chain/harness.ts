import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { id } from 'ethers'
import { addressOf } from '#adapters/ethereum/anchor-messages.ts'
import { deployBadgeAnchor } from '#adapters/ethereum/deploy.ts'
import { type EmbeddedChain, openEmbeddedChain } from '#adapters/ethereum/embedded-chain.ts'
import { createEthereumChain } from '#adapters/ethereum/ethereum-chain.ts'
import { fromHex, type Hex, toHex } from '#engine/shared/bytes.ts'
import { asInstant } from '#engine/shared/instant.ts'
import type { Chain, ContractCall, TransactionStatus } from '#services/ports/chain.ts'

/** 32 bytes that follow from a name: a key of the tests' own. */
export const keyNamed = (name: string): Uint8Array => fromHex(id(name)) as Uint8Array

export const relayerKey = keyNamed('relayer')
export const START = asInstant(1_800_000_000_000)

export interface TestChain {
  readonly directory: string
  readonly embedded: EmbeddedChain
  readonly chain: Chain
  /** Turns the clock on. */
  pass(seconds: number): void
  /** Signs, sends and waits: one block. */
  deliver(call: Promise<ContractCall>): Promise<TransactionStatus>
  close(): Promise<void>
}

/** An embedded chain in a folder of its own, with the contract on it. */
export async function openTestChain(): Promise<TestChain> {
  const directory = await mkdtemp(join(tmpdir(), 'waarmerk-chain-'))
  let now = START
  const clock = { now: () => now }
  const embedded = await openEmbeddedChain({ directory, now: clock.now })
  await embedded.fund(addressOf(relayerKey))
  const { contract } = await deployBadgeAnchor({ provider: embedded.provider, relayerKey })
  const { provider } = embedded
  const chain = await createEthereumChain({ provider, relayerKey, contract, independent: false, clock })
  return {
    directory,
    embedded,
    chain,
    pass: (seconds) => {
      now = asInstant(now + seconds * 1000)
    },
    deliver: async (call) => {
      const transaction = await chain.sign(await call, await chain.nextNonce())
      await chain.send(transaction)
      return chain.status(transaction.hash)
    },
    close: async () => {
      await embedded.close()
      await rm(directory, { recursive: true })
    },
  }
}

export interface TestIssuer {
  readonly id: Hex
  readonly did: string
  readonly key: Uint8Array
  readonly signer: Hex
}

/** Registers an issuer with a key of its own. */
export async function registerIssuer({ chain, deliver }: TestChain, name: string): Promise<TestIssuer> {
  const key = keyNamed(name)
  const did = `did:web:badges.example:issuers:${name}`
  const signer = addressOf(key)
  const issuerId = toHex(chain.issuerId({ did, firstKey: signer }))
  await deliver(chain.registerIssuerCall({ id: issuerId, did, anchoringKey: key }))
  return { id: issuerId, did, key, signer }
}
