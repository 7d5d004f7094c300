import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { barriers } from '#test/browser/barriers.ts'
import { launchBrowser } from '#test/browser/launch.ts'
import { awardOf, earning, setUpFirstAid } from '#test/product/first-aid.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from '#test/product/test-product.ts'
import { buildWeb } from '../../scripts/build-web.ts'

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
  await press('Suspend')
  await give('Under investigation.', 'Suspend')
  await page.getByText('The badge is suspended.').waitFor()
  await page.getByText('Suspended', { exact: true }).waitFor()
  expect((await school.api.get(`/v1/credentials/${award.credentialId}`)).body.state).toBe('suspended')

  await press('Reinstate')
  await give('Unfounded.', 'Reinstate')
  await page.getByText('The badge is being reinstated.').waitFor()
  await page.getByRole('button', { name: `Suspend: ${on()}`, exact: true }).waitFor({ timeout: 20_000 })
  await press('Editions')
  await page.getByText('replaced by the next edition').waitFor()
  await page.getByText('Unfounded.').waitFor()
  expect(await barriers(page)).toEqual([])
})

test('a badge is corrected in what somebody changed, and in nothing else', async () => {
  await press('Correct')
  const form = page.getByRole('region', { name: 'Correct what the badge says' })
  await form.getByLabel('Why this person').fill('Kept calm in a real emergency.')
  await form.getByLabel('Reason').fill('The story was missing.')
  expect(await barriers(page)).toEqual([])
  await form.getByRole('button', { name: 'Correct' }).click()
  await page.getByText('The correction is being signed.').waitFor()
  await page.getByText('corrected', { exact: true }).waitFor({ timeout: 20_000 })
  const corrected = await school.api.get(`/v1/awards/${award.id}`)
  expect(corrected.body.correction).toMatchObject({
    narrative: 'Kept calm in a real emergency.',
    results: null,
  })
})

test('a badge is signed anew, once the edition before is signed', async () => {
  await page.getByRole('button', { name: `Sign anew: ${on()}`, exact: true }).waitFor({ timeout: 20_000 })
  await press('Sign anew')
  await give('The key was changed.', 'Sign anew')
  await page.getByText('signed anew', { exact: true }).waitFor()
  await page.getByRole('button', { name: `Sign anew: ${on()}`, exact: true }).waitFor({ timeout: 20_000 })
})

test('what rests on a source is looked at, put on a list, and revoked once somebody confirms it', async () => {
  await page.goto(`${product.url}/console/award-console/blast-radius`)
  await page.getByLabel('Which one').selectOption({ index: 1 })
  await page.getByRole('button', { name: 'Look what rests on it' }).click()
  await page.getByRole('heading', { name: 'One award rests on it' }).waitFor()
  await page.getByRole('cell', { name: 'Would not stand without it' }).waitFor()
  expect(await barriers(page)).toEqual([])
  const repair = page.getByRole('region', { name: 'Repair in one step' })
  await repair.getByLabel('Would not stand without it').selectOption({ label: 'Revoke' })
  await repair.getByLabel('Reason').fill('The results were not real.')
  await repair.getByRole('button', { name: 'Make the list' }).click()

  await page.waitForURL('**/award-changes?change=*')
  await page.getByRole('heading', { name: 'Repair one badge' }).waitFor()
  await page.getByRole('rowheader', { name: award.id }).waitFor()
  expect(await barriers(page)).toEqual([])
  expect((await school.api.get(`/v1/awards/${award.id}`)).body.state).toBe('issued')
  await page.getByRole('button', { name: /^Confirm/ }).click()
  await dialog().getByRole('button', { name: 'Confirm' }).click()
  await page.getByText('It is confirmed, and being done.').waitFor()
  await page.getByRole('cell', { name: 'Done' }).waitFor({ timeout: 20_000 })
  expect((await school.api.get(`/v1/awards/${award.id}`)).body.state).toBe('revoked')
})

test('chosen badges are put on a list, and a list that is dropped changes nothing', async () => {
  await school.api.post('/v1/events', earning('bob'))
  const bobs = await awardOf(school.api, 'bob')
  await page.goto(`${product.url}/console/award-console/awards`)
  await page.getByLabel(`Choose: First aid basics, ${bobs.subjectId}`).check()
  const chosen = page.getByRole('region', { name: 'Revoke one chosen badge' })
  await chosen.getByLabel('Reason').fill('A mistake.')
  await chosen.getByRole('button', { name: 'Make the list' }).click()
  await page.getByRole('rowheader', { name: bobs.id }).waitFor()
  await page.getByRole('button', { name: /^Withdraw/ }).click()
  await dialog().getByRole('button', { name: 'Withdraw' }).click()
  await page.getByText('The list is dropped.').waitFor()
  expect((await school.api.get(`/v1/awards/${bobs.id}`)).body.state).toBe('issued')
})

const on = () => `First aid basics, ${award.subjectId}`
const press = (name: string) => page.getByRole('button', { name: `${name}: ${on()}`, exact: true }).click()
const dialog = () => page.getByRole('dialog')

async function give(reason: string, name: string): Promise<void> {
  await dialog().getByLabel('Reason').fill(reason)
  await dialog().getByRole('button', { name, exact: true }).click()
  await dialog().waitFor({ state: 'detached' })
}
