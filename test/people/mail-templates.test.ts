import { afterAll, beforeAll, expect, test } from 'vitest'
import { awardOf, earning, setUpFirstAid } from '#test/product/first-aid.ts'
import { composeAgain } from '#test/product/second-composition.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from '#test/product/test-product.ts'

let product: TestProduct
let school: TestOrganisation
let other: TestOrganisation
beforeAll(async () => {
  product = await startTestProduct()
  school = await product.organisation('mail-school')
  other = await product.organisation('other-mail-school')
})
afterAll(() => product?.stop())

const CLAIM = '/v1/notification-templates/claim/en'
const OWN = {
  subject: 'Well done: {{achievement}}',
  text: 'Dear you,\n\n{{issuer}} is <proud>.\n\nFetch it: {{link}}\n\nBye.',
}
const put = (body: object, revision: number, path = CLAIM, by = school.api) =>
  by.put(path, body, { 'if-match': `"v${revision}"` })
const reset = (revision: number) =>
  school.api.send('DELETE', CLAIM, undefined, { 'if-match': `"v${revision}"` })

test('an organisation sees every kind that it words, in both languages, and none of those about signing in', async () => {
  const { status, body } = await school.api.get('/v1/notification-templates')
  expect(status).toBe(200)
  const kinds = new Set(body.items.map(({ kind }: { kind: string }) => kind))
  expect(kinds).toContain('claim')
  expect(kinds).not.toContain('sign-in')
  expect(body.items).toHaveLength(kinds.size * 2)
  expect(body.items.every(({ isStandard }: { isStandard: boolean }) => isStandard)).toBe(true)
  expect((await school.api.get('/v1/notification-templates/sign-in/nl')).body.code).toBe('not-found')
  expect((await school.api.get('/v1/notification-templates/nothing/nl')).status).toBe(404)
})

test('its own words are checked, counted, previewed, sent and reset', async () => {
  expect((await put({ ...OWN, text: 'Hi {{name}} {{link}}' }, 0)).body).toMatchObject({
    code: 'template-variable-unknown',
    status: 422,
    parameters: { variables: ['name'], known: ['link', 'achievement', 'issuer', 'byRule'] },
  })
  expect((await put({ ...OWN, text: 'No link.' }, 0)).body.code).toBe('template-link-missing')
  expect((await put({ ...OWN, text: '{{#byRule}}{{link}}' }, 0)).body.code).toBe('template-malformed')
  expect((await put({ ...OWN, text: `{{link}}${'x'.repeat(10_000)}` }, 0)).status).toBe(400)
  expect((await school.api.put(CLAIM, OWN)).body.code).toBe('precondition-required')

  const preview = await school.api.post(`${CLAIM}/preview`, {
    ...OWN,
    values: { achievement: 'A <i>b</i>', issuer: 'C & D' },
  })
  expect(preview.body).toMatchObject({ subject: 'Well done: A <i>b</i>' })
  expect(preview.body.text).toContain('C & D is <proud>.')
  expect(preview.body.html).toContain('C &#38; D is &#60;proud&#62;.')
  expect(preview.body.html).toContain('Test mail-school')
  expect(preview.body.html).not.toContain('<i>')
  expect((await school.api.post(`${CLAIM}/preview`, { values: { nope: 'x' } })).body.code).toBe(
    'template-variable-unknown',
  )

  const changed = await put(OWN, 0)
  expect([changed.status, changed.headers.get('etag')]).toEqual([200, '"v1"'])
  expect(changed.body).toMatchObject({ ...OWN, isStandard: false, revision: 1 })
  expect((await put(OWN, 0)).status).toBe(412)
  // Neither another language nor another organisation is touched.
  expect((await school.api.get('/v1/notification-templates/claim/nl')).body.isStandard).toBe(true)
  expect((await other.api.get(CLAIM)).body).toMatchObject({ isStandard: true, revision: 0 })

  const firstAid = await setUpFirstAid(school.api, 'mail-academy')
  expect(firstAid.issuerId).toBeDefined()
  await school.api.post('/v1/events', earning('ann'))
  await awardOf(school.api, 'ann')
  const mail = await product.inbox.waitFor('ann@example.org', 20_000)
  expect(mail.subject).toMatch(/^Well done: /)
  expect(mail.text).toMatch(/Fetch it: http.*\/claim#[\w-]+/)
  expect(mail.html).toContain('is &#60;proud&#62;.')

  expect((await reset(1)).body).toMatchObject({ isStandard: true, revision: 2 })
  // What was seen before the reset is stale for ever.
  expect((await put(OWN, 1)).status).toBe(412)
  expect((await put(OWN, 0)).status).toBe(412)
  const { items } = (await school.api.get('/v1/audit?limit=100')).body
  expect(items.map(({ action }: { action: string }) => action)).toEqual(
    expect.arrayContaining(['mail_template.changed', 'mail_template.reset']),
  )
})

test('of many who change the same one at once, in two processes, one is heard', async () => {
  const path = '/v1/notification-templates/invitation/en'
  const second = composeAgain(product, {}).routes.mailTemplates
  const principal = { kind: 'operator' } as const
  const attempts = Array.from({ length: 20 }, (_, n) =>
    n % 2 === 0
      ? put({ subject: `S${n}`, text: '{{link}}' }, 0, path).then(({ status }) => status === 200)
      : second
          .change(principal, school.id, 'invitation', 'en', 0, { subject: `S${n}`, text: '{{link}}' })
          .then(
            () => true,
            () => false,
          ),
  )
  expect((await Promise.all(attempts)).filter(Boolean)).toHaveLength(1)
  expect((await school.api.get(path)).body.revision).toBe(1)
})
