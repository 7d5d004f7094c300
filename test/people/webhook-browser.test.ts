import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { barriers } from '#test/browser/barriers.ts'
import { launchBrowser } from '#test/browser/launch.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from '#test/product/test-product.ts'
import {
  answerWith,
  startWebhookReceiver,
  verifiedBy,
  type WebhookReceiver,
} from '#test/product/webhook-receiver.ts'
import { buildWeb } from '../../scripts/build-web.ts'

let product: TestProduct
let school: TestOrganisation
let receiver: WebhookReceiver
let browser: Browser
let page: Page

beforeAll(async () => {
  await buildWeb()
  product = await startTestProduct()
  school = await product.organisation('hook-console')
  receiver = await startWebhookReceiver()
  browser = await launchBrowser()
  page = await (await browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/Amsterdam' })).newPage()
  await page.goto(
    await product.running.product.routes.signIn.link({
      type: 'email',
      value: 'owner@hook-console.example.org',
    }),
  )
  await page.waitForURL('**/console/*/overview')
  await page.goto(`${product.url}/console/hook-console/webhooks`)
})
afterAll(async () => {
  await browser?.close()
  await product?.stop()
  await receiver?.close()
})

const button = (name: string) => page.getByRole('button', { name, exact: true })
const confirm = (name: string) => page.getByRole('dialog').getByRole('button', { name, exact: true }).click()

/** Goes on with the Tab key until this has the focus. */
async function tabTo(name: string): Promise<void> {
  for (let steps = 0; steps < 60; steps++) {
    const focused = await page.evaluate(() => {
      const element = document.activeElement
      const label = element instanceof HTMLInputElement ? element.labels?.[0]?.textContent : undefined
      return element?.getAttribute('aria-label') ?? label ?? element?.textContent ?? ''
    })
    if (focused.replace(/\s*\*$/, '').trim() === name) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`The keyboard does not reach ${name}.`)
}

let secret = ''

test('a webhook is made by keyboard alone, and its secret is shown once', async () => {
  await button('New webhook').waitFor()
  await tabTo('New webhook')
  await page.keyboard.press('Enter')
  await tabTo('Name')
  await page.keyboard.type('Learning platform')
  await tabTo('Address (URL)')
  await page.keyboard.type(receiver.url)
  await tabTo('Everything')
  await page.keyboard.press('Space')
  await tabTo('API keys')
  await page.keyboard.press('Space')
  expect(await barriers(page)).toEqual([])
  await tabTo('Make the webhook')
  await page.keyboard.press('Enter')
  await page.getByText('The secret is shown this once, so copy it now.').waitFor()
  secret = await page.getByRole('textbox', { name: 'Secret to check signatures with' }).inputValue()
  expect(secret).toMatch(/^whsec_/)
  await page.getByRole('listitem', { name: 'Learning platform' }).getByText('api_key.*').waitFor()
  expect(await barriers(page)).toEqual([])
  await page.reload()
  await page.getByRole('listitem', { name: 'Learning platform' }).waitFor()
  expect(await page.getByText('whsec_').count()).toBe(0)
})

test('a test is sent, and the log tells what came of it', async () => {
  await button('Send a test: Learning platform').click()
  await expect.poll(() => receiver.of('webhook.test').length, { timeout: 20_000 }).toBe(1)
  expect(receiver.received.map((message) => verifiedBy(secret, message) !== false)).toEqual([true])
  await button('Log: Learning platform').click()
  const log = page.getByRole('region', { name: 'Log of Learning platform' })
  const entry = log.getByRole('listitem', { name: 'webhook.test' })
  await expect
    .poll(
      async () => {
        await log.getByRole('button', { name: 'Refresh' }).click()
        return entry.getByText('Delivered', { exact: true }).count()
      },
      { timeout: 20_000 },
    )
    .toBe(1)
  await entry.getByRole('button', { name: /^What was sent/ }).click()
  await entry.getByRole('row', { name: /204/ }).waitFor()
  await entry.getByText('"type": "webhook.test"', { exact: false }).waitFor()
  expect(await barriers(page)).toEqual([])
})

test('what failed is sent again', async () => {
  receiver.answer = answerWith(500, 'Out of order')
  await school.api.post('/v1/api-keys', { name: 'One', rights: ['read'] })
  const log = page.getByRole('region', { name: 'Log of Learning platform' })
  const entry = log.getByRole('listitem', { name: 'api_key.created' })
  await expect
    .poll(
      async () => {
        await log.getByRole('button', { name: 'Refresh' }).click()
        return entry.getByText('Next attempt').count()
      },
      { timeout: 20_000 },
    )
    .toBe(1)
  await entry.getByRole('button', { name: /^What was sent/ }).click()
  await entry
    .getByRole('row', { name: /500.*Out of order/ })
    .first()
    .waitFor()
  receiver.answer = answerWith(204)
  await entry.getByRole('button', { name: /^Send again/ }).click()
  await expect
    .poll(
      async () => {
        await log.getByRole('button', { name: 'Refresh' }).click()
        return entry.getByText('Delivered', { exact: true }).count()
      },
      { timeout: 20_000 },
    )
    .toBe(1)
})

test('it is disabled and enabled, gets a new secret, and is deleted; in Dutch too', async () => {
  await button('Disable: Learning platform').click()
  await page
    .getByRole('listitem', { name: 'Learning platform' })
    .getByText('Disabled', { exact: true })
    .waitFor()
  await button('Enable: Learning platform').click()
  await page
    .getByRole('listitem', { name: 'Learning platform' })
    .getByText('Enabled', { exact: true })
    .waitFor()
  await button('New secret: Learning platform').click()
  await confirm('New secret')
  const field = page.getByRole('textbox', { name: 'Secret to check signatures with' })
  await field.waitFor()
  expect(await field.inputValue()).not.toBe(secret)
  await page.getByText('The earlier secret signs until').waitFor()

  await page.evaluate(() => localStorage.setItem('waarmerk.language', 'nl'))
  await page.reload()
  await page.getByRole('heading', { level: 1, name: 'Webhooks' }).waitFor()
  await button('Logboek: Learning platform').click()
  const log = page.getByRole('region', { name: 'Logboek van Learning platform' })
  await log.getByRole('listitem', { name: 'webhook.test' }).getByText('Aangekomen').waitFor()
  expect(await barriers(page)).toEqual([])
  await button('Verwijderen: Learning platform').click()
  await confirm('Verwijderen')
  await expect.poll(() => page.getByRole('listitem', { name: 'Learning platform' }).count()).toBe(0)
})
