import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ApiCaller } from '#test/product/api-caller.ts'
import { type Earner, earnAndClaim, setUpGradedBadge } from '#test/product/graded-badge.ts'
import { signedIn } from '#test/product/member.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from '#test/product/test-product.ts'

let product: TestProduct
let school: TestOrganisation
let ann: Earner
let share: string
const anybody = () => new ApiCaller(product.url)
beforeAll(async () => {
  product = await startTestProduct()
  school = await product.organisation('embed-school')
  await setUpGradedBadge(school.api, 'embed-academy')
  ann = await earnAndClaim(product, school, 'embed-ann')
  const { body } = await ann.api.post(`/v1/credentials/${ann.credentialId}/share-links`, {})
  share = new URL(body.url).searchParams.get('share') ?? ''
})
afterAll(() => product?.stop())

const embed = (query: string, who = anybody()) => who.get(`/embed/credentials/${ann.credentialId}${query}`)
const oembed = (url: string, more = '') => anybody().get(`/oembed?url=${encodeURIComponent(url)}${more}`)
const pageOf = (query = '') => `${product.url}/credentials/${ann.credentialId}${query}`

describe('a badge within pages of others', () => {
  test('only what is shared, only there may it be framed, without script and in its language', async () => {
    // The earner would see a page that nobody else does.
    for (const who of [anybody(), ann.api]) expect((await embed('', who)).status).toBe(404)
    const shown = await embed(`?share=${share}&language=nl`)
    expect([shown.status, shown.type]).toEqual([200, 'text/html; charset=utf-8'])
    expect(shown.headers.get('content-security-policy')).toContain('frame-ancestors *')
    expect(shown.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(shown.headers.get('x-frame-options')).toBeNull()
    expect(shown.headers.get('x-robots-tag')).toBe('noindex')
    const html = new TextDecoder().decode(shown.bytes)
    expect(html).toContain('<h1>EHBO met cijfer</h1>')
    expect(html).toContain('Bekijk en controleer')
    expect(html).not.toMatch(/<script|<form/i)
    expect(html).toContain(`href="${pageOf(`?share=${share}`)}"`)
    for (const path of [`/v1/credentials/${ann.credentialId}?share=${share}`, '/healthz']) {
      const other = await anybody().get(path)
      expect(other.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
      expect(other.headers.get('x-frame-options')).toBe('DENY')
    }
    const { body } = await ann.api.get(`/v1/credentials/${ann.credentialId}/views`)
    expect(body.days).toContainEqual(expect.objectContaining({ channel: 'embed', views: 1 }))
  })

  test('programs that know oEmbed are told the same, at most as large as they ask', async () => {
    const { status, body, headers } = await oembed(pageOf(`?share=${share}`), '&maxwidth=300&format=json')
    expect(status).toBe(200)
    expect(headers.get('access-control-allow-origin')).toBe('*')
    expect(body).toMatchObject({ version: '1.0', type: 'rich', title: 'TEST First aid graded', width: 300 })
    const src = /src="([^"]+)"/.exec(body.html)?.[1]?.replaceAll('&amp;', '&') ?? ''
    expect((await anybody().get(src)).status).toBe(200)
    for (const url of [pageOf(), pageOf(`?share=${'A'.repeat(43)}`), 'https://example.org/credentials/x'])
      expect((await oembed(url)).body.code).toBe('not-found')
    expect((await oembed(pageOf(), '&format=xml')).body.code).toBe('invalid-request')
  })
})

describe('a badge elsewhere', () => {
  const elsewhere = (query: string, who = ann.api) =>
    who.get(`/v1/credentials/${ann.credentialId}/elsewhere${query}`)

  test('is told only of an address at which others see it, and only to its earner', async () => {
    expect((await elsewhere('')).body).toMatchObject({ status: 409, code: 'badge-not-visible' })
    expect((await elsewhere(`?share=${'A'.repeat(43)}`)).body.code).toBe('badge-not-visible')
    const bob = await signedIn(product, 'embed-bob@example.org')
    expect((await elsewhere(`?share=${share}`, bob)).body.code).toBe('not-found')

    const { body } = await elsewhere(`?share=${share}&language=nl`)
    const url = pageOf(`?share=${share}`)
    const asked = new URL(body.linkedIn).searchParams
    expect([body.url, asked.get('certUrl'), asked.get('certId')]).toEqual([url, url, ann.credentialId])
    expect([asked.get('name'), asked.get('organizationName')]).toEqual([
      'TEST EHBO met cijfer',
      'Issuer embed-academy',
    ])
    expect(decodeURIComponent(body.mailto)).toContain(url)
    expect(body.embed).toContain(`/embed/credentials/${ann.credentialId}?share=${share}&amp;language=nl`)
    expect((await anybody().get(body.oembed)).status).toBe(200)

    await ann.api.put(`/v1/credentials/${ann.credentialId}/visibility`, { visibility: 'public' })
    expect((await elsewhere('')).body.url).toBe(pageOf())
    expect((await embed('')).headers.get('x-robots-tag')).toBeNull()
    await ann.api.put(`/v1/credentials/${ann.credentialId}/visibility`, { visibility: 'private' })
  })
})
