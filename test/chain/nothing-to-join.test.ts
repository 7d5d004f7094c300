import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { keccak256, sha256 } from '#adapters/crypto/hashes.ts'
import { deployBadgeAnchor } from '#adapters/ethereum/deploy.ts'
import { withClient } from '#adapters/postgres/with-client.ts'
import { lastClosing } from '#engine/anchoring/batch-schedule.ts'
import type { Receipt } from '#engine/anchoring/receipt.ts'
import { verifyReceipt } from '#engine/anchoring/receipt.ts'
import { credentialDigest } from '#engine/credentials/prepared-credential.ts'
import { fromHex, type Hex, toHex, utf8 } from '#engine/shared/bytes.ts'
import { asInstant } from '#engine/shared/instant.ts'
import { earning, setUpFirstAid } from '#test/product/first-aid.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from '#test/product/test-product.ts'
import { type Anvil, startAnvil } from './anvil.ts'

const RELAYER_KEY = 'ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80'
const INTERVAL_S = 2
const CLASS = Array.from({ length: 40 }, (_, at) => `pupil-${at}-van-de-klas`)

let anvil: Anvil
let product: TestProduct
let school: TestOrganisation
let tutor: TestOrganisation

// A class of 40 in several batches, and a tutor with one pupil, on one chain.
beforeAll(async () => {
  anvil = await startAnvil()
  await deployBadgeAnchor({ provider: anvil.provider, relayerKey: Buffer.from(RELAYER_KEY, 'hex') })
  product = await startTestProduct({
    RPC_URL: anvil.url,
    RELAYER_KEY,
    CHAIN_CONFIRMATIONS: '1',
    BATCH_MAX_AGE_S: String(INTERVAL_S),
  })
  school = await product.organisation('the-school')
  tutor = await product.organisation('the-tutor')
  await setUpFirstAid(school.api, 'school-of-many')
  await setUpFirstAid(tutor.api, 'tutor-of-one')
  await tutor.api.post('/v1/events', earning('only-pupil'))
  for (const part of [CLASS.slice(0, 7), CLASS.slice(7, 31), CLASS.slice(31)]) {
    const anchored = (await anchoredOf(school)).length
    await school.api.post('/v1/events', part.flatMap(earning))
    await vi.waitFor(async () => expect((await anchoredOf(school)).length).toBe(anchored + part.length), {
      timeout: 60_000,
      interval: 250,
    })
  }
  await vi.waitFor(async () => expect(await anchoredOf(tutor)).toHaveLength(1), {
    timeout: 60_000,
    interval: 250,
  })
}, 240_000)
afterAll(async () => {
  await product?.stop()
  anvil?.close()
})

test('nothing public can be joined to a person, a class or a credential without a receipt', async () => {
  const everything = await readEverything()
  const kept = await keptBy(school)
  expect(kept).toHaveLength(CLASS.length)

  // What is public holds the roots, so this looks in the right place, and a receipt does lead to one.
  const [{ receipt, document }] = kept as [(typeof kept)[number]]
  expect(everything).toContain(receipt.root.slice(2))
  expect(verifyReceipt(receipt, credentialDigest(document, sha256), keccak256)).toMatchObject({
    root: receipt.root,
  })

  // Whatever is known of a person or a badge, as it is and hashed in the ways that somebody might guess.
  const needles = new Map<string, string>()
  for (const [at, { document: badge, receipt: own, award }] of kept.entries()) {
    const subject = badge['credentialSubject'] as { readonly id: string }
    const texts = {
      subject: subject.id,
      credential: String(badge['id']),
      award: award.id,
      person: award.subjectId,
    }
    for (const [name, text] of Object.entries(texts)) {
      for (const form of [text, text.replace(/^.*[:/]/, '')]) {
        needles.set(`${name} ${at} ${form}`, toHex(utf8(form)))
        needles.set(`${name} ${at} bytes`, `0x${form.replaceAll('-', '')}`)
        needles.set(`${name} ${at} sha256 ${form}`, toHex(sha256(utf8(form))))
        needles.set(`${name} ${at} keccak ${form}`, toHex(keccak256(utf8(form))))
      }
    }
    const leaf = verifyReceipt(own, credentialDigest(badge, sha256), keccak256)
    if (!leaf.ok) throw new Error(leaf.code)
    const { digest, salt, proof } = own
    const parts = {
      digest,
      salt,
      leaf: leaf.leaf,
      digestAgain: toHex(keccak256(fromHex(digest) as Uint8Array)),
    }
    for (const [name, hex] of Object.entries(parts)) needles.set(`${name} ${at}`, hex)
    for (const [level, hex] of proof.entries()) needles.set(`node ${at} ${level}`, hex)
  }
  for (const pupil of [...CLASS, 'only-pupil'])
    for (const form of [pupil, `${pupil}@example.org`, `mailto:${pupil}@example.org`]) {
      needles.set(form, toHex(utf8(form)))
      needles.set(`sha256 ${form}`, toHex(sha256(utf8(form))))
      needles.set(`keccak ${form}`, toHex(keccak256(utf8(form))))
    }
  for (const word of ['First aid basics', 'first-aid-basics', 'EHBO', 'the-school'])
    needles.set(word, toHex(utf8(word)))
  const found = [...needles].filter(
    ([, hex]) => hex.length > 8 && everything.includes(hex.slice(2).toLowerCase()),
  )
  expect(found.map(([name]) => name)).toEqual([])
  expect(needles.size).toBeGreaterThan(40 * 20)
})

test('a batch tells neither how many it is of, nor when in its interval they were', async () => {
  const [many, one] = [await batchesOf(school), await batchesOf(tutor)]
  expect(many.length).toBeGreaterThanOrEqual(3)
  expect(new Set([...many, ...one].map(({ size }) => size))).toEqual(new Set([184]))
  expect(new Set(many.map(({ real }) => real)).size).toBeGreaterThan(1)
  // A batch closes when a multiple of the interval has come, however long before it its oldest leaf was made.
  for (const { sealedAt, oldest, newest } of [...many, ...one]) {
    expect(oldest).toBeLessThan(lastClosing(asInstant(sealedAt), INTERVAL_S * 1000))
    expect(newest).toBeLessThanOrEqual(sealedAt)
  }
})

async function anchoredOf({ api }: TestOrganisation): Promise<readonly Award[]> {
  const { body } = await api.get('/v1/awards?limit=100')
  return body.items.filter(({ anchor }: { readonly anchor: string | null }) => anchor === 'final')
}

interface Award {
  readonly id: string
  readonly subjectId: string
  readonly credentialId: string
}

/** What holders were given. */
const keptBy = async (organisation: TestOrganisation) =>
  Promise.all(
    (await anchoredOf(organisation)).map(async (award) => ({
      award,
      document: (await organisation.api.get(`/credentials/${award.credentialId}`)).body,
      receipt: (await organisation.api.get(`/v1/credentials/${award.credentialId}/receipt`)).body as Receipt,
    })),
  )

/** All that the chain knows: blocks, transactions, logs, and the whole state with every slot of the contract. */
async function readEverything(): Promise<string> {
  const last = Number(await anvil.ask('eth_blockNumber'))
  const parts: unknown[] = []
  for (let block = 0; block <= last; block++) {
    const tag = `0x${block.toString(16)}`
    parts.push(
      await anvil.ask('eth_getBlockByNumber', tag, true),
      await anvil.ask('eth_getBlockReceipts', tag),
    )
  }
  const state = gunzipSync(fromHex((await anvil.ask('anvil_dumpState')) as Hex) as Uint8Array).toString(
    'utf8',
  )
  expect(parts.length).toBeGreaterThan(10)
  expect(state).toContain('storage')
  return `${JSON.stringify(parts)} ${state}`.toLowerCase()
}

const batchesOf = ({ id }: TestOrganisation) =>
  withClient(product.running.parts.databaseUrl, async (client) => {
    await client.query('BEGIN; SET LOCAL ROLE waarmerk_worker')
    const { rows } = await client.query(
      `SELECT size::int, real_leaves::int AS real, extract(epoch FROM sealed_at)::float8 * 1000 AS "sealedAt",
         extract(epoch FROM min(leaf.created_at))::float8 * 1000 AS oldest,
         extract(epoch FROM max(leaf.created_at))::float8 * 1000 AS newest
       FROM batch JOIN leaf ON leaf.batch_id = batch.id
       WHERE batch.organisation_id = $1 GROUP BY batch.organisation_id, batch.id`,
      [id.replace('urn:uuid:', '')],
    )
    await client.query('ROLLBACK')
    return rows as { size: number; real: number; sealedAt: number; oldest: number; newest: number }[]
  })
