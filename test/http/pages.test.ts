import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { prefersHtml } from '#api/http/content-negotiation.ts'
import { foreignFileHeaders } from '#api/http/file-headers.ts'
import { escapeHtml } from '#api/http/html.ts'
import { problemIn, type SampleApi, startSampleApi } from './sample-api.ts'

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8'

let api: SampleApi
let directory: string
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'pages-'))
  mkdirSync(join(directory, 'assets'))
  writeFileSync(join(directory, 'index.html'), '<!doctype html><div id="root"></div>')
  writeFileSync(join(directory, 'assets', 'app-1234.js'), 'export {}')
  writeFileSync(join(directory, '.secret'), 'no')
  mkdirSync(join(directory, 'verifier'))
  writeFileSync(join(directory, 'verifier', 'index.html'), '<!doctype html><div id="verifier"></div>')
  api = await startSampleApi({ webDirectory: directory, verifierDirectory: join(directory, 'verifier') })
})
afterAll(async () => {
  await api.close()
  rmSync(directory, { recursive: true })
})

const browse = (path: string, init: RequestInit = {}) =>
  api.call(path, { ...init, headers: { accept: BROWSER } })

test('the same URL is a page for people and data for programs', async () => {
  const page = await browse('/badges/a')
  expect(await page.text()).toMatch(/<div id="root">/)
  expect(page.headers.get('vary')).toMatch(/Accept/)
  expect(page.headers.get('cache-control')).toBe('no-cache')
  expect(
    await (await api.call('/badges/a', { headers: { accept: 'application/json' } })).json(),
  ).toMatchObject({ id: 'a' })
  expect(await (await api.call('/badges/a')).json()).toMatchObject({ id: 'a' })
})

test('a browser that asks for any other page gets the application', async () => {
  expect(await (await browse('/console/rules/7')).text()).toMatch(/<div id="root">/)
  expect(await (await browse('/')).text()).toMatch(/<div id="root">/)
})

test('the verifier alone may ask whomever its reader names, and no other page may', async () => {
  const verifier = await browse('/verifier/')
  expect(await verifier.text()).toMatch(/<div id="verifier">/)
  expect(verifier.headers.get('content-security-policy')).toContain('connect-src http: https:')
  expect((await browse('/verify')).headers.get('content-security-policy')).toContain("connect-src 'self'")
})

test('search engines stay away from pages with a secret in their address, or about one person', async () => {
  for (const path of ['/claim', '/invitation', '/expert-review', '/unsubscribe', '/credentials/x'])
    expect([path, (await browse(path)).headers.get('x-robots-tag')]).toEqual([path, 'noindex'])
  expect((await browse('/catalogue')).headers.get('x-robots-tag')).toBeNull()
})

test.each(['/v1/nothing', '/vc/nothing', '/xapi', '/metrics/x'])('%s is never a page', async (path) => {
  expect(await problemIn(await browse(path))).toMatchObject({ code: 'no-such-path' })
})

test('a program that asks for something unknown gets a problem, not a page', async () => {
  expect(await problemIn(await api.call('/console/rules/7'))).toMatchObject({ code: 'no-such-path' })
  expect(await problemIn(await browse('/console', { method: 'POST' }))).toMatchObject({
    code: 'no-such-path',
  })
})

test('files with a hash in their name are kept for ever, hidden and foreign ones are not served', async () => {
  const file = await api.call('/assets/app-1234.js')
  expect(file.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  for (const path of ['/.secret', '/assets/..%2f..%2f..%2fetc/passwd', '/assets/%2e%2e/.secret'])
    expect((await api.call(path)).status).toBe(404)
})

describe('what a browser is told', () => {
  test('the policy lets in scripts of this origin only, none inline, and no frame', async () => {
    const { headers } = await browse('/')
    const policy = new Map(
      (headers.get('content-security-policy') ?? '')
        .split(';')
        .map((each) => each.split(' ', 1).concat(each).slice(0, 2) as [string, string]),
    )
    expect(policy.get('script-src')).toBe("script-src 'self'")
    expect(policy.get('script-src-attr')).toBe("script-src-attr 'none'")
    expect(policy.get('object-src')).toBe("object-src 'none'")
    expect(policy.get('base-uri')).toBe("base-uri 'none'")
    expect(policy.get('frame-ancestors')).toBe("frame-ancestors 'none'")
    expect(policy.get('connect-src')).toBe("connect-src 'self'")
    expect(policy.get('img-src')).toMatch(/'self' data:/)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('x-powered-by')).toBeNull()
  })

  test('on plain http nothing is said about https, on https it is', async () => {
    const { headers } = await browse('/')
    expect(headers.get('strict-transport-security')).toBeNull()
    expect(headers.get('content-security-policy')).not.toMatch(/upgrade-insecure-requests/)
    const secure = await startSampleApi({ publicUrl: 'https://badges.example' })
    const answer = await secure.call('/healthz')
    expect(answer.headers.get('strict-transport-security')).toMatch(/max-age=31536000/)
    await secure.close()
  })

  test('problems and files carry the same headers', async () => {
    for (const path of ['/v1/nothing', '/assets/app-1234.js', '/docs/'])
      expect((await api.call(path)).headers.get('content-security-policy')).toMatch(/script-src 'self'/)
  })
})

describe('the reference to read', () => {
  test('it stands at /docs, all of it from here, with no script in the page', async () => {
    const redirect = await api.call('/docs')
    expect([redirect.status, redirect.headers.get('location')]).toEqual([301, '/docs/'])
    const html = await (await browse('/docs/')).text()
    expect(html).toMatch(/<title>Waarmerk API<\/title>/)
    expect(html).toContain('<meta name="viewport" content="width=device-width, initial-scale=1">')
    expect(html).not.toMatch(/<script(?![^>]*\bsrc=)/)
    const sources = [...html.matchAll(/(?:src|href)=["']([^"']+)["']/g)].map((found) => found[1] ?? '')
    expect(sources.length).toBeGreaterThan(3)
    for (const source of sources) {
      expect(source).toMatch(/^\.\//)
      expect((await api.call(`/docs/${source.slice(2)}`)).status, source).toBe(200)
    }
  })
})

test.each([
  [undefined, false],
  ['*/*', false],
  ['application/json', false],
  ['application/json, text/html', true],
  ['application/json, text/html;q=0.5', false],
  ['text/html;q=0.5, */*;q=0.8', false],
  [BROWSER, true],
  ['text/html', true],
  ['text/html;q=0', false],
  ['application/ld+json', false],
])('Accept %s wants a page: %s', (accept, wanted) => {
  expect(prefersHtml(accept)).toBe(wanted)
})

test('text stays text in HTML', () => {
  expect(escapeHtml(`<a href="x" id='y'>&`)).toBe('&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;')
})

test('a file of somebody else runs nothing, and its name breaks out of no header', () => {
  expect(foreignFileHeaders('a"; x=\r\n../b\u00e9.svg')).toEqual({
    'Content-Disposition': 'attachment; filename="a-x-..-b-.svg"',
    'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
  })
})
