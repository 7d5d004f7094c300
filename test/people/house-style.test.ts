import { afterAll, beforeAll, expect, test } from 'vitest'
import { bakePng } from '#adapters/crypto/bake-png.ts'
import { crc32 } from '#adapters/crypto/png-chunks.ts'
import { ApiCaller } from '#test/product/api-caller.ts'
import { awardOf, basicsRule, completed, setUpFirstAid } from '#test/product/first-aid.ts'
import { signedIn } from '#test/product/member.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from '#test/product/test-product.ts'

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
    parameters: { part: 'text', ratio: 2.39, needed: 4.5, proposal: expect.stringMatching(/^#/) },
  })
  const { proposal } = faint.body.parameters
  const dim = { ...style.colours, text: proposal, secondary: '#33557a' }
  expect((await replace({ ...style, colours: dim }, '"v1"')).body).toMatchObject({
    code: 'contrast-too-low',
    parameters: { part: 'graphics', needed: 3 },
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

test('a picture has looks of its own where its author wants that, and what it was made of is kept with it', async () => {
  const { colours, revision, logo } = (await school.api.get(PATH)).body
  const wish = {
    label: 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamter',
    language: 'nl',
    level: 0,
    symbol: 'bulb',
    shape: 'round',
    logo: false,
    colours: { primary: '#ffffff', secondary: '#1d3f66', text: '#1d1d1d' },
  }
  const drawn = await compose(wish)
  expect([drawn.status, drawn.body]).toMatchObject([201, { textFits: false, contrast: { text: 16.85 } }])
  expect((await compose({ label: 'Kort' })).body.textFits).toBe(true)
  const design = `/v1/images/${drawn.body.id}/design`
  const { level, logo: _, ...rest } = wish
  expect((await school.api.get(design)).body).toEqual({
    ...rest,
    level: style.levels[0],
    logo: null,
  })
  // Sent again it gives the same picture; with another word another.
  expect((await compose(wish)).body.id).toBe(drawn.body.id)
  const plain = await compose({ label: 'Kort' })
  expect((await school.api.get(`/v1/images/${plain.body.id}/design`)).body).toMatchObject({
    colours,
    logo,
    level: null,
    symbol: null,
  })
  const faint = { ...wish, colours: { ...wish.colours, secondary: '#eeeeee' } }
  expect((await compose(faint)).body).toMatchObject({
    status: 422,
    code: 'contrast-too-low',
    parameters: { part: 'graphics', needed: 3 },
  })
  // The style stays as it was, and others do not see what was drawn here.
  expect((await school.api.get(PATH)).body.revision).toBe(revision)
  const other = await product.organisation('design-elsewhere')
  expect((await other.api.get(design)).body.code).toBe('not-found')
})

test('of an upload the pixels are kept, and what else was in it is told or refused', async () => {
  const upload = (bytes: BodyInit, type: string) =>
    school.api.send('POST', '/v1/images', bytes, { 'content-type': type })
  const drawn = await compose({ label: 'Kort' })
  const png = await pictureOf(drawn.body.url)
  const baked = bakePng(png, '{"a":1}')
  const first = await upload(baked as BodyInit, 'image/png')
  expect([first.status, first.body.removed]).toEqual([201, ['badge']])
  const kept = await pictureOf(first.body.url)
  expect(Buffer.from(kept).includes('openbadgecredential')).toBe(false)
  expect((await upload(kept as BodyInit, 'image/png')).body).toMatchObject({ id: first.body.id, removed: [] })

  const svg = (inside: string) =>
    `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><rect width="40" height="40"/>${inside}</svg>`
  expect((await upload(svg(''), 'image/svg+xml')).status).toBe(201)
  expect((await upload(svg('<script>alert(1)</script>'), 'image/svg+xml')).body).toMatchObject({
    status: 422,
    code: 'image-active',
    parameters: { parts: ['script'] },
  })
  expect((await upload('GIF89a', 'image/png')).body).toMatchObject({ status: 422, code: 'image-unfit' })
  const gif = Buffer.from('R0lGODdhAQABAIAAAP8AAP///ywAAAAAAQABAAACAkQBADs=', 'base64')
  expect((await upload(gif, 'image/gif')).body).toMatchObject({ mediaType: 'image/png', removed: [] })
  expect((await upload('GIF89a', 'image/avif')).status).toBe(415)
  const large = Buffer.from(png)
  large.writeUInt32BE(90_000, 16)
  large.writeUInt32BE(crc32(large.subarray(12, 29)), 29)
  expect((await upload(large, 'image/png')).body).toMatchObject({
    status: 422,
    code: 'image-too-large',
    parameters: { width: 90_000, most: 4096 },
  })
})

test('another organisation has its own style, and does not see this one', async () => {
  const other = await product.organisation('other-styled-school')
  expect((await other.api.get(PATH)).body).toMatchObject({ shape: 'hexagon', revision: 1 })
  expect((await other.api.get(`${PATH}?organisation=${school.id}`)).status).toBe(404)
})

test('what the font cannot draw is named, and a label shows something', async () => {
  const refused = await compose({ label: 'Kanji 漢字 漢', language: 'en' })
  expect(refused.body).toMatchObject({
    status: 422,
    code: 'letter-unknown',
    parameters: { letters: ['漢', '字'] },
  })
  expect((await compose({ label: 'Żółć, Ελλάδα, Первая – 100 %' })).status).toBe(201)
  for (const label of ['', ' ', '\u200b'])
    expect((await compose({ label })).body).toMatchObject({ status: 400, code: 'invalid-request' })
  const words = { ...style, levels: [{ name: { nl: '初', en: 'Begun' }, accent: '#a5632a' }] }
  const tag = (await school.api.get(PATH)).headers.get('etag') ?? ''
  const changed = await replace(words, tag)
  expect(changed.status).toBe(200)
  expect((await compose({ label: 'A', level: 0, language: 'nl' })).body.parameters).toEqual({
    letters: ['初'],
  })
  expect((await compose({ label: 'A', level: 0, language: 'en' })).status).toBe(201)
  expect((await replace(style, changed.headers.get('etag') ?? '')).status).toBe(200)
})

test('a badge has the picture of the level that was reached, its achievement the plain one, and its page all', async () => {
  const drawn = async (label: string) => (await compose({ label })).body.id as string
  const [plain, bronze, gold] = [await drawn('Plain'), await drawn('Bronze'), await drawn('Gold')]
  const firstAid = await setUpFirstAid(school.api, 'level-academy')
  await school.api.post(`/v1/rules/${firstAid.ruleId}/pause`)
  const en = { en: 'Text.' }
  const definition = {
    name: en,
    description: en,
    criteria: en,
    image: plain,
    resultDescriptions: [
      {
        id: 'talks',
        name: en,
        type: 'RubricCriterionLevel',
        levels: [
          { id: 'begun', name: { en: 'Begun' }, points: '0.5' },
          { id: 'able', name: { en: 'Able' }, points: '0.75' },
          { id: 'mastered', name: { en: 'Mastered' }, points: '0.9' },
        ],
      },
    ],
    imageLevels: [
      { result: 'talks', level: 'mastered', image: gold, altText: { en: 'A golden badge' } },
      { result: 'talks', level: 'begun', image: bronze, altText: { en: 'A bronze badge' } },
    ],
  }
  const create = (slug: string, over: object = {}) =>
    school.api.post('/v1/achievements', {
      issuerId: firstAid.issuerId,
      slug,
      definition: { ...definition, ...over },
    })
  const [golden] = definition.imageLevels
  for (const [wrong, status, code] of [
    [[{ ...golden, level: 'other' }], 400, 'invalid-request'],
    [[golden, golden], 400, 'invalid-request'],
    [[{ ...golden, image: '0'.repeat(64) }], 422, 'image-unknown'],
    [[{ ...golden, altText: { nl: 'Goud' } }], 422, 'language-missing'],
  ]) {
    const refused = await create('refused', { imageLevels: wrong })
    expect([refused.status, refused.body.code]).toEqual([status, code])
  }

  const made = await create('levelled')
  expect(made.body.versions?.[0].definition.imageLevels).toEqual(definition.imageLevels)
  const published = await school.api.post(`/v1/achievements/${made.body.id}/versions/1/publish`)
  expect([published.status, published.body.code]).toEqual([200, undefined])
  const anybody = new ApiCaller(product.url)
  const url = (image: string) => expect.stringMatching(new RegExp(`/images/${image}\\.png$`))
  const page = (await anybody.get(`/v1/public/achievements/${made.body.id}`)).body
  expect(page.imageLevels).toMatchObject([
    { level: 'begun', name: { en: 'Begun' }, url: url(bronze), altText: { en: 'A bronze badge' } },
    { level: 'mastered', name: { en: 'Mastered' }, url: url(gold) },
  ])
  expect([page.image, page.document.image.id]).toEqual([url(plain), url(plain)])
  expect(JSON.stringify(page.document)).not.toContain(gold)

  const rule = await school.api.post('/v1/rules', {
    name: 'Levels',
    document: {
      ...basicsRule('levelled'),
      results: [{ resultDescription: 'talks', value: 'modules.best.score' }],
    },
  })
  await school.api.post(`/v1/rules/${rule.body.id}/versions/1/activate`)
  const scored = (learner: string, score: number) =>
    [1, 2].map((module) => {
      const event = completed(learner, module)
      return { ...event, data: { ...event.data, score } }
    })
  await school.api.post('/v1/events', [...scored('ann', 0.9), ...scored('bob', 0.75)])
  for (const [learner, image, caption] of [
    ['ann', gold, 'A golden badge'],
    ['bob', plain, 'Text.'],
  ] as const) {
    const { credentialId } = await awardOf(school.api, learner)
    const { body: credential } = await school.api.get(`/credentials/${credentialId}`, {
      accept: 'application/json',
    })
    expect(credential.credentialSubject.achievement.image).toEqual({ id: url(image), type: 'Image', caption })
    expect((await anybody.post('/v1/verify', { credential })).body.verdict).toBe('valid')
    const shown = (await school.api.get(`/v1/credentials/${credentialId}`)).body
    expect(shown.image).toEqual(url(image))
    // Where the author says nothing of the picture, the page says the name.
    expect(shown.imageAlt?.text ?? shown.achievementName).toBe(caption)
    const baked = await school.api.get(`/v1/credentials/${credentialId}/document?format=png`)
    const picture = Buffer.from(await pictureOf(`${product.url}/images/${image}.png`))
    // All but its header, after which the badge is put.
    expect(Buffer.from(baked.bytes).includes(picture.subarray(33))).toBe(true)
  }

  // Where she leaves her result out, no picture tells it.
  const { credentialId } = await awardOf(school.api, 'ann')
  const mail = await product.inbox.waitFor('ann@example.org', 20_000)
  await anybody.post(`/v1/claims/${/\/claim#([\w-]+)/.exec(mail.text)?.[1]}/accept`)
  const ann = await signedIn(product, 'ann@example.org')
  const seenWith = async (omits: readonly string[]) => {
    const shared = await ann.post(`/v1/credentials/${credentialId}/share-links`, { omits })
    expect([shared.status, shared.body.code]).toEqual([201, undefined])
    const share = new URL(shared.body.url).searchParams.get('share')
    return (await anybody.get(`/v1/credentials/${credentialId}?share=${share}`)).body
  }
  expect((await seenWith(['narrative'])).image).toEqual(url(gold))
  const hidden = await seenWith(['results'])
  expect(hidden.image).toEqual(url(plain))
  expect(JSON.stringify(hidden)).not.toContain(gold)
})
