import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { importJWK, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createCredentialSuite } from '#adapters/crypto/credential-suite.ts'
import { didKeyOf } from '#adapters/crypto/did-key.ts'
import { issuingKeyOf } from '#adapters/crypto/issuing-key.ts'
import { toBase64Url } from '#adapters/crypto/multibase.ts'
import { readMultikey } from '#adapters/crypto/public-key.ts'
import { signingKeyOf } from '#adapters/crypto/signing-key.ts'
import { withClient } from '#adapters/postgres/with-client.ts'
import type { PreparedCredential } from '#engine/credentials/prepared-credential.ts'
import { readStatusBit } from '#engine/credentials/status-list.ts'
import { asInstant } from '#engine/shared/instant.ts'
import type { Json, JsonObject } from '#engine/shared/json.ts'
import type { SignOptions } from '#services/ports/sign-options.ts'
import { ApiCaller } from '#test/product/api-caller.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from '#test/product/test-product.ts'

const V2 = 'https://www.w3.org/ns/credentials/v2'
const V1 = 'https://www.w3.org/2018/credentials/v1'
const EXAMPLES = 'https://www.w3.org/ns/credentials/examples/v2'
/** A text that was served at the address of the v2 context before the Recommendation; the operator names its digest. */
const DRAFT_DIGEST = 'sha384-e2AY0FBy6KUAgZ3rMaz7Uj/Gp0bkIIIB/bjgmVQS2PPSOr+Ufx9P5mVrVU+jxFXR'
const RECOMMENDATION_DIGEST = 'sha384-l/HrjlBCNWyAX91hr6LFV2Y3heB5Tcr6IeE4/Tje8YyzYBM8IhqjHWiWpr8+ZbYU'

const suite = createCredentialSuite()
const now = () => asInstant(Date.now() - 5000)

/** Somebody else with a did:key: an issuer, a holder. */
function person(byte: number) {
  const secret = new Uint8Array(32).fill(byte)
  const did = didKeyOf(issuingKeyOf(secret).publicKeyMultibase)
  const key = signingKeyOf(did, secret)
  return {
    did,
    key,
    sign: (credential: JsonObject, options: SignOptions = {}) =>
      suite.sign(credential as unknown as PreparedCredential, key, now(), { proofAs: 'object', ...options }),
    present: (presentation: JsonObject, options: SignOptions = {}) =>
      suite.addProof(presentation, key, now(), { purpose: 'authentication', proofAs: 'object', ...options }),
    token: async (claims: JsonObject, header: object = {}) => {
      const x = toBase64Url(readMultikey(key.publicKeyMultibase)?.bytes ?? new Uint8Array())
      const jwk = { kty: 'OKP', crv: 'Ed25519', x, d: toBase64Url(secret) }
      return new SignJWT(claims as never)
        .setProtectedHeader({ alg: 'EdDSA', kid: key.verificationMethod, ...header })
        .sign(await importJWK(jwk, 'EdDSA'))
    },
  }
}

const [teacher, holder] = [person(41), person(42)]
const CONTROLLER = 'https://institute.example.org/issuers/1'

let folder: string
let product: TestProduct
let school: TestOrganisation
let anybody: ApiCaller
let did: string
let p256Did: string
let schoolDid: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'waarmerk-vc-api-'))
  const [controllers, resources] = [join(folder, 'controllers.json'), join(folder, 'resources.json')]
  const { verificationMethod } = teacher.key
  const controller = { id: CONTROLLER, assertionMethod: [verificationMethod] }
  await writeFile(controllers, JSON.stringify({ [CONTROLLER]: controller }))
  await writeFile(resources, JSON.stringify({ [V2]: [DRAFT_DIGEST] }))
  product = await startTestProduct({
    VC_API_DID_KEY_ISSUER: 'true',
    TRUSTED_CONTROLLERS_FILE: controllers,
    RELATED_RESOURCES_FILE: resources,
  })
  school = await product.organisation('vc-school')
  anybody = new ApiCaller(product.url)
  const { body } = await school.api.post('/v1/issuers', { slug: 'vc-academy', name: 'Academy' })
  schoolDid = body.did
  const first = await issue({ credential: { ...minimal, issuer: undefined } })
  did = first.body.verifiableCredential.issuer
  const other = await issue({
    credential: minimal,
    options: { cryptosuite: 'ecdsa-rdfc-2019', keyType: 'P-256' },
  })
  p256Did = other.body.verifiableCredential.issuer
})
afterAll(async () => {
  await product?.stop()
  await rm(folder, { recursive: true, force: true })
})

const minimal: JsonObject = {
  '@context': [V2],
  type: ['VerifiableCredential'],
  credentialSubject: { id: 'did:example:subject' },
}
const older: JsonObject = { ...minimal, '@context': [V1] }

const issue = (body: object, by: ApiCaller = anybody) => by.post('/vc/credentials/issue', body)
const verify = (verifiableCredential: unknown, options: object = {}) =>
  anybody.post('/vc/credentials/verify', { verifiableCredential, options })
const present = (verifiablePresentation: unknown, options: object = {}) =>
  anybody.post('/vc/presentations/verify', { verifiablePresentation, options })
const issued = async (body: object, by?: ApiCaller): Promise<JsonObject> => {
  const answer = await issue(body, by)
  expect([answer.status, answer.body.detail]).toEqual([201, undefined])
  return answer.body.verifiableCredential
}
const REVOCATION = { type: 'BitstringStatusListEntry', statusPurpose: 'revocation' }

/** What a refusal says is wrong. */
const codesOf = ({ body }: { body: { problemDetails?: { code: string }[] } }) =>
  body.problemDetails?.map(({ code }) => code)

describe('issuing', () => {
  test.each<[string, JsonObject, string]>([
    ['eddsa-rdfc-2022', {}, 'eddsa-rdfc-2022'],
    ['eddsa-jcs-2022', { cryptosuite: 'eddsa-jcs-2022' }, 'eddsa-jcs-2022'],
    ['ecdsa-rdfc-2019', { cryptosuite: 'ecdsa-rdfc-2019', keyType: 'P-256' }, 'ecdsa-rdfc-2019'],
  ])('%s signs both data models, with one proof as an object', async (_name, options, cryptosuite) => {
    const issuer = cryptosuite.startsWith('ecdsa') ? p256Did : did
    for (const credential of [
      minimal,
      older,
      { ...minimal, id: 'urn:uuid:86294362-4254-4f36-854f-3952fe42555d' },
    ]) {
      const signed = await issued({ credential: { ...credential, issuer }, options })
      expect(signed['proof']).toMatchObject({
        type: 'DataIntegrityProof',
        cryptosuite,
        proofPurpose: 'assertionMethod',
      })
      expect(await verify(signed)).toMatchObject({ status: 200, body: { verified: true } })
    }
  })

  test('the data model 1.1 gets what it lacks', async () => {
    const signed = await issued({ credential: { ...older, issuer: did } })
    expect(signed).toMatchObject({
      '@context': [V1, 'https://w3id.org/security/data-integrity/v2'],
      issuanceDate: expect.stringMatching(/^\d{4}-/),
    })
    const dated = { ...older, issuer: did, issuanceDate: '2020-03-16T22:37:26.544Z' }
    expect(await issued({ credential: dated })).toMatchObject({ issuanceDate: dated.issuanceDate })
  })

  test('an issuer may be an object with that id, and names of every form', async () => {
    const name = [{ '@value': 'Academie', '@language': 'nl', '@direction': 'ltr' }, 'Academy']
    const signed = await issued({ credential: { ...minimal, issuer: { id: did, name, description: 'X' } } })
    expect(signed['issuer']).toEqual({ id: did, name, description: 'X' })
  })

  test('dates that are past or to come are accepted', async () => {
    await issued({ credential: { ...minimal, issuer: did, validUntil: '2001-01-01T00:00:00Z' } })
    await issued({ credential: { ...minimal, issuer: did, validFrom: '4023-02-26T01:02:58.447Z' } })
  })

  test('a token comes in its envelope, and verifies', async () => {
    const signed = await issued({ credential: { ...minimal, issuer: did }, options: { envelope: 'vc+jwt' } })
    expect(signed).toEqual({
      '@context': [V2],
      type: 'EnvelopedVerifiableCredential',
      id: expect.stringMatching(/^data:application\/vc\+jwt,ey/),
    })
    expect(await verify(signed)).toMatchObject({ status: 200, body: { verified: true } })
    for (const change of [
      { '@context': [] },
      { '@context': EXAMPLES },
      { id: String(signed['id']).split(',')[1] },
      { type: 'VerifiableCredential' },
      { id: `${String(signed['id']).slice(0, -8)}AAAAAAAA` },
    ])
      expect(await verify({ ...signed, ...change })).toMatchObject({ status: 400, body: { verified: false } })
    const { type: _left, ...untyped } = signed
    expect((await verify(untyped)).status).toBe(400)
  })

  test.each<[string, JsonObject]>([
    ['contexts that are no list', { '@context': V2 }],
    ['another first context', { '@context': [EXAMPLES, V2] }],
    ['a context that is a number', { '@context': [V2, 123192875] }],
    ['a context that is not built in', { '@context': [V2, 'https://contexts.example.org/v1'] }],
    ['a redefined term', { '@context': [V2, { VerifiableCredential: 'https://example.org/Other' }] }],
    ['a type that no context has', { type: ['VerifiableCredential', 'UnmappedCredential'] }],
    [
      'a type that stands for no URL',
      { '@context': [V2, { X: 'relative' }], type: ['VerifiableCredential', 'X'] },
    ],
    ['a member that no context has', { unmapped: 'x' }],
    ['a type that is a text', { type: 'VerifiableCredential' }],
    ['two ids', { id: ['urn:a:1', 'urn:a:2'] }],
    ['an id that is null', { id: null }],
    ['no subject', { credentialSubject: {} }],
    ['a subject that is a text', { credentialSubject: 'did:example:subject' }],
    ['a date without a zone', { validFrom: '2023-02-26T01:21:23' }],
    [
      'an end before the beginning',
      { validFrom: '2023-02-26T01:21:23Z', validUntil: '2022-02-26T01:21:23Z' },
    ],
    ['a status without a type', { credentialStatus: { id: 'https://example.org/1' } }],
    [
      'a schema whose id is no URL',
      { credentialSchema: { id: 'https ://x', type: 'https://example.org/#T' } },
    ],
    ['a refresh service without a type', { refreshService: { id: 'did:example:refresh/1' } }],
    ['terms without a type', { termsOfUse: [{ id: 'did:example:terms/1' }] }],
    ['empty evidence', { evidence: {} }],
    ['a related resource without a digest', { relatedResource: { id: EXAMPLES } }],
    [
      'a related resource twice',
      {
        relatedResource: [
          { id: V2, digestSRI: DRAFT_DIGEST },
          { id: V2, digestSRI: DRAFT_DIGEST },
        ],
      },
    ],
    [
      'a related resource with another digest',
      { relatedResource: { id: EXAMPLES, digestSRI: DRAFT_DIGEST } },
    ],
    ['a proof', { proof: { type: 'DataIntegrityProof' } }],
    ['an issuer that is somebody else', { issuer: 'did:example:other' }],
    ['an issuer that is no URL', { issuer: 'nobody' }],
  ])('a credential with %s is refused', async (_name, change) => {
    const answer = await issue({ credential: { ...minimal, issuer: did, ...change } })
    expect([answer.status, answer.body.problemDetails?.[0]?.code]).toEqual([400, answer.body.code])
    expect(answer.body.detail).not.toContain('undefined')
  })

  test('both versions of the v2 context are known where the operator says so', async () => {
    for (const digestSRI of [DRAFT_DIGEST, RECOMMENDATION_DIGEST])
      await issued({ credential: { ...minimal, issuer: did, relatedResource: { id: V2, digestSRI } } })
  })

  test.each<[string, unknown]>([
    ['no credential', {}],
    ['a credential that is a text', { credential: 'x' }],
    ['an unknown suite', { credential: minimal, options: { cryptosuite: 'none' } }],
    ['a list', []],
  ])('a body with %s is refused', async (_name, body) => {
    expect((await issue(body as object)).status).toBe(400)
  })

  test('a suite for another key is refused', async () => {
    const answer = await issue({
      credential: { ...minimal, issuer: did },
      options: { cryptosuite: 'ecdsa-rdfc-2019' },
    })
    expect([answer.status, answer.body.code]).toEqual([422, 'suite-not-for-key'])
  })
})

describe('status', () => {
  test('the built-in issuer allocates an entry, serves its list to anybody, and sets the bit', async () => {
    const id = 'urn:uuid:5f4a29c4-4a37-4d22-8d43-6a0f42bd4e11'
    const options = { credentialStatus: [REVOCATION] }
    const signed = await issued({ credential: { ...minimal, id, issuer: did }, options })
    const entry = signed['credentialStatus'] as JsonObject
    expect(entry).toEqual({
      ...REVOCATION,
      id: expect.any(String),
      statusListIndex: expect.stringMatching(/^\d+$/),
      statusListCredential: expect.stringMatching(/^http/),
    })
    expect(entry['id']).not.toBe(entry['statusListCredential'])
    expect(await verify(signed)).toMatchObject({ status: 200 })

    const response = await fetch(String(entry['statusListCredential']))
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json'])
    const list = (await response.json()) as JsonObject
    expect(list).toMatchObject({
      '@context': [V2],
      id: entry['statusListCredential'],
      type: ['VerifiableCredential', 'BitstringStatusListCredential'],
      issuer: did,
      credentialSubject: {
        type: 'BitstringStatusList',
        statusPurpose: 'revocation',
        encodedList: expect.stringMatching(/^u/),
      },
    })
    expect(Object.keys(list['credentialSubject'] as object)).not.toContain('statusSize')
    const bits = await suite.decodeStatusList(
      String((list['credentialSubject'] as JsonObject)['encodedList']),
    )
    expect((bits?.length ?? 0) * 8).toBeGreaterThanOrEqual(131_072)
    expect(await verify(list)).toMatchObject({ status: 200 })

    const change = { credentialId: id, credentialStatus: REVOCATION, status: true }
    expect(await anybody.post('/vc/credentials/status', change)).toMatchObject({ status: 200, body: {} })
    const after = await verify(signed)
    expect([after.status, after.body.verified, codesOf(after)]).toEqual([400, false, ['revoked']])
    expect((await anybody.post('/vc/credentials/status', { ...change, status: false })).status).toBe(422)
  })

  test('a suspension ends again', async () => {
    const suspension = { ...REVOCATION, statusPurpose: 'suspension' }
    const signed = await issued({
      credential: { ...minimal, issuer: did },
      options: { credentialStatus: [suspension] },
    })
    const { id: credentialId } = signed['credentialStatus'] as JsonObject
    const set = (status: boolean) =>
      anybody.post('/vc/credentials/status', { credentialId, credentialStatus: suspension, status })
    expect((await set(true)).status).toBe(200)
    expect(codesOf(await verify(signed))).toEqual(['suspended'])
    expect((await set(false)).status).toBe(200)
    expect((await verify(signed)).status).toBe(200)
  })

  test('what was never signed here has no status', async () => {
    const change = {
      credentialId: 'urn:uuid:00000000-0000-4000-8000-000000000000',
      credentialStatus: REVOCATION,
      status: true,
    }
    expect((await anybody.post('/vc/credentials/status', change)).status).toBe(404)
    expect((await school.api.post('/vc/credentials/status', change)).status).toBe(404)
    expect((await anybody.get('/vc/status/999')).status).toBe(404)
  })
})

describe('an issuer of an organisation', () => {
  test('signs for whoever holds the right, keeps what it signed, and revokes it', async () => {
    const id = 'urn:uuid:0d7e1c1e-6a52-4d0f-9f2c-3b1f1d7a9c01'
    const body = {
      credential: { ...minimal, id, issuer: schoolDid },
      options: { credentialStatus: [REVOCATION] },
    }
    const signed = await issued(body, school.api)
    const { statusListCredential } = signed['credentialStatus'] as JsonObject
    expect(statusListCredential).toBe(`${product.url}/issuers/vc-academy/status/1`)
    const before = await verify(signed)
    expect([before.status, before.body.warnings]).toEqual([200, []])

    const change = { credentialId: id, credentialStatus: REVOCATION, status: true }
    const other = await product.organisation('vc-other')
    expect((await other.api.post('/vc/credentials/status', change)).status).toBe(404)
    expect((await verify(signed)).status).toBe(200)
    // A stranger has the same id signed by the issuer that signs for anybody, and gets in nobody's way.
    const { credentialStatus } = body.options
    const ofStranger = await issued({ credential: { ...minimal, id }, options: { credentialStatus } })
    expect(ofStranger['issuer']).toBe(did)
    for (const _again of [1, 2])
      expect((await school.api.post('/vc/credentials/status', change)).status).toBe(200)
    expect(codesOf(await verify(signed))).toEqual(['revoked'])
    expect((await school.api.post('/vc/credentials/status', { ...change, status: false })).status).toBe(422)

    const kept = await product.running.parts.database.asWorker((stores) =>
      stores.vcApi.named({ credentialId: id }),
    )
    expect(kept).toMatchObject([
      { organisationId: school.id, statuses: [{ purpose: 'revocation', setAt: expect.any(Number) }] },
    ])
    const { items } = (await school.api.get('/v1/audit')).body
    const acts = items.map(({ action }: { action: string }) => action)
    expect(acts.filter((act: string) => act.endsWith('_by_api'))).toEqual([
      'credential.revoked_by_api',
      'credential.signed_by_api',
    ])
  })

  test('is found where the credential names none, and only its own organisation signs for it', async () => {
    expect(await issued({ credential: minimal }, school.api)).toMatchObject({ issuer: schoolDid })
    const stranger = await product.organisation('vc-stranger')
    const refused = await issue({ credential: { ...minimal, issuer: schoolDid } }, stranger.api)
    const unknown = await issue(
      { credential: { ...minimal, issuer: 'did:web:nobody.example.org' } },
      stranger.api,
    )
    expect([refused.status, refused.body.code]).toEqual([unknown.status, unknown.body.code])
    expect([refused.status, refused.body.code]).toEqual([400, 'credential-issuer-refused'])
    expect((await issue({ credential: minimal }, stranger.api)).body.code).toBe('credential-issuer-missing')
    expect((await issue({ credential: { ...minimal, issuer: schoolDid } })).status).toBe(400)
  })

  test('takes the right to sign, and a key that is one', async () => {
    const reader = await school.api.post('/v1/api-keys', { name: 'reader', rights: ['read'] })
    const with_ = (secret: string) => new ApiCaller(product.url, { authorization: `Bearer ${secret}` })
    const body = { credential: { ...minimal, issuer: schoolDid } }
    expect((await issue(body, with_(reader.body.secret))).status).toBe(403)
    expect((await issue(body, with_('wm_wrong'))).status).toBe(401)
  })

  const SUSPENSION = { ...REVOCATION, statusPurpose: 'suspension' }
  const statusMessage = [
    { status: '0x0', message: 'in print' },
    { status: '0x1', message: 'out of print' },
  ]
  const MESSAGE = { ...REVOCATION, statusPurpose: 'message', statusMessage }
  const entriesOf = ({ credentialStatus }: JsonObject) => credentialStatus as unknown as JsonObject[]
  /** How many entries its lists have given out. */
  const entriesTaken = async () =>
    withClient(product.running.parts.databaseUrl, async (client) => {
      const { rows } = await client.query('SELECT coalesce(sum(entries), 0)::int AS taken FROM status_list')
      return rows[0].taken
    })

  test('gives entries in lists for each purpose, sets and clears them, and only a revocation stays', async () => {
    const reference = 'https://institute.example.org/statuses'
    const wanted = [
      { ...MESSAGE, statusSize: 1, statusReference: reference },
      SUSPENSION,
      { ...REVOCATION, statusPurpose: 'refresh' },
      REVOCATION,
    ]
    const id = 'urn:uuid:0d7e1c1e-6a52-4d0f-9f2c-3b1f1d7a9c07'
    const signed = await issued(
      { credential: { ...minimal, id, issuer: schoolDid }, options: { credentialStatus: wanted } },
      school.api,
    )
    const entries = new Map(entriesOf(signed).map((entry) => [entry['statusPurpose'], entry]))
    expect([...entries.keys()]).toEqual(['revocation', 'suspension', 'refresh', 'message'])
    expect(new Set(entriesOf(signed).map((entry) => entry['statusListCredential'])).size).toBe(4)
    expect(entries.get('message')).toMatchObject({ statusSize: 1, statusMessage, statusReference: reference })

    /** The bit as whoever fetches the list reads it. */
    const bit = async (purpose: string) => {
      const { statusListCredential = null, statusListIndex } = entries.get(purpose) ?? {}
      const list = (await (await fetch(String(statusListCredential))).json()) as JsonObject
      expect(await verify(list)).toMatchObject({ status: 200 })
      expect(list).toMatchObject({
        id: statusListCredential,
        issuer: schoolDid,
        credentialSubject: { type: 'BitstringStatusList', statusPurpose: purpose },
      })
      const subject = list['credentialSubject'] as JsonObject
      const bits = await suite.decodeStatusList(String(subject['encodedList']))
      return bits === undefined ? undefined : readStatusBit(bits, Number(statusListIndex))
    }
    const set = async (statusPurpose: string, status: boolean, credentialId: unknown = id) => {
      const change = { credentialId, credentialStatus: { ...REVOCATION, statusPurpose }, status }
      return (await school.api.post('/vc/credentials/status', change)).status
    }
    expect((await verify(signed)).status).toBe(200)
    // What says nothing of whether it stands.
    for (const purpose of ['refresh', 'message']) {
      expect([await set(purpose, true), await bit(purpose)]).toEqual([200, true])
      expect((await verify(signed)).status).toBe(200)
      expect([await set(purpose, false), await bit(purpose)]).toEqual([200, false])
    }
    // By the id of its entry as well; twice is once.
    for (const _again of [1, 2])
      expect(await set('suspension', true, entries.get('suspension')?.['id'])).toBe(200)
    expect([await bit('suspension'), await bit('revocation')]).toEqual([true, false])
    expect(codesOf(await verify(signed))).toEqual(['suspended'])
    expect(await set('suspension', false)).toBe(200)
    expect((await verify(signed)).status).toBe(200)
    expect([await set('revocation', true), await set('revocation', false)]).toEqual([200, 422])
    expect(codesOf(await verify(signed))).toEqual(['revoked'])
    expect(await set('renewal', true)).toBe(404)

    const { items } = (await school.api.get('/v1/audit')).body
    const changes = items.filter(
      ({ action }: { action: string }) => action === 'credential.status_changed_by_api',
    )
    expect(changes.length).toBe(6)
  })

  test.each<[string, object, number, string]>([
    [
      'a purpose that nobody has lists for',
      { credentialStatus: [{ ...REVOCATION, statusPurpose: 'mood' }] },
      400,
      'status-purpose-refused',
    ],
    ['a purpose twice', { credentialStatus: [SUSPENSION, SUSPENSION] }, 400, 'status-purpose-refused'],
    [
      'messages that nobody names',
      { credentialStatus: [{ ...MESSAGE, statusMessage: undefined }] },
      400,
      'credential-refused',
    ],
    [
      'messages for one value',
      { credentialStatus: [{ ...MESSAGE, statusMessage: statusMessage.slice(1) }] },
      400,
      'credential-refused',
    ],
    [
      'a reference that is no URL',
      { credentialStatus: [{ ...MESSAGE, statusReference: 'x y' }] },
      400,
      'credential-refused',
    ],
    [
      'entries of several bits',
      { credentialStatus: [{ ...MESSAGE, statusSize: 2 }] },
      400,
      'invalid-request',
    ],
    [
      'a suite that is not for its key',
      { cryptosuite: 'ecdsa-rdfc-2019', credentialStatus: [REVOCATION] },
      422,
      'suite-not-for-key',
    ],
    [
      'a suite that nobody knows',
      { cryptosuite: 'none', credentialStatus: [REVOCATION] },
      400,
      'invalid-request',
    ],
  ])('takes no entry for %s', async (_name, options, status, code) => {
    const before = await entriesTaken()
    const answer = await issue({ credential: { ...minimal, issuer: schoolDid }, options }, school.api)
    expect([answer.status, answer.body.code]).toEqual([status, code])
    expect(await entriesTaken()).toBe(before)
  })

  test('takes no entry for pointers that lead nowhere, or for a form without a place for the document', async () => {
    const other = await product.organisation('vc-p256')
    const { body } = await other.api.post('/v1/issuers', { slug: 'vc-p256-academy', name: 'Academy' })
    expect((await other.api.post(`/v1/issuers/${body.id}/rotate-key`, { curve: 'P-256' })).status).toBe(200)
    const before = await entriesTaken()
    const credentialStatus = [REVOCATION]
    const disclosing = { cryptosuite: 'ecdsa-sd-2023', credentialStatus }
    const refusals: readonly (readonly [JsonObject, object])[] = [
      [minimal, { ...disclosing, mandatoryPointers: ['/nothing/there'] }],
      [older, { envelope: 'vc+jwt', credentialStatus }],
      [{ ...minimal, unmapped: 'x' }, { credentialStatus }],
    ]
    const codes = []
    for (const [credential, options] of refusals)
      codes.push((await issue({ credential, options }, other.api)).body.code)
    expect(codes).toEqual(['pointers-unmatched', 'credential-unfit', 'credential-refused'])
    expect(await entriesTaken()).toBe(before)
    const pointed = { ...disclosing, mandatoryPointers: ['/credentialStatus'] }
    await issued({ credential: minimal, options: pointed }, other.api)
    expect(await entriesTaken()).toBe(before + 1)
  })
})

describe('verifying', () => {
  const own = (change: JsonObject = {}): JsonObject => ({ ...minimal, issuer: teacher.did, ...change })

  test.each<[string, SignOptions]>([
    ['eddsa-rdfc-2022', {}],
    ['eddsa-jcs-2022', { cryptosuite: 'eddsa-jcs-2022' }],
  ])('a credential of somebody else under %s', async (_name, options) => {
    const answer = await verify(await teacher.sign(own(), options), { checks: ['proof'] })
    expect([answer.status, answer.body.verified]).toEqual([200, true])
    expect(answer.body.warnings.map(({ code }: { code: string }) => code)).toEqual(['issuer-unknown'])
  })

  test('a key that stands for an address counts where the operator says so', async () => {
    const signed = await teacher.sign(own({ issuer: CONTROLLER }))
    expect((await verify(signed)).status).toBe(200)
    const another = await teacher.sign(own({ issuer: 'https://institute.example.org/issuers/2' }))
    expect(codesOf(await verify(another))).toContain('proof-key-not-of-issuer')
  })

  test.each<[string, JsonObject, string]>([
    ['expired', { validUntil: '2001-01-01T00:00:00Z' }, 'expired'],
    ['not yet valid', { validFrom: '4023-02-26T01:02:58Z' }, 'not-yet-valid'],
  ])('one that is %s is not verified', async (_name, change, code) => {
    const answer = await verify(await teacher.sign(own(change)))
    expect([answer.status, codesOf(answer)]).toEqual([400, [code]])
  })

  test('one that was changed is not verified', async () => {
    const signed = await teacher.sign(own())
    const answer = await verify({ ...signed, id: 'urn:uuid:0d7e1c1e-6a52-4d0f-9f2c-3b1f1d7a9c02' })
    expect([answer.status, codesOf(answer)]).toEqual([400, ['proof-signature-wrong']])
  })

  test('a status that cannot be looked up is told apart', async () => {
    const entry = { ...REVOCATION, statusListIndex: '1', statusListCredential: 'https://nobody.invalid/1' }
    const answer = await verify(await teacher.sign(own({ credentialStatus: entry })))
    expect([answer.status, codesOf(answer)]).toEqual([422, ['status-unavailable']])
  })

  test('every proof of a set must hold, also one of somebody else beside it', async () => {
    const signed = await teacher.sign(own())
    const both = await suite.addProof(signed, holder.key, now())
    expect((await verify(both)).status).toBe(200)
    const [first, second] = both['proof'] as readonly JsonObject[]
    const proofValue = first?.['proofValue'] ?? ''
    expect(codesOf(await verify({ ...both, proof: [first, { ...second, proofValue }] as Json }))).toEqual([
      'proof-signature-wrong',
    ])
    // Alone it says nothing for the issuer.
    expect(codesOf(await verify({ ...both, proof: second as Json }))).toEqual(['proof-key-not-of-issuer'])
  })

  test('a chain of proofs is followed', async () => {
    const first = await suite.addProof(own(), holder.key, now(), {
      proofId: 'urn:uuid:26329423-bec9-4b2e-88cb-a7c7d9dc4544',
    })
    for (const previousProof of [
      'urn:uuid:26329423-bec9-4b2e-88cb-a7c7d9dc4544',
      ['urn:uuid:26329423-bec9-4b2e-88cb-a7c7d9dc4544'],
    ]) {
      const chained = await suite.addProof(first, teacher.key, now(), { previousProof })
      expect((await verify(chained)).status).toBe(200)
      const [, second] = chained['proof'] as readonly JsonObject[]
      expect(codesOf(await verify({ ...chained, proof: second as Json }))).toEqual(['proof-chain-broken'])
    }
  })

  test.each([
    ['application/vc+jwt', 'bare'],
    ['application/jwt', 'vc'],
    ['application/vc-ld+jwt;charset=utf-8', 'bare'],
  ])('a token in %s, its payload %s', async (mediaType, form) => {
    const token = await teacher.token(form === 'vc' ? { iss: teacher.did, vc: own() } : own())
    const id = `data:${mediaType},${token}`
    const answer = await verify({ '@context': [V2], type: 'EnvelopedVerifiableCredential', id })
    expect([answer.status, codesOf(answer)]).toEqual([200, []])
  })

  test.each<[string, unknown]>([
    ['a text', 'x'],
    ['a number', 7],
    ['null', null],
    ['a list', []],
    ['a document without anything', {}],
    ['contexts as a text', { ...minimal, '@context': V2 }],
    ['a type as a text', { ...minimal, type: 'VerifiableCredential' }],
  ])('%s is refused with 400', async (_name, document) => {
    const answer = await verify(document)
    expect(answer.status).toBe(400)
    expect(answer.body.problemDetails).not.toEqual([])
    expect(answer.body.problemDetails).toBeDefined()
  })

  test('what is beyond the bounds is refused with 413 before any work', async () => {
    let deep: Json = 'x'
    for (let at = 0; at < 80; at++) deep = [deep]
    const wide = { ...minimal, name: Array.from({ length: 5000 }, () => 'x') }
    const long = { ...minimal, name: 'x'.repeat(1_050_000) }
    for (const document of [{ ...minimal, deep }, wide, long]) {
      const answers = [await verify(document), await present(document), await issue({ credential: document })]
      expect(answers.map(({ status }) => status)).toEqual([413, 413, 413])
    }
  })
})

describe('selective disclosure', () => {
  test('a base proof gives disclosures that verify, and one that was changed does not', async () => {
    const person = { id: 'did:example:subject', name: 'Ann', email: 'mailto:ann@example.org' }
    const credential = { ...minimal, '@context': [V2, EXAMPLES], issuer: p256Did, credentialSubject: person }
    const options = { cryptosuite: 'ecdsa-sd-2023', mandatoryPointers: ['/issuer'] }
    const base = await issued({ credential, options })
    // It is for its holder.
    expect((await verify(base)).status).toBe(400)
    const derive = (verifiableCredential: Json, selectivePointers: string[]) =>
      anybody.post('/vc/credentials/derive', { verifiableCredential, options: { selectivePointers } })
    const { status, body } = await derive(base, ['/credentialSubject/name'])
    expect(status).toBe(201)
    const shown: JsonObject = body.verifiableCredential
    expect(shown).toMatchObject({ issuer: p256Did, credentialSubject: { name: 'Ann' } })
    expect(JSON.stringify(shown)).not.toContain('ann@example.org')
    expect(await verify(shown)).toMatchObject({ status: 200, body: { verified: true } })
    expect((await verify({ ...shown, credentialSubject: { ...person, name: 'Bob' } })).status).toBe(400)
    expect((await derive(base, ['/credentialSubject/nothing'])).status).toBe(422)
    expect((await derive(await teacher.sign({ ...minimal, issuer: teacher.did }), [])).status).toBe(422)
    expect((await derive({}, [])).status).toBe(422)
  })
})

describe('presentations', () => {
  const bare: JsonObject = { '@context': [V2], type: ['VerifiablePresentation'] }
  const credential = () => teacher.sign({ ...minimal, issuer: teacher.did })

  test('one with a challenge and a domain, its holder and its credentials', async () => {
    const options = { challenge: 'c-1', domain: 'verifier.example.org' }
    const presentation = {
      ...bare,
      holder: holder.did,
      verifiableCredential: [await credential(), await credential()],
    }
    const signed = await holder.present(presentation, options)
    expect(await present(signed, options)).toMatchObject({ status: 200, body: { verified: true } })
    expect(codesOf(await present(signed, { ...options, challenge: 'c-2' }))).toEqual([
      'proof-challenge-wrong',
    ])
    expect(codesOf(await present(signed, { ...options, domain: 'other.example.org' }))).toEqual([
      'proof-domain-wrong',
    ])
    expect((await present({ ...signed, holder: teacher.did }, options)).status).toBe(400)
  })

  test('without credentials and without a holder it is one as well', async () => {
    expect(
      (await present(await holder.present({ ...bare, id: 'urn:uuid:0d7e1c1e-6a52-4d0f-9f2c-3b1f1d7a9c03' })))
        .status,
    ).toBe(200)
    expect(
      (
        await present(
          await holder.present({ ...bare, '@context': [V1, 'https://w3id.org/security/data-integrity/v2'] }),
        )
      ).status,
    ).toBe(200)
  })

  test('one that was signed for something else, or not at all, is not verified', async () => {
    const asserted = await holder.present(bare, { purpose: 'assertionMethod' })
    expect(codesOf(await present(asserted))).toEqual(['proof-purpose-wrong'])
    expect(codesOf(await present(bare))).toEqual(['proof-missing'])
    expect((await present(await holder.present({ ...bare, holder: {} }))).status).toBe(400)
    const { type: _left, ...untyped } = await holder.present(bare)
    expect((await present(untyped)).status).toBe(400)
  })

  test('one bad credential in it spoils it', async () => {
    const expired = await teacher.sign({
      ...minimal,
      issuer: teacher.did,
      validUntil: '2001-01-01T00:00:00Z',
    })
    const signed = await holder.present({ ...bare, verifiableCredential: [await credential(), expired] })
    expect(codesOf(await present(signed))).toEqual(['expired'])
    const many = Array.from({ length: 17 }, () => minimal)
    expect((await present(await holder.present({ ...bare, verifiableCredential: many }))).status).toBe(400)
  })

  test('the holder vouches for what it says of itself, and for nothing else', async () => {
    const asserted = { ...minimal, issuer: holder.did }
    const self = { ...bare, verifiableCredential: [asserted] }
    expect((await present(await holder.present({ ...self, holder: holder.did }))).status).toBe(200)
    expect(codesOf(await present(await holder.present(self)))).toEqual(['proof-missing'])
    const others = {
      ...bare,
      holder: holder.did,
      verifiableCredential: [{ ...minimal, issuer: teacher.did }],
    }
    expect(codesOf(await present(await holder.present(others)))).toEqual(['proof-missing'])
  })

  test('an enveloped presentation with an enveloped credential', async () => {
    const inside = await teacher.token({ ...minimal, issuer: teacher.did })
    const envelope = (type: string, kind: string, token: string) => ({
      '@context': [V2],
      type,
      id: `data:application/${kind}+jwt,${token}`,
    })
    const vp = {
      ...bare,
      holder: holder.did,
      verifiableCredential: [envelope('EnvelopedVerifiableCredential', 'vc', inside)],
    }
    const token = await holder.token({ ...vp, nonce: 'c-1' }, { typ: 'vp+jwt' })
    const enveloped = envelope('EnvelopedVerifiablePresentation', 'vp', token)
    const answer = await present(enveloped, { challenge: 'c-1' })
    expect([answer.status, codesOf(answer)]).toEqual([200, []])
    expect((await present(enveloped, { challenge: 'c-2' })).status).toBe(400)
    expect((await present({ ...enveloped, '@context': [] })).status).toBe(400)
    expect((await present({ ...enveloped, type: ['VerifiablePresentation'] })).status).toBe(400)
    expect((await present({ ...enveloped, id: token })).status).toBe(400)
    const old = await holder.token({
      iss: holder.did,
      vp: { ...bare, '@context': [V1], verifiableCredential: [inside] },
    })
    const olderAnswer = await present(envelope('EnvelopedVerifiablePresentation', 'vp', old))
    expect([olderAnswer.status, codesOf(olderAnswer)]).toEqual([200, []])
  })
})
