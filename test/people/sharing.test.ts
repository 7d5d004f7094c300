import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { withClient } from '#adapters/postgres/with-client.ts'
import type { CredentialId } from '#engine/shared/ids.ts'
import { ApiCaller } from '#test/product/api-caller.ts'
import { type Earner, earnAndClaim, setUpGradedBadge } from '#test/product/graded-badge.ts'
import { signedIn } from '#test/product/member.ts'
import { composeAgain, setClock } from '#test/product/second-composition.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from '#test/product/test-product.ts'

let product: TestProduct
let school: TestOrganisation
let ann: Earner
let links: string
const anybody = () => new ApiCaller(product.url)
beforeAll(async () => {
  product = await startTestProduct()
  school = await product.organisation('sharing-school')
  await setUpGradedBadge(school.api, 'sharing-academy')
  ann = await earnAndClaim(product, school, 'share-ann', { anchored: true })
  links = `/v1/credentials/${ann.credentialId}/share-links`
})
afterAll(() => product?.stop())

const view = (token: string | undefined, more = '') =>
  anybody().get(`/v1/credentials/${ann.credentialId}?share=${token ?? ''}${more}`)
const share = async (wanted: object) => {
  const { status, body } = await ann.api.post(links, wanted)
  expect([status, body.code]).toEqual([201, undefined])
  return { ...body, token: new URL(body.url).searchParams.get('share') as string }
}

describe('share links', () => {
  test('a link has a name and an end in the future; after its end it is as unknown as one that never was', async () => {
    const past = await ann.api.post(links, { expiresAt: '2020-01-01T00:00:00Z' })
    expect(past.body).toMatchObject({ status: 422, code: 'end-in-past' })
    expect((await ann.api.post(links, { expiresAt: '2027-02-30T00:00:00Z' })).body.code).toBe(
      'invalid-request',
    )
    const link = await share({ label: 'Application', expiresAt: '2099-01-01T00:00:00Z' })
    expect(link).toMatchObject({ label: 'Application', expiresAt: '2099-01-01T00:00:00Z', omits: [] })
    expect((await view(link.token)).status).toBe(200)

    const clock = setClock()
    const later = composeAgain(product, { clock }).routes
    const id = ann.credentialId as CredentialId
    const asked = (token: string) => later.credentials.view(id, { share: token }, { counts: true })
    await expect(asked(link.token)).resolves.toMatchObject({ way: { kind: 'link' } })
    clock.advance(80 * 365 * 86_400_000)
    const [over, never] = await Promise.all(
      [link.token, 'x'.repeat(43)].map((token) => asked(token).catch((error) => error)),
    )
    expect([over.code, over.message]).toEqual(['not-found', never.message])
  })

  test('nothing that a link shows is for search engines: the page, the files and the receipt', async () => {
    const { token } = await share({})
    const badge = `/v1/credentials/${ann.credentialId}`
    for (const path of [
      `${badge}?share=${token}`,
      `${badge}/receipt?share=${token}`,
      ...['json', 'png', 'svg'].map((format) => `${badge}/document?format=${format}&share=${token}`),
    ]) {
      const { status, headers } = await anybody().get(path)
      expect([path, status, headers.get('x-robots-tag')]).toEqual([path, 200, 'noindex'])
    }
  })

  test('a revoked link shows nothing more, and only its owner can revoke it, once', async () => {
    const link = await share({})
    const bob = await signedIn(product, 'share-bob@example.org')
    for (const path of [links, `/v1/credentials/${ann.credentialId}/views`])
      expect((await bob.get(path)).body.code).toBe('not-found')
    const revoke = (who: ApiCaller) => who.send('DELETE', `${links}/${link.id}`, undefined)
    expect((await revoke(bob)).status).toBe(404)
    const both = await Promise.all([revoke(ann.api), revoke(ann.api)])
    expect(both.map(({ status }) => status).sort()).toEqual([204, 404])
    expect((await view(link.token)).status).toBe(404)
    const listed = (await ann.api.get(links)).body.items.find(({ id }: { id: string }) => id === link.id)
    expect(listed.revokedAt).not.toBeNull()
  })

  test('a badge has a hundred open links and no more, also when they are made in parallel; one that ended makes room', async () => {
    const many = await earnAndClaim(product, school, 'share-many')
    const path = `/v1/credentials/${many.credentialId}/share-links`
    const [row] = await withClient(
      product.running.parts.databaseUrl,
      async (client) =>
        (await client.query('SELECT organisation_id FROM credential WHERE id = $1', [many.credentialId]))
          .rows,
    )
    const insert = (count: number, over: boolean) =>
      withClient(product.running.parts.databaseUrl, (client) =>
        client.query(
          `INSERT INTO share_link (organisation_id, id, credential_id, token_hash, label, created_at, revoked_at)
           SELECT $1, gen_random_uuid(), $2, sha256(gen_random_uuid()::text::bytea), 'row', now() - interval '1 hour',
             CASE WHEN $4 THEN now() END FROM generate_series(1, $3)`,
          [row?.organisation_id, many.credentialId, count, over],
        ),
      )
    await insert(97, false)
    await insert(150, true)
    const made = await Promise.all(Array.from({ length: 6 }, () => many.api.post(path, { label: 'asked' })))
    const codes = made.map(({ status, body }) => body.code ?? status)
    expect(codes.sort()).toEqual([201, 201, 201, ...Array(3).fill('too-many-share-links')])
    const listed = (await many.api.get(path)).body.items as {
      id: string
      label: string
      revokedAt: string | null
    }[]
    expect(listed.filter(({ revokedAt }) => revokedAt === null)).toHaveLength(100)
    expect(listed.filter(({ revokedAt }) => revokedAt !== null)).toHaveLength(100)
    expect(listed.slice(0, 3).map(({ label }) => label)).toEqual(['asked', 'asked', 'asked'])
    await many.api.send('DELETE', `${path}/${listed[0]?.id}`, undefined)
    expect((await many.api.post(path, {})).status).toBe(201)
  })

  test('search engines are told to keep away from what is not public', async () => {
    const link = await share({})
    expect((await view(link.token)).headers.get('x-robots-tag')).toBe('noindex')
    const bytes = await anybody().get(link.url, { accept: 'application/json' })
    expect(bytes.headers.get('x-robots-tag')).toBe('noindex')
  })
})

describe('views', () => {
  test('strangers are counted by day, channel and link; the earner, the issuer, HEAD and a second look are not', async () => {
    const carl = await earnAndClaim(product, school, 'share-carl')
    const page = `/v1/credentials/${carl.credentialId}`
    const made = (await carl.api.post(`${page}/share-links`, {})).body
    const token = new URL(made.url).searchParams.get('share')
    const shared = `${page}?share=${token}`
    expect((await carl.api.get(`${page}/views`)).body).toEqual({ total: 0, days: [] })
    await carl.api.get(shared)
    await school.api.get(page)
    await anybody().send('HEAD', shared, undefined)
    await anybody().get(`${shared}&again=true`)
    await anybody().get(page)
    expect((await carl.api.get(`${page}/views`)).body.total).toBe(0)

    // From two processes at once, and none is lost.
    const second = composeAgain(product, {}).routes
    const id = carl.credentialId as CredentialId
    await Promise.all(
      Array.from({ length: 12 }, (_, n) =>
        n % 2 === 0
          ? anybody().get(shared)
          : second.credentials.view(id, { share: token ?? '' }, { counts: true }),
      ),
    )
    await carl.api.put(`${page}/visibility`, { visibility: 'public' })
    await anybody().get(page)
    const { body } = await carl.api.get(`${page}/views`)
    const day = new Date().toISOString().slice(0, 10)
    expect(body).toEqual({
      total: 13,
      days: [
        { day, channel: 'link', views: 12 },
        { day, channel: 'public', views: 1 },
      ],
    })
    expect((await carl.api.get(`${page}/share-links`)).body.items).toMatchObject([{ views: 12 }])
    expect((await carl.api.get('/v1/backpack')).body.items).toMatchObject([{ views: 13 }])
  })
})

test('texts come in the language of who reads, where the badge has them; the document stays what was signed', async () => {
  const page = `/v1/credentials/${ann.credentialId}`
  const before = (await ann.api.get(page)).body
  expect(before.texts.name).toEqual({ text: 'First aid graded', language: 'en' })
  const dutch = (await ann.api.get(`${page}?language=nl-BE`)).body
  expect(dutch.texts).toEqual({
    name: { text: 'EHBO met cijfer', language: 'nl' },
    description: { text: 'Kent eerste hulp.', language: 'nl' },
    criteria: { text: 'Twee van drie modules.', language: 'nl' },
  })
  expect([dutch.documentLanguage, dutch.document]).toEqual(['en', before.document])
  expect((await ann.api.get(`${page}?language=fr`)).body.texts).toEqual(before.texts)
  const { items } = (await ann.api.get('/v1/backpack?language=nl')).body
  expect(items).toMatchObject([
    { achievementName: 'EHBO met cijfer', language: 'nl', documentLanguage: 'en' },
  ])
})

describe('what a page leaves out', () => {
  test('a link that leaves something out shows what the issuer says, and neither document nor receipt nor check', async () => {
    const whole = (await ann.api.get(`/v1/credentials/${ann.credentialId}`)).body
    expect(whole).toMatchObject({ form: 'document', mine: true })
    expect(whole.document.evidence).toHaveLength(2)
    const link = await share({ omits: ['results', 'narrative'] })
    expect(link.verifyUrl).toBeNull()
    const { body, bytes } = await view(link.token)
    expect(body).toMatchObject({
      form: 'attested-view',
      mine: false,
      attested: {
        by: product.url,
        omitted: ['results', 'narrative'],
        achievement: { name: 'TEST First aid graded' },
        evidence: whole.document.evidence,
        results: [],
        narrative: null,
      },
    })
    expect(body.document).toBeUndefined()
    const text = new TextDecoder().decode(bytes)
    for (const hidden of [
      whole.document.proof.proofValue,
      whole.document.credentialSubject.id,
      whole.document.credentialSubject.result[0].value,
      whole.document.credentialStatus.statusListIndex,
    ])
      expect(text).not.toContain(hidden)

    const hidden = [
      `/credentials/${ann.credentialId}?share=${link.token}`,
      `/v1/credentials/${ann.credentialId}/document?share=${link.token}`,
      `/v1/credentials/${ann.credentialId}/document?format=png&share=${link.token}`,
      `/v1/credentials/${ann.credentialId}/receipt?share=${link.token}`,
    ]
    for (const path of hidden)
      expect([path, (await anybody().get(path, { accept: 'application/json' })).status]).toEqual([path, 404])
    expect((await anybody().post('/v1/verify', { url: link.url })).body.code).toBe('not-found')
    // Its earner has all of it, with any address.
    expect((await ann.api.get(hidden[1] ?? '')).status).toBe(200)
    expect((await ann.api.post(links, { omits: ['results', 'results'] })).body.code).toBe('invalid-request')
  })

  test('the public page leaves out what its earner says, and a link that shows all of it still does', async () => {
    const dee = await earnAndClaim(product, school, 'share-dee')
    const page = `/v1/credentials/${dee.credentialId}`
    const shown = await dee.api.put(`${page}/visibility`, { visibility: 'public', omits: ['evidence'] })
    expect(shown.body).toMatchObject({ form: 'document', publicOmits: ['evidence'] })
    const publicly = await anybody().get(page)
    expect(publicly.body).toMatchObject({
      form: 'attested-view',
      attested: { omitted: ['evidence'], evidence: [] },
    })
    expect(publicly.body.attested.results).toHaveLength(1)
    expect(publicly.headers.get('x-robots-tag')).toBeNull()
    const document = `/credentials/${dee.credentialId}`
    expect((await anybody().get(document)).status).toBe(404)
    const link = (await dee.api.post(`${page}/share-links`, {})).body
    expect((await anybody().get(link.url, { accept: 'application/json' })).status).toBe(200)
    await dee.api.put(`${page}/visibility`, { visibility: 'public' })
    expect((await anybody().get(page)).body.form).toBe('document')
  })

  test('who shared what and who ended it stands in the trail of the organisation, without the account', async () => {
    const { items } = (await school.api.get('/v1/audit?limit=100')).body
    const of: { action: string; actor: string }[] = items.filter(
      ({ targetId, action }: { targetId: string; action: string }) =>
        targetId === ann.credentialId && /shared/.test(action),
    )
    expect(new Set(of.map(({ action }) => action))).toEqual(
      new Set(['credential.shared', 'credential.unshared']),
    )
    expect(new Set(of.map(({ actor }) => actor))).toEqual(new Set(['earner']))
  })
})
