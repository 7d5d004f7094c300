import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AchievementId, AchievementShareId } from '#engine/shared/ids.ts'
import { type ApiAnswer, ApiCaller } from '#test/product/api-caller.ts'
import { composeAgain, countingCalls } from '#test/product/second-composition.ts'
import {
  OPERATOR,
  startTestProduct,
  type TestOrganisation,
  type TestProduct,
} from '#test/product/test-product.ts'

let product: TestProduct
let giver: Tenant
let taker: Tenant
let stranger: Tenant
let anybody: ApiCaller
interface Tenant extends TestOrganisation {
  readonly issuerId: string
}
beforeAll(async () => {
  product = await startTestProduct()
  giver = await tenant('giver')
  taker = await tenant('taker')
  stranger = await tenant('stranger')
  anybody = new ApiCaller(product.url)
})
afterAll(() => product?.stop())

async function tenant(slug: string): Promise<Tenant> {
  const organisation = await product.organisation(slug)
  const issuer = await organisation.api.post('/v1/issuers', { slug: `${slug}-academy`, name: slug })
  return { ...organisation, issuerId: issuer.body.id }
}

const en = { en: 'Text.' }
let count = 0
async function published(definition: object = {}, of = giver): Promise<string> {
  const made = await of.api.post('/v1/achievements', {
    issuerId: of.issuerId,
    slug: `shared-${++count}`,
    definition: { name: en, description: en, criteria: en, ...definition },
  })
  expect([made.status, made.body.code]).toEqual([201, undefined])
  const done = await of.api.post(`/v1/achievements/${made.body.id}/versions/1/publish`)
  expect([done.status, done.body.code]).toEqual([200, undefined])
  return made.body.id
}
const outcome = ({ status, body }: ApiAnswer) => [status, body?.code]
const share = (id: string, kind: string, organisation: string = taker.id) =>
  giver.api.post(`/v1/achievements/${id}/versions/1/shares`, { organisation, kind })
const copy = (by: Tenant, from: object) =>
  by.api.post('/v1/achievements/copies', { issuerId: by.issuerId, slug: `copy-${++count}`, ...from })

describe('a version that is shared', () => {
  test('is seen and copied by that organisation, with where it comes from; later changes do not follow', async () => {
    const id = await published({ tags: ['first'] })
    const shared = await share(id, 'copy', 'taker')
    expect([shared.status, shared.body.withOrganisation]).toEqual([201, taker.id])
    expect(outcome(await share(id, 'view'))).toEqual([409, 'share-open'])
    const { items } = (await taker.api.get('/v1/shared-achievements')).body
    expect(items).toMatchObject([{ shareId: shared.body.id, organisationName: 'Test giver', version: 1 }])
    const made = await copy(taker, { shareId: shared.body.id })
    const [original] = (await giver.api.get(`/v1/achievements/${id}`)).body.versions
    expect(made.status).toBe(201)
    expect(made.body.copiedFrom).toEqual({
      organisationId: giver.id,
      organisationName: 'Test giver',
      achievementId: id,
      version: 1,
      digest: original.digest,
    })
    expect(made.body.versions).toMatchObject([{ state: 'draft', definition: { tags: ['first'] } }])
    const { image } = made.body.versions[0].definition
    expect(image).toBe(original.definition.image)

    const changed = { name: en, description: en, criteria: en, tags: ['second'] }
    await giver.api.post(`/v1/achievements/${id}/versions`, { definition: changed })
    await giver.api.post(`/v1/achievements/${id}/versions/2/publish`)
    await giver.api.post(`/v1/achievements/${id}/versions/2/withdraw`, { reason: 'Wrong.' })
    const now = await taker.api.get(`/v1/achievements/${made.body.id}`)
    expect(now.body.versions).toMatchObject([{ version: 1, definition: { tags: ['first'] } }])
    // Its own from then on: issued by the taker.
    const done = await taker.api.post(`/v1/achievements/${made.body.id}/versions/1/publish`)
    expect(done.body.state).toBe('published')
    const page = (await anybody.get(`/v1/public/achievements/${made.body.id}`)).body
    expect(page.issuer.name).toBe('taker')
  })

  test('the list of what is shared comes page by page, and takes no more queries for more of it', async () => {
    const reader = await tenant('reader')
    const shareIds: string[] = []
    for (let n = 0; n < 3; n++) shareIds.unshift((await share(await published(), 'view', reader.id)).body.id)
    const seen: string[] = []
    let query: string | undefined = '?limit=2'
    let pages = 0
    while (query !== undefined) {
      const { body } = await reader.api.get(`/v1/shared-achievements${query}`)
      seen.push(...body.items.map((item: { shareId: string }) => item.shareId))
      query = body.next === null ? undefined : `?limit=2&cursor=${body.next}`
      pages++
    }
    expect([seen, pages]).toEqual([shareIds, 2])

    const reads = async (limit: number) => {
      const { database, calls } = countingCalls(product.running.parts.database)
      await composeAgain(product, { database }).routes.sharedAchievements.list(OPERATOR, reader.id, { limit })
      return calls()
    }
    expect(await reads(1)).toBeGreaterThan(0)
    expect(await reads(3)).toBe(await reads(1))
  })

  test('to be seen only is not copied; withdrawn, it is gone, and the copy stays', async () => {
    const id = await published()
    const seen = await share(id, 'view')
    expect((await taker.api.get(`/v1/shared-achievements/${seen.body.id}`)).status).toBe(200)
    expect(outcome(await copy(taker, { shareId: seen.body.id }))).toEqual([403, 'copy-not-allowed'])
    const withdraw = () => giver.api.post(`/v1/achievements/${id}/shares/${seen.body.id}/withdraw`)
    expect((await withdraw()).status).toBe(200)
    expect(outcome(await withdraw())).toEqual([409, 'share-withdrawn'])
    expect(outcome(await taker.api.get(`/v1/shared-achievements/${seen.body.id}`))).toEqual([
      404,
      'not-found',
    ])
    const again = await share(id, 'copy')
    const made = await copy(taker, { shareId: again.body.id })
    await giver.api.post(`/v1/achievements/${id}/shares/${again.body.id}/withdraw`)
    expect(outcome(await copy(taker, { shareId: again.body.id }))).toEqual([404, 'not-found'])
    expect((await taker.api.get(`/v1/achievements/${made.body.id}`)).status).toBe(200)
    const all = (await giver.api.get(`/v1/achievements/${id}/shares`)).body.items
    expect(all.map(({ kind, withdrawnAt }: Record<string, unknown>) => [kind, withdrawnAt !== null])).toEqual(
      [
        ['view', true],
        ['copy', true],
      ],
    )
  })

  test('is nothing to a third organisation, and neither is what is not shared', async () => {
    const id = await published()
    const shared = await share(id, 'copy')
    for (const from of [{ shareId: shared.body.id }, { achievementId: id }])
      expect(outcome(await copy(stranger, from))).toEqual([404, 'not-found'])
    expect((await stranger.api.get('/v1/shared-achievements')).body.items).toEqual([])
    expect(outcome(await stranger.api.get(`/v1/shared-achievements/${shared.body.id}`))).toEqual([
      404,
      'not-found',
    ])
    expect(outcome(await taker.api.get(`/v1/achievements/${id}`))).toEqual([404, 'not-found'])
    for (const unknown of ['nobody-at-all', '00000000-0000-4000-8000-00000000dead', giver.id])
      expect(outcome(await share(id, 'copy', unknown))).toEqual([404, 'not-found'])
  })

  test('was published, and was not withdrawn since', async () => {
    const id = await published()
    await giver.api.post(`/v1/achievements/${id}/versions`, {
      definition: { name: en, description: en, criteria: en },
    })
    const draft = await giver.api.post(`/v1/achievements/${id}/versions/2/shares`, {
      organisation: 'taker',
      kind: 'copy',
    })
    expect(outcome(draft)).toEqual([409, 'version-not-shareable'])
    expect(draft.body.parameters).toEqual({ version: 2, state: 'draft', possible: ['publish'] })
    const shared = await share(id, 'copy')
    await giver.api.post(`/v1/achievements/${id}/versions/1/withdraw`, { reason: 'Wrong.' })
    expect(outcome(await copy(taker, { shareId: shared.body.id }))).toEqual([409, 'version-not-shareable'])
  })

  test('is withdrawn once, by however many at once in two processes', async () => {
    const id = (await published()) as AchievementId
    const shareId = (await share(id, 'view')).body.id as AchievementShareId
    const processes = [product.running.product, composeAgain(product, {})]
    const done = await Promise.allSettled(
      Array.from({ length: 20 }, (_, n) =>
        processes[n % 2]?.routes.shareAchievements.withdraw(OPERATOR, giver.id, id, shareId),
      ),
    )
    expect(done.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })
})

describe('the catalogue', () => {
  const browse = async (query = '') => (await anybody.get(`/v1/catalogue?issuer=giver-academy${query}`)).body
  const names = async (query = '') =>
    (await browse(query)).items.map(({ name }: { name: Record<string, string> }) => name['en']).sort()
  const list = (id: string, listing: string, by = giver) =>
    by.api.put(`/v1/achievements/${id}/listing`, { listing })
  const valuesOf = (body: { facets: { name: string; values: object[] }[] }, name: string) =>
    body.facets.find((facet) => facet.name === name)?.values

  let bread: string
  beforeAll(async () => {
    bread = await published({
      name: { en: 'Bread', nl: 'Brood' },
      description: { en: 'Bakes loaves.', nl: 'Bakt broden.' },
      recognises: ['skill'],
      recognisedThrough: 'result',
      badgeType: 'extracurricular',
      purpose: en,
      workload: { unit: 'ects', amount: 2 },
      alignments: [
        {
          targetName: 'EQF level 4',
          targetUrl: 'http://data.europa.eu/snb/eqf/4',
          targetType: 'ext:EQF',
          targetFramework: 'European Qualifications Framework',
          targetCode: '4',
          basis: 'self-assessed',
        },
      ],
    })
    const cake = await published({
      name: { en: 'Cake' },
      description: { en: 'Bakes cakes with a 100 % smile_.' },
      recognises: ['fun', 'skill'],
      workload: { unit: 'hours', amount: 8 },
    })
    const hidden = await published({ name: { en: 'Hidden' } })
    for (const id of [bread, cake]) expect((await list(id, 'listed')).body.listing).toBe('listed')
    expect((await giver.api.get(`/v1/achievements/${hidden}`)).body.listing).toBe('unlisted')
  })

  test('shows what is listed and published, to everybody, and nothing else', async () => {
    expect(await names()).toEqual(['Bread', 'Cake'])
    const { total, items } = await browse('&q=bread')
    expect([total, items[0].issuer, items[0].eqf, items[0].copyable]).toEqual([
      1,
      { slug: 'giver-academy', name: 'giver' },
      ['4'],
      false,
    ])
  })

  test('finds words in any language, and other forms of them', async () => {
    expect(await names('&q=brood')).toEqual(['Bread'])
    expect(await names('&q=loaf')).toEqual([])
    expect(await names('&q=baking')).toEqual(['Bread', 'Cake'])
    expect(await names('&q=bakes+cake')).toEqual(['Cake'])
    // What has a meaning in patterns has none here.
    expect(await names('&q=100+%25')).toEqual(['Cake'])
    expect(await names(`&q=${encodeURIComponent("'; DROP TABLE achievement; --")}`)).toEqual([])
  })

  test.each([
    ['&badgeType=extracurricular', ['Bread']],
    ['&badgeType=regular', []],
    ['&eqf=4', ['Bread']],
    ['&eqf=4&eqf=5', ['Bread']],
    ['&nlqf=4', []],
    ['&framework=European%20Qualifications%20Framework', ['Bread']],
    ['&recognises=fun', ['Cake']],
    ['&recognises=fun&recognises=skill', ['Bread', 'Cake']],
    ['&recognisedThrough=result', ['Bread']],
    ['&language=nl', []],
    ['&language=en', ['Bread', 'Cake']],
    ['&hoursMin=8', ['Bread', 'Cake']],
    ['&hoursMin=56', ['Bread']],
    ['&hoursMax=55', ['Cake']],
    ['&hoursMin=9&hoursMax=55', []],
  ])('filters by %s', async (query, expected) => {
    expect(await names(query)).toEqual(expected)
  })

  test('counts what can be chosen besides', async () => {
    const all = await browse()
    expect(valuesOf(all, 'recognises')).toEqual([
      { value: 'skill', count: 2 },
      { value: 'fun', count: 1 },
    ])
    // Its own facet still offers the others; the other facets count what is left.
    const fun = await browse('&recognises=fun')
    expect(valuesOf(fun, 'recognises')).toEqual(valuesOf(all, 'recognises'))
    expect(valuesOf(fun, 'badgeType')).toEqual([])
    expect(valuesOf(fun, 'language')).toEqual([{ value: 'en', count: 1 }])
  })

  test('comes page by page, each once', async () => {
    const first = await browse('&limit=1')
    const second = await browse(`&limit=1&cursor=${first.next}`)
    expect([first.total, second.total, second.next]).toEqual([2, 2, null])
    expect([...first.items, ...second.items].map(({ id }: { id: string }) => id)).toEqual(
      (await browse()).items.map(({ id }: { id: string }) => id),
    )
    const { status, body } = await anybody.get('/v1/catalogue?badgeType=none')
    expect([status, body.code]).toEqual([400, 'invalid-request'])
  })

  test('lets everybody copy what is copyable, and nobody what is only shown', async () => {
    expect(outcome(await copy(stranger, { achievementId: bread }))).toEqual([403, 'copy-not-allowed'])
    await list(bread, 'copyable')
    const made = await copy(stranger, { achievementId: bread })
    expect([made.status, made.body.listing]).toEqual([201, 'unlisted'])
    await list(bread, 'unlisted')
    expect(await names()).toEqual(['Cake'])
    expect(outcome(await copy(stranger, { achievementId: bread }))).toEqual([404, 'not-found'])
  })
})
