import { createRequire } from 'node:module'
import manifest from '@tradetrust-tt/document-store/package.json' with { type: 'json' }
import { type ContractFactory, id } from 'ethers'
import { addressOf } from '#adapters/ethereum/anchor-messages.ts'
import type { Hex } from '#engine/shared/bytes.ts'
import { keyNamed } from '#test/chain/harness.ts'
import { create, gasOf, type Payer } from './gas-used.ts'
import { MANY } from './sizes.ts'

export type DocumentStore = Awaited<ReturnType<typeof measureDocumentStore>>

/** As many documents as fit into one call below the gas of a block. */
export const STORE_CALL = 1_000

/** What the document store of TradeTrust (OpenAttestation) uses, as it is published on npm. */
export async function measureDocumentStore(payer: Payer) {
  const { bytecode, interface: store } = factory()
  const owner = addressOf(payer.key)
  const constructorData = store.encodeDeploy(['Somebody', owner]).slice(2)
  const { at, gas: deploy } = await create(payer, `${bytecode}${constructorData}` as Hex)
  const used = (method: string, ...values: readonly unknown[]) =>
    gasOf(payer, { to: at, data: store.encodeFunctionData(method, values) as Hex })
  const documents = (name: string, count: number) =>
    Array.from({ length: count }, (_, n) => id(`${name} ${n}`))

  const newcomer = addressOf(keyNamed('second'))
  const issuerRole = id('ISSUER_ROLE')
  return {
    version: manifest.version,
    deploy,
    issue: await used('issue', id('root')),
    bulkIssue10: await used('bulkIssue', documents('ten', 10)),
    bulkIssue100: await used('bulkIssue', documents('hundred', 100)),
    bulkIssue1000: await used('bulkIssue', documents('thousand', STORE_CALL)),
    revoke: await used('revoke', id('thousand 0')),
    revokeMany: await used('bulkRevoke', documents('revoked', MANY)),
    grantRole: await used('grantRole', issuerRole, newcomer),
    revokeRole: await used('revokeRole', issuerRole, newcomer),
  }
}

/** The package is CommonJS and its types are of an older ethers; only code and interface are taken from it. */
function factory(): ContractFactory {
  const require = createRequire(import.meta.url)
  const { DocumentStore__factory: Factory } =
    require('@tradetrust-tt/document-store/dist/contracts/factories/DocumentStore__factory.js') as {
      DocumentStore__factory: new () => ContractFactory
    }
  return new Factory()
}
