import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { barriers } from '#test/browser/barriers.ts'
import { launchBrowser } from '#test/browser/launch.ts'
import { setUpFirstAid } from '#test/product/first-aid.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from '#test/product/test-product.ts'
import { buildWeb } from '../../scripts/build-web.ts'

let product: TestProduct
let school: TestOrganisation
let browser: Browser
let page: Page

beforeAll(async () => {
  await buildWeb()
  product = await startTestProduct()
  school = await product.organisation('direct-console')
  await setUpFirstAid(school.api, 'direct-console-academy')
  browser = await launchBrowser()
  page = await signedIn('owner@direct-console.example.org')
  await page.waitForURL('**/console/*/overview')
  await page.goto(`${product.url}/console/direct-console/direct-awards`)
})
afterAll(async () => {
  await browser?.close()
  await product?.stop()
})

async function signedIn(address: string): Promise<Page> {
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/Amsterdam' })
  const opened = await context.newPage()
  await opened.goto(await product.running.product.routes.signIn.link({ type: 'email', value: address }))
  return opened
}

const button = (name: string) => page.getByRole('button', { name, exact: true })

let code = ''

test('one badge is awarded by keyboard, and its code is shown once', async () => {
  await button('Award one badge').focus()
  await page.keyboard.press('Enter')
  await page.getByLabel('Achievement').selectOption({ label: 'First aid basics' })
  await page.getByLabel('Achievement').focus()
  await page.keyboard.press('Tab')
  await page.keyboard.type('ann@example.org')
  await page.keyboard.press('Tab')
  await page.keyboard.type('She led the drill.')
  expect(await barriers(page)).toEqual([])
  await button('Award').focus()
  await page.keyboard.press('Enter')
  await page.getByText('The code is shown this once.', { exact: false }).waitFor()
  code = await page.getByRole('textbox', { name: 'Code to claim it with' }).inputValue()
  await page.getByRole('listitem', { name: 'ann@example.org' }).getByText('Waits to be claimed').waitFor()
  expect(await barriers(page)).toEqual([])
})

test('a list is seen before it is awarded, with what is wrong in which row', async () => {
  await button('Award a list').click()
  await page.getByLabel('Achievement').selectOption({ label: 'First aid basics' })
  await page.getByLabel('Name of the list').fill('Class of 2026')
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'CSV file' }).click()
  const buffer = Buffer.from('identifier,narrative\nben@example.org,Was there.\nnobody,\nben@example.org,\n')
  await (await chooser).setFiles({ name: 'class.csv', mimeType: 'text/csv', buffer })
  await button('See what would happen').click()
  await page.getByText('1 row would be awarded.').waitFor()
  await page.getByRole('row', { name: '2 identifier This is no address, eppn or DID.' }).waitFor()
  await page.getByRole('row', { name: '3 identifier This person stands in the list before.' }).waitFor()
  expect(await barriers(page)).toEqual([])
  await button('Award 1 row').click()
  await page.getByRole('listitem', { name: 'Class of 2026' }).waitFor()
  await expect
    .poll(
      async () => {
        await page.reload()
        await page.getByRole('listitem', { name: 'Class of 2026' }).waitFor()
        return page.getByRole('listitem', { name: 'Class of 2026' }).getByText('Done').count()
      },
      { timeout: 20_000 },
    )
    .toBe(1)
  await page.getByRole('button', { name: 'Undo: First aid basics, ben@example.org' }).click()
  await page.getByRole('listitem', { name: 'ben@example.org' }).getByText('Deleted').first().waitFor()
})

// The last one: the pages of this browser share who is signed in.
test('whoever has the code claims the badge on a page', async () => {
  const learner = await signedIn('ann@home.example.org')
  await learner.waitForURL((url) => !url.pathname.startsWith('/sign-in'))
  await learner.goto(`${product.url}/redeem#${code}`)
  await learner.getByRole('button', { name: 'Redeem', exact: true }).click()
  await learner.getByText('The badge is yours').waitFor()
  const { items } = (await school.api.get('/v1/direct-awards?identifier=ann@example.org')).body
  expect(items[0].state).toBe('claimed')
})
