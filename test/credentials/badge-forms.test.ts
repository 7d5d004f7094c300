import { afterAll, beforeAll, expect, test } from 'vitest'
import { unbake } from '#adapters/crypto/unbake.ts'
import type { ApiCaller } from '#test/product/api-caller.ts'
import { type Earner, earnAndClaim, setUpGradedBadge } from '#test/product/graded-badge.ts'
import { signedIn } from '#test/product/member.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from '#test/product/test-product.ts'

let product: TestProduct
let school: TestOrganisation
let ann: Earner
/** Signed in, with nothing to do with the school. */
let bob: ApiCaller

beforeAll(async () => {
  product = await startTestProduct()
  school = await product.organisation('forms-school')
  await setUpGradedBadge(school.api, 'forms-academy')
  ann = await earnAndClaim(product, school, 'forms-ann')
  bob = await signedIn(product, 'forms-bob@example.org')
})
afterAll(() => product?.stop())

const FORMS = [
  ['json', 'application/vc+ld+json'],
  ['png', 'image/png'],
  ['svg', 'image/svg+xml'],
  ['pdf', 'application/pdf'],
] as const
const download = (format: string) =>
  ann.api.get(`/v1/credentials/${ann.credentialId}/document?format=${format}`)
const bring = (bytes: Uint8Array, mediaType: string) =>
  bob.send('POST', '/v1/backpack/imported', bytes as BodyInit, { 'content-type': mediaType })

test.each(FORMS)(
  'as %s it goes out, comes into another backpack, and is the same badge, byte for byte',
  async (format, mediaType) => {
    const { bytes: signed } = await download('json')
    const file = await download(format)
    expect([file.status, file.type]).toEqual([200, mediaType])
    expect(file.headers.get('content-disposition')).toBe(
      `attachment; filename="badge-${ann.credentialId}.${format}"`,
    )
    // The same again: nothing in it depends on when it is asked for.
    expect((await download(format)).bytes).toEqual(file.bytes)
    const inside = unbake(file.bytes)
    expect(inside === undefined ? file.bytes : inside.ok && inside.credential).toEqual(signed)

    // What a file is shows in its bytes.
    for (const sentAs of format === 'pdf' ? [mediaType, 'application/octet-stream'] : [mediaType]) {
      const brought = await bring(file.bytes, sentAs)
      expect([brought.status, brought.body]).toMatchObject([201, { badge: { verdict: 'valid' } }])
      const path = `/v1/backpack/imported/${brought.body.badge.id}`
      const kept = await bob.get(`${path}/document`)
      expect(kept.bytes).toEqual(file.bytes)
      // In another form it is the same badge, and there already.
      const other = await download(format === 'png' ? 'pdf' : 'png')
      expect((await bring(other.bytes, 'application/octet-stream')).body).toMatchObject({
        code: 'badge-imported',
        parameters: { id: brought.body.badge.id },
      })
      expect((await bob.send('DELETE', path, undefined)).status).toBe(204)
    }
    const verified = await bob.send('POST', '/v1/verify', file.bytes as BodyInit, {
      'content-type': mediaType,
    })
    expect(verified.body.verdict).toBe('valid')
  },
)

test('a PDF leads to the page of a public badge, to the link that it was downloaded by, and else to the check', async () => {
  // What is not packed in a PDF of ours are its structure and its links.
  const link = (bytes: Uint8Array) =>
    /\/URI \((http:\/\/[^)]*(?:credentials|verify)[^)]*)\)/.exec(Buffer.from(bytes).toString('latin1'))?.[1]
  expect(link((await download('pdf')).bytes)).toBe(`${product.url}/verify`)
  const share = await ann.api.post(`/v1/credentials/${ann.credentialId}/share-links`, {})
  const { searchParams } = new URL(share.body.url)
  const shared = await bob.get(
    `/v1/credentials/${ann.credentialId}/document?format=pdf&share=${searchParams.get('share')}`,
  )
  expect(link(shared.bytes)).toBe(share.body.url)
  await ann.api.put(`/v1/credentials/${ann.credentialId}/visibility`, { visibility: 'public' })
  expect(link((await download('pdf')).bytes)).toBe(`${product.url}/credentials/${ann.credentialId}`)
})

test('a PDF without a badge, or with two, is refused by its name', async () => {
  const none = await bring(new TextEncoder().encode('%PDF-1.7\n%%EOF'), 'application/pdf')
  expect(none.body).toMatchObject({ status: 422, code: 'document-unreadable' })
})
