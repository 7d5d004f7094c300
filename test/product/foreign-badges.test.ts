import { ed25519 } from '@noble/curves/ed25519'
import { importJWK, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { didKeyMethod, didKeyOf } from '#adapters/crypto/did-key.ts'
import { generateIssuingKey } from '#adapters/crypto/issuing-key.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import { type ApiAnswer, ApiCaller } from './api-caller.ts'
import { createEndorser } from './endorser.ts'
import { awardOf, completed, earning, setUpFirstAid } from './first-aid.ts'
import { rowCounts } from './row-counts.ts'
import { strangersBadgeOf } from './strangers-badge.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from './test-product.ts'

// The badges of one organisation are foreign to another one: signed, with a status list, and really revoked.

let product: TestProduct
let school: TestOrganisation
let academy: TestOrganisation
let ann: string
let bob: string
beforeAll(async () => {
  product = await startTestProduct()
  school = await product.organisation('foreign-school')
  academy = await product.organisation('foreign-academy')
  await setUpFirstAid(academy.api, 'foreign-issuer')
  ann = await known('ann')
  bob = await known('bob')
})
afterAll(() => product?.stop())

async function known(learner: string): Promise<string> {
  await school.api.post('/v1/events', completed(learner, 1))
  return (await school.api.get(`/v1/subjects?identifier=email:${learner}@example.org`)).body.id
}

/** A badge that the academy has issued, and how to revoke it. */
async function badgeOf(learner: string) {
  await academy.api.post('/v1/events', earning(learner))
  const award = await awardOf(academy.api, learner)
  const path = `/credentials/${award.credentialId}`
  const document = (await academy.api.get(path, { accept: 'application/json' })).bytes
  return {
    bytes: document,
    document: JSON.parse(new TextDecoder().decode(document)) as JsonObject,
    baked: async (format: string) =>
      (await academy.api.get(`/v1/credentials/${award.credentialId}/document?format=${format}`)).bytes,
    revoke: async () => {
      const revoked = await academy.api.post(`/v1/awards/${award.id}/revoke`, { reason: 'A mistake.' })
      expect(revoked.status).toBe(200)
    },
  }
}
const bring = (subject: string, document: JsonObject | Uint8Array, type = 'application/json', query = '') =>
  school.api.send(
    'POST',
    `/v1/subjects/${subject}/foreign-badges${query}`,
    document instanceof Uint8Array ? (document as BodyInit) : JSON.stringify(document),
    { 'content-type': type },
  )
const factsOf = async (subject: string) =>
  (await school.api.get(`/v1/subjects/${subject}/facts?limit=100`)).body.items
const recheck = (id: string) => school.api.post(`/v1/foreign-badges/${id}/recheck`)
const leavingNothing = async (call: () => Promise<ApiAnswer>): Promise<ApiAnswer> => {
  const before = await rowCounts(product.running.parts.databaseUrl)
  const answer = await call()
  expect(await rowCounts(product.running.parts.databaseUrl)).toEqual(before)
  return answer
}

/** A badge by somebody whom this server does not know, signed with a key of their own. */
async function strangersBadge(over: JsonObject = {}) {
  const stranger = createEndorser()
  const document = await stranger.sign({ ...strangersBadgeOf(stranger.did), ...over })
  return { did: stranger.did, document }
}

describe('a badge that somebody else has signed', () => {
  test('is verified and recorded, once for its person, with the moment from which it is valid', async () => {
    const { bytes, document } = await badgeOf('own-one')
    const first = await bring(ann, bytes)
    expect(first.status).toBe(201)
    const { achievement, issuer, credential, eventId, state } = first.body
    expect([issuer, credential, state]).toEqual([
      (document['issuer'] as JsonObject)['id'],
      document['id'],
      'held',
    ])
    expect(await factsOf(ann)).toMatchObject([
      {
        id: eventId,
        type: 'waarmerk.badge',
        activity: achievement,
        time: first.body.validFrom,
        data: { issuer, credential, validFrom: first.body.validFrom },
      },
    ])
    const again = await leavingNothing(() => bring(ann, document, 'application/vc'))
    expect([again.status, again.body]).toEqual([200, first.body])
    const wrapped = await bring(ann, { credential: document })
    expect([wrapped.status, wrapped.body.id]).toEqual([200, first.body.id])
    expect((await school.api.get(`/v1/subjects/${ann}/foreign-badges`)).body.items).toEqual([first.body])
  })

  test('is recorded for one person only', async () => {
    const { bytes } = await badgeOf('own-two')
    expect((await bring(ann, bytes)).status).toBe(201)
    const other = await leavingNothing(() => bring(bob, bytes))
    expect([other.status, other.body.code, other.body.parameters.reason]).toEqual([
      409,
      'foreign-badge-taken',
      'another-person',
    ])
    // Once it was taken back, it may be another's.
    const [fact] = await factsOf(ann)
    await school.api.send('DELETE', `/v1/facts/${fact.id}`, undefined)
    expect((await bring(bob, bytes)).status).toBe(201)
    expect((await bring(ann, bytes)).body.code).toBe('foreign-badge-taken')
  })

  test('comes as a baked image just as well', async () => {
    const badge = await badgeOf('own-three')
    const png = await bring(ann, await badge.baked('png'), 'image/png')
    expect(png.status).toBe(201)
    const svg = await bring(ann, await badge.baked('svg'), 'image/svg+xml')
    expect([svg.status, svg.body.id]).toEqual([200, png.body.id])
  })

  test('comes as a JWT, bare or in JSON, signed by somebody whom the caller knows', async () => {
    const { publicKeyMultibase, secretKey } = generateIssuingKey()
    const did = didKeyOf(publicKeyMultibase)
    const base64url = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url')
    const x = base64url(ed25519.getPublicKey(secretKey))
    const key = await importJWK({ kty: 'OKP', crv: 'Ed25519', x, d: base64url(secretKey) }, 'EdDSA')
    const credential = { ...strangersBadgeOf(did), id: `urn:uuid:${crypto.randomUUID()}` }
    const token = await new SignJWT({ ...credential, iss: did, jti: credential.id } as never)
      .setProtectedHeader({ alg: 'EdDSA', kid: didKeyMethod(publicKeyMultibase), typ: 'JWT' })
      .sign(key)
    const query = `?issuer=${encodeURIComponent(did)}`
    const bare = await bring(bob, new TextEncoder().encode(token), 'application/vc+jwt', query)
    expect([bare.status, bare.body]).toMatchObject([201, { issuer: did, credential: credential.id }])
    const wrapped = await bring(bob, { credential: token }, 'application/json', query)
    expect([wrapped.status, wrapped.body.id]).toEqual([200, bare.body.id])
    expect((await recheck(bare.body.id)).body.badge.state).toBe('held')
    // The same badge by another document: which of them counts is not for us to say.
    const other = await new SignJWT({ ...credential, name: 'Other', iss: did, jti: credential.id } as never)
      .setProtectedHeader({ alg: 'EdDSA', kid: didKeyMethod(publicKeyMultibase), typ: 'JWT' })
      .sign(key)
    const clash = await bring(bob, { credential: other }, 'application/json', query)
    expect([clash.body.code, clash.body.parameters.reason]).toEqual([
      'foreign-badge-taken',
      'another-document',
    ])
  })

  test('brought many times at once is one fact', async () => {
    const { bytes } = await badgeOf('own-four')
    const answers = await Promise.all(Array.from({ length: 6 }, () => bring(bob, bytes)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 200, 201])
  }, 60_000)

  test('two people who are given it at once: one of them gets it', async () => {
    const { bytes } = await badgeOf('own-five')
    const answers = await Promise.all([bring(ann, bytes), bring(bob, bytes)])
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409])
  })
})

describe('a badge that does not count', () => {
  test('was altered: refused with the report', async () => {
    const { document } = await badgeOf('own-six')
    const { status, body } = await leavingNothing(() => bring(ann, { ...document, name: 'Altered' }))
    expect([status, body.code, body.parameters.report.verdict]).toEqual([
      422,
      'foreign-badge-invalid',
      'invalid',
    ])
  })

  test('was revoked before it came', async () => {
    const badge = await badgeOf('own-seven')
    await badge.revoke()
    const { body } = await bring(ann, badge.bytes)
    expect(body.code).toBe('foreign-badge-invalid')
    expect(body.parameters.report.checks.find(({ name }: { name: string }) => name === 'status').code).toBe(
      'revoked',
    )
  })

  test('could not be checked: the issuer’s keys are out of reach, and that is not the same as bad', async () => {
    const { document } = await badgeOf('own-eight')
    const away = 'did:web:nobody.invalid'
    const { status, body } = await leavingNothing(() =>
      bring(
        ann,
        {
          ...document,
          issuer: { ...(document['issuer'] as JsonObject), id: away },
          proof: {
            ...(Array.isArray(document['proof']) ? document['proof'][0] : (document['proof'] as JsonObject)),
            verificationMethod: `${away}#key`,
          },
        },
        'application/json',
        `?issuer=${away}`,
      ),
    )
    expect([status, body.code, body.retry, body.parameters.report.verdict]).toEqual([
      409,
      'foreign-badge-undecided',
      true,
      'undecided',
    ])
  })

  test('is by somebody whom nobody here knows, unless the caller names them', async () => {
    const { did, document } = await strangersBadge()
    const { status, body } = await leavingNothing(() => bring(ann, document))
    expect([status, body.code, body.parameters.issuer]).toEqual([409, 'foreign-badge-issuer-unknown', did])
    const another = await bring(ann, document, 'application/json', '?issuer=did:key:z6MkSomebodyElse')
    expect(another.body.code).toBe('foreign-badge-issuer-unknown')
    const named = await bring(ann, document, 'application/json', `?issuer=${encodeURIComponent(did)}`)
    expect([named.status, named.body]).toMatchObject([
      201,
      { issuer: did, achievement: 'https://stranger.example.org/achievements/rescuer' },
    ])
    expect((await factsOf(ann))[0].data).toMatchObject({ issuer: did, validFrom: '2026-01-01T00:00:00Z' })
  })

  test('has run out, or is of no achievement with an id', async () => {
    const over = await strangersBadge({ validUntil: '2026-02-01T00:00:00Z' })
    expect((await bring(ann, over.document, 'application/json', `?issuer=${over.did}`)).body.code).toBe(
      'foreign-badge-invalid',
    )
    const other = await strangersBadge({
      id: `urn:uuid:${crypto.randomUUID()}`,
      type: ['VerifiableCredential'],
      credentialSubject: { id: 'did:example:somebody' },
    })
    const unfit = await bring(ann, other.document, 'application/json', `?issuer=${other.did}`)
    expect([unfit.status, unfit.body.code]).toEqual([422, 'foreign-badge-unfit'])
  })

  test('is no badge at all, or of nobody', async () => {
    const text = new TextEncoder().encode('not a badge')
    expect((await bring(ann, text, 'text/plain')).body.code).toBe('document-unreadable')
    const { bytes } = await badgeOf('own-nine')
    const nobody = await bring(crypto.randomUUID(), bytes)
    expect([nobody.status, nobody.body.code]).toEqual([404, 'not-found'])
  })

  test('is brought by a key without the right to award', async () => {
    const { bytes } = await badgeOf('own-ten')
    const key = await school.api.post('/v1/api-keys', { name: 'x', rights: ['read', 'create', 'update'] })
    const weak = new ApiCaller(product.url, { authorization: `Bearer ${key.body.secret}` })
    const refused = await weak.send('POST', `/v1/subjects/${ann}/foreign-badges`, bytes as BodyInit, {
      'content-type': 'application/json',
    })
    expect(refused.body.code).toBe('forbidden')
  })
})

describe('looking at a badge again', () => {
  test('changes nothing while it holds, and takes the fact back once it was revoked', async () => {
    const badge = await badgeOf('own-eleven')
    const { body } = await bring(bob, badge.bytes)
    const stands = await recheck(body.id)
    expect([stands.status, stands.body.badge.state, stands.body.report.verdict]).toEqual([
      200,
      'held',
      'valid',
    ])
    expect(Date.parse(stands.body.badge.checkedAt)).toBeGreaterThan(Date.parse(body.checkedAt))
    await badge.revoke()
    await vi.waitFor(
      async () => {
        const gone = await recheck(body.id)
        expect([gone.status, gone.body.badge.state]).toEqual([200, 'taken_back'])
      },
      { timeout: 10_000, interval: 200 },
    )
    const fact = (await factsOf(bob)).find(({ id }: { id: string }) => id === body.eventId)
    expect(fact.takenBack).toBe(true)
    const events = (await school.api.get(`/v1/events?subjectId=${bob}&limit=100`)).body.items
    const voided = () => events.filter(({ type }: { type: string }) => type === 'voided').length
    const before = voided()
    const again = await recheck(body.id)
    expect([again.body.badge.state, voided()]).toEqual(['taken_back', before])
    expect((await bring(bob, badge.bytes)).body.code).toBe('foreign-badge-invalid')
  })

  test('of somebody unknown stands as long as the signature does', async () => {
    const { did, document } = await strangersBadge()
    const { body } = await bring(bob, document, 'application/json', `?issuer=${encodeURIComponent(did)}`)
    expect((await recheck(body.id)).body.badge.state).toBe('held')
    const { status, body: unknown } = await recheck(crypto.randomUUID())
    expect([status, unknown.code]).toEqual([404, 'not-found'])
  })
})
