/** The steps of anchoring in a process of its own, over and over, until it is killed: at the point CRASH_AT, by itself. */
import { setTimeout as sleep } from 'node:timers/promises'
import { createAnchorHistory } from '#adapters/ethereum/anchor-history.ts'
import { createEthereumChain } from '#adapters/ethereum/ethereum-chain.ts'
import { createRpcProvider } from '#adapters/ethereum/rpc-provider.ts'
import { createPinoLog } from '#adapters/log/pino-log.ts'
import { openDatabase } from '#adapters/postgres/database.ts'
import { createCommonParts } from '#app/compose/common-parts.ts'
import { composeAnchoring } from '#app/compose/compose-anchoring.ts'
import type { Parts } from '#app/compose/parts.ts'
import type { Hex } from '#engine/shared/bytes.ts'
import { asInstant } from '#engine/shared/instant.ts'
import { armCrashPoint, type CrashPoint } from '#services/ports/crash-points.ts'
import { relayerKey } from './harness.ts'

/** What the child is told, as JSON in CHILD. */
export interface ChildOrders {
  readonly databaseUrl: string
  readonly rpcUrl: string
  readonly contract: Hex
  readonly masterKey: string
  readonly crashAt?: CrashPoint
  /** How far its clock is ahead. */
  readonly aheadMs: number
  /** Blocks under which nothing is final. */
  readonly finalAfter: number
  readonly turns: number
}

const orders = JSON.parse(process.env['CHILD'] ?? '') as ChildOrders
const clock = { now: () => asInstant(Date.now() + orders.aheadMs) }
const provider = createRpcProvider({ url: orders.rpcUrl })
const chain = await createEthereumChain({
  provider,
  relayerKey,
  contract: orders.contract,
  independent: true,
  clock,
  finality: { kind: 'confirmations', blocks: orders.finalAfter },
})
const database = openDatabase(orders.databaseUrl)
const parts = {
  database,
  chain,
  clock,
  wakeUps: { wake: async () => undefined },
  log: createPinoLog('silent'),
  masterKey: Buffer.from(orders.masterKey, 'hex'),
  settings: { publicUrl: 'http://localhost', batchMaxAgeS: 0, batchMaxLeaves: 256 },
} as unknown as Parts
const history = createAnchorHistory(provider, orders.contract)
const { steps } = composeAnchoring(createCommonParts(parts), { history })

if (orders.crashAt !== undefined) armCrashPoint(orders.crashAt, () => process.kill(process.pid, 'SIGKILL'))
process.stdout.write('ready\n')
for (let turn = 0; turn < orders.turns; turn++) {
  await steps.anchor()
  await steps.send()
  await steps.confirm()
  await sleep(30)
}
await database.close()
