import { strFromU8, unzipSync } from 'fflate'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Product } from '#app/compose.ts'
import type { CollectionId } from '#engine/shared/ids.ts'
import { ApiCaller } from '#test/product/api-caller.ts'
import { setUpGradedBadge } from '#test/product/graded-badge.ts'
import { signedIn } from '#test/product/member.ts'
import { composeAgain, countingCalls } from '#test/product/second-composition.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from '#test/product/test-product.ts'

let product: TestProduct
let school: TestOrganisation
let achievementId: string
/** Its steps run when a test says so: no worker runs by itself. */
let worker: Product
beforeAll(async () => {
  product = await startTestProduct({}, { api: true, worker: false })
  school = await product.organisation('unsigned-school')
  achievementId = (await setUpGradedBadge(school.api, 'unsigned-academy')).achievementId
  worker = composeAgain(product, {})
})
afterAll(() => product?.stop())

const issueAll = async () => {
  while ((await worker.steps.issue()).more);
}

let people = 0
const learner = () => signedIn(product, `unsigned-${++people}@example.org`)

/** A badge that was offered by hand, claimed, and not signed yet. */
async function claimed(who: ApiCaller): Promise<{ credentialId: string; directAward: string }> {
  const identifier = `offered-${++people}@example.org`
  const { body } = await school.api.post('/v1/direct-awards', { achievementId, identifier })
  const answer = await who.post('/v1/claims/by-code', { code: body.awardCode })
  expect([answer.status, answer.body.code]).toEqual([200, undefined])
  return { credentialId: answer.body.credentialId, directAward: body.directAward.id }
}

const backpack = async (who: ApiCaller) => (await who.get('/v1/backpack')).body.items
const names = async (who: ApiCaller) => {
  const files = unzipSync((await who.get('/v1/backpack/export')).bytes)
  return { files: Object.keys(files), index: strFromU8(files['INDEX.en.md'] ?? new Uint8Array()) }
}

test('a badge that is being issued stands in the backpack as such, beside those that are signed', async () => {
  const ann = await learner()
  const first = await claimed(ann)
  await issueAll()
  const second = await claimed(ann)
  expect(await backpack(ann)).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ credentialId: first.credentialId, state: 'issued', signed: true }),
      expect.objectContaining({
        credentialId: second.credentialId,
        state: 'issuing',
        signed: false,
        achievementName: 'First aid graded',
        image: expect.stringContaining('/images/'),
      }),
    ]),
  )
  const exported = await names(ann)
  expect(exported.files.filter((file) => file.endsWith('badge.json'))).toHaveLength(1)
  expect(exported.index).toMatch(/First aid graded.*still being issued: there is no file of it yet/)

  await issueAll()
  expect((await backpack(ann)).map(({ state }: { state: string }) => state)).toEqual(['issued', 'issued'])
  expect((await ann.get(`/v1/credentials/${second.credentialId}`)).status).toBe(200)
  expect((await names(ann)).files.filter((file) => file.endsWith('badge.json'))).toHaveLength(2)
})

test('its page and files say that they are not signed yet, to its earner and the issuer’s people only', async () => {
  const ben = await learner()
  const { credentialId } = await claimed(ben)
  const path = `/v1/credentials/${credentialId}`
  for (const answer of [
    await ben.get(path),
    await ben.get(`${path}/document`),
    await ben.get(`${path}/receipt`),
    await ben.send('PUT', `${path}/visibility`, JSON.stringify({ visibility: 'public' }), {
      'content-type': 'application/json',
    }),
    await school.api.get(path),
  ])
    expect([answer.status, answer.body.code]).toEqual([409, 'credential-not-signed'])
  for (const stranger of [await learner(), new ApiCaller(product.url)])
    expect((await stranger.get(path)).status).toBe(404)
})

test('one that is revoked before it was signed stays in the backpack, and in the list of the export', async () => {
  const cem = await learner()
  const { credentialId, directAward } = await claimed(cem)
  await school.api.post(`/v1/direct-awards/${directAward}/revoke`, { reason: 'Sent to the wrong class.' })
  await issueAll()
  expect(await backpack(cem)).toMatchObject([{ credentialId, state: 'revoked', signed: false }])
  const { files, index } = await names(cem)
  expect(files).not.toContainEqual(expect.stringMatching(/^badges/))
  expect(index).toContain('revoked before it was signed')
})

test('a collection that others see shows what is signed of it, and takes no more queries for more badges', async () => {
  const dee = await learner()
  const signed = [await claimed(dee), await claimed(dee), await claimed(dee)]
  await issueAll()
  const unsigned = await claimed(dee)
  const ids = [...signed, unsigned].map(({ credentialId }) => credentialId)
  const collect = async (badges: readonly string[]) => {
    const wanted = { name: { en: 'All' }, visibility: 'public', badges, shareBadges: true }
    return (await dee.post('/v1/collections', wanted)).body.id as string
  }
  const shown = async (id: string) => {
    const { status, body } = await new ApiCaller(product.url).get(`/v1/public/collections/${id}`)
    expect(status).toBe(200)
    return body.badges.map((badge: { credentialId: string }) => badge.credentialId)
  }
  const all = await collect(ids)
  expect(await shown(all)).toEqual(ids.slice(0, 3))
  await issueAll()
  expect(await shown(all)).toEqual(ids)

  const reads = async (id: string) => {
    const { database, calls } = countingCalls(product.running.parts.database)
    await composeAgain(product, { database }).routes.showCollection(id as CollectionId)
    return calls()
  }
  const few = await reads(await collect(ids.slice(0, 1)))
  expect(few).toBeGreaterThan(0)
  expect(await reads(all)).toBe(few)
})
