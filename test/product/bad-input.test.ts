import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { usedCpuMs } from '#test/used-cpu.ts'
import { type ApiAnswer, ApiCaller } from './api-caller.ts'
import { basicsRule, completed, type FirstAid, MODULES, setUpFirstAid } from './first-aid.ts'
import { rowCounts } from './row-counts.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from './test-product.ts'

let product: TestProduct
let school: TestOrganisation
let firstAid: FirstAid
beforeAll(async () => {
  product = await startTestProduct()
  school = await product.organisation('bad-input-school')
  firstAid = await setUpFirstAid(school.api, 'bad-input-academy')
})
afterAll(() => product?.stop())

/** What was refused, with the places that are at fault: `code`, and `code place` of each fault. */
function refusalOf({ status, type, body }: ApiAnswer): readonly unknown[] {
  expect(type).toContain('application/problem+json')
  const places = (body.errors ?? []).map(
    (fault: { code: string; pointer: string }) => `${fault.code} ${fault.pointer}`,
  )
  const faults = (body.parameters.faults ?? []).map(
    (fault: { code: string; path: string }) => `${fault.code} ${fault.path}`,
  )
  const { reason } = body.parameters
  return [
    status,
    reason === undefined || status !== 400 ? body.code : `${body.code} ${reason}`,
    ...places,
    ...faults,
  ]
}

/** Runs the call and holds the database against what it was before: a refusal leaves nothing behind. */
async function leavingNothing(call: () => Promise<ApiAnswer>): Promise<ApiAnswer> {
  const before = await rowCounts(product.running.parts.databaseUrl)
  const started = usedCpuMs()
  const answer = await call()
  expect(usedCpuMs() - started).toBeLessThan(5000)
  expect(await rowCounts(product.running.parts.databaseUrl)).toEqual(before)
  return answer
}

const UNKNOWN = '00000000-0000-4000-8000-00000000dead'
const asJson = { 'content-type': 'application/json' }
const text = (value: unknown) => JSON.stringify(value)

describe('bytes that are no acceptable JSON are refused by every door, and nothing is stored', () => {
  const event = text(completed('bytes', 1))
  const bad: [what: string, body: BodyInit, status: number, code: string][] = [
    ['malformed JSON', event.slice(0, -1), 400, 'malformed-json syntax'],
    [
      'invalid UTF-8',
      Buffer.concat([Buffer.from('{"id":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')]),
      400,
      'malformed-json invalid-utf8',
    ],
    ['duplicate keys', event.replace('{', '{"id":"a",'), 400, 'malformed-json duplicate-key'],
    ['a lone surrogate', event.replace('event-', '\\ud800'), 400, 'malformed-json lone-surrogate'],
    ['an escaped NUL', event.replace('event-', '\\u0000'), 400, 'malformed-json nul'],
    ['a number out of range', event.replace('0.9', '1e999'), 400, 'malformed-json number-out-of-range'],
    [
      'a number that would be rounded',
      event.replace('0.9', '9007199254740993'),
      400,
      'malformed-json number-not-exact',
    ],
    [
      'a __proto__ key',
      event.replace('{', '{"__proto__":{"admin":true},'),
      400,
      'malformed-json forbidden-key',
    ],
    [
      '100-deep nesting',
      event.replace('0.9', `${'['.repeat(100)}${']'.repeat(100)}`),
      400,
      'json-too-complex too-deep',
    ],
    ['a 5 MB body', event.replace('event-', 'x'.repeat(5_000_000)), 413, 'body-too-large'],
  ]

  test.each(bad)('%s', async (_what, body, status, code) => {
    for (const path of ['/v1/events', '/v1/rules', '/v1/achievements']) {
      const answer = await leavingNothing(() => school.api.send('POST', path, body, asJson))
      expect(refusalOf(answer).slice(0, 2)).toEqual([status, code])
    }
  })

  test('another media type, no media type, another charset, a compressed body', async () => {
    for (const headers of [
      { 'content-type': 'text/plain' },
      { 'content-type': '' },
      { 'content-type': 'application/json; charset=utf-16' },
      { 'content-type': 'application/x-www-form-urlencoded' },
    ])
      expect(refusalOf(await school.api.send('POST', '/v1/events', event, headers))).toEqual([
        415,
        'unsupported-media-type',
      ])
    expect(
      refusalOf(
        await school.api.send('POST', '/v1/events', event, { ...asJson, 'content-encoding': 'gzip' }),
      ),
    ).toEqual([415, 'unsupported-content-encoding'])
  })
})

describe('events', () => {
  const send = (body: unknown, headers = {}) =>
    leavingNothing(async () => school.api.post('/v1/events', body, headers))

  test('every fault of a CloudEvent is named with its code and place', async () => {
    const cases: [over: Record<string, unknown>, ...faults: string[]][] = [
      [{ specversion: '0.3' }, 'event-spec-version /specversion'],
      [{ id: undefined }, 'event-member-missing /id'],
      [{ id: 7 }, 'event-shape /id'],
      [{ id: '' }, 'event-shape /id'],
      [{ id: '🎓'.repeat(600) }, 'event-shape /id'],
      [{ source: undefined }, 'event-member-missing /source'],
      [{ source: 'two words' }, 'event-shape /source'],
      [{ source: `https://lms.example.org/${'é'.repeat(900)}` }, 'event-shape /source'],
      [{ type: null }, 'event-shape /type'],
      [{ time: undefined }, 'event-time-missing /time'],
      [{ time: 'yesterday' }, 'event-time-invalid /time'],
      [{ time: '2026-02-30T10:00:00Z' }, 'event-time-invalid /time'],
      [{ time: '2026-09-01T10:00:00' }, 'event-time-invalid /time'],
      [{ time: '0000-01-01T00:00:00Z' }, 'event-time-invalid /time'],
      [{ time: '0001-01-01T00:00:00+14:00' }, 'event-time-invalid /time'],
      [{ time: '9999-12-31T23:59:59-14:00' }, 'event-time-invalid /time'],
      [{ subject: undefined }, 'event-person-missing /subject'],
      [{ subject: 'mailto:nobody' }, 'event-person-invalid /subject'],
      [{ subject: '😀'.repeat(251) }, 'event-person-invalid /subject'],
      [{ data: { activity: MODULES[0], score: 7 } }, 'event-score-invalid /data/score'],
      [{ data: { activity: 7 } }, 'event-shape /data/activity'],
      [
        { data: { success: 'yes', duration: 'long' } },
        'event-shape /data/success',
        'event-duration-invalid /data/duration',
      ],
      [{ data_base64: 'AAAA' }, 'event-binary-data /data_base64'],
      [{ Camel: 'x' }, 'event-attribute-name /Camel'],
    ]
    for (const [over, ...faults] of cases) {
      const answer = await send(completed('faulty', 1, over))
      expect([over, ...refusalOf(answer)]).toEqual([over, 422, 'event-invalid', ...faults])
    }
  })

  test('every fault of an xAPI statement is named with its code and place', async () => {
    const statement = {
      id: '7f0a1d5e-0000-4000-8000-0000000000aa',
      timestamp: '2026-09-01T09:00:00Z',
      actor: { mbox: 'mailto:faulty@example.org' },
      verb: { id: 'http://adlnet.gov/expapi/verbs/completed' },
      object: { id: MODULES[0] },
    }
    const cases: [over: Record<string, unknown>, ...faults: string[]][] = [
      [{ id: undefined }, 'event-member-missing /id'],
      [{ id: 'one' }, 'event-shape /id'],
      [{ timestamp: undefined }, 'event-time-missing /timestamp'],
      [{ actor: undefined }, 'event-person-missing /actor'],
      [{ actor: 'ann' }, 'event-shape /actor'],
      [{ actor: {} }, 'event-person-missing /actor'],
      [{ actor: { mbox: 'ann@example.org' } }, 'event-person-invalid /actor/mbox'],
      [
        { actor: { mbox: 'mailto:a@example.org', openid: 'https://a.example.org' } },
        'event-person-ambiguous /actor',
      ],
      [{ actor: { objectType: 'Group', member: [] } }, 'event-group /actor'],
      [{ verb: {} }, 'event-member-missing /verb/id'],
      [{ object: undefined }, 'event-member-missing /object'],
      [{ verb: { id: 'http://adlnet.gov/expapi/verbs/voided' } }, 'event-void-target /object'],
      [{ result: { score: { scaled: 3 } } }, 'event-score-invalid /result/score/scaled'],
      [{ version: '0.9' }, 'event-spec-version /version'],
      [
        { authority: { account: { homePage: `https://${'x'.repeat(3000)}`, name: 'a' } } },
        'event-shape /authority/account/homePage',
      ],
    ]
    for (const [over, ...faults] of cases) {
      const answer = await send({ ...statement, ...over })
      expect([over, ...refusalOf(answer)]).toEqual([over, 422, 'event-invalid', ...faults])
    }
  })

  test('what has not happened yet is refused, alone and in a batch; a clock that runs a little ahead is not', async () => {
    const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString()
    const future = completed('future', 1, { time: inMinutes(30) })
    expect(refusalOf(await send(future))).toEqual([422, 'event-invalid', 'event-time-future /time'])
    expect(refusalOf(await send([completed('future', 2), future]))).toEqual([
      422,
      'event-invalid',
      'event-time-future /1/time',
    ])
    const statement = {
      id: '7f0a1d5e-0000-4000-8000-0000000000ab',
      timestamp: inMinutes(30),
      actor: { mbox: 'mailto:future@example.org' },
      verb: { id: 'http://adlnet.gov/expapi/verbs/completed' },
      object: { id: MODULES[0] },
    }
    expect(refusalOf(await send(statement))).toEqual([422, 'event-invalid', 'event-time-future /timestamp'])
    const ahead = completed('ahead', 1, { time: inMinutes(5) })
    expect((await school.api.post('/v1/events', ahead)).status).toBe(202)
  })

  test('one bad event refuses the whole batch, with its place in it', async () => {
    const good = Array.from({ length: 30 }, (_, n) => completed(`batch-${n}`, 1))
    const answer = await send([...good, completed('batch-bad', 1, { time: 'never' }), 7])
    expect(refusalOf(answer)).toEqual([400, 'invalid-request', expect.stringContaining('/31')])
    const faulty = await send([...good, completed('batch-bad', 1, { time: 'never' })])
    expect(refusalOf(faulty)).toEqual([422, 'event-invalid', 'event-time-invalid /30/time'])
  })

  test('a batch of none and one of 1,001 are refused', async () => {
    expect(refusalOf(await send([]))).toEqual([
      400,
      'invalid-request',
      expect.stringMatching(/too_small|empty-batch/),
    ])
    const many = Array.from({ length: 1001 }, (_, n) => completed(`many-${n}`, 1))
    expect(refusalOf(await send(many))).toEqual([
      400,
      'invalid-request',
      expect.stringMatching(/too_big|batch-too-large/),
    ])
  })

  test('the same id with other content refuses the whole batch: neither events nor people of it are kept', async () => {
    const first = completed('conflict', 1)
    expect((await school.api.post('/v1/events', first)).status).toBe(202)
    const other = { ...first, data: { ...first.data, score: 0.1 } }
    const answer = await send([completed('conflict-new-person', 1), other])
    expect(refusalOf(answer)).toEqual([409, 'event-conflict'])
    expect(answer.body.parameters.conflicts).toEqual([{ index: 1, source: first.source, sourceId: first.id }])

    // Also inside one batch; and the same content is told to be a duplicate.
    const twin = completed('conflict-twin', 1)
    expect(refusalOf(await send([twin, { ...twin, type: 'org.example.other' }]))).toEqual([
      409,
      'event-conflict',
    ])
    const again = await leavingNothing(() => school.api.post('/v1/events', [first, first]))
    expect(again.body).toMatchObject({ accepted: 0, duplicates: 2 })
  })

  test('in binary mode a header that cannot be decoded and a missing attribute are named', async () => {
    const headers = {
      'ce-specversion': '1.0',
      'ce-id': '%zz',
      'ce-source': 'https://lms.example.org/binary',
      'ce-type': 'org.example.lms.completed',
      'ce-time': '2026-09-01T09:00:00Z',
      'ce-subject': 'mailto:binary@example.org',
    }
    for (const id of ['%zz', 'b%00', '%ff'])
      expect(refusalOf(await send({ score: 1 }, { ...headers, 'ce-id': id }))).toEqual([
        400,
        'invalid-request',
        'invalid-encoding /ce-id',
      ])
    const { 'ce-id': _, ...nameless } = headers
    expect(refusalOf(await send({ score: 1 }, nameless))).toEqual([
      422,
      'event-invalid',
      'event-member-missing /id',
    ])
  })
})

describe('rules', () => {
  const create = (over: object, name: string | null = 'Bad') =>
    leavingNothing(async () => school.api.post('/v1/rules', { name, document: { ...basicsRule(), ...over } }))

  test('each fault of a document is named with its code and place, and nothing is saved', async () => {
    const cases: [over: Record<string, unknown>, ...faults: string[]][] = [
      [{ schema: 'other/1' }, 'rule-schema-unknown /schema'],
      [{ achievement: 'no-such-badge' }, 'rule-achievement-unknown /achievement'],
      [{ achievement: 7 }, 'rule-shape /achievement'],
      [{ extra: true }, 'rule-member-unknown /extra'],
      [{ when: undefined }, 'rule-member-missing /when'],
      [{ when: {} }, 'rule-operator-missing /when'],
      [{ when: { event: 'completed', where: "event.score == 'high'" } }, 'rule-type-mismatch /when/where'],
      [{ when: { event: 'completed', where: 'event.score' } }, 'rule-not-boolean /when/where'],
      [{ when: { event: 'completed', where: 'event.score >' } }, 'rule-cel-syntax /when/where'],
      [{ when: { event: 'completed', where: 'event.grade > 3' } }, 'rule-field-unknown /when/where'],
      [{ when: { event: 'complted' } }, 'rule-event-type-unknown /when/event'],
      [{ when: { event: 'completed', within: 'P1M' } }, 'rule-duration-invalid /when/within'],
      [{ when: { holds: 'no-such-badge' } }, 'rule-achievement-unknown /when/holds'],
      [{ when: { holds: 'first-aid-basics' } }, 'rule-cycle /when/holds'],
      [{ when: { all: [] } }, 'rule-group-empty /when/all'],
      [
        { gate: { approval: { right: 'award', quorum: 90 } } },
        'rule-quorum-impossible /gate/approval/quorum',
      ],
      [{ when: { not: { event: 'completed' } } }, 'rule-negative-alone /when/not'],
    ]
    for (const [over, ...faults] of cases) {
      const answer = await create(over)
      expect([over, ...refusalOf(answer)]).toEqual([over, 422, 'rule-invalid', ...faults])
    }
  })

  test('the door itself refuses what is no rule at all', async () => {
    expect(refusalOf(await create({}, ''))).toEqual([400, 'invalid-request', 'too_small /name'])
    expect(refusalOf(await create({}, null))).toEqual([400, 'invalid-request', 'invalid_type /name'])
    const answer = await leavingNothing(async () =>
      school.api.post('/v1/rules', { name: 'x', document: [], state: 'active' }),
    )
    expect(refusalOf(answer)).toEqual([400, 'invalid-request', 'invalid_type /document', 'unknown /state'])
  })

  test('a version for another achievement, an unknown version and a pause of what is paused are conflicts', async () => {
    const { ruleId } = firstAid
    const other = await school.api.post('/v1/achievements', {
      issuerId: firstAid.issuerId,
      slug: 'other-badge',
      definition: { name: { en: 'Other' }, description: { en: 'Other.' }, criteria: { en: 'Other.' } },
    })
    // Not published yet: rules cannot name it.
    const early = await leavingNothing(async () =>
      school.api.post(`/v1/rules/${ruleId}/versions`, { document: basicsRule('other-badge') }),
    )
    expect(refusalOf(early)).toEqual([422, 'rule-invalid', 'rule-achievement-unknown /achievement'])
    await school.api.post(`/v1/achievements/${other.body.id}/versions/1/publish`)
    const answer = await leavingNothing(async () =>
      school.api.post(`/v1/rules/${ruleId}/versions`, { document: basicsRule('other-badge') }),
    )
    expect(refusalOf(answer)).toEqual([409, 'conflict'])
    for (const [path, status, code] of [
      [`/v1/rules/${ruleId}/versions/9/activate`, 404, 'not-found'],
      [`/v1/rules/${ruleId}/versions/0/activate`, 400, 'invalid-request'],
      [`/v1/rules/${ruleId}/resume`, 409, 'conflict'],
    ] as const)
      expect(refusalOf(await leavingNothing(() => school.api.post(path))).slice(0, 2)).toEqual([status, code])
  })
})

describe('achievements, issuers and keys', () => {
  const definition = {
    language: 'en',
    name: { en: 'Bad' },
    description: { en: 'Bad.' },
    criteria: { en: 'Bad.' },
  }
  const achievement = (over: object, defined: object = {}) => ({
    issuerId: firstAid.issuerId,
    slug: 'bad-badge',
    definition: { ...definition, ...defined },
    ...over,
  })

  test('an achievement that could not be issued is refused when it is written, not when it is awarded', async () => {
    const cases: [body: object, status: number, code: string, place?: string][] = [
      [achievement({ issuerId: UNKNOWN }), 404, 'not-found'],
      [achievement({ slug: 'first-aid-basics' }), 409, 'achievement-slug-taken'],
      [achievement({ slug: 'Not A Slug' }), 400, 'invalid-request', 'invalid_format /slug'],
      [achievement({ id: UNKNOWN }), 400, 'invalid-request', 'unknown /id'],
      [achievement({ organisationId: UNKNOWN }), 400, 'invalid-request', 'unknown /organisationId'],
      [achievement({}, { state: 'published' }), 400, 'invalid-request', 'unknown /definition/state'],
      [achievement({}, { name: {} }), 400, 'invalid-request', 'custom /definition/name'],
      [achievement({}, { name: { en: '' } }), 400, 'invalid-request', 'too_small /definition/name/en'],
      [achievement({}, { name: { '<b>': 'x' } }), 400, 'invalid-request'],
      [
        achievement({}, { name: { en: 'a\u0007b' } }),
        400,
        'invalid-request',
        'invalid_format /definition/name/en',
      ],
      [
        achievement({}, { description: { en: 'Not \u202Elaer' } }),
        400,
        'invalid-request',
        'invalid_format /definition/description/en',
      ],
      [achievement({}, { language: 'nl' }), 422, 'language-missing'],
      [
        achievement({}, { language: 'en-12', name: { 'en-12': 'X' } }),
        400,
        'invalid-request',
        'invalid_format /definition/language',
      ],
      [
        achievement({}, { achievementType: 'Trophy' }),
        400,
        'invalid-request',
        'invalid_format /definition/achievementType',
      ],
      [achievement({}, { validFor: 'P1.5Y' }), 422, 'duration-invalid'],
      [achievement({}, { validFor: 'P0D' }), 422, 'duration-invalid'],
      [achievement({}, { validFor: 'P200000Y' }), 422, 'duration-invalid'],
      [achievement({}, { validFor: 'soon' }), 422, 'duration-invalid'],
      [achievement({}, { image: 'f'.repeat(64) }), 422, 'image-unknown'],
      [
        achievement({}, { image: '../etc/passwd' }),
        400,
        'invalid-request',
        'invalid_format /definition/image',
      ],
      [
        achievement({}, { alignments: [{ targetName: 'X', targetUrl: 'javascript:alert(1)' }] }),
        400,
        'invalid-request',
        'invalid_format /definition/alignments/0/targetUrl',
      ],
      [
        achievement(
          {},
          { alignments: [{ targetName: 'X', targetUrl: 'https://x.example', targetType: 'Nonsense' }] },
        ),
        400,
        'invalid-request',
        'invalid_format /definition/alignments/0/targetType',
      ],
    ]
    for (const [body, status, code, place] of cases) {
      const answer = await leavingNothing(() => school.api.post('/v1/achievements', body))
      const seen = refusalOf(answer)
      expect([body, ...seen.slice(0, 2)]).toEqual([body, status, code])
      if (place !== undefined) expect(seen).toContain(place)
    }
  })

  test('a draft is replaced by who has read it, and never once it is published', async () => {
    const { achievementId } = firstAid
    const put = (version: number, headers: Record<string, string>) =>
      leavingNothing(() =>
        school.api.put(`/v1/achievements/${achievementId}/versions/${version}`, { definition }, headers),
      )
    expect(refusalOf(await put(1, {}))).toEqual([428, 'precondition-required'])
    expect(refusalOf(await put(1, { 'if-match': '"v1"' }))).toEqual([409, 'version-state-wrong'])
    expect(refusalOf(await put(7, { 'if-match': '"v1"' }))).toEqual([404, 'not-found'])
    const draft = await school.api.post(`/v1/achievements/${achievementId}/versions`, { definition })
    expect(draft.status).toBe(201)
    expect(refusalOf(await put(2, { 'if-match': '"v7"' }))).toEqual([412, 'precondition-failed'])
    const second = await leavingNothing(() =>
      school.api.post(`/v1/achievements/${achievementId}/versions`, { definition }),
    )
    expect(refusalOf(second)).toEqual([409, 'draft-exists'])
    const published = await leavingNothing(() =>
      school.api.post(`/v1/achievements/${achievementId}/versions/1/publish`),
    )
    expect(refusalOf(published)).toEqual([409, 'version-state-wrong'])
  })

  test('issuers, units, keys and sources', async () => {
    const cases: [path: string, body: unknown, status: number, code: string][] = [
      ['/v1/issuers', { slug: 'bad-input-academy', name: 'X' }, 409, 'slug-taken'],
      ['/v1/issuers', { slug: 'bad-input-school', name: 'X' }, 409, 'slug-taken'],
      ['/v1/issuers', { slug: 'fresh', name: 'X', url: 'ftp://x.example' }, 400, 'invalid-request'],
      ['/v1/issuers', { slug: 'fresh', name: 'X', email: 'nobody' }, 400, 'invalid-request'],
      ['/v1/issuers', { slug: 'fresh', name: 'X', did: 'did:web:evil.example' }, 400, 'invalid-request'],
      ['/v1/issuers', { slug: 'fresh', name: 'X', parentUnitId: UNKNOWN }, 404, 'not-found'],
      ['/v1/units', { name: 'X', parentId: UNKNOWN }, 404, 'not-found'],
      ['/v1/units', { name: 'X', kind: 'organisation' }, 400, 'invalid-request'],
      ['/v1/api-keys', { name: 'X', rights: [] }, 400, 'invalid-request'],
      ['/v1/api-keys', { name: 'X', rights: ['everything'] }, 400, 'invalid-request'],
      ['/v1/api-keys', { name: 'X', rights: ['read'], unitId: UNKNOWN }, 404, 'not-found'],
      [
        '/v1/api-keys',
        { name: 'X', rights: ['read'], expiresAt: '2026-02-30T00:00:00Z' },
        400,
        'invalid-request',
      ],
      [
        '/v1/api-keys',
        { name: 'X', rights: ['read'], expiresAt: '9999-12-31T23:59:59-14:00' },
        400,
        'invalid-request',
      ],
      [
        '/v1/api-keys',
        { name: 'X', rights: ['read'], expiresAt: '0000-01-01T00:00:00Z' },
        400,
        'invalid-request',
      ],
      ['/v1/sources', { uri: '', name: 'X' }, 400, 'invalid-request'],
      [
        '/v1/sources',
        { uri: 'https://lms.example.org/x', name: 'X', createsSubjects: 'no' },
        400,
        'invalid-request',
      ],
      ['/v1/sources', { uri: '🎓'.repeat(1000), name: 'X' }, 400, 'invalid-request'],
    ]
    for (const [path, body, status, code] of cases) {
      const answer = await leavingNothing(() => school.api.post(path, body))
      expect([path, body, ...refusalOf(answer).slice(0, 2)]).toEqual([path, body, status, code])
    }
  })

  test('a picture that is none, and one with nothing in it', async () => {
    const png = { 'content-type': 'image/png' }
    for (const bytes of ['GIF89a', '\u0089PNG', '<svg xmlns="http://www.w3.org/2000/svg"/>'])
      expect(
        refusalOf(await leavingNothing(() => school.api.send('POST', '/v1/images', bytes, png))),
      ).toEqual([422, 'image-unfit'])
    expect(refusalOf(await school.api.send('POST', '/v1/images', '', png)).slice(0, 2)).toEqual([
      400,
      'invalid-request',
    ])
  })
})

describe('parameters', () => {
  test('ids, cursors, filters and pages that cannot be are refused by place', async () => {
    const cursor = (content: unknown) => Buffer.from(text(content)).toString('base64url')
    const cases: [path: string, place: string][] = [
      ['/v1/events/7', 'invalid_format /id'],
      ['/v1/events/%00', ''],
      ['/v1/awards?limit=0', 'too_small /limit'],
      ['/v1/awards?limit=101', 'too_big /limit'],
      ['/v1/awards?limit=x', 'invalid_type /limit'],
      ['/v1/awards?state=anchored', 'invalid_value /state'],
      ['/v1/awards?unknown=1', 'unknown /unknown'],
      ['/v1/awards?state=due&state=issued', 'repeated /state'],
      ['/v1/awards?cursor=x', 'invalid-cursor /cursor'],
      [`/v1/awards?cursor=${cursor({ at: 9e15, id: UNKNOWN })}`, 'invalid-cursor /cursor'],
      [`/v1/events?cursor=${cursor({ at: 8.64e15, id: UNKNOWN })}`, 'invalid-cursor /cursor'],
      [`/v1/decisions?cursor=${cursor({ at: -1, id: UNKNOWN })}`, 'invalid-cursor /cursor'],
      ['/v1/subjects', 'missing /identifier'],
      ['/v1/achievements/x/versions/1/publish', ''],
      [`/v1/public/achievements/${UNKNOWN}?version=0`, 'too_small /version'],
    ]
    for (const [path, place] of cases) {
      const answer = await school.api.get(path)
      expect([path, answer.status >= 400 && answer.status < 500]).toEqual([path, true])
      if (place !== '') expect([path, ...refusalOf(answer)]).toEqual([path, 400, 'invalid-request', place])
    }
  })

  test('a person that no identifier can name is not found', async () => {
    for (const identifier of [
      'email:',
      'email:nobody@example.org',
      'x y',
      `id:${'7'.repeat(390)}`,
      '%F0%9F%8E%93:x',
    ])
      expect([
        identifier,
        ...refusalOf(await school.api.get(`/v1/subjects?identifier=${identifier}`)),
      ]).toEqual([identifier, 404, 'not-found'])
  })

  test('links that were never given out open nothing', async () => {
    const anybody = new ApiCaller(product.url)
    const token = 'A'.repeat(43)
    for (const [method, path, status, code] of [
      ['GET', `/v1/claims/${token}`, 404, 'claim-invalid'],
      ['POST', `/v1/claims/${token}/accept`, 404, 'claim-invalid'],
      ['POST', `/v1/claims/${token}/reject`, 404, 'claim-invalid'],
      ['GET', `/v1/endorsement-requests/${token}`, 404, 'not-found'],
      ['POST', `/v1/endorsement-requests/${token}/reject`, 404, 'not-found'],
    ] as const)
      expect([path, ...refusalOf(await anybody.send(method, path, undefined))]).toEqual([path, status, code])
    expect(refusalOf(await anybody.post('/v1/session', { token }))).toEqual([401, 'sign-in-link-invalid'])
  })
})

describe('documents to verify', () => {
  const verify = async (credential: unknown) =>
    (await new ApiCaller(product.url).post('/v1/verify', { credential })).body
  const jws = (header: unknown) =>
    [header, { iss: 'did:web:example.org' }]
      .map((part) => Buffer.from(text(part)).toString('base64url'))
      .join('.')

  test('a member of another type makes a badge bad, and is no fault of ours', async () => {
    const proof = {
      type: 'DataIntegrityProof',
      cryptosuite: 'eddsa-rdfc-2022',
      verificationMethod: 'did:web:x.invalid#k',
    }
    const badge = {
      '@context': ['https://www.w3.org/ns/credentials/v2'],
      type: ['VerifiableCredential'],
      issuer: 'did:web:x.invalid',
      credentialSubject: {},
      proof,
    }
    for (const over of [
      { '@context': [{}] },
      { '@context': {} },
      { type: [{}] },
      { issuer: { id: {} } },
      { proof: { ...proof, cryptosuite: {} } },
      { proof: { ...proof, type: {} } },
      { proof: { ...proof, created: {}, expires: {} } },
      { proof: [{}, [], null, 7] },
      { credentialStatus: { type: {} } },
      { credentialStatus: [[], 7] },
    ])
      expect([over, (await verify({ ...badge, ...over })).verdict]).not.toEqual([over, 'valid'])
    for (const header of [{ alg: {} }, { alg: ['EdDSA'] }, { alg: 'none' }, { alg: 'HS256' }, {}]) {
      const { verdict, checks } = await verify(`${jws(header)}.AAAA`)
      expect([header, verdict]).toEqual([header, 'invalid'])
      expect(checks.map(({ code }: { code: string }) => code)).toContain('proof-algorithm-refused')
    }
  })
})
