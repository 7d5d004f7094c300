import { afterAll, describe, expect, test } from 'vitest'
import { withClient } from '#adapters/postgres/with-client.ts'
import { readStatusBit } from '#engine/credentials/status-list.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import { ApiCaller } from '#test/product/api-caller.ts'
import {
  codesOf,
  DRAFT_DIGEST,
  EXAMPLES,
  minimal,
  older,
  RECOMMENDATION_DIGEST,
  REVOCATION,
  startVcApi,
  suite,
  V1,
  V2,
} from './vc-api-product.ts'

const { stop, product, school, anybody, did, p256Did, schoolDid, issue, verify, issued } = await startVcApi()
afterAll(stop)

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
        ttl: 300_000,
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

  test('takes types that are cut in the middle of a character in its trail', async () => {
    for (const length of [477, 478]) {
      const type = ['VerifiableCredential', `urn:x:${'a'.repeat(length - 6)}${'\u{1f600}'.repeat(3)}`]
      const { status } = await issue({ credential: { ...minimal, type, issuer: schoolDid } }, school.api)
      expect(status).toBe(201)
    }
  })

  test('takes no id that nobody could look up', async () => {
    // Of random letters, as others get shorter in an index.
    const letters = Buffer.from(crypto.getRandomValues(new Uint8Array(6000))).toString('base64url')
    const ofLength = (bytes: number) =>
      issue(
        { credential: { ...minimal, id: `urn:x:${letters.slice(0, bytes - 6)}`, issuer: schoolDid } },
        school.api,
      )
    expect((await ofLength(2000)).status).toBe(201)
    for (const bytes of [2001, 8000])
      expect(await ofLength(bytes)).toMatchObject({
        status: 400,
        body: { code: 'credential-refused', parameters: { faults: [{ path: '/id' }] } },
      })
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
