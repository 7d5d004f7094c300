import { afterAll, beforeAll, expect, test } from 'vitest'
import { ApiCaller } from '#test/product/api-caller.ts'
import { composeAgain, countingCalls } from '#test/product/second-composition.ts'
import {
  OPERATOR,
  startTestProduct,
  type TestOrganisation,
  type TestProduct,
} from '#test/product/test-product.ts'

let product: TestProduct
let school: TestOrganisation
let issuerId: string
beforeAll(async () => {
  product = await startTestProduct()
  school = await product.organisation('definition-school')
  issuerId = (await school.api.post('/v1/issuers', { slug: 'definition-academy', name: 'Academy' })).body.id
})
afterAll(() => product?.stop())

const both = (en: string, nl: string) => ({ en, nl })
const told = {
  language: 'nl',
  name: both('First aid at work', 'Eerste hulp op de werkplek'),
  description: both('Gives first aid.', 'Verleent eerste hulp.'),
  criteria: both('A test and a practical.', 'Een toets en een praktijkproef.'),
  achievementType: 'MicroCredential',
  tags: ['ehbo'],
  alignments: [],
  badgeType: 'micro-credential',
  purpose: both('Enough first-aiders.', 'Genoeg hulpverleners.'),
  audience: both('Employees.', 'Medewerkers.'),
  recognises: ['skill', 'milestone'],
  recognisedThrough: 'result',
  learningOutcomes: [both('Dresses a wound.', 'Verbindt een wond.')],
  place: both('After the basics.', 'Na de basis.'),
  use: both('May help at work.', 'Mag helpen op het werk.'),
  participation: 'blended',
  assessment: both('By two assessors.', 'Door twee beoordelaars.'),
  qualityAssurance: both('Looked at each year.', 'Elk jaar bekeken.'),
  criteriaItems: [
    {
      id: 'practical',
      text: both('Dresses a bleeding wound', 'Verbindt een bloedende wond'),
      measure: both('steps', 'stappen'),
      target: both('at least 8 of 10', 'ten minste 8 van 10'),
      evidence: 'observation',
      due: 'P10W',
      reviewable: true,
    },
  ],
  workload: { unit: 'ects', amount: 1.5 },
  humanCode: 'EHBO-1',
  fieldOfStudy: 'Zorg',
  specialization: 'Eerste hulp',
  otherIdentifiers: [{ identifier: '25743', type: 'ext:crebo' }],
}
const create = (slug: string, definition: object) =>
  school.api.post('/v1/achievements', { issuerId, slug, definition })
const check = (definition: object) => school.api.post('/v1/achievements/check', { definition })

test('what an author tells comes back as it was, is published, and stands in the document or on the page', async () => {
  const made = await create('whole', told)
  expect(made.status).toBe(201)
  expect(made.body.versions[0].definition).toEqual({
    ...told,
    image: made.body.versions[0].definition.image,
  })
  const published = await school.api.post(`/v1/achievements/${made.body.id}/versions/1/publish`)
  expect([published.status, published.body.code]).toEqual([200, undefined])

  const anybody = new ApiCaller(product.url)
  const { body } = await anybody.get(`/v1/public/achievements/${made.body.id}`)
  expect(body.about).toEqual(
    Object.fromEntries(
      Object.entries(told).filter(([name]) =>
        [
          ...[
            'badgeType',
            'purpose',
            'audience',
            'recognises',
            'recognisedThrough',
            'learningOutcomes',
            'place',
          ],
          ...['use', 'participation', 'assessment', 'qualityAssurance', 'criteriaItems', 'workload'],
        ].includes(name),
      ),
    ),
  )
  expect(body.document).toMatchObject({
    inLanguage: 'nl',
    criteria: {
      narrative:
        'Een toets en een praktijkproef.\n\n1. Verbindt een bloedende wond (stappen: ten minste 8 van 10)',
    },
    creditsAvailable: 1.5,
    humanCode: 'EHBO-1',
    fieldOfStudy: 'Zorg',
    specialization: 'Eerste hulp',
    otherIdentifier: [{ type: 'IdentifierEntry', identifier: '25743', identifierType: 'ext:crebo' }],
  })
  expect(JSON.stringify(body.document)).not.toContain('Genoeg hulpverleners')
})

test('an incomplete badge is saved as a draft, and its publication names every missing place at once', async () => {
  const { purpose: _purpose, workload: _workload, ...rest } = told
  const lacking = {
    ...rest,
    achievementType: 'Badge',
    criteriaItems: [{ id: 'bare', text: both('Knows things', 'Weet dingen') }],
  }
  const missing = [
    { pointer: '/purpose', reason: 'missing' },
    { pointer: '/workload', reason: 'missing' },
    { pointer: '/achievementType', reason: 'must-be-micro-credential' },
    { pointer: '/criteriaItems/0/measure', reason: 'measure-missing' },
    { pointer: '/criteriaItems/0/target', reason: 'target-missing' },
    { pointer: '/criteriaItems/0/evidence', reason: 'evidence-missing' },
  ]
  const made = await create('lacking', lacking)
  expect(made.status).toBe(201)
  const refused = await school.api.post(`/v1/achievements/${made.body.id}/versions/1/publish`)
  expect(refused.body).toMatchObject({ status: 422, code: 'achievement-incomplete', parameters: { missing } })
  const { body } = await school.api.get(`/v1/achievements/${made.body.id}`)
  expect(body.versions[0]).toMatchObject({ state: 'draft', digest: null })

  const checked = await check(lacking)
  expect(checked.body).toMatchObject({ publishable: false, missing })
  expect(checked.body.advice.map(({ gap }: { gap: string }) => gap)).toEqual([
    'text-too-short',
    'verb-vague',
    'measure-missing',
    'target-missing',
    'evidence-missing',
    'not-reviewable',
    'due-missing',
  ])
  expect(checked.body.advice[6].text).toEqual({
    en: 'Time-bound: say by when, or within which term.',
    nl: 'Tijdgebonden: zeg wanneer, of binnen welke termijn.',
  })
})

test('as another type, or as none, the same badge is publishable: advice refuses nothing', async () => {
  const { badgeType: _type, ...untyped } = told
  const [item] = told.criteriaItems
  const vague = { ...untyped, criteriaItems: [{ ...item, target: both('always', 'altijd') }] }
  for (const badgeType of ['micro-credential', 'regular', 'extracurricular']) {
    const { body } = await check({ ...vague, badgeType })
    expect([badgeType, body.publishable, body.advice.length]).toEqual([badgeType, true, 1])
  }
  expect((await check(vague)).body).toMatchObject({ publishable: true, missing: [] })
})

test('a level is found, aligned to with its basis, and never published without', async () => {
  const { body } = await school.api.get('/v1/alignment-targets?q=EQF%20level%204&framework=eqf&language=nl')
  expect(body.items).toHaveLength(1)
  const [{ alignment, needsBasis }] = body.items
  expect([alignment.targetName, needsBasis]).toEqual(['EQF-niveau 4', true])
  const { badgeType: _type, ...untyped } = told
  const bare = await create('level-bare', { ...untyped, alignments: [alignment] })
  const refused = await school.api.post(`/v1/achievements/${bare.body.id}/versions/1/publish`)
  expect([refused.body.code, refused.body.parameters.missing]).toEqual([
    'achievement-incomplete',
    [{ pointer: '/alignments/0/basis', reason: 'basis-missing' }],
  ])
  const based = await create('level-based', {
    ...untyped,
    alignments: [{ ...alignment, basis: 'self-assessed' }],
  })
  expect((await school.api.post(`/v1/achievements/${based.body.id}/versions/1/publish`)).status).toBe(200)
  const page = await new ApiCaller(product.url).get(`/v1/public/achievements/${based.body.id}`)
  expect(page.body.document.alignment[0]).toMatchObject({
    targetUrl: 'http://data.europa.eu/snb/eqf/4',
    targetDescription: 'Grondslag: de uitgever heeft het niveau zelf bepaald.',
  })
  expect((await school.api.get('/v1/frameworks')).body.items).toHaveLength(6)
})

test('what fits no definition is refused with its place', async () => {
  const cases: [over: object, status: number, pointer: string | undefined][] = [
    [{ workload: { unit: 'ects' } }, 400, '/definition/workload/amount'],
    [{ workload: { unit: 'days', amount: 1 } }, 400, '/definition/workload/unit'],
    [{ workload: { unit: 'sbu', amount: 28, hours: 28 } }, 400, '/definition/workload/hours'],
    [{ workload: { unit: 'sbu', amount: 0 } }, 400, '/definition/workload/amount'],
    [{ workload: [{ unit: 'sbu', amount: 1 }] }, 400, '/definition/workload'],
    [{ badgeType: 'gold' }, 400, '/definition/badgeType'],
    [{ recognises: ['skill', 'skill'] }, 400, '/definition/recognises'],
    [{ criteriaItems: [told.criteriaItems[0], told.criteriaItems[0]] }, 400, '/definition/criteriaItems'],
    [{ criteriaItems: [{ ...told.criteriaItems[0], due: 'soon' }] }, 400, '/definition/criteriaItems/0/due'],
    [{ otherIdentifiers: [{ identifier: 'x', type: 'y' }] }, 400, '/definition/otherIdentifiers/0/type'],
    [{ purpose: { en: 'Only in English.' } }, 422, undefined],
    [{ learningOutcomes: [{ en: 'Only in English.' }] }, 422, undefined],
    [{ criteriaItems: [{ id: 'x', text: { en: 'Only in English.' } }] }, 422, undefined],
    [{ criteriaItems: [{ ...told.criteriaItems[0], due: 'P2000Y' }] }, 422, undefined],
  ]
  for (const [over, status, pointer] of cases) {
    const { body } = await create('refused', { ...told, ...over })
    expect([over, body.status, body.errors?.[0]?.pointer]).toEqual([over, status, pointer])
  }
})

test('achievements and their names come page by page, the oldest first, and take no more queries for more of them', async () => {
  const many = await product.organisation('many-badges')
  const academy = await many.api.post('/v1/issuers', { slug: 'many-academy', name: 'Academy' })
  const text = { en: 'Text.' }
  const made: string[] = []
  for (const name of ['One', 'Two', 'Three']) {
    const { body } = await many.api.post('/v1/achievements', {
      issuerId: academy.body.id,
      slug: name.toLowerCase(),
      definition: {
        language: 'en',
        name: { en: name, nl: `${name} (nl)` },
        description: text,
        criteria: text,
      },
    })
    made.push(body.id)
  }
  await many.api.post(`/v1/achievements/${made[1]}/versions/1/publish`)
  await many.api.post(`/v1/achievements/${made[1]}/versions`, {
    definition: { language: 'en', name: { en: 'Two again' }, description: text, criteria: text },
  })
  const all = async (path: string) => {
    const found: { id: string; [member: string]: unknown }[] = []
    let pages = 0
    let next: string | null = ''
    while (next !== null) {
      const { body } = await many.api.get(`${path}?limit=2${next === '' ? '' : `&cursor=${next}`}`)
      found.push(...body.items)
      next = body.next
      pages++
    }
    return { found, pages, ids: found.map(({ id }) => id) }
  }
  const whole = await all('/v1/achievements')
  expect([whole.ids, whole.pages]).toEqual([made, 2])
  expect(whole.found[1]).toMatchObject({
    versions: [
      { version: 1, state: 'published' },
      { version: 2, state: 'draft' },
    ],
  })
  const names = await all('/v1/achievement-names')
  expect([names.ids, names.pages]).toEqual([made, 2])
  expect(names.found[0]).toEqual({
    id: made[0],
    issuerId: academy.body.id,
    slug: 'one',
    name: { en: 'One', nl: 'One (nl)' },
    language: 'en',
    published: null,
  })
  expect(names.found[1]).toMatchObject({ name: { en: 'Two again' }, published: { version: 1 } })
  expect((await many.api.get('/v1/achievement-names?limit=1001')).body.code).toBe('invalid-request')

  const reads = async (limit: number) => {
    const { database, calls } = countingCalls(product.running.parts.database)
    await composeAgain(product, { database }).routes.achievements.list(OPERATOR, many.id, { limit })
    return calls()
  }
  expect(await reads(1)).toBeGreaterThan(0)
  expect(await reads(3)).toBe(await reads(1))
})

test('a badge is told in other languages, each of which has its texts and an address', async () => {
  const missing = await create('half-told', { ...told, name: { nl: 'Eerste hulp' }, otherLanguages: ['en'] })
  expect([missing.status, missing.body.code]).toEqual([422, 'language-missing'])
  const { body } = await create('told-in-two', { ...told, otherLanguages: ['en'] })
  expect((await school.api.post(`/v1/achievements/${body.id}/versions/1/publish`)).status).toBe(200)
  const anybody = new ApiCaller(product.url)
  const served = async (query: string) =>
    (await anybody.get(`/achievements/${body.id}${query}`, { accept: 'application/ld+json' })).body
  const main = await served('')
  expect(main).toMatchObject({ name: 'TEST Eerste hulp op de werkplek', inLanguage: 'nl' })
  const [related] = main.related
  expect(related).toMatchObject({
    id: `${main.id}?language=en`,
    type: ['Related'],
    version: '1',
    inLanguage: 'en',
    name: 'TEST First aid at work',
    description: 'Gives first aid.',
  })
  expect(related.narrative).toContain('1. Dresses a bleeding wound (steps: at least 8 of 10)')
  const english = await served('?language=en')
  expect(english).toMatchObject({
    id: related.id,
    inLanguage: 'en',
    name: related.name,
    description: related.description,
    criteria: { narrative: related.narrative },
    related: [{ id: main.id, inLanguage: 'nl', name: main.name }],
  })
  expect(await served('?language=nl')).toEqual(main)
  expect((await served('?language=fr')).code).toBe('not-found')
})
