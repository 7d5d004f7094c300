import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { barriers } from '#test/browser/barriers.ts'
import { launchBrowser } from '#test/browser/launch.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from '#test/product/test-product.ts'
import { buildWeb } from '../../scripts/build-web.ts'

let product: TestProduct
let school: TestOrganisation
let browser: Browser
let page: Page

beforeAll(async () => {
  await buildWeb()
  product = await startTestProduct()
  school = await product.organisation('told-console')
  browser = await launchBrowser()
  page = await (await browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/Amsterdam' })).newPage()
  page.setDefaultTimeout(5_000)
  const owner = { type: 'email', value: 'owner@told-console.example.org' } as const
  await page.goto(await product.running.product.routes.signIn.link(owner))
  await page.waitForURL('**/console/*/overview')
})
afterAll(async () => {
  await browser?.close()
  await product?.stop()
})

const button = (name: string) => page.getByRole('button', { name, exact: true })

test('a mail is worded anew while its preview follows, saved and reset', async () => {
  await page.goto(`${product.url}/console/told-console/mail-templates`)
  const subject = page.getByRole('textbox', { name: 'Subject' })
  await subject.fill('Well done: {{achievement}}')
  await page.getByText('Well done: EHBO basis').waitFor()
  const preview = page.frameLocator('iframe[title="How it looks, with sample values"]')
  await preview.getByText('Test told-console').waitFor()
  expect(await barriers(page)).toEqual([])

  await subject.fill('Well done: {{nobody}}')
  await page.getByText('This mail has no such thing to fill in.').waitFor()
  await subject.fill('Well done: {{achievement}}')
  await button('Save').click()
  await page.getByText('Your own words', { exact: true }).waitFor()
  const stored = async () => (await school.api.get('/v1/notification-templates/claim/en')).body
  expect(await stored()).toMatchObject({ subject: 'Well done: {{achievement}}', revision: 1 })
  await button('Back to the words of Waarmerk').click()
  await page.getByText('The words of Waarmerk', { exact: true }).waitFor()
  expect(await stored()).toMatchObject({ isStandard: true, revision: 2 })
})

test('the bell says what is unread; on its page it is read', async () => {
  await product.running.parts.database.inOrganisation(school.id, (stores) =>
    stores.notifications.tellHolders({
      organisationId: school.id,
      right: 'administer',
      kind: 'rule-silent',
      data: { name: 'Basics', days: 30 },
    }),
  )
  await page.goto(product.url)
  await page.getByRole('link', { name: 'Notifications, 1 unread' }).click()
  await page.getByText('For more than 30 days nothing has matched the rule "Basics".').waitFor()
  expect(await barriers(page)).toEqual([])
  await button('Mark as read').click()
  await page.getByRole('link', { name: 'Notifications', exact: true }).waitFor()
  // The bell and the list ask by themselves, and either may be first.
  await page.getByText('New', { exact: true }).waitFor({ state: 'detached' })
})

test('what comes by mail is chosen at the account, or turned off by the link in a mail', async () => {
  await page.goto(`${product.url}/account`)
  const choice = page.getByRole('combobox', { name: 'By mail: A rule sees nothing any more' })
  await choice.selectOption('weekly')
  await page.getByRole('combobox', { name: 'By mail: A link that signs in.' }).waitFor()
  expect(await page.getByRole('combobox', { name: 'By mail: A link that signs in.' }).isDisabled()).toBe(true)
  expect(await barriers(page)).toEqual([])
  await button('Save').click()
  await page.getByText('Your choice is saved.').waitFor()
  await page.reload()
  await choice.waitFor()
  expect(await choice.inputValue()).toBe('weekly')

  const mail = await product.inbox.waitFor('owner@told-console.example.org', 20_000)
  const link = /http\S+\/unsubscribe#[\w-]+/.exec(mail.text)?.[0] ?? ''
  await page.goto(link)
  expect(await barriers(page)).toEqual([])
  await button('No longer send me these mails').click()
  await page.getByText('These mails are no longer sent to you.').waitFor()
  await page.goto(`${product.url}/account`)
  await choice.waitFor()
  expect(await choice.inputValue()).toBe('off')
})
