import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser } from '#test/browser/launch.ts'
import { buildWeb } from '../../scripts/build-web.ts'
import { awardOf, earning, setUpFirstAid } from './first-aid.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from './test-product.ts'

let product: TestProduct
let school: TestOrganisation
let browser: Browser
let page: Page
let award: { readonly id: string; readonly credentialId: string; readonly subjectId: string }

beforeAll(async () => {
  await buildWeb()
  product = await startTestProduct()
  school = await product.organisation('award-console')
  await setUpFirstAid(school.api, 'award-console-academy')
  await school.api.post('/v1/events', earning('ann'))
  award = await awardOf(school.api, 'ann')
  browser = await launchBrowser()
  page = await (await browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/Amsterdam' })).newPage()
  await page.goto(
    await product.running.product.routes.signIn.link({
      type: 'email',
      value: 'owner@award-console.example.org',
    }),
  )
  await page.waitForURL('**/console/*/overview')
  await page.goto(`${product.url}/console/award-console/awards`)
})
afterAll(async () => {
  await browser?.close()
  await product?.stop()
})

test('a badge is suspended and reinstated in the console, and its editions say so', async () => {
  const on = `First aid basics, ${award.subjectId}`
  const press = (name: string) => page.getByRole('button', { name: `${name}: ${on}`, exact: true }).click()
  const dialog = page.getByRole('dialog')
  const give = async (reason: string, name: string) => {
    await dialog.getByLabel('Reason').fill(reason)
    await dialog.getByRole('button', { name, exact: true }).click()
    await dialog.waitFor({ state: 'detached' })
  }
  await press('Suspend')
  await give('Under investigation.', 'Suspend')
  await page.getByText('The badge is suspended.').waitFor()
  await page.getByText('Suspended', { exact: true }).waitFor()
  expect((await school.api.get(`/v1/credentials/${award.credentialId}`)).body.state).toBe('suspended')

  await press('Reinstate')
  await give('Unfounded.', 'Reinstate')
  await page.getByText('The badge is being reinstated.').waitFor()
  await page.getByRole('button', { name: `Suspend: ${on}`, exact: true }).waitFor({ timeout: 20_000 })
  await press('Editions')
  await page.getByText('replaced by the next edition').waitFor()
  await page.getByText('Unfounded.').waitFor()
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([])
})
