import { afterAll, beforeAll, expect, test } from 'vitest'
import { createCredentialSuite } from '#adapters/crypto/credential-suite.ts'
import { keccak256, sha256 } from '#adapters/crypto/hashes.ts'
import { unbake } from '#adapters/crypto/unbake.ts'
import { createLocalKeyStore } from '#adapters/keys/local-key-store.ts'
import { createSecretBox } from '#adapters/keys/secret-box.ts'
import { systemClock } from '#adapters/system/system-clock.ts'
import { createSystemRandom } from '#adapters/system/system-random.ts'
import type { CredentialId } from '#engine/shared/ids.ts'
import { createAuditTrail } from '#services/audit/audit-trail.ts'
import { readWholeCredential } from '#services/credentials/read-credential.ts'
import { createSignToken } from '#services/credentials/sign-token.ts'
import type { ApiCaller } from '#test/product/api-caller.ts'
import { awardOf } from '#test/product/first-aid.ts'
import { type Earner, earnAndClaim, setUpGradedBadge } from '#test/product/graded-badge.ts'
import { signedIn } from '#test/product/member.ts'
import {
  OPERATOR,
  startTestProduct,
  type TestOrganisation,
  type TestProduct,
} from '#test/product/test-product.ts'

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

test('of two tokens that are signed at once, on both sides of a change of keys, one goes out', async () => {
  const { database, masterKey } = product.running.parts
  const suite = createCredentialSuite()
  const signToken = createSignToken({
    database,
    clock: systemClock,
    audit: createAuditTrail({ random: createSystemRandom(), hashes: { sha256, keccak256 } }),
    keyStore: createLocalKeyStore(createSecretBox([masterKey])),
    // While this one is between signing and keeping, its key is followed by another, under which somebody else asks.
    suite: {
      ...suite,
      signJwt: async (...parts) => {
        const slow = await suite.signJwt(...parts)
        const issuerId = found.issuer.id
        expect((await school.api.post(`/v1/issuers/${issuerId}/rotate-key`)).status).toBe(200)
        faster = (await download('jwt')).bytes
        expect(new TextDecoder().decode(faster)).not.toBe(slow)
        return slow
      },
    },
  })
  let faster: Uint8Array | undefined
  const found = await database.asWorker((stores) =>
    readWholeCredential(
      stores,
      { sha256, keccak256 },
      ann.credentialId as CredentialId,
      { principal: OPERATOR },
      systemClock.now(),
    ),
  )
  expect(await signToken(found)).toEqual(faster)
  expect((await download('jwt')).bytes).toEqual(faster)
})

test('as JWT it is the same badge in another signature: the same for everybody, and importable', async () => {
  const file = await download('jwt')
  expect([file.status, file.type]).toEqual([200, 'application/jwt'])
  expect(file.headers.get('content-disposition')).toBe(`attachment; filename="badge-${ann.credentialId}.jwt"`)
  // However many ask at once, it is signed once.
  for (const { bytes } of await Promise.all([download('jwt'), download('jwt')]))
    expect(bytes).toEqual(file.bytes)
  const { items } = (await school.api.get('/v1/audit')).body
  const signings = items.filter(({ action }: { action: string }) => action === 'credential.jwt_signed')
  expect(signings).toHaveLength(1)

  const [header, payload] = new TextDecoder()
    .decode(file.bytes)
    .split('.', 2)
    .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()))
  const { proof: _, ...said } = JSON.parse(new TextDecoder().decode((await download('json')).bytes))
  expect(header).toMatchObject({ alg: 'EdDSA', kid: expect.stringContaining('did:web:') })
  expect(payload).toMatchObject({
    ...said,
    iss: said.issuer.id,
    jti: said.id,
    sub: said.credentialSubject.id,
  })

  const brought = await bring(file.bytes, 'application/jwt')
  expect([brought.status, brought.body]).toMatchObject([201, { badge: { verdict: 'valid' } }])
  expect((await bob.get(`/v1/backpack/imported/${brought.body.badge.id}/document`)).bytes).toEqual(file.bytes)
  expect((await bob.send('DELETE', `/v1/backpack/imported/${brought.body.badge.id}`, undefined)).status).toBe(
    204,
  )
})

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

test('what revokes the badge revokes every form of it', async () => {
  const files = await Promise.all(['json', 'jwt', 'pdf'].map(download))
  const award = await awardOf(school.api, 'forms-ann')
  await school.api.post(`/v1/awards/${award.id}/revoke`, { reason: 'Test: by mistake.' })
  for (const { bytes, type } of files) {
    const { body } = await bob.send('POST', '/v1/verify', bytes as BodyInit, { 'content-type': type })
    expect([type, body.verdict]).toEqual([type, 'invalid'])
  }
})

test('a PDF without a badge, or with two, is refused by its name', async () => {
  const none = await bring(new TextEncoder().encode('%PDF-1.7\n%%EOF'), 'application/pdf')
  expect(none.body).toMatchObject({ status: 422, code: 'document-unreadable' })
})
