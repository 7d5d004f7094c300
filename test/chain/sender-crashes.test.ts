import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { MINUTE_MS } from '#engine/shared/duration.ts'
import type { CrashPoint } from '#services/ports/crash-points.ts'
import { basicEnvironment } from '#test/product/product-process.ts'
import type { ChildOrders } from './sender-child.ts'
import {
  FINAL_AFTER,
  openSenderStage,
  type SealedLeaf,
  type Sender,
  type SenderStage,
} from './sender-stage.ts'

/** 0, in CI: every point once, each death in the midst of the recovery from the one before. n: every point alone n times, too. */
const ROUNDS = Number(process.env['CRASH_ROUNDS'] ?? 0)

let stage: SenderStage
let sender: Sender
beforeAll(async () => {
  stage = await openSenderStage()
  sender = await stage.sender()
})
afterAll(() => stage?.close())

/** What has to be so for a process to come to the point. */
const ROADS: Readonly<Partial<Record<CrashPoint, () => Promise<SealedLeaf>>>> = {
  'seal.before-commit': () => stage.add(),
  'seal.after-commit': () => stage.add(),
  'send.before-sign': () => stage.add(),
  'send.signed': () => stage.add(),
  'send.sent': () => stage.add(),
  'confirm.before-commit': () => sent({ mined: true }),
  'confirm.after-commit': () => sent({ mined: true }),
  'lost.moved': async () => {
    const leaf = await sent({ mined: false })
    const [{ hash }] = await stage.ask('SELECT hash FROM chain_transaction ORDER BY nonce DESC LIMIT 1')
    await stage.anvil.ask('anvil_dropTransaction', hash)
    return leaf
  },
  'hurry.stored': () => sent({ mined: false }),
  'nonce.filled': async () => {
    const { chain } = sender
    const foreign = await chain.signFiller(await chain.nextNonce())
    await chain.send(foreign)
    const leaf = await sent({ mined: false })
    await stage.anvil.ask('anvil_dropTransaction', foreign.hash)
    return leaf
  },
}
const POINTS = Object.keys(ROADS) as CrashPoint[]

async function sent({ mined }: { readonly mined: boolean }): Promise<SealedLeaf> {
  const leaf = await stage.seal(sender)
  await sender.steps.send()
  if (mined) await stage.mine()
  return leaf
}

test('killed between every two steps, one death after the other: each batch lands once', async () => {
  const leaves: SealedLeaf[] = []
  for (const point of POINTS) leaves.push(await dieAt(point))
  for (const leaf of leaves) await stage.settle(sender, leaf)
  await stage.expectSound(sender, ...leaves)
}, 120_000)

test('two processes at once over one database and one relayer: no nonce is there twice', async () => {
  const leaves: SealedLeaf[] = []
  for (let n = 0; n < 5; n++) leaves.push(await stage.seal(sender))
  // One clock: to one that is ahead of the other everything would have waited for long.
  const same = { turns: 8, aheadMs: stage.clock.now() - Date.now() }
  const ends = await Promise.all([child(same), child(same)])
  expect(ends).toEqual([0, 0])
  const rows = await stage.ask(
    `SELECT nonce FROM chain_transaction JOIN chain_task task ON task.id = task_id
     JOIN leaf ON leaf.batch_id = task.batch_id WHERE leaf.id = ANY($1)`,
    [leaves.map(({ id }) => id)],
  )
  expect(new Set(rows.map(({ nonce }) => nonce)).size).toBe(leaves.length)
  expect(rows).toHaveLength(leaves.length)
  for (const leaf of leaves) await stage.settle(sender, leaf)
  await stage.expectSound(sender, ...leaves)
})

describe.runIf(ROUNDS > 0)('for longer', () => {
  for (let round = 1; round <= ROUNDS; round++)
    test.each(POINTS)(
      `round ${round}: killed at %s`,
      async (point) => {
        const leaf = await dieAt(point)
        await stage.settle(sender, leaf)
        await stage.expectSound(sender, leaf)
      },
      60_000,
    )
})

async function dieAt(point: CrashPoint): Promise<SealedLeaf> {
  const road = ROADS[point]
  if (road === undefined) throw new Error(`No road leads to ${point}.`)
  const leaf = await road()
  expect([point, await child({ crashAt: point })]).toEqual([point, 'SIGKILL'])
  return leaf
}

/** How it ended: its exit code, or the signal. */
async function child(orders: Partial<ChildOrders>): Promise<number | string | null> {
  const whole: ChildOrders = {
    databaseUrl: stage.product.running.parts.databaseUrl,
    rpcUrl: stage.anvil.url,
    contract: sender.chain.address.contract,
    masterKey: stage.settings['MASTER_KEY'] ?? '',
    // Far enough for what waits to have waited long enough.
    aheadMs: stage.clock.now() - Date.now() + 3 * MINUTE_MS,
    finalAfter: FINAL_AFTER,
    turns: 200,
    ...orders,
  }
  const life = spawn(process.execPath, [join(import.meta.dirname, 'sender-child.ts')], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...basicEnvironment(), CHILD: JSON.stringify(whole) },
  })
  // The clock here follows that of the process that is gone.
  stage.clock.advance(4 * MINUTE_MS)
  return new Promise((resolve, reject) => {
    life.once('error', reject)
    life.once('close', (code, signal) => resolve(signal ?? code))
  })
}
