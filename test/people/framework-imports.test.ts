import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestProduct, type TestOrganisation, type TestProduct } from '#test/product/test-product.ts'

// Plainly samples: a few rows in the form of the published files.

let product: TestProduct
let school: TestOrganisation
let other: TestOrganisation
beforeAll(async () => {
  product = await startTestProduct({}, { api: true, worker: false })
  school = await product.organisation('framework-school')
  other = await product.organisation('framework-other')
})
afterAll(() => product?.stop())

const ABOUT = {
  publisher: 'Sample',
  source: 'https://frameworks.example.org/',
  licence: 'Sample',
  edition: '1',
}
const bring = (query: Record<string, string>, file: string, type = 'text/csv') =>
  school.api.send('POST', `/v1/frameworks/imports?${new URLSearchParams({ ...ABOUT, ...query })}`, file, {
    'content-type': type,
  })
const found = async (q: string, of = school, language = 'en') =>
  (await of.api.get(`/v1/alignment-targets?${new URLSearchParams({ q, language })}`)).body.items

const ESCO = { format: 'esco', framework: 'esco-skills', name: 'ESCO', targetType: 'ext:ESCO' }
const skill = (n: number) => `http://data.europa.eu/esco/skill/sample-${n}`

test('ESCO in two languages is one framework with both names, found in either, by nobody else', async () => {
  const english = `conceptType,conceptUri,preferredLabel\nKnowledgeSkillCompetence,${skill(1)},"knead dough, by hand"\n`
  const dutch = `conceptType,conceptUri,preferredLabel\nKnowledgeSkillCompetence,${skill(1)},met de hand kneden\n`
  const first = await bring({ ...ESCO, language: 'en' }, english)
  expect([first.status, first.body]).toEqual([
    201,
    { framework: 'esco-skills', edition: '1', imported: 1, refused: 0, faults: [], dropped: 0, kept: 0 },
  ])
  expect((await bring({ ...ESCO, language: 'nl' }, dutch)).status).toBe(201)
  const [target] = await found('KNEDEN hand', school, 'nl')
  expect(target).toEqual({
    framework: 'esco-skills',
    name: { en: 'knead dough, by hand', nl: 'met de hand kneden' },
    alignment: {
      targetName: 'met de hand kneden',
      targetUrl: skill(1),
      targetType: 'ext:ESCO',
      targetFramework: 'ESCO',
      targetCode: 'sample-1',
    },
    needsBasis: false,
  })
  expect(await found('kneden', other)).toEqual([])
  const { items } = (await school.api.get('/v1/frameworks')).body
  expect(items.at(-1)).toMatchObject({ id: 'esco-skills', edition: '1', targets: 1, licence: 'Sample' })
  expect((await other.api.get('/v1/frameworks')).body.items.at(-1).id).toBe('greencomp')
})

test('a newer edition takes the place of the one before, but for what an achievement is aligned to', async () => {
  const crebo = {
    format: 'table',
    framework: 'crebo',
    name: 'CREBO',
    targetType: 'ext:CREBO',
    language: 'nl',
  }
  const columns = { codeColumn: 'Crebo', nameColumn: 'Naam' }
  const old = await bring(
    { ...crebo, ...columns },
    'Crebo;Naam\n101;Voorbeeldbakker\n102;Voorbeeldkok\n;Leeg\n',
  )
  expect(old.body).toMatchObject({ imported: 2, refused: 1, faults: [{ row: 3, code: 'code-missing' }] })
  const [{ alignment }] = await found('crebo 101')
  expect(alignment).toMatchObject({ targetName: 'Voorbeeldbakker', targetUrl: ABOUT.source })
  const issuer = await school.api.post('/v1/issuers', { slug: 'framework-academy', name: 'A' })
  const en = { en: 'Text.' }
  const made = await school.api.post('/v1/achievements', {
    issuerId: issuer.body.id,
    slug: 'aligned',
    definition: { name: en, description: en, criteria: en, alignments: [alignment] },
  })
  expect(made.status).toBe(201)
  const newer = await bring({ ...crebo, ...columns, edition: '2' }, 'Crebo;Naam\n103;Voorbeeldslager\n')
  expect(newer.body).toMatchObject({ imported: 1, dropped: 1, kept: 1 })
  expect((await found('crebo')).map((each: typeof alignment) => each.alignment.targetCode).sort()).toEqual([
    '101',
    '103',
  ])
})

test('a CASE package is read item by item', async () => {
  const CFItems = [
    {
      identifier: 'i-1',
      uri: 'https://case.example.org/i-1',
      humanCodingScheme: 'A.1',
      fullStatement: 'Folds paper',
    },
    { identifier: 'i-2', uri: 'no address', fullStatement: 'Cuts paper' },
  ]
  const query = { format: 'case', framework: 'paper', name: 'Paper', targetType: 'CFItem' }
  const { status, body } = await bring(query, JSON.stringify({ CFItems }), 'application/octet-stream')
  expect([status, body.imported, body.faults]).toEqual([201, 1, [{ row: 2, code: 'url-invalid' }]])
  expect(await found('folds')).toMatchObject([{ alignment: { targetCode: 'A.1', targetType: 'CFItem' } }])
})

test('what cannot be read, or has the id of what comes along, is refused, and changes nothing', async () => {
  const before = (await school.api.get('/v1/frameworks')).body
  const table = { format: 'table', framework: 'broken', name: 'B', targetType: 'ext:B' }
  const outcome = async (query: Record<string, string>, file: string) => {
    const { status, body } = await bring(query, file)
    return [status, body.code, body.parameters?.row]
  }
  expect(await outcome(table, 'number,name\n1,One\n')).toEqual([422, 'framework-unreadable', 0])
  expect(await outcome(table, 'code,name\n1,One,Two\n')).toEqual([422, 'framework-unreadable', 1])
  expect(await outcome({ ...table, framework: 'eqf' }, 'code,name\n1,One\n')).toEqual([
    409,
    'framework-bundled',
    undefined,
  ])
  expect((await school.api.get('/v1/frameworks')).body).toEqual(before)
})

test('as many as ESCO has come in one step', async () => {
  const rows = Array.from({ length: 14_000 }, (_, n) => `${n},Sample skill number ${n}`)
  const many = { format: 'table', framework: 'many', name: 'Many', targetType: 'ext:Many' }
  const { status, body } = await bring(many, `code,name\n${rows.join('\n')}\n`)
  expect([status, body.imported]).toEqual([201, 14_000])
  expect(await found('many 13999')).toHaveLength(1)
})
