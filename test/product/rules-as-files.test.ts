import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { runRules } from '#app/cli/rules/run-rules.ts'
import { basicsRule, setUpFirstAid } from './first-aid.ts'
import { rowCounts } from './row-counts.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from './test-product.ts'
import { runWaarmerk } from './waarmerk-command.ts'

let product: TestProduct
let school: TestOrganisation
let folder: string
beforeAll(async () => {
  product = await startTestProduct()
  school = await product.organisation('files-school')
  const { issuerId } = await setUpFirstAid(school.api, 'files-academy')
  const definition = { name: { en: 'A' }, description: { en: 'A.' }, criteria: { en: 'A.' } }
  const more = await school.api.post('/v1/achievements', { issuerId, slug: 'regular', definition })
  await school.api.post(`/v1/achievements/${more.body.id}/versions/1/publish`)
  folder = await mkdtemp(join(tmpdir(), 'waarmerk-files-'))
})
afterAll(async () => {
  await product?.stop()
  await rm(folder, { recursive: true, force: true })
})

const write = (name: string, document: unknown) =>
  writeFile(join(folder, `${name}.rule.json`), JSON.stringify(document))

async function rules(command: string, ...more: readonly string[]) {
  let [out, err] = ['', '']
  const code = await runRules([command, folder, '--server', product.url, ...more], {
    out: (text) => {
      out += text
    },
    err: (text) => {
      err += text
    },
    key: school.apiKey,
  })
  return { code, out, err }
}
const versionsOf = async (name: string) =>
  (await school.api.get('/v1/rules')).body.items
    .filter((rule: { name: string }) => rule.name === name)
    .map(({ versions }: { versions: { version: number; state: string }[] }) =>
      versions.map(({ version, state }) => `${version} ${state}`),
    )

const REGULAR = {
  ...basicsRule('regular'),
  when: { id: 'often', count: 3, where: "event.type == 'attended'", within: 'P30D' },
}

test('a folder is checked by what the organisation has', async () => {
  await write('often', { ...REGULAR, achievement: 'irregular' })
  const { code, out } = await rules('check')
  expect(code).toBe(1)
  expect(out).toContain('often.rule.json: /achievement There is no achievement "irregular".')
  await write('often', REGULAR)
  expect((await rules('check')).code).toBe(0)
})

test('what is new is created, once; what is on the server only is told and left alone', async () => {
  const first = await rules('diff')
  expect([first.code, first.out.split('\n')]).toEqual([
    1,
    ['+ regular/often is new', '- first-aid-basics/Basics is on the server only (version 1, active)', ''],
  ])
  const before = await rowCounts(product.running.parts.databaseUrl)
  expect(await rules('apply', '--dry-run', '--activate')).toEqual({
    code: 0,
    out: 'would create regular/often\nwould activate regular/often, version 1\n',
    err: '',
  })
  expect(await rowCounts(product.running.parts.databaseUrl)).toEqual(before)

  expect(await rules('apply')).toMatchObject({ code: 0, out: 'created regular/often\n' })
  expect(await versionsOf('often')).toEqual([['1 draft']])
  const after = await rowCounts(product.running.parts.databaseUrl)
  expect(await rules('apply')).toMatchObject({ code: 0, out: expect.stringContaining('Nothing to do') })
  expect(await rowCounts(product.running.parts.databaseUrl)).toEqual(after)
})

test('what was created before is brought into force, and what changed gets a version', async () => {
  expect((await rules('apply', '--activate')).out).toBe('activated regular/often, version 1\n')
  expect((await rules('apply', '--activate')).out).toContain('Nothing to do')
  expect(await versionsOf('often')).toEqual([['1 active']])

  await write('often', { ...REGULAR, when: { ...REGULAR.when, count: 2 } })
  const diff = await rules('diff')
  expect([diff.code, diff.out]).toEqual([
    1,
    expect.stringContaining(
      '~ regular/often differs from version 1 (active)\n    /when/count: 3 becomes 2\n',
    ),
  ])
  const { rules: told } = JSON.parse((await rules('diff', '--json')).out)
  expect(told[0]).toEqual({
    kind: 'changed',
    name: 'often',
    achievement: 'regular',
    version: 1,
    state: 'active',
    differences: ['/when/count: 3 becomes 2'],
  })
  expect((await rules('apply', '--activate')).out).toBe(
    'added version 2 to regular/often\nactivated regular/often, version 2\n',
  )
  await vi.waitFor(async () => expect(await versionsOf('often')).toEqual([['1 retired', '2 active']]))
})

test('a server that has what the folder has differs in nothing', async () => {
  await write('Basics', basicsRule())
  const { code, out } = await rules('diff')
  expect([code, out.split('\n')]).toEqual([
    0,
    [
      '= first-aid-basics/Basics is the same (version 1, active)',
      '= regular/often is the same (version 2, active)',
      '',
    ],
  ])
  // The order in which members are written is no difference.
  const { when, ...rest } = basicsRule()
  await write('Basics', { when, ...rest })
  expect((await rules('diff')).code).toBe(0)
})

test('one bad rule keeps all from being applied', async () => {
  await write('bad', { ...REGULAR, when: { holds: 'irregular' } })
  await write('good', REGULAR)
  const before = await rowCounts(product.running.parts.databaseUrl)
  const { code, out } = await rules('apply', '--activate')
  expect([code, out]).toEqual([1, expect.stringContaining('x bad.rule.json: /when/holds ')])
  expect(await rowCounts(product.running.parts.databaseUrl)).toEqual(before)
  await rm(join(folder, 'bad.rule.json'))
  await rm(join(folder, 'good.rule.json'))
})

test('a key that may not is refused with its code; the key is taken from the environment', async () => {
  const { body } = await school.api.post('/v1/api-keys', { name: 'reads', rights: ['read'] })
  await write('new', REGULAR)
  const argv = ['rules', 'apply', folder, '--server', product.url]
  const refused = await runWaarmerk(argv, { WAARMERK_API_KEY: body.secret })
  expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('(forbidden)')])
  const wrong = await runWaarmerk(argv, { WAARMERK_API_KEY: 'wrong' })
  expect([wrong.code, wrong.err]).toEqual([1, expect.stringContaining('(unauthenticated)')])
  const done = await runWaarmerk(argv, { WAARMERK_API_KEY: school.apiKey })
  expect(done).toEqual({ code: 0, out: 'created regular/new\n', err: '' })
})
