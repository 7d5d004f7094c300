import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { deployBadgeAnchor } from '#adapters/ethereum/deploy.ts'
import { readIssuerHistory } from '#adapters/ethereum/issuer-history.ts'
import { readConfig } from '#app/config.ts'
import { type RunningProduct, startProduct } from '#app/start-product.ts'
import type { Hex } from '#engine/shared/bytes.ts'
import { type Anvil, startAnvil } from '#test/chain/anvil.ts'
import { findRedis, type TestRedis } from '#test/platform/redis.ts'
import { awardOf, earning, type FirstAid, setUpFirstAid } from '#test/product/first-aid.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from '#test/product/test-product.ts'

/** Of anvil's first account: published, and rich on every new test chain. */
const RELAYER_KEY = 'ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80'

let anvil: Anvil
let redis: TestRedis | undefined
let product: TestProduct
const workers: RunningProduct[] = []
let school: TestOrganisation
let firstAid: FirstAid
let contract: Hex

// An API and two workers, each as a process of its own would be: PostgreSQL, a node over HTTP and (where there is one)
// Redis are all that they share.
beforeAll(async () => {
  anvil = await startAnvil('--block-time', '1')
  redis = await findRedis()
  contract = (
    await deployBadgeAnchor({ provider: anvil.provider, relayerKey: Buffer.from(RELAYER_KEY, 'hex') })
  ).contract
  const shared = {
    RPC_URL: anvil.url,
    RELAYER_KEY,
    MASTER_KEY: randomBytes(32).toString('hex'),
    CHAIN_CONFIRMATIONS: '1',
    ...(redis === undefined ? {} : { REDIS_URL: redis.url }),
  }
  product = await startTestProduct(shared, { api: true, worker: false })
  const { databaseUrl } = product.running.parts
  for (let worker = 0; worker < 2; worker++)
    workers.push(
      await startProduct(
        readConfig({
          ...shared,
          NODE_ENV: 'test',
          LOG_LEVEL: 'silent',
          DATABASE_URL: databaseUrl,
          PUBLIC_URL: product.url,
          SMTP_URL: product.inbox.url,
          BATCH_MAX_AGE_S: '1',
          SWEEP_INTERVAL_MS: '500',
        }),
        { api: false, worker: true },
      ),
    )
  school = await product.organisation('own-servers')
  firstAid = await setUpFirstAid(school.api, 'own-academy')
})
afterAll(async () => {
  for (const worker of workers) await worker.stop()
  await product?.stop()
  await redis?.stop()
  anvil?.close()
})

test('two workers award, issue and anchor everything once, on a chain that is asked over HTTP', async () => {
  const learners = Array.from({ length: 12 }, (_, at) => `own-${at}`)
  await school.api.post('/v1/events', learners.flatMap(earning))
  const awards = []
  for (const learner of learners) awards.push(await awardOf(school.api, learner, { anchored: true }))
  expect(new Set(awards.map(({ credentialId }) => credentialId)).size).toBe(learners.length)

  const { body: batches } = await school.api.get('/v1/batches')
  expect(new Set(batches.items.map(({ root }: { root: string }) => root)).size).toBe(batches.items.length)
  const { body: document } = await school.api.get(`/credentials/${awards[0].credentialId}`)
  const { body: report } = await school.api.post('/v1/verify', { credential: document })
  expect(report).toMatchObject({ verdict: 'valid', anchor: { chainId: 31_338, independent: false } })
})

test('the chain alone tells the issuer, its DID and the windows of its issuing keys', async () => {
  const { body: before } = await school.api.get(`/v1/issuers/${firstAid.issuerId}`)
  await school.api.post(`/v1/issuers/${firstAid.issuerId}/rotate-key`)
  const [receiptOwner] = (await school.api.get('/v1/awards')).body.items
  const { body: receipt } = await school.api.get(`/v1/credentials/${receiptOwner.credentialId}/receipt`)
  await vi.waitFor(
    async () => {
      const history = await readIssuerHistory(anvil.provider, contract, receipt.issuerId)
      expect(history).toMatchObject({ did: before.did })
      const windows = history?.issuingKeys ?? []
      expect(windows).toHaveLength(2)
      // The retired key's window ends once all that it signed must have been anchored; the other one has no end.
      const [end = 0] = windows.map(({ validUntil }) => validUntil).sort((a, b) => a - b)
      const twoDays = 2 * 86_400_000
      expect(end - twoDays).toBeLessThanOrEqual(Date.now())
      expect(end - twoDays).toBeGreaterThan(Date.now() - 60_000)
      expect(windows.filter(({ validUntil }) => validUntil === end)).toHaveLength(1)
    },
    { timeout: 30_000, interval: 500 },
  )
})
