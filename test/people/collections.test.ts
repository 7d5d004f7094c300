import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { withClient } from '#adapters/postgres/with-client.ts'
import type { AccountId, CollectionId, CredentialId } from '#engine/shared/ids.ts'
import { type ApiAnswer, ApiCaller } from '#test/product/api-caller.ts'
import { earnAndClaim, setUpGradedBadge } from '#test/product/graded-badge.ts'
import { signedIn } from '#test/product/member.ts'
import { composeAgain, setClock } from '#test/product/second-composition.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from '#test/product/test-product.ts'

let product: TestProduct
let schools: readonly TestOrganisation[]
let ann: ApiCaller
/** Two of Ann's, of two organisations. */
let badges: readonly string[]
let bob: ApiCaller
let bobsBadge: string
const anybody = () => new ApiCaller(product.url)
beforeAll(async () => {
  product = await startTestProduct()
  const one = await product.organisation('collect-one')
  const two = await product.organisation('collect-two')
  schools = [one, two]
  const earned: string[] = []
  for (const school of schools) {
    await setUpGradedBadge(school.api, `academy-${school.id.slice(-6)}`)
    const { api, credentialId } = await earnAndClaim(product, school, 'collect-ann')
    ann = api
    earned.push(credentialId)
  }
  badges = earned
  const hook = await two.api.post('/v1/webhooks', {
    url: 'https://lms.example.org/hook',
    description: 'X',
    eventTypes: ['credential.*'],
  })
  expect(hook.status).toBe(201)
  const his = await earnAndClaim(product, one, 'collect-bob')
  bob = his.api
  bobsBadge = his.credentialId
})
afterAll(() => product?.stop())

const name = { en: 'Mine', nl: 'Van mij' }
const create = async (wanted: object, by = ann) => {
  const { status, body } = await by.post('/v1/collections', { name, ...wanted })
  expect([status, body.code]).toEqual([201, undefined])
  return body
}
const change = (id: string, revision: number, wanted: object, by = ann): Promise<ApiAnswer> =>
  by.send('PATCH', `/v1/collections/${id}`, JSON.stringify(wanted), {
    'content-type': 'application/json',
    'if-match': `"v${revision}"`,
  })
const tokenOf = (url: string) => new URL(url).searchParams.get('share') ?? ''
const seen = (id: string, share?: string) =>
  anybody().get(`/v1/public/collections/${id}${share === undefined ? '' : `?share=${share}`}`)

describe('a collection', () => {
  test('keeps its texts and the order of its badges, and is its owner’s alone', async () => {
    const made = await create({ description: { en: 'Two.' }, badges })
    expect(made).toMatchObject({ name, visibility: 'private', revision: 1, url: null })
    const turned = await change(made.id, 1, { badges: [...badges].reverse() })
    expect(turned.headers.get('etag')).toBe('"v2"')
    const { body } = await ann.get(`/v1/collections/${made.id}`)
    expect(body.badges).toEqual([...badges].reverse().map((credentialId) => ({ credentialId, shown: false })))
    expect(body.description).toEqual({ en: 'Two.' })

    // For others, and by a key, it does not exist.
    for (const answer of [
      await bob.get(`/v1/collections/${made.id}`),
      await change(made.id, 2, { visibility: 'public' }, bob),
      await bob.send('DELETE', `/v1/collections/${made.id}`, undefined, { 'if-match': '"v2"' }),
      await seen(made.id),
    ])
      expect(answer.body).toMatchObject({ status: 404, code: 'not-found' })
    expect((await schools[0]?.api.get('/v1/collections'))?.body.code).toBe('session-required')
    const gone = await ann.send('DELETE', `/v1/collections/${made.id}`, undefined, { 'if-match': '"v2"' })
    expect(gone.status).toBe(204)
    expect((await ann.get(`/v1/collections/${made.id}`)).status).toBe(404)
    expect((await ann.get('/v1/backpack')).body.items).toHaveLength(2)
  })

  test('takes no badge twice, none of others, no end in the past, and 200 at most', async () => {
    const refused = async (wanted: object) => {
      const { body } = await ann.post('/v1/collections', { name, ...wanted })
      return [body.status, body.code]
    }
    expect(await refused({ badges: [badges[0], badges[0]] })).toEqual([400, 'invalid-request'])
    expect(await refused({ badges: [bobsBadge] })).toEqual([404, 'not-found'])
    expect(await refused({ badges: Array.from({ length: 201 }, () => crypto.randomUUID()) })).toEqual([
      400,
      'invalid-request',
    ])
    expect(await refused({ name: {} })).toEqual([400, 'invalid-request'])
    expect(await refused({ visibility: 'public', expiresAt: '2099-01-01T00:00:00Z' })).toEqual([
      400,
      'invalid-request',
    ])
    expect(await refused({ visibility: 'link', expiresAt: '2020-01-01T00:00:00Z' })).toEqual([
      422,
      'end-in-past',
    ])
  })

  test('is changed by who has seen it: of calls at once from two processes one wins', async () => {
    const made = await create({})
    expect((await change(made.id, 7, {})).body).toMatchObject({ status: 412, code: 'precondition-failed' })
    const { body } = await ann.send('PATCH', `/v1/collections/${made.id}`, '{}', {
      'content-type': 'application/json',
    })
    expect(body.code).toBe('precondition-required')
    const accountId = (await accountOf(made.id)) as AccountId
    const second = composeAgain(product, {}).routes.collections
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        n % 2 === 0
          ? change(made.id, 1, { name: { en: `n${n}` } }).then(({ status }) => status)
          : second.change(accountId, made.id as CollectionId, 1, { name: { en: `n${n}` } }, NO_CONSENT).then(
              () => 200,
              ({ status }) => status as number,
            ),
      ),
    )
    expect(outcomes.sort()).toEqual([200, ...Array(19).fill(412)])
    expect((await ann.get(`/v1/collections/${made.id}`)).body.revision).toBe(2)
  })

  test('an account holds a hundred of them, also when it asks in parallel', async () => {
    const carl = await signedIn(product, 'collect-carl@example.org')
    const answers = await Promise.all(
      Array.from({ length: 104 }, () => carl.post('/v1/collections', { name })),
    )
    const codes = answers.filter(({ status }) => status !== 201).map(({ body }) => body.code)
    expect(codes).toEqual(Array(4).fill('too-many-collections'))
  })
})

const NO_CONSENT = { shareBadges: false, newLink: false }
const accountOf = (id: string) =>
  product.running.parts.database.asWorker(
    async (stores) => (await stores.collections.find(id as CollectionId))?.accountId,
  )

describe('what others see of it', () => {
  test('no private badge becomes visible unless its earner says so in that call', async () => {
    const [first = '', second = ''] = badges
    await ann.put(`/v1/credentials/${first}/visibility`, { visibility: 'public' })
    const asked = { visibility: 'link', badges }
    const refused = await ann.post('/v1/collections', { name, ...asked })
    expect(refused.body).toMatchObject({ status: 409, code: 'badges-not-shared' })
    expect(refused.body.parameters?.badges ?? refused.body.badges).toEqual([second])

    const made = await create({ ...asked, shareBadges: true })
    expect(made.badges).toEqual([
      { credentialId: first, shown: false },
      { credentialId: second, shown: true },
    ])
    const share = tokenOf(made.url)
    expect((await seen(made.id)).status).toBe(404)
    expect((await seen(made.id, 'A'.repeat(43))).status).toBe(404)
    const shown = await seen(made.id, share)
    expect(shown.headers.get('x-robots-tag')).toBe('noindex')
    expect(shown.body).toMatchObject({ name, badges: [{ credentialId: first }, { credentialId: second }] })
    // The badge opens through the collection, and not without it; that counts as a view of it.
    const through = `?collection=${made.id}&share=${share}`
    expect(shown.body.badges[1].page).toBe(`${product.url}/credentials/${second}${through}`)
    expect((await anybody().get(`/v1/credentials/${second}${through}`)).body).toMatchObject({ mine: false })
    expect((await anybody().get(`/v1/credentials/${second}?share=${share}`)).status).toBe(404)
    expect((await anybody().get(`/v1/credentials/${second}`)).status).toBe(404)
    expect((await anybody().get(`/v1/credentials/${bobsBadge}${through}`)).status).toBe(404)
    const { days } = (await ann.get(`/v1/credentials/${second}/views`)).body
    expect(days).toMatchObject([{ channel: 'collection', views: 1 }])

    // What was public when it was put there, and is so no more, is not shown.
    await ann.put(`/v1/credentials/${first}/visibility`, { visibility: 'private' })
    expect((await seen(made.id, share)).body.badges).toHaveLength(1)
    expect((await change(made.id, 1, { name: { en: 'Other' } })).body.code).toBe('badges-not-shared')
    // Private again: neither its page nor its badges are to be had.
    expect((await change(made.id, 1, { visibility: 'private' })).body).toMatchObject({
      visibility: 'private',
      badges: [{ shown: false }, { shown: false }],
    })
    expect((await seen(made.id, share)).status).toBe(404)
    expect((await anybody().get(`/v1/credentials/${second}${through}`)).status).toBe(404)
  })

  test('its link ends by itself, or is replaced; a public one needs none', async () => {
    const [first = ''] = badges
    const wanted = {
      visibility: 'link',
      expiresAt: '2099-01-01T00:00:00Z',
      badges: [first],
      shareBadges: true,
    }
    const made = await create(wanted)
    const clock = setClock()
    const later = composeAgain(product, { clock }).routes
    const id = made.id as CollectionId
    const share = tokenOf(made.url)
    await expect(later.showCollection(id, share)).resolves.toMatchObject({ badges: [{}] })
    clock.advance(80 * 365 * 86_400_000)
    await expect(later.showCollection(id, share)).rejects.toMatchObject({ code: 'not-found' })
    await expect(
      later.credentials.view(first as CredentialId, { collection: id, share }, { counts: true }),
    ).rejects.toMatchObject({ code: 'not-found' })

    const renewed = await change(made.id, 1, { newLink: true })
    expect(renewed.body).toMatchObject({ revision: 2, expiresAt: '2099-01-01T00:00:00Z' })
    expect((await seen(made.id, share)).status).toBe(404)
    expect((await seen(made.id, tokenOf(renewed.body.url))).status).toBe(200)
    const opened = await change(made.id, 2, { visibility: 'public' })
    expect(opened.body).toMatchObject({ visibility: 'public', expiresAt: null, url: null })
    const publicly = await seen(made.id)
    expect([publicly.status, publicly.headers.get('x-robots-tag')]).toEqual([200, null])
  })

  test('other servers of the organisation are told like of any sharing, and not of which collection', async () => {
    const told = await withClient(product.running.parts.databaseUrl, async (client) => {
      const { rows } = await client.query(
        "SELECT type, data FROM webhook_event WHERE data ->> 'by' = 'collection' ORDER BY at, type",
      )
      return rows as { type: string; data: Record<string, string> }[]
    })
    expect(told.map(({ type }) => type)).toEqual(['credential.shared', 'credential.unshared'])
    for (const { data } of told) {
      expect(data['credentialId']).toBe(badges[1])
      expect(Object.keys(data).sort()).toEqual(['awardId', 'by', 'credentialId', 'issuerId'])
    }
  })

  test('the organisation’s trail tells of its own badge, the owner’s history of the collection', async () => {
    const { items } = (await schools[1]?.api.get('/v1/audit?limit=100'))?.body ?? {}
    const of = items.filter(
      ({ targetId, action }: { targetId: string; action: string }) =>
        targetId === badges[1] && /shared$/.test(action),
    )
    expect(new Set(of.map(({ action }: { action: string }) => action))).toEqual(
      new Set(['credential.shared', 'credential.unshared']),
    )
    const owner = await signedIn(product, 'collect-ann@example.org')
    const events = (await owner.get('/v1/account/events')).body.items
    const actions = new Set(events.map(({ action }: { action: string }) => action))
    expect([...actions]).toEqual(
      expect.arrayContaining(['collection.created', 'collection.changed', 'collection.removed']),
    )
  })
})
