import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  ClientSecretBasic,
  dynamicClientRegistration,
} from 'openid-client'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { barriers } from '#test/browser/barriers.ts'
import { launchBrowser } from '#test/browser/launch.ts'
import { earnAndClaim, setUpGradedBadge } from '#test/product/graded-badge.ts'
import { startTestProduct, type TestProduct } from '#test/product/test-product.ts'
import { buildWeb } from '../../scripts/build-web.ts'
import { ALL_SCOPES, askFor, CLIENT_METADATA } from './application.ts'
import { startBadgeHost } from './badge-host.ts'

// What holders see: the page on which they let an application in, and the parts of the backpack about connections.

let product: TestProduct
let browser: Browser
let page: Page
let credentialId: string
/** Where the application takes people back. */
let wallet: Server
let returnsTo: string
beforeAll(async () => {
  await buildWeb()
  product = await startTestProduct()
  const school = await product.organisation('letting-in-school')
  await setUpGradedBadge(school.api, 'letting-in-academy')
  credentialId = (await earnAndClaim(product, school, 'letting-in-ann')).credentialId
  wallet = createServer((_request, response) =>
    response.setHeader('content-type', 'text/html').end('<h1>Back</h1>'),
  )
  await new Promise<void>((settle) => wallet.listen(0, '127.0.0.1', settle))
  returnsTo = `http://127.0.0.1:${(wallet.address() as AddressInfo).port}/callback`
  browser = await launchBrowser()
  page = await (await browser.newContext({ locale: 'nl-NL', timezoneId: 'Europe/Amsterdam' })).newPage()
}, 240_000)
afterAll(async () => {
  await browser?.close()
  wallet?.close()
  await product?.stop()
})

test('an application is let in by keyboard, after signing in, and taken back on the page of the backpack', async () => {
  const application = await dynamicClientRegistration(
    new URL(`${product.url}/oauth`),
    { ...CLIENT_METADATA, redirect_uris: [returnsTo] },
    ClientSecretBasic(),
    { algorithm: 'oauth2', execute: [allowInsecureRequests] },
  )
  const { url, checks } = await askFor(application, [...ALL_SCOPES, 'offline_access'])
  url.searchParams.set('redirect_uri', returnsTo)
  await page.goto(url.href)
  await page.getByText('Log eerst in.').waitFor()
  const asked = page.url()
  await page.goto(
    await product.running.product.routes.signIn.link({ type: 'email', value: 'letting-in-ann@example.org' }),
  )
  await page
    .getByRole('link', { name: /rugzak/i })
    .first()
    .waitFor()
  await page.goto(asked)
  await page.getByText('TEST Wallet vraagt toegang tot je rugzak.').waitFor()
  await page.getByText('Alle badges in je rugzak lezen, ook de niet-openbare').waitFor()
  expect(await barriers(page)).toEqual([])
  await page.getByRole('button', { name: 'Verbinden', exact: true }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Back' }).waitFor()
  const tokens = await authorizationCodeGrant(application, new URL(page.url()), checks)

  await page.goto(`${product.url}/backpack`)
  const row = page.getByRole('listitem').filter({ hasText: 'TEST Wallet' })
  await row.waitFor()
  expect(await barriers(page)).toEqual([])
  await row.getByRole('button', { name: 'De toegang van TEST Wallet terugnemen' }).click()
  await page.getByText('Geen toepassing heeft toegang tot je rugzak.').waitFor()
  const refused = await fetch(`${product.url}/ims/ob/v3p0/credentials`, {
    headers: { authorization: `Bearer ${tokens.access_token}` },
  })
  expect(refused.status).toBe(401)
})

test('another backpack is connected, asked for badges and disconnected', async () => {
  await page.goto(`${product.url}/backpack`)
  // A product may be its own other side.
  await page.getByLabel('Adres van de andere rugzak of wallet').fill(product.url)
  const panel = page.getByRole('region', { name: 'Verbindingen' })
  await panel.getByRole('button', { name: 'Verbinden', exact: true }).click()
  await page.getByText(/vraagt toegang tot je rugzak/).waitFor()
  await page.getByRole('button', { name: 'Verbinden', exact: true }).click()
  await page.waitForURL('**/backpack')
  await panel.getByText('verbonden', { exact: true }).waitFor()
  expect(await barriers(page)).toEqual([])
  await panel.getByRole('button', { name: 'Badges ophalen bij Waarmerk' }).click()
  await panel.getByText('Opgehaald: 0 nieuw, 0 vervangen, 1 zoals ze waren, 0 geweigerd.').waitFor()
  expect(await barriers(page)).toEqual([])
  await panel.getByRole('button', { name: 'Alles opnieuw ophalen bij Waarmerk' }).click()
  await panel.getByText('Opgehaald: 0 nieuw, 0 vervangen, 1 zoals ze waren, 0 geweigerd.').waitFor()
  await panel.getByRole('button', { name: 'De verbinding met Waarmerk verbreken' }).click()
  await panel.getByText('Er is nog geen verbinding.').waitFor()
})

test('how far a fetch has come is shown while it goes on, and it is stopped by keyboard', async () => {
  const host = await startBadgeHost(Array.from({ length: 120 }, (_, n) => n))
  let answer = (): void => {}
  host.interfere = ({ url }, response) => {
    if (url?.includes('offset=50') !== true) return false
    // The second page is never told.
    answer = () => response.end()
    return true
  }
  await page.goto(`${product.url}/backpack`)
  const panel = page.getByRole('region', { name: 'Verbindingen' })
  // This host sends everybody back at once.
  await page.getByLabel('Adres van de andere rugzak of wallet').fill(host.url)
  await panel.getByRole('button', { name: 'Verbinden', exact: true }).click()
  await page.waitForURL('**/backpack', { timeout: 15_000 })
  const row = panel.getByRole('listitem').filter({ hasText: 'TEST Host' })
  await row.getByRole('button', { name: 'Badges ophalen bij TEST Host' }).press('Enter')
  await row.getByText('50 van 120 bekeken.').waitFor({ timeout: 15_000 })
  const bar = row.getByRole('progressbar', { name: 'Hoe ver het ophalen bij TEST Host is' })
  expect(Math.round(Number(await bar.getAttribute('aria-valuenow')))).toBe(42)
  await row.getByText('50 × ').waitFor({ timeout: 15_000 })
  expect(await barriers(page)).toEqual([])
  await row.getByRole('button', { name: 'Stoppen met ophalen bij TEST Host' }).press('Enter')
  await row.getByText('Het ophalen is gestopt.').waitFor({ timeout: 15_000 })
  expect(await bar.count()).toBe(0)
  answer()
  await host.close()
})

test('a badge is offered to a wallet as a code with a pin', async () => {
  await page.goto(`${product.url}/credentials/${credentialId}`)
  const panel = page.getByRole('region', { name: 'Naar een wallet' })
  await panel.getByRole('checkbox').check()
  await panel.getByRole('button', { name: 'De code tonen' }).click()
  await panel.getByText(/^\d{6}$/).waitFor()
  expect(await panel.getByRole('link', { name: /wallet/ }).getAttribute('href')).toMatch(
    /^openid-credential-offer:/,
  )
  expect(await barriers(page)).toEqual([])
})
