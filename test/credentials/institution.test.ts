import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { withClient } from '#adapters/postgres/with-client.ts'
import { Caller } from '#app/demo/people/caller.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import { verifyByOthers } from '#test/conformance/issuer-rows.ts'
import { ApiCaller } from '#test/product/api-caller.ts'
import { awardOf, basicsRule, completed } from '#test/product/first-aid.ts'
import { signedIn } from '#test/product/member.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from '#test/product/test-product.ts'

const PARENT = {
  id: 'https://university.example.edu',
  name: 'Example University',
  url: 'https://university.example.edu/about',
  official: 'Stichting Example University',
  otherIdentifiers: [{ identifier: '21PC', type: 'ext:BRIN' }],
}
const INSTITUTION = {
  official: 'Stichting Voorbeeldacademie',
  phone: '+31201234567',
  address: {
    streetAddress: 'Voorbeeldplein 1',
    postOfficeBoxNumber: '12345',
    postalCode: '1012 AB',
    addressLocality: 'Amsterdam',
    addressRegion: 'Noord-Holland',
    addressCountry: 'Nederland',
    addressCountryCode: 'NL',
    geo: { latitude: 52.37, longitude: 4.89 },
  },
  otherIdentifiers: [
    { identifier: '30AA01', type: 'ext:BRIN' },
    { identifier: 'https://ror.org/04dkp9463', type: 'ext:ROR' },
    { identifier: '41199082', type: 'ext:KVK' },
    { identifier: 'academy', type: 'sourcedId' },
  ],
  parentOrg: PARENT,
}
/** The same as documents of Open Badges 3.0 have it. */
const PROFILE = {
  official: INSTITUTION.official,
  phone: INSTITUTION.phone,
  address: {
    type: ['Address'],
    ...INSTITUTION.address,
    geo: { type: 'GeoCoordinates', latitude: 52.37, longitude: 4.89 },
  },
  otherIdentifier: INSTITUTION.otherIdentifiers.map(({ identifier, type }) => ({
    type: 'IdentifierEntry',
    identifier,
    identifierType: type,
  })),
  parentOrg: {
    id: PARENT.id,
    type: ['Profile'],
    name: PARENT.name,
    url: PARENT.url,
    official: PARENT.official,
    otherIdentifier: [{ type: 'IdentifierEntry', identifier: '21PC', identifierType: 'ext:BRIN' }],
  },
}
const ALIGNMENT = { targetName: 'Scale of grades', targetUrl: 'https://grades.example.org/scale' }
const DEFINITION = {
  language: 'nl',
  name: { nl: 'Ontruiming', en: 'Evacuation' },
  description: { nl: 'Leidde een ontruiming.', en: 'Led an evacuation.' },
  criteria: { nl: 'Leid er een.', en: 'Lead one.' },
  criteriaUrl: 'https://academy.example.org/criteria/evacuation',
  achievementType: 'MicroCredential',
  humanCode: 'ONT-1',
  fieldOfStudy: 'Veiligheid',
  specialization: 'Ontruiming',
  otherIdentifiers: [{ identifier: '25743', type: 'ext:crebo' }],
  workload: { unit: 'ects', amount: 2.5 },
  educredential: { participationType: 'onsite or blended', assessmentType: 'application of a skill' },
  resultDescriptions: [
    {
      id: 'grade',
      name: { nl: 'Cijfer', en: 'Grade' },
      type: 'LetterGrade',
      allowedValues: ['onvoldoende', 'voldoende', 'goed'],
      requiredValue: 'voldoende',
      alignments: [ALIGNMENT],
    },
  ],
}
const PARTICULARS = {
  activityStartDate: '2026-09-01T00:00:00Z',
  activityEndDate: '2026-11-12T16:00:00Z',
  creditsEarned: 2.5,
  licenseNumber: 'A-9320041',
  role: 'Ploegleider',
  term: '2026–2027, eerste helft',
  source: { id: 'https://assessor.example.org', name: 'Bureau Beoordeling' },
}
const EVIDENCE = {
  url: 'https://academy.example.org/drill',
  name: 'Verslag',
  description: 'Wat er op 12 november gebeurde.',
  narrative: 'Zij leidde de **ontruiming**.',
  genre: 'Report',
  audience: 'Werkgevers',
}

/** Addresses that no document can be signed with. */
const UNSIGNABLE = [
  ...['a b', 'a\u00A0b', '<b>', 'a>b"', 'a\\b', 'a`b', '{a}', 'a|b', 'a^b', 'a\u202Eb'].map(
    (path) => `https://x.example.nl/${path}`,
  ),
  'did:web:%zz:a',
]

let product: TestProduct
let school: TestOrganisation
let issuerId: string
let achievementId: string
beforeAll(async () => {
  product = await startTestProduct()
  school = await product.organisation('institution-school')
  const issuer = { slug: 'institution-academy', name: 'Academie', email: 'post@academy.example.org' }
  const made = await school.api.post('/v1/issuers', { ...issuer, ...INSTITUTION })
  expect([made.status, made.body.code]).toEqual([201, undefined])
  issuerId = made.body.id
  achievementId = await published('evacuation', DEFINITION)
})
afterAll(() => product?.stop())

async function published(slug: string, definition: object, of = issuerId): Promise<string> {
  const made = await school.api.post('/v1/achievements', { issuerId: of, slug, definition })
  expect([made.status, made.body.code]).toEqual([201, undefined])
  const answer = await school.api.post(`/v1/achievements/${made.body.id}/versions/1/publish`)
  expect([answer.status, answer.body.code]).toEqual([200, undefined])
  return made.body.id
}

const sql = (text: string, values: unknown[] = []) =>
  withClient(product.running.parts.databaseUrl, async (client) => (await client.query(text, values)).rows)

let people = 0
/** Awards it to somebody, who claims it; the badge as it was signed. */
async function claimed(over: object) {
  const address = `person${++people}@example.org`
  const made = await school.api.post('/v1/direct-awards', { achievementId, identifier: address, ...over })
  expect([made.status, made.body.code]).toEqual([201, undefined])
  const learner = await signedIn(product, address)
  const { body } = await learner.post('/v1/claims/by-code', { code: made.body.awardCode })
  const { credentialId } = body
  const document = await vi.waitFor(
    async () => {
      const view = await learner.get(`/v1/credentials/${credentialId}`)
      expect(view.status).toBe(200)
      return view.body.document as JsonObject
    },
    { timeout: 15_000, interval: 100 },
  )
  return { document, learner, credentialId, directAwardId: made.body.directAward.id as string }
}
const subjectOf = (document: JsonObject) => document['credentialSubject'] as JsonObject
const change = (body: object, version: number, of = issuerId) =>
  school.api.send('PATCH', `/v1/issuers/${of}`, JSON.stringify(body), {
    'content-type': 'application/json',
    'if-match': `"v${version}"`,
  })
const verdictOf = async (document: JsonObject) =>
  (await new ApiCaller(product.url).post('/v1/verify', document)).body

test('a badge with every member of an institution, an activity and a result verifies, by others too', async () => {
  const { document, learner, credentialId, directAwardId } = await claimed({
    evidence: [EVIDENCE],
    results: [{ resultDescription: 'grade', value: 'goed' }],
    particulars: PARTICULARS,
  })
  expect(document['issuer']).toMatchObject({ type: ['Profile'], name: 'Academie', ...PROFILE })
  expect(subjectOf(document)).toMatchObject({
    ...PARTICULARS,
    source: { type: ['Profile'], ...PARTICULARS.source },
    achievement: {
      type: ['Achievement', 'EducredentialAchievement'],
      version: '1',
      criteria: { id: DEFINITION.criteriaUrl, narrative: 'Leid er een.' },
      humanCode: 'ONT-1',
      fieldOfStudy: 'Veiligheid',
      specialization: 'Ontruiming',
      otherIdentifier: [{ identifier: '25743', identifierType: 'ext:crebo' }],
      resultDescription: [
        {
          allowedValue: ['onvoldoende', 'voldoende', 'goed'],
          requiredValue: 'voldoende',
          alignment: [{ type: ['Alignment'], ...ALIGNMENT }],
        },
      ],
    },
    result: [{ value: 'goed' }],
  })
  const { url, ...told } = EVIDENCE
  expect(document['evidence']).toEqual([{ id: url, type: ['Evidence'], ...told }])

  const report = await verdictOf(document)
  expect(report).toMatchObject({ verdict: 'valid' })
  expect(report.checks.find(({ name }: { name: string }) => name === 'schema')).toMatchObject({
    outcome: 'passed',
  })
  expect(report.credential.issuer.institution).toEqual({
    official: INSTITUTION.official,
    identifiers: INSTITUTION.otherIdentifiers,
    address: 'Voorbeeldplein 1, 1012 AB Amsterdam, Noord-Holland, Nederland',
    postOfficeBox: '12345',
    parent: PARENT.name,
  })
  expect(report.credential.parts.particulars).toEqual({
    ...PARTICULARS,
    creditsEarned: '2.5',
    source: 'Bureau Beoordeling',
  })
  await verifyByOthers({ visitor: new Caller(product.url), url: product.url }, document)

  const award = (await school.api.get(`/v1/direct-awards/${directAwardId}`)).body
  expect(award.particulars).toEqual(PARTICULARS)
  expect((await school.api.get(`/v1/awards/${award.awardId}`)).body.particulars).toEqual(PARTICULARS)
  const paper = await learner.get(`/v1/credentials/${credentialId}/document?format=pdf`)
  expect(paper.status).toBe(200)
})

test('each member of it is under the signature', async () => {
  const { document } = await claimed({ particulars: PARTICULARS })
  for (const [was, made] of [
    ['30AA01', '31AA01'],
    ['Voorbeeldplein', 'Anderplein'],
    ['+31201234567', '+31201234568'],
    ['2026-11-12T16', '2026-11-13T16'],
    ['A-9320041', 'A-9320042'],
    ['Bureau Beoordeling', 'Bureau Ander'],
  ] as const) {
    const forged = JSON.parse(JSON.stringify(document).replace(was, made))
    expect([was, (await verdictOf(forged)).verdict]).toEqual([was, 'invalid'])
  }
})

test('the profile says it, and a change stands in it and in every badge from then on, but in none before', async () => {
  const anybody = new ApiCaller(product.url)
  const profile = async () =>
    (await anybody.get('/issuers/institution-academy', { accept: 'application/ld+json' })).body
  expect(await profile()).toMatchObject(PROFILE)
  const before = await claimed({})
  const { headers } = await school.api.get(`/v1/issuers/${issuerId}`)
  expect(headers.get('etag')).toBe('"v1"')

  const changed = await change({ official: 'Coöperatie Voorbeeld U.A.', phone: null, parentOrg: null }, 1)
  expect([changed.status, changed.headers.get('etag')]).toEqual([200, '"v2"'])
  expect(changed.body).toMatchObject({
    official: 'Coöperatie Voorbeeld U.A.',
    phone: null,
    parentOrg: null,
    address: INSTITUTION.address,
    email: 'post@academy.example.org',
    revision: 2,
  })
  const after = await claimed({})
  expect(after.document['issuer']).toMatchObject({ official: 'Coöperatie Voorbeeld U.A.' })
  for (const name of ['phone', 'parentOrg'])
    expect([name, (after.document['issuer'] as JsonObject)[name], (await profile())[name]]).toEqual([
      name,
      undefined,
      undefined,
    ])
  expect((await verdictOf(after.document)).verdict).toBe('valid')
  expect(before.document['issuer']).toMatchObject(PROFILE)
  expect((await verdictOf(before.document)).verdict).toBe('valid')

  const stale = await change({ official: 'Too late' }, 1)
  expect([stale.status, stale.body.code]).toEqual([412, 'precondition-failed'])
  const [entry] = (await school.api.get('/v1/audit')).body.items.filter(
    ({ action }: { action: string }) => action === 'issuer.changed',
  )
  expect(entry).toMatchObject({
    targetId: issuerId,
    detail: { changed: ['official', 'parentOrg', 'phone'], before: expect.any(String) },
  })
  expect((await change(INSTITUTION, 2)).status).toBe(200)
})

describe('what an issuer cannot say of itself', () => {
  const brin = (identifier: string) => ({ otherIdentifiers: [{ identifier, type: 'ext:BRIN' }] })
  test.each([
    ['/phone', { phone: '020 123 4567' }],
    ['/phone', { phone: '+0123' }],
    ['/phone', { phone: '+1234567890123456' }],
    ['/official', { official: '' }],
    ['/official', { official: '\u200B' }],
    ['/official', { official: 'x'.repeat(301) }],
    ['/address', { address: {} }],
    ['/address/addressCountryCode', { address: { addressCountryCode: 'XX' } }],
    ['/address/addressCountryCode', { address: { addressCountryCode: 'nl' } }],
    ['/address/geo/latitude', { address: { geo: { latitude: 91, longitude: 0 } } }],
    ['/otherIdentifiers/0/identifier', brin('3AA')],
    ['/otherIdentifiers/0/identifier', brin('30aa')],
    ['/otherIdentifiers/0/identifier', { otherIdentifiers: [{ identifier: '04dkp9463', type: 'ext:ROR' }] }],
    ['/otherIdentifiers/0/identifier', { otherIdentifiers: [{ identifier: '1234', type: 'ext:KvK' }] }],
    ['/otherIdentifiers/0/type', { otherIdentifiers: [{ identifier: '1', type: 'BRIN' }] }],
    ['/otherIdentifiers', { otherIdentifiers: [] }],
    [
      '/otherIdentifiers/1',
      {
        otherIdentifiers: [
          { identifier: '30AA', type: 'ext:BRIN' },
          { identifier: '30AA', type: 'ext:brin' },
        ],
      },
    ],
    ['/parentOrg/id', { parentOrg: { id: 'university', name: 'X' } }],
    ['/parentOrg/name', { parentOrg: { id: 'did:web:university.example.edu' } }],
    [
      '/otherIdentifiers/0/identifier',
      { otherIdentifiers: [{ identifier: '1, BRIN 21PL', type: 'ext:nr' }] },
    ],
    ['/otherIdentifiers/0/identifier', { otherIdentifiers: [{ identifier: '1\nBRIN', type: 'ext:nr' }] }],
    ...['name', 'userName', 'accountId', 'emailAddress', 'nationalIdentityNumber', 'ltiUserId'].map(
      (type): [string, object] => [
        '/otherIdentifiers/0/type',
        { otherIdentifiers: [{ identifier: '1', type }] },
      ],
    ),
    ...UNSIGNABLE.map((id): [string, object] => ['/parentOrg/id', { parentOrg: { id, name: 'X' } }]),
    ['/parentOrg/url', { parentOrg: { ...PARENT, url: 'https://x.example.nl/a b' } }],
    ['', {}],
  ])('%s of %j', async (pointer, body) => {
    const { status, body: problem } = await change(body, 1)
    expect([status, problem.code, problem.errors?.[0]?.pointer]).toEqual([400, 'invalid-request', pointer])
    if (pointer === '') return
    const made = await school.api.post('/v1/issuers', { slug: 'refused', name: 'X', ...body })
    expect([made.status, made.body.errors?.[0]?.pointer]).toEqual([400, pointer])
  })
})

test('an issuer is no part of itself', async () => {
  const { did } = (await school.api.get(`/v1/issuers/${issuerId}`)).body
  const itself = { parentOrg: { id: did, name: 'Universiteit' } }
  const { revision } = (await school.api.get(`/v1/issuers/${issuerId}`)).body
  const { status, body } = await change(itself, revision)
  expect([status, body.code, body.errors?.[0]?.pointer]).toEqual([400, 'invalid-request', '/parentOrg/id'])
})

describe('who assessed is neither the issuer nor what it is a part of', () => {
  const idOf = {
    issuer: async () => (await school.api.get(`/v1/issuers/${issuerId}`)).body.did as string,
    parent: async () => PARENT.id,
  }
  test.each(['issuer', 'parent'] as const)('%s', async (whose) => {
    const particulars = { source: { id: await idOf[whose](), name: 'Universiteit' } }
    const pointer = '/particulars/source/id'
    const award = { achievementId, identifier: 'source@example.org' }
    const refused = await school.api.post('/v1/direct-awards', { ...award, particulars })
    expect([refused.status, refused.body.errors?.[0]]).toEqual([
      400,
      expect.objectContaining({ pointer, code: 'same-id' }),
    ])
    const made = await school.api.post('/v1/direct-awards', {
      ...award,
      scheduledAt: '2099-01-01T00:00:00Z',
      identifier: `${whose}@example.org`,
    })
    const { id, revision } = made.body.directAward
    const changed = await school.api.send(
      'PATCH',
      `/v1/direct-awards/${id}`,
      JSON.stringify({ particulars }),
      { 'content-type': 'application/json', 'if-match': `"v${revision}"` },
    )
    expect([changed.status, changed.body.errors?.[0]?.pointer]).toEqual([400, pointer])
    const list = await school.api.post('/v1/direct-award-bundles/preview', {
      achievementId,
      name: 'List',
      rows: [{ identifier: 'row@example.org', particulars }],
    })
    expect(list.body.rows[0].faults).toMatchObject([{ column: 'particulars', code: 'same-id' }])
  })
})

test('an award that could not be signed for what its issuer said is prepared anew once that is mended', async () => {
  const made = await school.api.post('/v1/issuers', { slug: 'stuck-academy', name: 'Stuck' })
  const id = made.body.id as string
  const achievement = await published('stuck', { ...DEFINITION, resultDescriptions: undefined }, id)
  // From before addresses were looked at.
  const parent = { id: 'https://x.example.nl/a b', name: 'X' }
  await sql('UPDATE issuer SET parent_org = $2 WHERE id = $1', [id, JSON.stringify(parent)])
  const offer = await school.api.post('/v1/direct-awards', {
    achievementId: achievement,
    identifier: 'stuck@example.org',
  })
  const learner = await signedIn(product, 'stuck@example.org')
  const { credentialId } = (await learner.post('/v1/claims/by-code', { code: offer.body.awardCode })).body
  await vi.waitFor(
    async () => {
      const [award] = await sql('SELECT last_error FROM award WHERE issuer_id = $1', [id])
      expect(award?.last_error).toMatch(/not fit to be signed/)
    },
    { timeout: 15_000, interval: 100 },
  )

  const still = await change({ official: 'Stichting Stuck' }, 1, id)
  expect([still.status, still.body.code]).toEqual([422, 'credential-unfit'])
  expect(still.body.parameters.faults[0].path).toBe('/issuer/parentOrg/id')
  expect((await change({ parentOrg: PARENT }, 1, id)).status).toBe(200)
  const document = await vi.waitFor(
    async () => {
      await sql('UPDATE award SET next_attempt_at = NULL, parked_at = NULL WHERE issuer_id = $1', [id])
      const view = await learner.get(`/v1/credentials/${credentialId}`)
      expect(view.status).toBe(200)
      return view.body.document as JsonObject
    },
    { timeout: 15_000, interval: 100 },
  )
  expect((document['issuer'] as JsonObject)['parentOrg']).toMatchObject({ id: PARENT.id })
  const editions = await sql('SELECT edition FROM credential_edition WHERE credential_id = $1', [
    credentialId,
  ])
  expect(editions).toEqual([{ edition: 1 }])
})

describe('what no direct award says', () => {
  test.each([
    [
      '/particulars/activityEndDate',
      { activityStartDate: '2026-09-02T00:00:00Z', activityEndDate: '2026-09-01T00:00:00Z' },
    ],
    ['/particulars/activityStartDate', { activityStartDate: '2026-09-01' }],
    ['/particulars/activityStartDate', { activityStartDate: '0000-01-01T00:00:00Z' }],
    ['/particulars/creditsEarned', { creditsEarned: -1 }],
    ['/particulars/source/id', { source: { id: 'x', name: 'X' } }],
    ['/particulars/source/id', { source: { id: 'https://x.example.nl/<b>', name: 'X' } }],
  ])('%s of %j', async (pointer, particulars) => {
    const answer = await school.api.post('/v1/direct-awards', {
      achievementId,
      identifier: 'refused@example.org',
      particulars,
    })
    expect([answer.status, answer.body.code, answer.body.errors?.[0]?.pointer]).toEqual([
      400,
      'invalid-request',
      pointer,
    ])
  })
})

test('a list says it by its columns, and each cell that is wrong is told by its column', async () => {
  const preview = async (cells: string) => {
    const header =
      'identifier,activity_start_date,activity_end_date,credits_earned,license_number,role,term,evidence_description,evidence_audience'
    const { status, body } = await school.api.send(
      'POST',
      `/v1/direct-award-bundles/preview?achievementId=${achievementId}&name=List`,
      `${header}\n${cells}`,
      { 'content-type': 'text/csv' },
    )
    expect([status, body.code]).toEqual([200, undefined])
    return body.rows[0].faults.map(({ column }: { column: string }) => column)
  }
  const good =
    'list@example.org,2026-09-01,2026-11-30T16:00:00+01:00,2.5,A-1,Leider,Najaar,Verslag,Werkgevers'
  expect(await preview(good)).toEqual([])
  expect(await preview(good.replace('2026-09-01', 'september'))).toEqual(['activity_start_date'])
  expect(await preview(good.replace('2026-09-01', '2027-09-01'))).toEqual(['activity_end_date'])
  expect(await preview(good.replace(',2.5,', ',veel,'))).toEqual(['credits_earned'])

  const header = 'identifier,activity_start_date,role'
  const started = await school.api.send(
    'POST',
    `/v1/direct-award-bundles?achievementId=${achievementId}&name=List`,
    `${header}\nlist@example.org,2026-09-01,Leider`,
    { 'content-type': 'text/csv', 'idempotency-key': crypto.randomUUID() },
  )
  expect([started.status, started.body.code]).toEqual([202, undefined])
  await vi.waitFor(
    async () => {
      const { items } = (await school.api.get(`/v1/direct-awards?bundleId=${started.body.id}`)).body
      expect(items[0]?.particulars).toEqual({ activityStartDate: '2026-09-01T00:00:00Z', role: 'Leider' })
    },
    { timeout: 15_000 },
  )
})

test('a correction tells other particulars, and the badge says those from its next edition on', async () => {
  const { learner, credentialId, directAwardId } = await claimed({ particulars: PARTICULARS })
  const { awardId } = (await school.api.get(`/v1/direct-awards/${directAwardId}`)).body
  const { revision } = (await school.api.get(`/v1/awards/${awardId}`)).body
  const corrected = await school.api.post(
    `/v1/awards/${awardId}/correct`,
    { changes: { particulars: { role: 'Waarnemer' } }, reason: 'It was somebody else.' },
    { 'if-match': `"v${revision}"` },
  )
  expect([corrected.status, corrected.body.correction?.particulars]).toEqual([200, { role: 'Waarnemer' }])
  const subject = await vi.waitFor(
    async () => {
      const { document } = (await learner.get(`/v1/credentials/${credentialId}`)).body
      expect(subjectOf(document)['role']).toBe('Waarnemer')
      return subjectOf(document)
    },
    { timeout: 15_000 },
  )
  expect(Object.keys(PARTICULARS).filter((name) => subject[name] !== undefined)).toEqual(['role'])
})

describe('a rule', () => {
  const activate = async (achievement: string, over: object) => {
    await published(achievement, { ...DEFINITION, resultDescriptions: undefined })
    const rule = await school.api.post('/v1/rules', {
      name: achievement,
      document: { ...basicsRule(achievement), ...over },
    })
    const active = await school.api.post(`/v1/rules/${rule.body.id}/versions/1/activate`)
    expect([active.status, active.body.code]).toEqual([200, undefined])
    return rule.body.id as string
  }

  test('that awards once a period tells from when to when, one with evidence its days, another nothing', async () => {
    const rules = [
      await activate('by-month', {
        occurrence: { kind: 'period', unit: 'month', zone: 'Europe/Amsterdam' },
        evidence: 'modules',
      }),
      await activate('by-evidence', { evidence: 'modules' }),
      await activate('by-neither', {}),
    ]
    await school.api.post('/v1/events', [completed('rules', 1), completed('rules', 3)])
    await awardOf(school.api, 'rules')
    const said = await vi.waitFor(
      async () => {
        const { items } = (await school.api.get('/v1/awards?limit=100')).body
        const found = rules.map((id) => items.find(({ ruleId }: { ruleId: string }) => ruleId === id))
        for (const award of found) expect(award).toBeDefined()
        return found.map(({ particulars }) => particulars)
      },
      { timeout: 15_000 },
    )
    expect(said).toEqual([
      { activityStartDate: '2026-08-31T22:00:00Z', activityEndDate: '2026-09-03T09:00:00Z' },
      { activityStartDate: '2026-09-01T00:00:00Z', activityEndDate: '2026-09-03T00:00:00Z' },
      null,
    ])
  })
})

describe('what a result can be', () => {
  const check = (result: object) =>
    school.api.post('/v1/achievements', {
      issuerId,
      slug: 'unfit',
      definition: { ...DEFINITION, resultDescriptions: [{ id: 'grade', name: { nl: 'Cijfer' }, ...result }] },
    })
  const levels = [
    { id: 'low', name: { nl: 'Laag' } },
    { id: 'high', name: { nl: 'Hoog' } },
  ]
  test.each([
    ['requiredValue', { type: 'LetterGrade', allowedValues: ['A', 'B'], requiredValue: 'C' }],
    ['allowedValues/1', { type: 'LetterGrade', allowedValues: ['A', 'A'] }],
    ['allowedValues/1', { type: 'Percent', allowedValues: ['50', '150'] }],
    ['allowedValues/2', { type: 'RawScore', allowedValues: ['7', '8', '8.0'] }],
    ['allowedValues', { type: 'RubricCriterionLevel', levels, allowedValues: ['low'] }],
    ['requiredValue', { type: 'RubricCriterionLevel', levels, requiredValue: 'highest' }],
  ])('not this %s: %j', async (member, result) => {
    const { status, body } = await check(result)
    expect([status, body.code, body.parameters?.pointer]).toEqual([
      422,
      'result-description-unfit',
      `/resultDescriptions/0/${member}`,
    ])
  })

  test('only what is allowed is said of somebody', async () => {
    const offer = (value: string) =>
      school.api.post('/v1/direct-awards', {
        achievementId,
        identifier: 'graded@example.org',
        results: [{ resultDescription: 'grade', value }],
      })
    const refused = await offer('uitmuntend')
    expect([refused.status, refused.body.errors?.[0]?.code]).toEqual([400, 'result-unknown'])
    expect((await offer('onvoldoende')).status).toBe(201)
  })
})
