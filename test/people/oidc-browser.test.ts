import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser } from '#test/browser/launch.ts'
import { earning, setUpFirstAid } from '#test/product/first-aid.ts'
import { type OidcServer, startOidcServer } from '#test/product/oidc-server.ts'
import {
  freePort,
  startTestProduct,
  type TestOrganisation,
  type TestProduct,
} from '#test/product/test-product.ts'
import { buildWeb } from '../../scripts/build-web.ts'

let product: TestProduct
let idp: OidcServer
let school: TestOrganisation
let browser: Browser

beforeAll(async () => {
  await buildWeb()
  const port = await freePort()
  idp = await startOidcServer([`http://localhost:${port}/sign-in/callback/school`])
  product = await startTestProduct({
    PORT: String(port),
    OIDC_PROVIDERS: JSON.stringify([
      {
        id: 'school',
        name: 'School account',
        issuer: idp.issuer,
        clientId: idp.client.id,
        clientSecret: idp.client.secret,
        returnsAfterSignOut: true,
      },
    ]),
  })
  school = await product.organisation('oidc-browser-school')
  await setUpFirstAid(school.api, 'oidc-browser-academy')
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await product?.stop()
  await idp?.close()
})

/** A page that collects what the browser complains of. */
async function openPage(locale = 'en-GB'): Promise<{ page: Page; complaints: string[] }> {
  const context = await browser.newContext({ locale })
  await context.clearCookies()
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' && /Content Security Policy|Uncaught/.test(message.text()))
      complaints.push(message.text())
  })
  return { page, complaints }
}

async function signInAtSchool(page: Page, name: string): Promise<void> {
  await page.goto(`${product.url}/sign-in`)
  await page.getByRole('button', { name: 'Sign in with School account' }).click()
  await page.getByRole('heading', { name: 'Sign in at the school' }).waitFor()
  await page.getByLabel('Name').fill(name)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL(`${product.url}/`)
}

test('the whole road: the sign-in page, the provider, back again, the account, and out', async () => {
  idp.people.set('ann', { email: 'ann@school.example.org', email_verified: true })
  const { page, complaints } = await openPage()
  await signInAtSchool(page, 'ann')
  // The answer of the provider is in no address that one goes back to.
  expect(await page.evaluate(() => window.history.length)).toBeGreaterThan(0)
  expect(page.url()).not.toContain('code=')

  await page.getByRole('button', { name: /Signed in as/ }).click()
  await page.getByRole('menuitem', { name: 'My account' }).click()
  await page.getByText('ann@school.example.org').first().waitFor()

  // Another address is added with the code that was mailed there.
  await page.getByRole('textbox', { name: 'E-mail address' }).fill('ann@home.example.org')
  await page.getByRole('button', { name: 'Mail me a code' }).click()
  const mail = await product.inbox.waitFor('ann@home.example.org', 20_000)
  await page.getByLabel('The code from the mail').fill(/\b(\d{8})\b/.exec(mail.text)?.[1] ?? '')
  await page.getByRole('button', { name: 'This is my address' }).click()
  await page.getByRole('listitem').filter({ hasText: 'ann@home.example.org' }).waitFor()

  await page.getByRole('button', { name: /Signed in as/ }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  // The provider asks whether there too, and sends the browser back.
  await page.waitForURL(`${idp.issuer}/session/end?**`)
  await page.getByRole('button', { name: 'Yes, sign me out' }).click()
  await page.waitForURL(`${product.url}/`)
  await page.getByRole('link', { name: 'Sign in' }).first().waitFor()
  expect(complaints).toEqual([])
  // The next one at this computer is asked who they are.
  await signInAtSchool(page, 'ann')
  await page.close()
})

test('who stops at the provider is told so in their language, and may begin again', async () => {
  const { page } = await openPage('nl-NL')
  await page.goto(`${product.url}/sign-in`)
  await page.getByRole('button', { name: 'Inloggen met School account' }).click()
  await page.getByRole('button', { name: 'Cancel' }).click()
  await page.getByRole('alert').getByText('Je bent daar niet ingelogd').waitFor()
  expect(await page.getByRole('alert').textContent()).not.toMatch(/Error|node_modules/)
  expect(page.url()).toBe(`${product.url}/sign-in/callback/school`)
  await page.getByRole('link', { name: 'Opnieuw beginnen' }).click()
  await page.getByRole('button', { name: 'Inloggen met School account' }).waitFor()
  await page.close()
})

test('a badge that went to another address: told, proven by code, accepted', async () => {
  idp.people.set('bob', { email: 'bob@new.example.org', email_verified: true })
  await school.api.post('/v1/events', earning('oidc-bob'))
  const claim = await product.inbox.waitFor('oidc-bob@example.org', 20_000)
  const link = /(http\S+\/claim#[\w-]+)/.exec(claim.text)?.[1] ?? ''
  const { page, complaints } = await openPage()
  await signInAtSchool(page, 'bob')
  await page.goto(link)
  await page.getByText('This badge was sent to another address').waitFor()
  expect(await page.getByRole('button', { name: 'Accept the badge' }).count()).toBe(0)

  await page.getByRole('button', { name: 'Mail me the code' }).click()
  const mail = await product.inbox.waitFor('oidc-bob@example.org', 20_000)
  await page.getByLabel('The code from the mail').fill(/\b(\d{8})\b/.exec(mail.text)?.[1] ?? '')
  await page.getByRole('button', { name: 'This is my address' }).click()
  await page.getByRole('button', { name: 'Accept the badge' }).click()
  await page.waitForURL(/\/credentials\/[0-9a-f-]{36}$/)
  expect(complaints).toEqual([])
  await page.close()
})

test('a badge that went to another address: the awarder is asked, and says yes on a page', async () => {
  idp.people.set('cas', { email: 'cas@new.example.org', email_verified: true })
  await school.api.post('/v1/events', earning('oidc-cas'))
  const claim = await product.inbox.waitFor('oidc-cas@example.org', 20_000)
  const link = /(http\S+\/claim#[\w-]+)/.exec(claim.text)?.[1] ?? ''
  const { page } = await openPage()
  await signInAtSchool(page, 'cas')
  await page.goto(link)
  await page.getByLabel(/What do you want to say/).fill('It is me.')
  await page.getByRole('button', { name: /^Ask Issuer/ }).click()
  await page.getByText('has been asked').waitFor()
  await page.close()

  const owner = 'owner@oidc-browser-school.example.org'
  const asked = await product.inbox.waitFor(owner, 20_000)
  const awarder = await openPage()
  const signIn = await product.running.product.routes.signIn.link({ type: 'email', value: owner })
  await awarder.page.goto(signIn)
  await awarder.page.waitForURL(/\/console/)
  await awarder.page.goto(/(http\S+\/claim-confirmations\S+)/.exec(asked.text)?.[1] ?? '')
  await awarder.page.getByText('oidc-cas@example.org').waitFor()
  await awarder.page.getByRole('button', { name: 'It is the same person' }).click()
  await awarder.page.getByText('Nobody is waiting').waitFor()
  await awarder.page.close()

  const again = await openPage()
  await signInAtSchool(again.page, 'cas')
  await again.page.getByText('First aid basics').first().waitFor()
  await again.page.close()
})
