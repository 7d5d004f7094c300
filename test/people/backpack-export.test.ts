import { strFromU8, unzipSync } from 'fflate'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AccountId } from '#engine/shared/ids.ts'
import { asInstant } from '#engine/shared/instant.ts'
import { ApiCaller } from '#test/product/api-caller.ts'
import { awardOf, completed } from '#test/product/first-aid.ts'
import { type Earner, earnAndClaim, setUpGradedBadge } from '#test/product/graded-badge.ts'
import { signedIn } from '#test/product/member.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from '#test/product/test-product.ts'

let product: TestProduct
let school: TestOrganisation
let ann: Earner
let fromElsewhere: Uint8Array
beforeAll(async () => {
  product = await startTestProduct()
  school = await product.organisation('export-school')
  await setUpGradedBadge(school.api, 'export-academy')
  ann = await earnAndClaim(product, school, 'export-ann', { anchored: true })
  await school.api.post('/v1/events', [completed('export-bob', 1), completed('export-bob', 2)])
  const award = await awardOf(school.api, 'export-bob')
  fromElsewhere = (await school.api.get(`/v1/credentials/${award.credentialId}/document?format=png`)).bytes
})
afterAll(() => product?.stop())

const bring = (who: ApiCaller) =>
  who.send('POST', '/v1/backpack/imported', fromElsewhere as BodyInit, { 'content-type': 'image/png' })
const unpacked = async (who: ApiCaller) => {
  const answer = await who.get('/v1/backpack/export')
  expect([answer.status, answer.type, answer.headers.get('content-length')]).toEqual([
    200,
    'application/zip',
    null,
  ])
  expect(answer.headers.get('content-disposition')).toBe('attachment; filename="backpack.zip"')
  return unzipSync(answer.bytes)
}

test('everything comes in one file: badges that verify, their receipts, what is from elsewhere, collections and a list', async () => {
  expect((await bring(ann.api)).status).toBe(201)
  const name = { en: 'Best', nl: 'Beste' }
  await ann.api.post('/v1/collections', { name, badges: [ann.credentialId] })
  const files = await unpacked(ann.api)
  expect(Object.keys(files).sort()).toEqual([
    'INDEX.en.md',
    'INHOUD.nl.md',
    'badges/001-first-aid-graded/badge.json',
    'badges/001-first-aid-graded/badge.jwt',
    'badges/001-first-aid-graded/badge.pdf',
    'badges/001-first-aid-graded/badge.png',
    'badges/001-first-aid-graded/badge.svg',
    'badges/001-first-aid-graded/receipt.json',
    'collections.json',
    'from-elsewhere/001-test-first-aid-graded/badge.png',
    'from-elsewhere/001-test-first-aid-graded/check.json',
  ])
  const text = (file: string) => strFromU8(files[file] ?? new Uint8Array())
  const verified = await new ApiCaller(product.url).post('/v1/verify', {
    credential: JSON.parse(text('badges/001-first-aid-graded/badge.json')),
    receipt: JSON.parse(text('badges/001-first-aid-graded/receipt.json')),
  })
  expect(verified.body.verdict).toBe('valid')
  expect(files['from-elsewhere/001-test-first-aid-graded/badge.png']).toEqual(fromElsewhere)
  expect(JSON.parse(text('from-elsewhere/001-test-first-aid-graded/check.json')).verdict).toBe('valid')
  expect(JSON.parse(text('collections.json'))).toMatchObject([{ name, badges: [ann.credentialId] }])
  expect(text('INDEX.en.md')).toContain('**First aid graded**, Issuer export-academy')
  expect(text('INHOUD.nl.md')).toContain('**EHBO met cijfer**, Issuer export-academy')
  const owner = await signedIn(product, 'export-ann@example.org')
  const events = (await owner.get('/v1/account/events')).body.items
  expect(events.filter(({ action }: { action: string }) => action === 'backpack.exported')).toHaveLength(1)
})

test('each file of it comes into another backpack as the very badge, and out of there as it was', async () => {
  const files = await unpacked(ann.api)
  const folder = 'badges/001-first-aid-graded'
  const signed = files[`${folder}/badge.json`] ?? new Uint8Array()
  const types = {
    json: 'application/vc',
    jwt: 'application/jwt',
    png: 'image/png',
    svg: 'image/svg+xml',
    pdf: 'application/pdf',
  }
  for (const [format, type] of Object.entries(types)) {
    const file = files[`${folder}/badge.${format}`] ?? new Uint8Array()
    const other = await signedIn(product, `export-${format}@example.org`)
    const brought = await other.send('POST', '/v1/backpack/imported', file as BodyInit, {
      'content-type': type,
    })
    expect([format, brought.status, brought.body.report.verdict]).toEqual([format, 201, 'valid'])
    expect(brought.body.report.credential.id).toBe(JSON.parse(strFromU8(signed)).id)
    const back = await other.get(`/v1/backpack/imported/${brought.body.badge.id}/document`)
    expect(Buffer.compare(back.bytes, file)).toBe(0)
    // The same document in another file is the same badge; the token has a signature of its own.
    const again = await other.send('POST', '/v1/backpack/imported', signed as BodyInit, {
      'content-type': types.json,
    })
    expect([format, again.status]).toEqual([format, format === 'jwt' ? 201 : 409])
  }
})

test('an empty backpack is a small file; without a session there is none', async () => {
  const dee = await signedIn(product, 'export-dee@example.org')
  expect(Object.keys(await unpacked(dee)).sort()).toEqual(['INDEX.en.md', 'INHOUD.nl.md', 'collections.json'])
  expect((await dee.send('HEAD', '/v1/backpack/export', undefined)).status).toBe(200)
  expect((await new ApiCaller(product.url).get('/v1/backpack/export')).status).toBe(401)
  expect((await school.api.get('/v1/backpack/export')).body.code).toBe('session-required')
})

test('of two accounts that become one, collections and badges from elsewhere are together, each once', async () => {
  const old = await signedIn(product, 'export-old@example.org')
  const kept = await signedIn(product, 'export-new@example.org')
  for (const who of [old, kept]) expect((await bring(who)).status).toBe(201)
  await old.post('/v1/collections', { name: { en: 'Old' } })
  const idOf = async (who: ApiCaller) => (await who.get('/v1/account')).body.id as AccountId
  const [from, into] = [await idOf(old), await idOf(kept)]
  await product.running.parts.database.asWorker(async (stores) => {
    const at = asInstant(Date.now())
    const identity = { type: 'email' as const, value: 'export-old@example.org' }
    const merge = { id: crypto.randomUUID(), into, from, identity, createdAt: at, expiresAt: at }
    await stores.accounts.insertMerge(merge)
    await stores.accounts.merge(merge, at)
  })
  expect((await kept.get('/v1/backpack/imported')).body.items).toHaveLength(1)
  expect((await kept.get('/v1/collections')).body.items).toMatchObject([{ name: { en: 'Old' } }])
})
