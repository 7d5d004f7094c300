import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { textChunk } from '#adapters/crypto/png-chunks.ts'
import { unbake } from '#adapters/crypto/unbake.ts'
import { OB_2_CONTEXT } from '#engine/open-badges-2/assertion.ts'
import { addressOf, SAMPLE_DOMAIN, writeSampleBadges } from '#test/conformance/sample-badges.ts'
import { ApiCaller } from '#test/product/api-caller.ts'
import { startTestProduct, type TestProduct } from '#test/product/test-product.ts'

// The product with a map in place of the network: badges of others by their address, and of Open Badges 2.0.

const OLDER = 'https://older.conformance.example'
const HOST_PNG = Uint8Array.from(
  atob('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=='),
  (character) => character.charCodeAt(0),
)

const issuer = { '@context': OB_2_CONTEXT, type: 'Issuer', id: `${OLDER}/issuer`, name: 'Older Issuer' }
const badgeClass = {
  '@context': OB_2_CONTEXT,
  type: 'BadgeClass',
  id: `${OLDER}/badge`,
  name: 'Older badge',
  description: 'A sample.',
  criteria: `${OLDER}/criteria`,
  issuer: issuer.id,
}
const assertionFor = (name: string, identity: string) => ({
  '@context': OB_2_CONTEXT,
  type: 'Assertion',
  id: `${OLDER}/assertions/${name}`,
  recipient: { type: 'email', hashed: false, identity },
  badge: badgeClass.id,
  verification: { type: 'HostedBadge' },
  issuedOn: '2026-01-02T03:04:05Z',
})
const mine = assertionFor('mine', 'owner@others-school.example.org')
const theirs = assertionFor('theirs', 'somebody@example.org')

/** A picture as older backpacks baked them. */
function bakedOlder(text: string): Uint8Array {
  const chunk = textChunk('openbadges', text)
  const end = HOST_PNG.length - 12
  const png = new Uint8Array(HOST_PNG.length + chunk.length)
  png.set(HOST_PNG.subarray(0, end))
  png.set(chunk, end)
  png.set(HOST_PNG.subarray(end), end + chunk.length)
  return png
}

let product: TestProduct
let owner: ApiCaller
beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'others-'))
  const map = await writeSampleBadges(folder, Date.now() as never)
  const older = { issuer, badge: badgeClass, mine, theirs }
  const entries = Object.entries(older).map(([name, document]) => {
    writeFileSync(join(folder, `${name}.json`), JSON.stringify(document))
    return [document.id, { file: `${name}.json` }] as const
  })
  const { readFileSync } = await import('node:fs')
  const all = { ...JSON.parse(readFileSync(map, 'utf8')), ...Object.fromEntries(entries) }
  writeFileSync(map, JSON.stringify(all))
  product = await startTestProduct({
    REMOTE_MAP: map,
    TRUSTED_ISSUERS: `${SAMPLE_DOMAIN},older.conformance.example/issuer`,
  })
  await product.organisation('others-school')
  owner = await signedIn('owner@others-school.example.org')
})
afterAll(() => product?.stop())

async function signedIn(email: string): Promise<ApiCaller> {
  const link = await product.running.product.routes.signIn.link({ type: 'email', value: email })
  const answer = await fetch(`${product.url}/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: product.url },
    body: JSON.stringify({ token: link.slice(link.indexOf('#') + 1) }),
  })
  const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  return new ApiCaller(product.url, { cookie, origin: product.url })
}

const verify = async (body: object) => new ApiCaller(product.url).post('/v1/verify', body)
const codeOf = (body: { checks: { name: string; code: string }[] }, name: string) =>
  body.checks.find((check) => check.name === name)?.code

test.each([
  ['valid', 'valid'],
  ['expired', 'invalid'],
  ['revoked', 'invalid'],
] as const)('a badge at an address elsewhere that is %s', async (state, verdict) => {
  const answer = await verify({ url: addressOf('2.0', state) })
  expect([answer.status, answer.body.verdict]).toEqual([200, verdict])
})

test('an address that does not answer, or holds no badge, is told by code', async () => {
  const nowhere = await verify({ url: 'https://nowhere.example/badge' })
  expect([nowhere.status, nowhere.body.code]).toEqual([502, 'fetch-failed'])
  const none = await verify({ url: badgeClass.id })
  expect([codeOf(none.body, 'format'), none.body.verdict]).toEqual(['not-a-credential', 'invalid'])
  const own = await verify({ url: `${product.url}/nothing` })
  expect([own.status, own.body.code]).toEqual([404, 'not-found'])
})

test('a badge of Open Badges 2.0 is verified by what its issuer hosts', async () => {
  const byAddress = await verify({ url: mine.id })
  expect([byAddress.body.verdict, codeOf(byAddress.body, 'proof')]).toEqual(['valid', 'hosted-by-issuer'])
  const changed = await verify({ credential: { ...mine, issuedOn: '2020-01-02T03:04:05Z' } })
  expect([changed.body.verdict, codeOf(changed.body, 'proof')]).toEqual(['invalid', 'hosted-differs'])
})

const bring = (bytes: Uint8Array, type: string) =>
  owner.send('POST', '/v1/backpack/imported', bytes as BodyInit, { 'content-type': type })

test('it is brought to the backpack as a baked picture, with whom it is of', async () => {
  const brought = await bring(bakedOlder(JSON.stringify(mine)), 'image/png')
  expect(brought.status).toBe(201)
  expect(brought.body.badge).toMatchObject({
    name: 'Older badge',
    description: 'A sample.',
    issuer: { id: issuer.id, name: 'Older Issuer', domain: 'older.conformance.example', known: true },
    verdict: 'valid',
    matchesHolder: 'yes',
  })
  const file = await owner.get(`/v1/backpack/imported/${brought.body.badge.id}/document`)
  const unbaked = unbake(file.bytes)
  expect(unbaked?.ok === true && JSON.parse(new TextDecoder().decode(unbaked.credential))).toEqual(mine)
  const again = await owner.post(`/v1/backpack/imported/${brought.body.badge.id}/recheck`)
  expect([again.status, again.body.badge.verdict]).toEqual([200, 'valid'])
})

test('an SVG with a badge of somebody else, and a picture with no more than an address', async () => {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="http://openbadges.org"><openbadges:assertion verify="${theirs.id}"><![CDATA[${JSON.stringify(theirs)}]]></openbadges:assertion></svg>`
  const brought = await bring(
    new TextEncoder().encode(svg.replace(` verify="${theirs.id}"`, '')),
    'image/svg+xml',
  )
  expect([brought.status, brought.body.badge.matchesHolder]).toEqual([201, 'no'])
  const byAddress = await bring(new TextEncoder().encode(svg), 'image/svg+xml')
  expect([byAddress.status, byAddress.body.badge.name]).toEqual([201, 'Older badge'])
})

test('a forged copy is refused', async () => {
  const forged = { ...theirs, recipient: mine.recipient }
  const brought = await bring(bakedOlder(JSON.stringify(forged)), 'image/png')
  expect([brought.status, brought.body.code]).toEqual([422, 'foreign-badge-invalid'])
})

test('a picture with a badge of each kind is refused', async () => {
  const both = bakedOlder(JSON.stringify(mine))
  const chunk = textChunk('openbadgecredential', '{}')
  const end = both.length - 12
  const png = Uint8Array.from([...both.subarray(0, end), ...chunk, ...both.subarray(end)])
  expect(unbake(png)).toMatchObject({ ok: false })
})
