import { readFile } from 'node:fs/promises'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser } from '#test/browser/launch.ts'
import { type Earner, earnAndClaim, setUpGradedBadge } from '#test/product/graded-badge.ts'
import { startTestProduct, type TestProduct } from '#test/product/test-product.ts'
import { barriers, overflow } from '#test/web/pages-under-test.ts'
import { buildWeb } from '../../scripts/build-web.ts'

let product: TestProduct
let browser: Browser
let ann: Earner

const timeout = 15_000

beforeAll(async () => {
  await buildWeb()
  product = await startTestProduct()
  const school = await product.organisation('shown-school')
  await setUpGradedBadge(school.api, 'shown-academy', { selectiveDisclosure: true })
  ann = await earnAndClaim(product, school, 'shown-ann')
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await product?.stop()
})

async function signedIn(locale: string, colorScheme: 'light' | 'dark'): Promise<Page> {
  const viewport = { width: 390, height: 844 }
  const context = await browser.newContext({ locale, colorScheme, viewport, timezoneId: 'Europe/Amsterdam' })
  const page = await context.newPage()
  const person = { type: 'email', value: 'shown-ann@example.org' } as const
  await page.goto(await product.running.product.routes.signIn.link(person))
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'))
  await page.goto(`${product.url}/credentials/${ann.credentialId}`)
  return page
}

test('an earner chooses by keyboard what to show, sees it, and hands on a file that verifies', async () => {
  const page = await signedIn('nl-NL', 'dark')
  const panel = page.getByRole('region', { name: 'Delen van deze badge tonen' })
  await panel.waitFor({ timeout })
  await panel.getByRole('checkbox', { name: 'Resultaat' }).focus()
  await page.keyboard.press('Space')
  await panel.getByRole('button', { name: 'Bekijk wat anderen zullen zien' }).focus()
  await page.keyboard.press('Enter')
  await panel
    .getByText('Dit zien anderen, met wat er altijd in zit, en verder niets van de badge.')
    .waitFor({ timeout })
  expect(await panel.getByRole('heading', { name: 'Resultaten' }).count()).toBe(1)
  // Of the evidence, nothing but the choice.
  expect(await panel.getByRole('heading', { name: 'Bewijs' }).count()).toBe(0)
  await panel.getByRole('button', { name: 'Zelf controleren' }).click()
  await panel
    .getByText('Niet vast te stellen')
    .or(panel.getByText('Geldig', { exact: true }))
    .first()
    .waitFor({ timeout })
  expect(await panel.getByText('De verdiener toont delen van de badge', { exact: false }).count()).toBe(1)
  expect(await barriers(page)).toEqual([])
  expect(await overflow(page)).toBeLessThanOrEqual(0)

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    panel.getByRole('link', { name: 'PNG-afbeelding downloaden' }).click(),
  ])
  expect(download.suggestedFilename()).toBe(`badge-${ann.credentialId}-parts.png`)
  const file = await download.path()
  expect((await readFile(file)).includes('ecdsa-sd-2023')).toBe(true)
  const stranger = await (await browser.newContext({ locale: 'nl-NL' })).newPage()
  await stranger.goto(`${product.url}/verify`)
  await stranger.locator('input[type=file]').first().setInputFiles(file)
  await stranger.getByText('TEST First aid graded').first().waitFor({ timeout })
  await stranger
    .getByText('Dat dit alles is wat de uitgever heeft gezegd: de verdiener kan delen hebben weggelaten.')
    .waitFor({ timeout })

  // Another choice is not what stands below any more.
  await panel.getByRole('checkbox', { name: 'Bewijs 1' }).check()
  expect(
    await panel
      .getByText('Dit zien anderen, met wat er altijd in zit, en verder niets van de badge.')
      .count(),
  ).toBe(0)
})

test('in English as well, and whoever shows nothing more sees that', async () => {
  const page = await signedIn('en-GB', 'light')
  const panel = page.getByRole('region', { name: 'Share parts of this badge' })
  await panel.getByRole('button', { name: 'See what others will see' }).click({ timeout })
  await panel.getByText('Nothing of what you could choose.').waitFor({ timeout })
  await panel.getByText('For a wallet that does this itself').click()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    panel.getByRole('link', { name: 'Download the file for your wallet' }).click(),
  ])
  // Whoever is shown that file by mistake is told what to ask for.
  await page.goto(`${product.url}/verify`)
  await page
    .locator('input[type=file]')
    .first()
    .setInputFiles(await download.path())
  await page
    .getByText('This is the copy that the earner keeps', { exact: false })
    .first()
    .waitFor({ timeout })
  expect(await barriers(page)).toEqual([])
})
