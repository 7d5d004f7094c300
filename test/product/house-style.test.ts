import { afterAll, beforeAll, expect, test } from 'vitest'
import { ApiCaller } from './api-caller.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from './test-product.ts'

let product: TestProduct
let school: TestOrganisation
beforeAll(async () => {
  product = await startTestProduct()
  school = await product.organisation('styled-school')
})
afterAll(() => product?.stop())

const PATH = '/v1/organisations/house-style'
const style = {
  colours: { primary: '#1d3f66', secondary: '#f5d9b8', text: '#ffffff' },
  shape: 'shield',
  levels: [
    { name: { nl: 'Begonnen', en: 'Begun' }, accent: '#a5632a' },
    { name: { nl: 'Gevorderd', en: 'Able' }, accent: '#b8bfc7' },
  ],
}
const replace = (body: object, tag: string) =>
  school.api.send('PUT', PATH, JSON.stringify(body), { 'content-type': 'application/json', 'if-match': tag })
const compose = (body: object) => school.api.post('/v1/images/compose', body)
const pictureOf = async (url: string) => (await new ApiCaller(product.url).get(new URL(url).pathname)).bytes

test('a style is decided once at a time, is readable, and is kept with what it was', async () => {
  const before = await school.api.get(PATH)
  expect(before.body).toMatchObject({ shape: 'hexagon', logo: null, revision: 1 })
  expect(before.headers.get('etag')).toBe('"v1"')

  const faint = await replace({ ...style, colours: { ...style.colours, text: '#777777' } }, '"v1"')
  expect(faint.body).toMatchObject({
    status: 422,
    code: 'contrast-too-low',
    parameters: { ratio: 2.39, needed: 4.5 },
  })
  for (const wrong of [
    { ...style, shape: 'star' },
    { ...style, levels: [] },
    { ...style, colours: { ...style.colours, primary: 'red' } },
  ])
    expect((await replace(wrong, '"v1"')).status).toBe(400)
  expect((await replace({ ...style, logo: '0'.repeat(64) }, '"v1"')).body.code).toBe('image-unknown')

  // Two who saw the same: one of them decides.
  const both = await Promise.all([replace(style, '"v1"'), replace({ ...style, shape: 'round' }, '"v1"')])
  expect(both.map(({ status }) => status).sort()).toEqual([200, 412])
  const won = both.find(({ status }) => status === 200)
  expect((await school.api.get(PATH)).body).toEqual(won?.body)
  expect(won?.body).toMatchObject({ levels: style.levels, revision: 2 })

  const { items } = (await school.api.get('/v1/audit')).body
  expect(
    items.filter(({ action }: { action: string }) => action === 'organisation.house_style_changed'),
  ).toHaveLength(1)
})

test('a picture is drawn in the style of then, the same words give the same picture, and it serves a badge', async () => {
  const { revision } = (await school.api.get(PATH)).body
  const face = { label: 'Eerste hulp', level: 1, symbol: 'heart', language: 'nl' }
  const first = await compose(face)
  expect([first.status, first.body.mediaType]).toEqual([201, 'image/png'])
  expect((await compose(face)).body).toEqual(first.body)
  expect((await compose({ ...face, language: 'en' })).body.id).not.toBe(first.body.id)
  const drawn = await pictureOf(first.body.url)
  expect([...drawn.slice(1, 4)]).toEqual([...'PNG'].map((letter) => letter.charCodeAt(0)))

  const unknown = await compose({ ...face, level: 2 })
  expect(unknown.body).toMatchObject({ status: 422, code: 'level-word-unknown', parameters: { levels: 2 } })

  const changed = await replace({ ...style, logo: first.body.id }, `"v${revision}"`)
  expect([changed.status, changed.body.logo]).toEqual([200, first.body.id])
  const second = await compose(face)
  expect(second.body.id).not.toBe(first.body.id)
  expect(await pictureOf(first.body.url)).toEqual(drawn)

  const issuer = await school.api.post('/v1/issuers', { slug: 'styled-academy', name: 'Academy' })
  const en = { en: 'Text.' }
  const made = await school.api.post('/v1/achievements', {
    issuerId: issuer.body.id,
    slug: 'styled',
    definition: { name: en, description: en, criteria: en, image: second.body.id },
  })
  expect([made.status, made.body.versions?.[0].definition.image]).toEqual([201, second.body.id])
})

test('another organisation has its own style, and does not see this one', async () => {
  const other = await product.organisation('other-styled-school')
  expect((await other.api.get(PATH)).body).toMatchObject({ shape: 'hexagon', revision: 1 })
  expect((await other.api.get(`${PATH}?organisation=${school.id}`)).status).toBe(404)
})
