import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { seedSample } from '#app/sample/seed-sample.ts'
import { launchBrowser } from '#test/browser/launch.ts'
import { addMember, signedIn as signedInByApi } from '#test/product/member.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from '#test/product/test-product.ts'
import { barriers, overflow } from '#test/web/pages-under-test.ts'
import { buildWeb } from '../../scripts/build-web.ts'

let product: TestProduct
let school: TestOrganisation
let browser: Browser
let rated: string

beforeAll(async () => {
  await buildWeb()
  product = await startTestProduct()
  await seedSample(product.running, () => undefined)
  school = await product.organisation('picture-school')
  const issuer = await school.api.post('/v1/issuers', { slug: 'picture-academy', name: 'Picture Academy' })
  const en = { en: 'Public Speaking' }
  const made = await school.api.post('/v1/achievements', {
    issuerId: issuer.body.id,
    slug: 'public-speaking',
    definition: {
      language: 'en',
      name: en,
      description: en,
      criteria: en,
      resultDescriptions: [
        {
          id: 'talks',
          name: { en: 'Talks' },
          type: 'RubricCriterionLevel',
          levels: [
            { id: 'begun', name: { en: 'Begun' } },
            { id: 'able', name: { en: 'Able' } },
          ],
        },
      ],
    },
  })
  rated = made.body.id
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await product?.stop()
})

test('the catalogue of a first start shows the sample, and says that it is one', async () => {
  const page = await open('nl-NL', `${product.url}/catalogue`)
  await page.getByText('2 badges', { exact: true }).waitFor()
  for (const name of ['EHBO basis', 'EHBO gevorderd']) {
    const card = page.getByRole('listitem').filter({ has: page.getByRole('link', { name }) })
    expect(await card.getByText('Sample Academy').count()).toBe(1)
    expect(await card.getByText('TEST', { exact: true }).count()).toBe(1)
  }
  // Nobody is signed in: there is nothing to copy into.
  expect(await page.getByRole('button', { name: /^Overnemen/ }).count()).toBe(0)
  expect(await barriers(page)).toEqual([])
  expect(await overflow(page)).toBeLessThanOrEqual(0)
})

test('who may make achievements copies one out of the catalogue into an issuer of theirs', async () => {
  const page = await signedIn('en-GB')
  await page.goto(`${product.url}/catalogue`)
  // The other one may be looked at only.
  await page.getByRole('button', { name: /^Copy: / }).waitFor()
  expect(await page.getByRole('button', { name: /^Copy: / }).count()).toBe(1)
  await press(page, 'Copy: First aid basics')
  const form = page.getByRole('form', { name: 'Make a draft of your own of First aid basics' })
  expect(await form.getByLabel('Under which issuer').locator('option:checked').textContent()).toBe(
    'Picture Academy, Test picture-school',
  )
  expect(await form.getByLabel('Short name').inputValue()).toBe('first-aid-basics')
  await form.getByLabel('Short name').fill('First Aid')
  await press(page, 'Make the draft')
  await form.getByText('Use lower-case letters', { exact: false }).waitFor()
  await form.getByLabel('Short name').fill('first-aid')
  await press(page, 'Make the draft')
  await page.getByText('The draft is yours.', { exact: false }).waitFor()
  await page.getByRole('link', { name: 'Open your achievements' }).click()
  await page.waitForURL('**/console/picture-school/achievements')
  const { items } = (await school.api.get('/v1/achievements')).body
  expect(items.find(({ slug }: { slug: string }) => slug === 'first-aid')).toMatchObject({
    versions: [{ state: 'draft' }],
    copiedFrom: { version: 1 },
  })
})

test('who may only read is offered no copy', async () => {
  const reader = { type: 'email', value: 'reader@example.org' } as const
  const { accountId } = (await (await signedInByApi(product, reader.value)).get('/v1/session')).body
  await product.running.parts.database.asWorker((stores) => addMember(stores, school, accountId, ['read']))
  const page = await open('en-GB', await product.running.product.routes.signIn.link(reader))
  await page.waitForURL('**/console/*/overview')
  const units = page.waitForResponse((response) => response.url().includes('/v1/units'))
  await page.goto(`${product.url}/catalogue`)
  await units
  await page.getByRole('link', { name: 'First aid basics' }).waitFor()
  expect(await page.getByRole('button', { name: /^Copy: / }).count()).toBe(0)
})

test('levels get pictures in the console, and the page of the badge shows them', async () => {
  const page = await signedIn('en-GB')
  await page.goto(`${product.url}/console/picture-school/achievements`)
  await press(page, 'Edit the draft: Public Speaking')
  const level = page.getByRole('group', { name: 'Level 2, lowest first' })
  await level.getByRole('button', { name: 'Draw a badge' }).click()
  await page
    .getByRole('dialog', { name: 'Draw a badge' })
    .getByRole('button', { name: 'Use this badge' })
    .click()
  await level.getByRole('button', { name: 'Change the drawing' }).waitFor()
  await level.getByLabel('What the picture shows (English)').fill('A badge with the word Able')
  await press(page, 'Save the draft')
  await page.getByText('The draft is saved.').waitFor()
  const { definition } = (await school.api.get(`/v1/achievements/${rated}`)).body.versions[0]
  expect(definition.imageLevels).toEqual([
    {
      result: 'talks',
      level: 'able',
      image: expect.stringMatching(/^[0-9a-f]{64}$/),
      altText: { en: 'A badge with the word Able' },
    },
  ])
  await school.api.post(`/v1/achievements/${rated}/versions/1/publish`)
  const dutch = await open('nl-NL', `${product.url}/achievements/${rated}`)
  const levels = dutch.getByRole('region', { name: 'Niveaus' })
  const picture = levels.getByRole('img', { name: 'A badge with the word Able' })
  await picture.waitFor()
  // It stands there before its bytes do.
  await expect
    .poll(() => picture.evaluate((img) => 'naturalWidth' in img && img.naturalWidth), { timeout: 15_000 })
    .toBeGreaterThan(0)
  await levels.getByText('Able', { exact: true }).waitFor()
  expect(await barriers(dutch)).toEqual([])
  expect(await overflow(dutch)).toBeLessThanOrEqual(0)
})

/** Dutch pages are dark, and on a telephone. */
async function open(locale: 'en-GB' | 'nl-NL', url: string): Promise<Page> {
  const context = await browser.newContext({
    locale,
    timezoneId: 'Europe/Amsterdam',
    ...(locale === 'nl-NL' ? { colorScheme: 'dark', viewport: { width: 390, height: 844 } } : {}),
  })
  const page = await context.newPage()
  await page.goto(url)
  return page
}

async function signedIn(locale: 'en-GB' | 'nl-NL'): Promise<Page> {
  const owner = { type: 'email', value: 'owner@picture-school.example.org' } as const
  const page = await open(locale, await product.running.product.routes.signIn.link(owner))
  await page.waitForURL('**/console/*/overview')
  return page
}

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()
