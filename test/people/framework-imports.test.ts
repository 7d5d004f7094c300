import { request } from 'node:http'
import pg from 'pg'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { ApiCaller } from '#test/product/api-caller.ts'
import { jobOver } from '#test/product/job-waiting.ts'
import { composeAgain, withStores } from '#test/product/second-composition.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from '#test/product/test-product.ts'

// Plainly samples: a few rows in the form of the published files, and many made up ones.

let product: TestProduct
let school: TestOrganisation
let other: TestOrganisation
beforeAll(async () => {
  // No worker of its own: the steps run when a test says so.
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
const start = (query: Record<string, string>, file: string, type = 'text/csv') =>
  school.api.send('POST', `/v1/frameworks/imports?${new URLSearchParams({ ...ABOUT, ...query })}`, file, {
    'content-type': type,
  })
/** Runs jobs until none is left, or so many passes. */
async function work(passes = Number.POSITIVE_INFINITY, { steps } = composeAgain(product, {})) {
  for (let pass = 0; pass < passes && (await steps.jobs()).more; pass++);
}
async function bring(query: Record<string, string>, file: string, type?: string) {
  const started = await start(query, file, type)
  expect([started.status, started.body.kind, started.body.state]).toEqual([202, 'framework_import', 'queued'])
  await work()
  return jobOver(school.api, started.body.id)
}
const found = async (q: string, of = school, language = 'en') =>
  (await of.api.get(`/v1/alignment-targets?${new URLSearchParams({ q, language })}`)).body.items
const frameworks = async () => (await school.api.get('/v1/frameworks')).body.items
/** Of files that came in: none, once their jobs are over. */
async function leftovers(): Promise<number> {
  const client = new pg.Client({ connectionString: product.running.parts.databaseUrl })
  await client.connect()
  const { rows } = await client.query(`SELECT (SELECT count(*) FROM framework_import)
    + (SELECT count(*) FROM framework_import_part) + (SELECT count(*) FROM framework_import_target) AS n`)
  await client.end()
  return Number(rows[0].n)
}

const ESCO = { format: 'esco', framework: 'esco-skills', name: 'ESCO', targetType: 'ext:ESCO' }
const skill = (n: number) => `http://data.europa.eu/esco/skill/sample-${n}`

test('ESCO in two languages is one framework with both names, found in either, by nobody else', async () => {
  const english = `conceptType,conceptUri,preferredLabel\nKnowledgeSkillCompetence,${skill(1)},"knead dough, by hand"\n`
  const dutch = `conceptType,conceptUri,preferredLabel\nKnowledgeSkillCompetence,${skill(1)},met de hand kneden\n`
  const first = await bring({ ...ESCO, language: 'en' }, english)
  expect(first).toMatchObject({
    state: 'done',
    progress: { done: english.length, total: english.length, left: 0 },
    result: {
      framework: 'esco-skills',
      edition: '1',
      imported: 1,
      refused: 0,
      faults: [],
      dropped: 0,
      kept: 0,
    },
  })
  expect((await bring({ ...ESCO, language: 'nl' }, dutch)).state).toBe('done')
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
  expect((await frameworks()).at(-1)).toMatchObject({
    id: 'esco-skills',
    edition: '1',
    targets: 1,
    licence: 'Sample',
  })
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
    'Crebo;Naam\n101;Voorbeeldbakker\n102;Voorbeeldkok\n;Leeg\n101;Nog eens\n104;Te;veel\n',
  )
  expect(old.result).toMatchObject({
    imported: 2,
    refused: 3,
    faults: [
      { row: 3, code: 'code-missing' },
      { row: 4, code: 'code-twice' },
      { row: 5, code: 'fields-differ' },
    ],
  })
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
  expect(newer.result).toMatchObject({ imported: 1, dropped: 1, kept: 1 })
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
  const { result } = await bring(query, JSON.stringify({ CFItems }), 'application/octet-stream')
  expect([result.imported, result.faults]).toEqual([1, [{ row: 2, code: 'url-invalid' }]])
  expect(await found('folds')).toMatchObject([{ alignment: { targetCode: 'A.1', targetType: 'CFItem' } }])
})

const BROKEN = { format: 'table', framework: 'broken', name: 'B', targetType: 'ext:B' }
const MANY = { format: 'table', framework: 'many', name: 'Many', targetType: 'ext:Many' }
/** Several parts of a file; every thousandth has no name. */
const many = (count: number, word = 'Sample skill') =>
  `code,name,url\n${Array.from(
    { length: count },
    (_, n) =>
      `${n},${n % 1000 === 999 ? '' : `"${word}, number ${n}"`},https://sample.example.org/skills/${n}`,
  ).join('\n')}\n`

test('what does not begin as it should is refused at once, what breaks later when it is read; neither changes anything', async () => {
  const before = await frameworks()
  const outcome = async (query: Record<string, string>, file: string) => {
    const { status, body } = await start(query, file)
    return [status, body.code, body.parameters?.row]
  }
  expect(await outcome(BROKEN, 'number,name\n1,One\n')).toEqual([422, 'framework-unreadable', 0])
  expect(await outcome(BROKEN, 'code,name\n1,One,Two\n')).toEqual([422, 'framework-unreadable', 1])
  expect(await outcome({ ...BROKEN, framework: 'eqf' }, 'code,name\n1,One\n')).toEqual([
    409,
    'framework-bundled',
    undefined,
  ])
  const failed = await bring(BROKEN, `${many(20_000)}x,"never ends,\n`)
  expect(failed).toMatchObject({
    state: 'failed',
    error: 'framework-unreadable',
    result: { row: 20_001, reason: 'a quote does not end' },
  })
  expect(await frameworks()).toEqual(before)
  expect(await leftovers()).toBe(0)
})

test('as many as ESCO has: what is read is seen when all of it is, and one import runs at a time', async () => {
  const file = many(14_000)
  const { body: job } = await start(MANY, file)
  await work(2)
  const half = await school.api.get(`/v1/jobs/${job.id}`)
  expect(half.body).toMatchObject({ state: 'running', progress: { total: file.length } })
  expect(half.body.progress.done).toBeGreaterThan(500_000)
  expect(half.body.result.imported).toBeGreaterThan(5000)
  expect(await found('many')).toEqual([])
  const second = await start(MANY, 'code,name\n1,One\n')
  expect([second.status, second.body.code, second.body.parameters]).toEqual([
    409,
    'framework-import-running',
    { framework: 'many', jobId: job.id },
  ])
  await work()
  expect((await jobOver(school.api, job.id)).result).toMatchObject({ imported: 13_986, refused: 14 })
  expect(await found('many 13998')).toHaveLength(1)
})

test('of two that come in at the same time one is read', async () => {
  const both = await Promise.all([1, 2].map((n) => start(MANY, many(3000, `Pair ${n}`))))
  expect(both.map(({ status }) => status).sort()).toEqual([202, 409])
  await work()
  expect(await leftovers()).toBe(0)
})

test('a job that is cancelled leaves what was there before', async () => {
  const before = await found('many 5')
  const { body: job } = await start({ ...MANY, edition: '2' }, many(14_000, 'Other'))
  await work(2)
  expect((await school.api.post(`/v1/jobs/${job.id}/cancel`)).body.state).toBe('cancelled')
  await work()
  expect(await found('many 5')).toEqual(before)
  expect(await leftovers()).toBe(0)
})

test('a job that breaks off anywhere goes on, and ends as one that did not', async () => {
  const file = many(14_000, 'Again')
  const whole = await bring({ ...MANY, framework: 'whole', edition: '3' }, file)
  const { body: job } = await start({ ...MANY, framework: 'cut', edition: '3' }, file)
  let calls = 0
  // Each write fails once, in the middle of a transaction, as when the process is killed there.
  const cut = composeAgain(product, {
    database: withStores(product.running.parts.database, (stores) => ({
      ...stores,
      frameworkImports: {
        ...stores.frameworkImports,
        moveOn: async (...of) => {
          await stores.frameworkImports.moveOn(...of)
          if (calls++ % 2 === 0) throw Object.assign(new Error('killed'), { retry: true })
        },
        publish: async (...of) => {
          const count = await stores.frameworkImports.publish(...of)
          if (calls++ % 2 === 0) throw Object.assign(new Error('killed'), { retry: true })
          return count
        },
      },
    })),
  })
  for (let more = true; more; )
    more = await cut.steps.jobs().then(
      (pass) => pass.more,
      () => true,
    )
  expect(calls).toBeGreaterThan(5)
  const over = await jobOver(school.api, job.id)
  expect(over.result).toEqual({ ...whole.result, framework: 'cut' })
  const [one, two] = (await frameworks()).filter(({ id }: { id: string }) => ['whole', 'cut'].includes(id))
  expect(one.targets).toBe(two.targets)
})

test('a request that ends before its file does leaves nothing', async () => {
  const query = new URLSearchParams({ ...ABOUT, ...MANY, framework: 'half' })
  const half = request(`${product.url}/v1/frameworks/imports?${query}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${school.apiKey}`,
      'content-type': 'text/csv',
      'content-length': '2000000',
    },
  })
  half.on('error', () => undefined)
  half.write(many(14_000))
  await vi.waitFor(async () => expect(await leftovers()).toBeGreaterThan(0), { timeout: 15_000 })
  half.destroy()
  await vi.waitFor(async () => expect(await leftovers()).toBe(0), { timeout: 15_000 })
  expect(await found('half')).toEqual([])
})

test('who may not change the organisation is refused before the file is read', async () => {
  const { body } = await school.api.post('/v1/api-keys', { name: 'Reader', rights: ['read', 'create'] })
  const reader = new ApiCaller(product.url, { authorization: `Bearer ${body.secret}` })
  const refused = await reader.send(
    'POST',
    `/v1/frameworks/imports?${new URLSearchParams({ ...ABOUT, ...MANY })}`,
    many(14_000),
    { 'content-type': 'text/csv' },
  )
  expect([refused.status, refused.body.code]).toEqual([403, 'forbidden'])
})
