import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { barriers } from '#test/browser/barriers.ts'
import { launchBrowser } from '#test/browser/launch.ts'
import { ApiCaller } from '#test/product/api-caller.ts'
import { awardOf, completed } from '#test/product/first-aid.ts'
import { earnAndClaim, setUpGradedBadge } from '#test/product/graded-badge.ts'
import { startTestProduct, type TestProduct } from '#test/product/test-product.ts'
import { buildWeb } from '../../scripts/build-web.ts'

let product: TestProduct
let browser: Browser
let strangers: Browser
let page: Page
let credentialId: string
let secondId: string
let file: Uint8Array
beforeAll(async () => {
  await buildWeb()
  product = await startTestProduct()
  const school = await product.organisation('backpack-school')
  await setUpGradedBadge(school.api, 'backpack-academy')
  credentialId = (await earnAndClaim(product, school, 'backpack-ann')).credentialId
  const college = await product.organisation('backpack-college')
  await setUpGradedBadge(college.api, 'backpack-faculty')
  secondId = (await earnAndClaim(product, college, 'backpack-ann')).credentialId
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

const OF_ACADEMY = 'First aid graded, Issuer backpack-academy'
const OF_FACULTY = 'First aid graded, Issuer backpack-faculty'

const opened = async (by: Browser) =>
  (await by.newContext({ locale: 'en-GB', timezoneId: 'Europe/Amsterdam' })).newPage()

test('a badge from elsewhere is brought as a file, checked again and removed', async () => {
  await page.locator('input[type=file][accept*=".pdf"]').setInputFiles({
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
  // The form is behind its button, by keyboard too, and closing it leads back there.
  const opening = page.getByRole('button', { name: 'New collection' })
  expect(await page.getByLabel('Name in English').count()).toBe(0)
  await opening.press('Enter')
  expect(await opening.getAttribute('aria-expanded')).toBe('true')
  // A message that was just given has such a button, too.
  await page.locator('#content').getByRole('button', { name: 'Close' }).press('Enter')
  await vi.waitFor(
    async () =>
      expect(await opening.evaluate((button) => button === button.ownerDocument.activeElement)).toBe(true),
    { timeout: 15_000 },
  )
  await page.keyboard.press('Enter')
  await page.getByLabel('Name in English').fill('For my application')
  await page.getByRole('checkbox', { name: OF_ACADEMY }).check()
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

test('a collection is changed and put in order by keyboard alone, and each new place is said', async () => {
  const own = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ')
  const api = new ApiCaller(product.url, { cookie: own, origin: product.url })
  const collection = async () => (await api.get('/v1/collections')).body.items[0]
  const before = await collection()

  await page.goto(`${product.url}/backpack`)
  await page.getByRole('button', { name: 'Change For my application' }).press('Enter')
  const form = page.getByRole('region', { name: 'Change For my application' })
  await form.getByRole('checkbox', { name: OF_FACULTY }).press('Space')
  await form.getByLabel('About it, in English').fill('Two of them.')
  const order = form.getByRole('list', { name: 'In this order' })
  const places = () => order.getByRole('listitem').allInnerTexts()
  expect((await places()).map((text) => text.trim())).toEqual([`1. ${OF_ACADEMY}`, `2. ${OF_FACULTY}`])
  const up = order.getByRole('button', { name: `Move ${OF_FACULTY} up` })
  await up.press('Enter')
  expect((await places()).map((text) => text.trim())).toEqual([`1. ${OF_FACULTY}`, `2. ${OF_ACADEMY}`])
  await form.getByRole('status').getByText(`${OF_FACULTY} stands at place 1 of 2.`).waitFor()
  // It is at the top: the button keeps the focus, and does nothing more.
  expect(await up.evaluate((button) => button === button.ownerDocument.activeElement)).toBe(true)
  expect(await up.getAttribute('aria-disabled')).toBe('true')
  await up.press('Enter')
  expect((await places()).map((text) => text.trim())).toEqual([`1. ${OF_FACULTY}`, `2. ${OF_ACADEMY}`])
  expect(await barriers(page)).toEqual([])
  await form.getByRole('button', { name: 'Save the collection' }).press('Enter')
  await page.getByText('Private badges in it would be seen by others.').waitFor()
  await form.getByRole('checkbox', { name: 'Show private badges in it too' }).press('Space')
  await form.getByRole('button', { name: 'Save the collection' }).press('Enter')
  await form.waitFor({ state: 'detached' })

  const after = await collection()
  expect(after).toMatchObject({
    name: { en: 'For my application' },
    description: { en: 'Two of them.' },
    visibility: 'link',
    revision: before.revision + 1,
  })
  expect(after.badges.map((each: { credentialId: string }) => each.credentialId)).toEqual([
    secondId,
    credentialId,
  ])

  // Somebody who changed it elsewhere meanwhile is not overwritten.
  await page.getByRole('button', { name: 'Change For my application' }).press('Enter')
  const stale = page.getByRole('region', { name: 'Change For my application' })
  await api.send('PATCH', `/v1/collections/${after.id}`, JSON.stringify({ name: { en: 'Mine' } }), {
    'content-type': 'application/json',
    'if-match': `"v${after.revision}"`,
  })
  await stale.getByRole('button', { name: 'Save the collection' }).press('Enter')
  await page.getByText('Somebody else changed it in the meantime.', { exact: false }).waitFor()
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
