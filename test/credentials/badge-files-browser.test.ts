import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser } from '#test/browser/launch.ts'
import { earnAndClaim, setUpGradedBadge } from '#test/product/graded-badge.ts'
import { startTestProduct, type TestProduct } from '#test/product/test-product.ts'
import { barriers } from '#test/web/pages-under-test.ts'
import { buildWeb } from '../../scripts/build-web.ts'

let product: TestProduct
let browser: Browser
let credentialId: string

beforeAll(async () => {
  await buildWeb()
  product = await startTestProduct()
  const school = await product.organisation('files-school')
  await setUpGradedBadge(school.api, 'files-academy')
  const ann = await earnAndClaim(product, school, 'files-ann')
  credentialId = ann.credentialId
  await ann.api.put(`/v1/credentials/${credentialId}/visibility`, { visibility: 'public' })
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await product?.stop()
})

test('a certificate is downloaded from the page of a badge, checked, and dropped into another backpack', async () => {
  const context = await browser.newContext({
    locale: 'nl-NL',
    colorScheme: 'dark',
    viewport: { width: 390, height: 844 },
    timezoneId: 'Europe/Amsterdam',
  })
  const page = await context.newPage()
  await page.goto(`${product.url}/credentials/${credentialId}`)
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'PDF-certificaat' }).click(),
  ])
  expect(download.suggestedFilename()).toBe(`badge-${credentialId}.pdf`)
  const file = await download.path()

  await page.goto(`${product.url}/verify`)
  await page.locator('input[type=file]').first().setInputFiles(file)
  await page.getByText('TEST First aid graded').first().waitFor()

  const person = { type: 'email', value: 'files-bob@example.org' } as const
  await page.goto(await product.running.product.routes.signIn.link(person))
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'))
  await page.goto(`${product.url}/backpack`)
  await page.getByText('Of laat hem hier los: JSON, JWT, PNG, SVG of PDF.').waitFor()
  expect(await barriers(page)).toEqual([])
  await page.locator('.mantine-Dropzone-root input[type=file]').first().setInputFiles(file)
  await page.getByText('TEST First aid graded').first().waitFor()
  expect(
    await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
  ).toBeLessThanOrEqual(0)
})
