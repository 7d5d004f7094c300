import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { deployBadgeAnchor } from '#adapters/ethereum/deploy.ts'
import { withClient } from '#adapters/postgres/with-client.ts'
import { type Anvil, startAnvil } from '#test/chain/anvil.ts'
import { type ApiAnswer, ApiCaller } from './api-caller.ts'
import { killAllProducts, type ProductProcess, startProductProcess } from './product-process.ts'
import { freePort, startTestProduct, type TestOrganisation, type TestProduct } from './test-product.ts'

/** Of anvil's first account: published, and rich on every new test chain. */
const RELAYER_KEY = 'ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80'
export const CALLS = 50

/** A product here and one in a process of its own: they share a database and a chain, and nothing else. */
export interface TwoProcesses {
  readonly product: TestProduct
  readonly second: ProductProcess
  readonly school: TestOrganisation
  /** The same organisation and the same key at both. */
  readonly doors: readonly ApiCaller[]
  readonly publicDoors: readonly ApiCaller[]
  /** Many calls at once, by turns at both processes. None may break on our side. */
  readonly atOnce: (
    call: (api: ApiCaller, n: number) => Promise<ApiAnswer>,
    at?: readonly ApiCaller[],
    calls?: number,
  ) => Promise<readonly ApiAnswer[]>
  // biome-ignore lint/suspicious/noExplicitAny: rows are of every shape, and the tests look at them
  readonly ask: (sql: string, values?: unknown[]) => Promise<any[]>
  readonly count: (sql: string, values?: unknown[]) => Promise<number>
  readonly audited: (action: string, target: string) => Promise<number>
  readonly stop: () => Promise<void>
}

export async function startTwoProcesses(slug: string): Promise<TwoProcesses> {
  const anvil: Anvil = await startAnvil('--block-time', '1')
  await deployBadgeAnchor({ provider: anvil.provider, relayerKey: Buffer.from(RELAYER_KEY, 'hex') })
  const shared = {
    RPC_URL: anvil.url,
    RELAYER_KEY,
    MASTER_KEY: randomBytes(32).toString('hex'),
    CHAIN_CONFIRMATIONS: '1',
  }
  const product = await startTestProduct(shared)
  const { databaseUrl } = product.running.parts
  const folder = await mkdtemp(join(tmpdir(), 'waarmerk-second-'))
  const second = startProductProcess({
    dataFolder: folder,
    port: await freePort(),
    command: ['api'],
    settings: { ...shared, DATABASE_URL: databaseUrl, PUBLIC_URL: product.url },
  })
  const school = await product.organisation(slug)
  await second.hears(/is ready/)
  const doors = [school.api, new ApiCaller(second.url, { authorization: `Bearer ${school.apiKey}` })]

  const ask: TwoProcesses['ask'] = (sql, values = []) =>
    withClient(databaseUrl, async (client) => (await client.query(sql, values)).rows)
  const count: TwoProcesses['count'] = async (sql, values = []) =>
    (await ask(`SELECT count(*)::int AS n ${sql}`, values))[0].n
  return {
    product,
    second,
    school,
    doors,
    publicDoors: [new ApiCaller(product.url), new ApiCaller(second.url)],
    async atOnce(call, at = doors, calls = CALLS) {
      const answers = await Promise.all(
        Array.from({ length: calls }, (_, n) => call(at[n % at.length] ?? school.api, n)),
      )
      expect(answers.filter(({ status }) => status >= 500).map(({ body }) => body)).toEqual([])
      return answers
    },
    ask,
    count,
    audited: (action, target) => count('FROM audit WHERE action = $1 AND target_id = $2', [action, target]),
    async stop() {
      await killAllProducts()
      await product.stop()
      anvil.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** How many answers there are of each kind: the status, or the status and the code of the refusal. */
export function tally(answers: readonly ApiAnswer[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { status, body } of answers) {
    const kind = status < 300 ? String(status) : `${status} ${body.code}`
    counts[kind] = (counts[kind] ?? 0) + 1
  }
  return counts
}
