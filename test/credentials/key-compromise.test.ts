import pg from 'pg'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { ApiCaller } from '#test/product/api-caller.ts'
import { awardOf, earning, type FirstAid, setUpFirstAid } from '#test/product/first-aid.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from '#test/product/test-product.ts'

let product: TestProduct
let school: TestOrganisation
let firstAid: FirstAid
let anybody: ApiCaller
beforeAll(async () => {
  product = await startTestProduct()
  anybody = new ApiCaller(product.url)
  school = await product.organisation('robbed-school')
  firstAid = await setUpFirstAid(school.api, 'robbed-academy')
})
afterAll(() => product?.stop())

const issuer = async () => (await school.api.get(`/v1/issuers/${firstAid.issuerId}`)).body
const activeKey = async () =>
  (await issuer()).keys.find(
    ({ purpose, state }: Record<string, string>) => purpose === 'issuing' && state === 'active',
  )
const report = (keyId: string, since: string, api = school.api) =>
  api.post(`/v1/issuers/${firstAid.issuerId}/keys/${keyId}/compromise`, {
    since,
    reason: 'Sample: a laptop was stolen.',
  })
const documentOf = async (credentialId: string) => (await school.api.get(`/credentials/${credentialId}`)).body
const tokenOf = async (credentialId: string) => {
  const { bytes } = await school.api.get(`/v1/credentials/${credentialId}/document?format=jwt`)
  return new TextDecoder().decode(bytes)
}
const receiptOf = async (credentialId: string) =>
  (await school.api.get(`/v1/credentials/${credentialId}/receipt`)).body
const verify = async (credential: unknown, receipt?: unknown) => {
  const { body } = await anybody.post('/v1/verify', {
    credential,
    ...(receipt === undefined ? {} : { receipt }),
  })
  const proof = body.checks.find(({ name }: { name: string }) => name === 'proof')
  return [body.verdict, proof.code]
}
const FOREIGN = {
  '@context': ['https://www.w3.org/ns/credentials/v2'],
  type: ['VerifiableCredential'],
  credentialSubject: { id: 'did:example:subject' },
}
const SUSPENSION = { type: 'BitstringStatusListEntry', statusPurpose: 'suspension' }
const soon = (work: () => Promise<void>) => vi.waitFor(work, { timeout: 20_000, interval: 100 })

test('what a block held before the theft stays valid; the rest is signed once more under a fresh key', async () => {
  const { id: stolen, publicKey } = await activeKey()

  // 1. Before the theft: a badge in a block.
  await school.api.post('/v1/events', earning('ann'))
  const before = await awardOf(school.api, 'ann', { anchored: true })
  const early = {
    document: await documentOf(before.credentialId),
    receipt: await receiptOf(before.credentialId),
  }
  const token = await tokenOf(before.credentialId)
  // Blocks have whole seconds.
  await new Promise((done) => setTimeout(done, 1100))
  const since = new Date().toISOString()

  // 2. After it: an honest badge, in a block as well.
  await school.api.post('/v1/events', earning('bob'))
  const after = await awardOf(school.api, 'bob', { anchored: true })
  const late = {
    document: await documentOf(after.credentialId),
    receipt: await receiptOf(after.credentialId),
  }
  expect(await verify(late.document, late.receipt)).toEqual(['valid', 'signature-holds'])

  // And what other software had signed: with an id and without one.
  const named = { ...FOREIGN, id: 'urn:uuid:4a8f1f34-5b0d-4b3e-9f4e-2c5a6d7e8f90' }
  const signed: unknown[] = []
  for (const credential of [named, FOREIGN]) {
    const options = credential === named ? { credentialStatus: [SUSPENSION] } : {}
    const { body } = await school.api.post('/vc/credentials/issue', { credential, options })
    signed.push(body.verifiableCredential)
  }

  // 3. The theft is noticed.
  const said = await report(stolen, since)
  expect(said.status).toBe(200)
  expect(said.body).toMatchObject({
    key: { id: stolen, state: 'compromised', endedAt: since },
    replacement: { state: 'active', purpose: 'issuing' },
  })
  const { jobId, replacement } = said.body
  await soon(async () =>
    expect((await school.api.get(`/v1/jobs/${jobId}`)).body).toMatchObject({
      kind: 'key_reissue',
      state: 'done',
      progress: { done: 2, total: 2 },
      result: { reissue: 1, anchored: 1, left: 0, signedOverVcApi: 2 },
    }),
  )

  const path = `/v1/issuers/${firstAid.issuerId}/keys/${stolen}/signed-over-vc-api`
  const { items } = (await school.api.get(path)).body
  const signedBy = expect.stringMatching(/^key:/)
  expect(items).toMatchObject([
    { credentialId: null, signedBy, statuses: [] },
    { credentialId: named.id, signedBy, statuses: [{ statusPurpose: 'suspension', setAt: null }] },
  ])
  const page = (await school.api.get(`${path}?limit=1`)).body
  expect((await school.api.get(`${path}?limit=1&cursor=${page.next}`)).body).toEqual({
    items: items.slice(1),
    next: null,
  })
  for (const each of signed) expect(await verify(each)).toEqual(['invalid', 'proof-key-revoked'])

  // 4. A block is a witness; the word of whoever holds the key is none.
  expect(await verify(early.document, early.receipt)).toEqual(['valid', 'signature-holds-by-block'])
  // Our own server knows the receipt.
  expect(await verify(early.document)).toEqual(['valid', 'signature-holds-by-block'])
  expect(
    await anybody.post('/vc/credentials/verify', { verifiableCredential: early.document }),
  ).toMatchObject({ status: 200, body: { verified: true } })
  expect(await verify(late.document, late.receipt)).toEqual(['invalid', 'proof-key-revoked'])

  // 5. The honest badge has another edition, which stands.
  await soon(async () => {
    const { proof } = await documentOf(after.credentialId)
    expect(proof[0].verificationMethod).toContain(replacement.publicKey)
  })
  expect((await verify(await documentOf(after.credentialId)))[0]).toBe('valid')
  expect((await documentOf(before.credentialId)).proof[0].verificationMethod).toContain(publicKey)
  // The token of the badge that stays is signed anew, once: no block ever held it.
  expect((await verify(token))[1]).toBe('proof-key-revoked')
  const fresh = await tokenOf(before.credentialId)
  expect(await verify(fresh)).toEqual(['valid', 'signature-holds'])
  expect(await tokenOf(before.credentialId)).toBe(fresh)

  // 6. did.json says so, and so does the status list, which another key signs.
  const did = (await anybody.get('/issuers/robbed-academy/did.json')).body
  const methods = new Map(did.verificationMethod.map((each: { id: string }) => [each.id.split('#')[1], each]))
  expect(methods.get(publicKey)).toMatchObject({ revoked: since })
  expect(did.assertionMethod.join()).not.toContain(publicKey)

  // 7. Said again, later: nothing changes. Earlier: the end moves, and what was anchored is issued again too.
  expect((await report(stolen, new Date().toISOString())).body).toMatchObject({
    key: { endedAt: since },
    replacement: null,
    jobId: null,
  })
  const earlier = await report(stolen, '2026-01-01T00:00:00.000Z')
  expect(earlier.body).toMatchObject({ key: { endedAt: '2026-01-01T00:00:00Z' }, replacement: null })
  await soon(async () => {
    const { proof } = await documentOf(before.credentialId)
    expect(proof[0].verificationMethod).toContain(replacement.publicKey)
  })
  expect(await verify(early.document, early.receipt)).toEqual(['invalid', 'proof-key-revoked'])
})

test('a moment to come, an unknown key, an anchoring key and no date are refused', async () => {
  const { id } = await activeKey()
  const future = await report(id, new Date(Date.now() + 60_000).toISOString())
  expect([future.status, future.body.code]).toEqual([422, 'compromise-in-future'])
  expect((await report(crypto.randomUUID(), new Date().toISOString())).status).toBe(404)
  const anchoring = (await issuer()).keys.find(({ purpose }: { purpose: string }) => purpose === 'anchoring')
  expect((await report(anchoring.id, new Date().toISOString())).status).toBe(404)
  expect((await report(id, '2026-02-30T00:00:00Z')).body.code).toBe('invalid-request')
  expect((await activeKey()).id).toBe(id)
})

test('a key on P-256 takes the place of one on Ed25519, and signs badges and status lists', async () => {
  const path = `/v1/issuers/${firstAid.issuerId}/rotate-key`
  const rotated = await school.api.post(path, { curve: 'P-256' })
  expect(rotated.body.publicKey).toMatch(/^zDn/)
  await school.api.post('/v1/events', earning('cas'))
  const { credentialId } = await awardOf(school.api, 'cas')
  const document = await documentOf(credentialId)
  expect(document.proof).toMatchObject([{ cryptosuite: 'ecdsa-rdfc-2019' }])
  expect(await verify(document)).toEqual(['valid', 'signature-holds'])
  // Asked for nothing, the curve stays.
  expect((await school.api.post(path)).body.publicKey).toMatch(/^zDn/)
  expect((await school.api.post(path, { curve: 'secp256k1' })).body.code).toBe('invalid-request')
  expect((await school.api.post(path, { curve: 'Ed25519' })).body.publicKey).toMatch(/^z6Mk/)
})

test('a badge that was prepared under the stolen key is signed with the fresh one', async () => {
  const { id: stolen } = await activeKey()
  const client = new pg.Client(product.running.parts.databaseUrl)
  await client.connect()
  try {
    // Nothing can be signed with it, so that its badge waits, prepared.
    await client.query(`UPDATE issuer_key SET sealed_secret = '\\x00' WHERE id = $1`, [stolen])
    await school.api.post('/v1/events', earning('dan'))
    await soon(async () => {
      const { rows } = await client.query(
        `SELECT 1 FROM credential_edition WHERE key_id = $1 AND state = 'prepared'`,
        [stolen],
      )
      expect(rows).toHaveLength(1)
    })
  } finally {
    await client.end()
  }
  const { replacement } = (await report(stolen, new Date().toISOString())).body
  const { credentialId } = await awardOf(school.api, 'dan')
  const document = await documentOf(credentialId)
  expect(document.proof[0].verificationMethod).toContain(replacement.publicKey)
  expect((await verify(document))[0]).toBe('valid')
})
