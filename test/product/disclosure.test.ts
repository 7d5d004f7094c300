import pg from 'pg'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { runFsck } from '#app/cli/fsck.ts'
import { readConfig } from '#app/config.ts'
import { ApiCaller } from './api-caller.ts'
import { createEndorser, tokenIn } from './endorser.ts'
import { type Earner, earnAndClaim, setUpGradedBadge } from './graded-badge.ts'
import { signedIn } from './member.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from './test-product.ts'

// From the setting of an achievement to a part of a badge that anybody verifies.

let product: TestProduct
let school: TestOrganisation
let graded: Awaited<ReturnType<typeof setUpGradedBadge>>
let ann: Earner
let anybody: ApiCaller

const CHAIN_IS_FINAL = 30_000

beforeAll(async () => {
  product = await startTestProduct()
  school = await product.organisation('parts-school')
  graded = await setUpGradedBadge(school.api, 'parts-academy', { selectiveDisclosure: true })
  ann = await earnAndClaim(product, school, 'ann', { anchored: true })
  anybody = new ApiCaller(product.url)
}, CHAIN_IS_FINAL * 2)
afterAll(() => product?.stop())

const keys = async () => (await school.api.get(`/v1/issuers/${graded.issuerId}`)).body.keys
const disclosingKeys = async () =>
  (await keys()).filter(({ purpose }: { purpose: string }) => purpose === 'disclosing')
const disclose = (query = '', by = ann.api, id = ann.credentialId) =>
  by.get(`/v1/credentials/${id}/disclosure${query}`)
const verify = async (credential: unknown, more = {}) =>
  (await anybody.post('/v1/verify', { credential, ...more })).body
const checkOf = (report: { checks: readonly { name: string; code: string }[] }, name: string) =>
  report.checks.find((check) => check.name === name)

async function rows<T>(text: string): Promise<readonly T[]> {
  const client = new pg.Client({ connectionString: product.running.parts.databaseUrl })
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}

const nothingIsOnItsWay = () =>
  vi.waitFor(
    async () => {
      const open = await rows(
        `SELECT (SELECT count(*) FROM chain_task WHERE state <> 'final')::int
           + (SELECT count(*) FROM leaf WHERE batch_id IS NULL)::int AS n`,
      )
      expect(open).toEqual([{ n: 0 }])
    },
    { timeout: CHAIN_IS_FINAL, interval: 100 },
  )

test('publishing such an achievement gives its issuer a key on P-256, which its DID document has', async () => {
  const made = await disclosingKeys()
  expect(made).toMatchObject([{ state: 'active', publicKey: expect.stringMatching(/^zDn/) }])
  const { body } = await anybody.get('/issuers/parts-academy/did.json')
  const methods = body.verificationMethod.map(
    ({ publicKeyMultibase }: { publicKeyMultibase?: string }) => publicKeyMultibase,
  )
  expect(methods[0]).toMatch(/^z6Mk/)
  expect(methods).toContain(made[0].publicKey)
  expect(body.assertionMethod.join()).toContain(made[0].publicKey)
})

test('the badge itself is what every other badge is, wherever it is had', async () => {
  const { body } = await ann.api.get(`/v1/credentials/${ann.credentialId}`)
  expect(body.document.proof).toMatchObject([{ cryptosuite: 'eddsa-rdfc-2022' }])
  const { body: receipt } = await ann.api.get(`/v1/credentials/${ann.credentialId}/receipt`)
  expect(await verify(body.document, { receipt })).toMatchObject({ verdict: 'valid' })
})

test('an earner sees of what to choose, and shows a part that verifies and says nothing of the rest', async () => {
  const { body: choice } = await ann.api.get(`/v1/credentials/${ann.credentialId}/disclosure-parts`)
  expect(choice).toMatchObject({
    allowed: true,
    parts: [
      { id: 'awarded-date', kind: 'awarded-date', name: null },
      { id: 'activity', kind: 'activity', name: null },
      { id: 'result-0', kind: 'result', name: 'Exam', says: '0.9' },
      { id: 'evidence-0', kind: 'evidence' },
      { id: 'evidence-1', kind: 'evidence' },
    ],
  })

  const shown = await disclose('?parts=evidence-1')
  expect(shown.status).toBe(200)
  expect(shown.body.credentialSubject.result).toBeUndefined()
  expect(shown.body.awardedDate).toBeUndefined()
  expect(shown.body.evidence).toHaveLength(1)
  const { body: whole } = await ann.api.get(`/v1/credentials/${ann.credentialId}`)
  expect(shown.body.evidence[0]).toEqual(whole.document.evidence[1])
  expect(shown.body).toMatchObject({
    issuer: whole.document.issuer,
    credentialStatus: whole.document.credentialStatus,
    credentialSubject: { achievement: whole.document.credentialSubject.achievement },
    proof: [{ cryptosuite: 'ecdsa-sd-2023' }],
  })

  const report = await verify(shown.body)
  expect(report.verdict).toBe('valid')
  expect(checkOf(report, 'schema')).toMatchObject({ outcome: 'passed' })
  expect(checkOf(report, 'status')).toMatchObject({ outcome: 'passed' })
  expect(checkOf(report, 'anchor')).toMatchObject({
    outcome: 'not_applicable',
    code: 'disclosure-not-anchored',
  })
  expect(report.notProved).toContain(
    'That this is all that the issuer said: its earner may have left parts out.',
  )
  // The receipt of the whole badge is not held against it.
  const { body: receipt } = await ann.api.get(`/v1/credentials/${ann.credentialId}/receipt`)
  expect(await verify(shown.body, { receipt })).toMatchObject({ verdict: 'valid' })
  const { status } = await anybody.post('/vc/credentials/verify', { verifiableCredential: shown.body })
  expect(status).toBe(200)
})

test('nothing, or everything, can be shown, and a changed word is found out', async () => {
  const least = await verify((await disclose()).body)
  expect(least.verdict).toBe('valid')
  expect(checkOf(least, 'schema')).toMatchObject({ outcome: 'passed' })
  const all = await disclose('?parts=awarded-date,activity,result-0,evidence-0,evidence-1')
  const { body: whole } = await ann.api.get(`/v1/credentials/${ann.credentialId}`)
  expect({ ...all.body, proof: null }).toEqual({ ...whole.document, proof: null })
  expect(await verify(all.body)).toMatchObject({ verdict: 'valid' })

  const better = structuredClone(all.body)
  better.credentialSubject.result[0].value = '1.0'
  expect(await verify(better)).toMatchObject({ verdict: 'invalid' })
  // Nor can a part be put back that the earner has left out.
  const { result } = all.body.credentialSubject
  const some = (await disclose('?parts=evidence-0')).body
  const filled = { ...some, credentialSubject: { ...some.credentialSubject, result } }
  expect(await verify(filled)).toMatchObject({ verdict: 'invalid' })
})

test('a part goes into a picture, and is found there', async () => {
  const { bytes } = await disclose('?parts=result-0&format=png')
  const { body: report } = await anybody.send('POST', '/v1/verify', Buffer.from(bytes), {
    'content-type': 'image/png',
  })
  expect(report.verdict).toBe('valid')
  expect(checkOf(report, 'image')).toMatchObject({ code: 'image-fits' })
  const svg = await disclose('?format=svg')
  expect(svg.headers.get('content-type')).toContain('image/svg+xml')
})

test('the base proof is for its earner alone: it goes into their backpack, and no verifier takes it', async () => {
  const { body: base } = await ann.api.get(`/v1/credentials/${ann.credentialId}/disclosure-base`)
  const report = await verify(base)
  expect(report.verdict).toBe('invalid')
  expect(checkOf(report, 'proof')).toMatchObject({ outcome: 'failed', code: 'proof-is-base' })
  const answer = await anybody.post('/vc/credentials/verify', { verifiableCredential: base })
  expect(answer.status).toBe(400)
  // Whoever has it shows any part of it, as a wallet does.
  const derived = await anybody.post('/vc/credentials/derive', {
    verifiableCredential: base,
    options: { selectivePointers: ['/credentialSubject/result/0'] },
  })
  expect(await verify(derived.body.verifiableCredential)).toMatchObject({ verdict: 'valid' })
  const kept = await ann.api.post('/v1/backpack/imported', base)
  expect(kept.status).toBe(201)

  // Signed once, however often it is asked for; and nowhere in what others get.
  expect(await rows('SELECT number FROM edition_base')).toEqual([{ number: 1 }])
  await ann.api.put(`/v1/credentials/${ann.credentialId}/visibility`, { visibility: 'public' })
  for (const path of ['document', 'disclosure', 'disclosure-base', 'disclosure-parts']) {
    const { status, body } = await anybody.get(`/v1/credentials/${ann.credentialId}/${path}`)
    if (path === 'document') expect(JSON.stringify(body)).not.toContain('ecdsa-sd-2023')
    else expect(status).toBe(401)
  }
  // For an organisation the badge has no parts, whoever asks for it: a session that has all rights there finds none.
  const administrator = await signedIn(product, 'owner@parts-school.example.org')
  const organisations = (await administrator.get('/v1/organisations')).body.items
  expect(organisations.map(({ id }: { id: string }) => id)).toContain(school.id)
  for (const path of ['disclosure', 'disclosure-base', 'disclosure-parts']) {
    const of = `/v1/credentials/${ann.credentialId}/${path}`
    expect([path, (await school.api.get(of)).status]).toEqual([path, 403])
    expect([path, (await administrator.get(of)).status]).toEqual([path, 404])
  }
  const bob = await earnAndClaim(product, school, 'bob')
  expect((await disclose('', bob.api)).status).toBe(404)
})

test('many who ask at once are given parts of the same base proof', async () => {
  const eve = await earnAndClaim(product, school, 'eve')
  const answers = await Promise.all(
    Array.from({ length: 6 }, () => eve.api.get(`/v1/credentials/${eve.credentialId}/disclosure`)),
  )
  expect(new Set(answers.map(({ bytes }) => Buffer.from(bytes).toString())).size).toBe(1)
  expect(answers[0]?.status).toBe(200)
  expect(
    await rows(`SELECT number FROM edition_base WHERE credential_id = '${eve.credentialId}'`),
  ).toHaveLength(1)
})

test('what cannot be shown is refused by a code', async () => {
  const unknown = await disclose('?parts=narrative')
  expect([unknown.status, unknown.body.code]).toEqual([422, 'disclosure-part-unknown'])
  expect((await disclose('?parts=..%2Fx')).status).toBe(400)

  const whole = await product.organisation('whole-school')
  const { issuerId } = await setUpGradedBadge(whole.api, 'whole-academy')
  const dan = await earnAndClaim(product, whole, 'dan')
  const path = `/v1/credentials/${dan.credentialId}`
  expect((await dan.api.get(`${path}/disclosure-parts`)).body).toEqual({ allowed: false, parts: [] })
  for (const of of ['disclosure', 'disclosure-base']) {
    const refused = await dan.api.get(`${path}/${of}`)
    expect([refused.status, refused.body.code]).toEqual([409, 'badge-not-disclosable'])
  }
  // Who never lets parts be shown has no key for it.
  const { keys } = (await whole.api.get(`/v1/issuers/${issuerId}`)).body
  expect(keys.map(({ purpose }: { purpose: string }) => purpose).sort()).toEqual(['anchoring', 'issuing'])
})

test('all of it passes the inspection, with what somebody else signed as a token', async () => {
  const endorser = createEndorser()
  const asked = await school.api.post('/v1/endorsements', {
    ...{ target: 'issuer', targetId: graded.issuerId },
    ...{ endorserDid: endorser.did, endorserName: 'Trade association', comment: 'Well known here.' },
  })
  const path = `/v1/endorsement-requests/${tokenIn(asked.body.requestUrl)}`
  const credential = await endorser.signToken((await anybody.get(path)).body.unsigned)
  expect((await anybody.post(`${path}/signature`, { credential })).status).toBe(200)
  expect((await school.api.post(`/v1/endorsements/${asked.body.id}/publish`)).status).toBe(200)

  // What is on its way to the chain is neither here nor there.
  await nothingIsOnItsWay()

  const { parts } = product.running
  let out = ''
  const config = readConfig({ DATA_DIR: parts.dataFolder, DATABASE_URL: parts.databaseUrl })
  const keep = (text: string) => {
    out += text
  }
  await runFsck(config, ['--json'], { out: keep, err: () => undefined })
  const [inspected] = JSON.parse(out).organisations
  expect(inspected).toMatchObject({ bases: 2, endorsements: 1, findings: [] })
})

test('parts of a badge that is revoked are revoked', async () => {
  const shown = (await disclose('?parts=result-0')).body
  const { body } = await school.api.get(`/v1/awards?limit=50`)
  const award = body.items.find(
    ({ credentialId }: { credentialId: string }) => credentialId === ann.credentialId,
  )
  expect((await school.api.post(`/v1/awards/${award.id}/revoke`, { reason: 'Test.' })).status).toBe(200)
  const report = await verify(shown)
  expect(report.verdict).toBe('invalid')
  expect(checkOf(report, 'status')).toMatchObject({ outcome: 'failed' })
})

test('other forms of a badge say of what became of it what the badge says', async () => {
  const fay = await earnAndClaim(product, school, 'fay')
  const path = `/v1/credentials/${fay.credentialId}`
  const formsOf = async () => {
    const token = new TextDecoder().decode((await fay.api.get(`${path}/document?format=jwt`)).bytes)
    const { body: whole } = await fay.api.get(`${path}/document`)
    return [whole, (await disclose('?parts=result-0', fay.api, fay.credentialId)).body, token]
  }
  const codes = async (forms: readonly unknown[]) => {
    const found = forms.map(async (form) => checkOf(await verify(form), 'status'))
    return (await Promise.all(found)).map((check) => check?.code)
  }
  const same = (code: string) => [code, code, code]
  const { body } = await school.api.get('/v1/awards?limit=50')
  const { id } = body.items.find(
    ({ credentialId }: { credentialId: string }) => credentialId === fay.credentialId,
  )
  const award = `/v1/awards/${id}`
  const why = { reason: 'Test.' }

  const first = await formsOf()
  expect(await codes(first)).toEqual(same('not-revoked'))
  const { revision } = (await school.api.get(award)).body
  const changes = { narrative: 'Led the group.' }
  const corrected = await school.api.post(
    `${award}/correct`,
    { ...why, changes },
    { 'if-match': `"v${revision}"` },
  )
  expect([corrected.status, corrected.body.code]).toEqual([200, undefined])
  await vi.waitFor(async () => expect(await codes(first)).toEqual(same('superseded')), {
    timeout: 15_000,
    interval: 200,
  })

  const second = await formsOf()
  expect((await school.api.post(`${award}/suspend`, why)).status).toBe(200)
  await vi.waitFor(async () => expect(await codes(second)).toEqual(same('suspended')), {
    timeout: 15_000,
    interval: 200,
  })
  expect(await codes(first)).toEqual(same('superseded'))
  // Whoever names our place in a document of their own is told nothing of whose it is.
  const stranger = createEndorser()
  const { proof: _, ...unsigned } = second[0]
  const copied = await stranger.sign({
    ...unsigned,
    issuer: { id: stranger.did, type: ['Profile'], name: 'X' },
  })
  expect(await codes([copied])).toEqual(['revoked'])
})

test('a key that gives way to another keeps what it signed', async () => {
  const path = `/v1/issuers/${graded.issuerId}/rotate-key`
  const wrong = await school.api.post(path, { purpose: 'disclosing', curve: 'Ed25519' })
  expect(wrong.status).toBe(400)
  const dee = await earnAndClaim(product, school, 'dee')
  const part = () => dee.api.get(`/v1/credentials/${dee.credentialId}/disclosure`)
  const before = (await part()).body
  const fresh = await school.api.post(path, { purpose: 'disclosing' })
  expect(fresh.body).toMatchObject({ purpose: 'disclosing', state: 'active' })
  expect((await disclosingKeys()).map(({ state }: { state: string }) => state).sort()).toEqual([
    'active',
    'retired',
  ])
  expect(await verify(before)).toMatchObject({ verdict: 'valid' })
  expect((await part()).body).toEqual(before)
})

test('what a stolen key signed counts for nothing, and the earner is given parts under another', async () => {
  const cas = await earnAndClaim(product, school, 'cas')
  const path = `/v1/credentials/${cas.credentialId}/disclosure?parts=result-0`
  const before = (await cas.api.get(path)).body
  expect(await verify(before)).toMatchObject({ verdict: 'valid' })
  const stolen = (await disclosingKeys()).find(({ state }: { state: string }) => state === 'active')
  const said = await school.api.post(`/v1/issuers/${graded.issuerId}/keys/${stolen.id}/compromise`, {
    since: new Date(Date.now() - 3_600_000).toISOString(),
    reason: 'Test: a copy was found.',
  })
  expect([said.status, said.body.code]).toEqual([200, undefined])
  expect(await verify(before)).toMatchObject({ verdict: 'invalid' })
  await nothingIsOnItsWay()
  const wakes = vi.spyOn(product.running.parts.wakeUps, 'wake')
  const after = (await cas.api.get(path)).body
  // The key was made for this, and is published as soon as any.
  expect(wakes.mock.calls).toContainEqual(['send'])
  wakes.mockRestore()
  expect(after.proof[0].verificationMethod).not.toBe(before.proof[0].verificationMethod)
  expect(await verify(after)).toMatchObject({ verdict: 'valid' })
  // The badge itself was signed with another key, and stands.
  const { body: whole } = await cas.api.get(`/v1/credentials/${cas.credentialId}`)
  expect(await verify(whole.document)).toMatchObject({ verdict: 'valid' })
})
