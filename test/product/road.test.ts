import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { ApiCaller } from './api-caller.ts'
import { awardOf, earning, type FirstAid, setUpFirstAid } from './first-aid.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from './test-product.ts'

let product: TestProduct
let school: TestOrganisation
let firstAid: FirstAid
const anybody = () => new ApiCaller(product.url)

beforeAll(async () => {
  product = await startTestProduct()
  school = await product.organisation('road-school')
  firstAid = await setUpFirstAid(school.api, 'road-academy')
})
afterAll(() => product?.stop())

/** Claims by the mailed link, as a browser would: gives a caller with the earner's session. */
async function claim(learner: string): Promise<{ earner: ApiCaller; credentialId: string }> {
  const mail = await product.inbox.waitFor(`${learner}@example.org`, 20_000)
  const token = /\/claim#([\w-]+)/.exec(mail.text ?? '')?.[1] ?? ''
  const accepted = await anybody().post(`/v1/claims/${token}/accept`)
  expect(accepted.status).toBe(200)
  const cookie = accepted.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  return {
    earner: new ApiCaller(product.url, { cookie, origin: product.url }),
    credentialId: accepted.body.credentialId,
  }
}

const verify = async (body: unknown) => (await anybody().post('/v1/verify', body)).body
const outcomeOf = (report: { checks: { name: string; outcome: string }[] }, name: string) =>
  report.checks.find((check) => check.name === name)?.outcome

describe('from event to verified badge', () => {
  test('two events earn a badge that is mailed, claimed, shared, anchored and verified', async () => {
    const sent = await school.api.post('/v1/events', earning('ann'))
    expect(sent.body).toMatchObject({ accepted: 2, duplicates: 0 })
    const award = await awardOf(school.api, 'ann', { anchored: true })
    const { earner, credentialId } = await claim('ann')
    expect(credentialId).toBe(award.credentialId)

    // Private until shared: for strangers it does not exist.
    expect((await anybody().get(`/v1/credentials/${credentialId}`)).status).toBe(404)
    const link = await earner.post(`/v1/credentials/${credentialId}/share-links`, {})
    const shared = await anybody().get(link.body.url, { accept: 'application/json' })
    expect(shared.body.credentialSubject.achievement.name).toBe('TEST First aid basics')

    const report = await verify({ url: link.body.url })
    expect(report.verdict).toBe('valid')
    for (const name of ['format', 'schema', 'proof', 'issuer', 'status', 'validity', 'anchor'])
      expect([name, outcomeOf(report, name)]).toEqual([name, 'passed'])
  })

  test('one changed byte makes it invalid, and the check that says so is the proof', async () => {
    await school.api.post('/v1/events', earning('bob'))
    const award = await awardOf(school.api, 'bob')
    const { body: document } = await school.api.get(`/credentials/${award.credentialId}`)
    const tampered = { ...document, name: 'TEST First aid basicz' }
    const report = await verify({ credential: tampered })
    expect(report.verdict).toBe('invalid')
    expect(outcomeOf(report, 'proof')).toBe('failed')
  })

  test('a badge baked into a PNG or SVG verifies as a file', async () => {
    await school.api.post('/v1/events', earning('cas'))
    const award = await awardOf(school.api, 'cas')
    for (const [format, type] of [
      ['png', 'image/png'],
      ['svg', 'image/svg+xml'],
    ] as const) {
      const file = await school.api.get(`/v1/credentials/${award.credentialId}/document?format=${format}`)
      expect(file.type).toContain(type)
      const report = await anybody().send('POST', '/v1/verify', file.bytes as BodyInit, {
        'content-type': type,
      })
      expect(report.body.verdict).toBe('valid')
    }
  })

  test('a revoked badge is invalid at once, by its status and on chain', async () => {
    await school.api.post('/v1/events', earning('dee'))
    const award = await awardOf(school.api, 'dee', { anchored: true })
    const { body: document } = await school.api.get(`/credentials/${award.credentialId}`)
    const { body: receipt } = await school.api.get(`/v1/credentials/${award.credentialId}/receipt`)
    const revoked = await school.api.post(`/v1/awards/${award.id}/revoke`, {
      reason: 'Test: awarded by mistake.',
    })
    expect(revoked.body).toMatchObject({ state: 'revoked', reason: 'Test: awarded by mistake.' })

    const report = await verify({ credential: document })
    expect(report.verdict).toBe('invalid')
    expect(outcomeOf(report, 'status')).toBe('failed')

    // It is offered to nobody any more.
    const mail = await product.inbox.waitFor('dee@example.org', 20_000)
    const token = /\/claim#([\w-]+)/.exec(mail.text ?? '')?.[1] ?? ''
    expect((await anybody().get(`/v1/claims/${token}`)).body).toMatchObject({ state: 'withdrawn' })
    expect((await anybody().post(`/v1/claims/${token}/accept`)).body).toMatchObject({ code: 'claim-over' })

    // The chain says so too, without our status list.
    const { chain } = product.running.parts
    await vi.waitFor(
      async () => {
        const verdict = await chain.verify({
          issuerId: receipt.issuerId,
          signer: receipt.signer,
          root: receipt.root,
          leaf: await leafOf(receipt),
          index: receipt.index,
          proof: receipt.proof,
        })
        expect(verdict).toBe('revoked')
      },
      { timeout: 20_000, interval: 200 },
    )
    expect((await school.api.post(`/v1/awards/${award.id}/revoke`, { reason: 'Again.' })).body.code).toBe(
      'award-state',
    )
  })

  test('sending the same events again awards nothing twice', async () => {
    const events = earning('eve')
    await school.api.post('/v1/events', events)
    const award = await awardOf(school.api, 'eve')
    const again = await school.api.post('/v1/events', events)
    expect(again.body).toMatchObject({ accepted: 0, duplicates: 2 })
    const { body } = await school.api.get(`/v1/awards?subjectId=${award.subjectId}`)
    expect(body.items).toHaveLength(1)
  })

  test('a key rotation leaves older badges valid and signs newer ones with the new key', async () => {
    await school.api.post('/v1/events', earning('fay'))
    const before = await awardOf(school.api, 'fay')
    const rotated = await school.api.post(`/v1/issuers/${firstAid.issuerId}/rotate-key`)
    await school.api.post('/v1/events', earning('gus'))
    const after = await awardOf(school.api, 'gus')
    const [older, newer] = await Promise.all(
      [before, after].map(async (award) => (await school.api.get(`/credentials/${award.credentialId}`)).body),
    )
    expect(newer.proof[0].verificationMethod).toContain(rotated.body.publicKey)
    expect(older.proof[0].verificationMethod).not.toContain(rotated.body.publicKey)
    for (const credential of [older, newer]) expect((await verify({ credential })).verdict).toBe('valid')
  })

  test('why and why not are said in words, and near misses name what failed', async () => {
    await school.api.post('/v1/events', earning('hal'))
    const award = await awardOf(school.api, 'hal')
    const why = await school.api.get(`/v1/decisions/${award.decisionId}`)
    expect(why.body).toMatchObject({ outcome: 'award', trace: { status: 'met', have: 2, need: 2 } })
    expect(why.body.words.nl.length).toBeGreaterThan(0)

    const [only] = earning('ida')
    await school.api.post('/v1/events', [only])
    const subject = await vi.waitFor(
      async () => {
        const found = await school.api.get('/v1/subjects?identifier=email:ida@example.org')
        expect(found.status).toBe(200)
        return found
      },
      { timeout: 15_000 },
    )
    await vi.waitFor(
      async () => {
        const progress = await school.api.get(
          `/v1/subjects/${subject.body.id}/progress/${firstAid.achievementId}`,
        )
        expect(progress.body).toMatchObject({
          held: false,
          rules: [{ trace: { status: 'not_met', have: 1, need: 2 } }],
        })
      },
      { timeout: 15_000 },
    )
  })

  test('a published version freezes at its first award', async () => {
    const { body } = await school.api.get(`/v1/achievements/${firstAid.achievementId}`)
    expect(body.versions[0].frozenAt).not.toBeNull()
  })
})

async function leafOf(receipt: { kind: number; salt: string; digest: string }) {
  const { leafHash } = await import('#engine/anchoring/leaf.ts')
  const { keccak256 } = await import('#adapters/crypto/hashes.ts')
  const { fromHex, toHex } = await import('#engine/shared/bytes.ts')
  const bytes = (hex: string) => fromHex(hex) ?? new Uint8Array()
  return toHex(
    leafHash(
      { kind: receipt.kind as 1, salt: bytes(receipt.salt), digest: bytes(receipt.digest) },
      keccak256,
    ),
  )
}
