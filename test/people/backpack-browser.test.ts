import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser } from '#test/browser/launch.ts'
import { awardOf, completed } from '#test/product/first-aid.ts'
import { earnAndClaim, setUpGradedBadge } from '#test/product/graded-badge.ts'
import { startTestProduct, type TestProduct } from '#test/product/test-product.ts'
import { buildWeb } from '../../scripts/build-web.ts'

let product: TestProduct
let browser: Browser
let strangers: Browser
let page: Page
let credentialId: string
let file: Uint8Array
beforeAll(async () => {
  await buildWeb()
  product = await startTestProduct()
  const school = await product.organisation('backpack-school')
  await setUpGradedBadge(school.api, 'backpack-academy')
  credentialId = (await earnAndClaim(product, school, 'backpack-ann')).credentialId
  await school.api.post('/v1/events', [completed('backpack-bob', 1), completed('backpack-bob', 2)])
  const award = await awardOf(school.api, 'backpack-bob')
  file = (await school.api.get(`/v1/credentials/${award.credentialId}/document?format=png`)).bytes
  browser = await launchBrowser()
  strangers = await launchBrowser()
  page = await opened(browser)
  await page.goto(
    await product.running.product.routes.signIn.link({ type: 'email', value: 'backpack-ann@example.org' }),
  )
  await page.getByRole('link', { name: 'Open the backpack' }).click()
  await page.waitForURL('**/backpack')
})
afterAll(async () => {
  await browser?.close()
  await strangers?.close()
  await product?.stop()
})

const opened = async (by: Browser) =>
  (await by.newContext({ locale: 'en-GB', timezoneId: 'Europe/Amsterdam' })).newPage()
const barriers = async (on: Page): Promise<readonly string[]> =>
  (await new AxeBuilder({ page: on }).analyze()).violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)

test('a badge from elsewhere is brought as a file, checked again and removed', async () => {
  await page.locator('input[type=file]').setInputFiles({
    name: 'badge.png',
    mimeType: 'image/png',
    buffer: Buffer.from(file),
  })
  const row = page.getByRole('listitem').filter({ hasText: 'Whether it is about you cannot be told' })
  await row.getByText('Valid', { exact: true }).waitFor()
  expect(await barriers(page)).toEqual([])
  await row.getByRole('button', { name: /^Check .* again$/ }).click()
  await row.getByRole('button', { name: /^Remove / }).click()
  await page.getByText('You keep no badges from elsewhere.').waitFor()
})

test('a collection with a private badge is made only with consent, and its link shows the badge to a stranger', async () => {
  await page.getByLabel('Name in English').fill('For my application')
  await page.getByRole('checkbox', { name: /First aid graded/ }).check()
  await page.getByLabel('Who sees it').selectOption('link')
  await page.getByRole('button', { name: 'Make the collection' }).click()
  await page.getByText('Private badges in it would be seen by others.').waitFor()
  await page.getByRole('checkbox', { name: 'Show private badges in it too' }).check()
  await page.getByRole('button', { name: 'Make the collection' }).click()
  const link = await page.getByRole('textbox', { name: 'Link of the collection' }).inputValue()
  expect(await barriers(page)).toEqual([])

  const stranger = await opened(strangers)
  await stranger.goto(link)
  await stranger.getByRole('heading', { name: 'For my application' }).waitFor()
  expect(await stranger.locator('meta[name=robots]').getAttribute('content')).toBe('noindex')
  expect(await barriers(stranger)).toEqual([])
  await stranger.getByRole('link', { name: 'First aid graded' }).click()
  await stranger.getByRole('button', { name: 'Verify now' }).waitFor()
  await stranger.goto(link.split('?')[0] ?? '')
  await stranger.getByRole('heading', { name: 'Not public' }).waitFor()
})

test('a link that leaves results out shows no document, says so, and is counted', async () => {
  await page.goto(`${product.url}/credentials/${credentialId}`)
  await page.getByLabel('Name of the link, for you').fill('Without my grade')
  await page.getByRole('checkbox', { name: 'results' }).check()
  await page.getByRole('button', { name: 'Make a share link' }).click()
  const link = await page.getByRole('textbox', { name: 'Share link' }).inputValue()
  await page.getByRole('link', { name: 'Add to LinkedIn' }).waitFor()
  expect(await barriers(page)).toEqual([])

  const stranger = await opened(strangers)
  await stranger.goto(link)
  await stranger.getByText('Without the signed document').waitFor()
  await stranger.getByText('Left out: results').waitFor()
  expect(await stranger.getByRole('button', { name: 'Verify now' }).count()).toBe(0)
  expect(await stranger.getByText('Take it with you').count()).toBe(0)
  expect(await barriers(stranger)).toEqual([])

  await page.reload()
  const row = page.getByRole('listitem').filter({ hasText: 'Without my grade' })
  await row.getByText('opened 1 time').waitFor()
  await row.getByRole('button', { name: /^End the link/ }).click()
  await row.getByText(/ended on/).waitFor()
  await stranger.reload()
  await stranger.getByRole('heading', { name: 'Not public' }).waitFor()
})
