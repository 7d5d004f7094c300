import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser } from '#test/browser/launch.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from '#test/product/test-product.ts'
import { buildWeb } from '../../scripts/build-web.ts'

let product: TestProduct
let school: TestOrganisation
let browser: Browser
let unitId: string

beforeAll(async () => {
  await buildWeb()
  product = await startTestProduct()
  school = await product.organisation('narrow-school')
  const issuer = await school.api.post('/v1/issuers', { slug: 'narrow-academy', name: 'Academy' })
  const made = async (slug: string, name: string) => {
    const en = { en: name }
    const { body } = await school.api.post('/v1/achievements', {
      issuerId: issuer.body.id,
      slug,
      definition: { language: 'en', name: en, description: en, criteria: en },
    })
    return body.unitId as string
  }
  unitId = await made('public-speaking', 'Public Speaking')
  await made('sailing', 'Sailing')
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await product?.stop()
})

test('somebody is invited to one achievement, found by its name', async () => {
  const page = await consoleOf('people')
  await press(page, 'Invite somebody')
  const form = page.getByRole('region', { name: 'Invite somebody' })
  await form.getByLabel('E-mail address').fill('sam@example.org')
  await form.getByLabel('Where').selectOption('One achievement …')
  await form.getByLabel('Find it by its name').fill('speak')
  const choice = form.getByRole('combobox', { name: 'Achievement', exact: true })
  await expect
    .poll(() => choice.locator('option').allTextContents())
    .toEqual(['Choose an achievement', 'Public Speaking'])
  // Nobody is invited to the whole organisation while none is chosen.
  await press(page, 'Send the invitation')
  expect((await school.api.get('/v1/invitations')).body.items).toEqual([])
  await choice.selectOption('Public Speaking')
  await press(page, 'Send the invitation')
  await page.getByText('The invitation is on its way.').waitFor()
  const invited = page.getByRole('listitem', { name: 'sam@example.org' })
  await invited.getByText('Public Speaking').waitFor()
  expect((await school.api.get('/v1/invitations')).body.items).toMatchObject([{ unitId }])
})

test('a key for one achievement is made, and the achievement tells who holds rights on it and by what', async () => {
  const keys = await consoleOf('api-keys')
  await press(keys, 'New key')
  await keys.getByRole('textbox', { name: 'Name', exact: true }).fill('Quiz')
  await keys.getByLabel('Where').selectOption('One achievement …')
  await keys.getByRole('combobox', { name: 'Achievement', exact: true }).selectOption('Public Speaking')
  await keys.getByRole('button', { name: 'Make the key' }).click()
  await expect
    .poll(async () => (await school.api.get(`/v1/api-keys?unitId=${unitId}`)).body.items)
    .toEqual(expect.arrayContaining([expect.objectContaining({ name: 'Quiz', unitId })]))

  const page = await consoleOf('achievements')
  await press(page, 'Who holds rights: Public Speaking')
  const owner = page.getByRole('listitem', { name: 'owner@narrow-school.example.org' })
  await owner.getByText('Whole organisation').waitFor()
  await page.getByRole('listitem', { name: 'Quiz' }).getByText('This achievement').waitFor()
})

/** A section of the console, by the one who made the organisation. */
async function consoleOf(section: string): Promise<Page> {
  const page = await (await browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/Amsterdam' })).newPage()
  const owner = { type: 'email', value: 'owner@narrow-school.example.org' } as const
  await page.goto(await product.running.product.routes.signIn.link(owner))
  await page.waitForURL('**/console/*/overview')
  await page.goto(`${product.url}/console/narrow-school/${section}`)
  return page
}

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()
