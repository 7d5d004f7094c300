import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { barriers } from '#test/browser/barriers.ts'
import { launchBrowser } from '#test/browser/launch.ts'
import { setUpFirstAid } from '#test/product/first-aid.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from '#test/product/test-product.ts'
import { overflow } from '#test/web/pages-under-test.ts'
import { buildWeb } from '../../scripts/build-web.ts'

let product: TestProduct
let school: TestOrganisation
let browser: Browser
let issuerId: string

beforeAll(async () => {
  await buildWeb()
  product = await startTestProduct()
  school = await product.organisation('institution-console')
  ;({ issuerId } = await setUpFirstAid(school.api, 'institution-console-academy'))
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await product?.stop()
})

async function signedIn(locale: string, viewport?: { width: number; height: number }): Promise<Page> {
  const context = await browser.newContext({
    locale,
    timezoneId: 'America/New_York',
    ...(viewport === undefined ? {} : { viewport }),
  })
  const page = await context.newPage()
  const owner = { type: 'email', value: 'owner@institution-console.example.org' } as const
  await page.goto(await product.running.product.routes.signIn.link(owner))
  await page.waitForURL('**/console/*/overview', { timeout: 15_000 })
  return page
}
const NARROW = { width: 390, height: 844 }

test('an issuer says what it is as an institution, by keyboard too; what is wrong is refused and kept', async () => {
  const page = await signedIn('en-GB')
  await page.goto(`${product.url}/console/institution-console/issuers`)
  const opener = page.getByRole('button', { name: /^Change details/ })
  await opener.focus()
  await page.keyboard.press('Enter')
  const form = page.getByRole('region', { name: /^What .* says of itself$/ })
  await form.getByLabel('Registered name').fill('Stichting Academie')
  await form.getByLabel('Phone number').fill('020 123')
  await form.getByRole('button', { name: 'Add a register' }).click()
  await form.getByLabel('Number or address 1').fill('3AA')
  await form.getByLabel('Town').fill('Utrecht')
  await form.getByLabel('Code of the country (NL)').fill('nl')
  await form.getByLabel('Registered name').press('Enter')
  await form.getByText('This is no phone number with the number of the country.').waitFor({ timeout: 15_000 })
  await form.getByLabel('Phone number').fill('+31 (20) 123 4567')
  await form.getByLabel('Phone number').press('Enter')
  await form.getByRole('alert').waitFor({ timeout: 15_000 })
  expect(await form.getByLabel('Registered name').inputValue()).toBe('Stichting Academie')
  expect(await barriers(page)).toEqual([])

  await form.getByLabel('Number or address 1').fill('30AA')
  await form.getByLabel('Number or address 1').press('Enter')
  await page.getByText('Badges that are signed from now on say so.').waitFor({ timeout: 15_000 })
  await page.getByText('BRIN 30AA').waitFor({ timeout: 15_000 })
  expect((await school.api.get(`/v1/issuers/${issuerId}`)).body).toMatchObject({
    official: 'Stichting Academie',
    phone: '+31201234567',
    address: { addressLocality: 'Utrecht', addressCountryCode: 'NL' },
    otherIdentifiers: [{ identifier: '30AA', type: 'ext:BRIN' }],
    parentOrg: null,
  })
  await page.goto(`${product.url}/issuers/institution-console-academy`)
  await page.getByText('Utrecht, NL').waitFor({ timeout: 15_000 })
  expect(await barriers(page)).toEqual([])
})

test('the forms fit a telephone, and have no barrier in Dutch', async () => {
  const page = await signedIn('nl-NL', NARROW)
  await page.goto(`${product.url}/console/institution-console/issuers`)
  await page.getByRole('button', { name: /^Gegevens wijzigen/ }).click({ timeout: 15_000 })
  await page.getByLabel('Officiële naam').waitFor({ timeout: 15_000 })
  await page.getByRole('button', { name: 'Register toevoegen' }).click()
  expect(await overflow(page)).toBeLessThanOrEqual(0)
  expect(await barriers(page)).toEqual([])

  await page.goto(`${product.url}/console/institution-console/direct-awards`)
  await page.getByRole('button', { name: 'Eén badge toekennen' }).click({ timeout: 15_000 })
  await page.getByLabel('Begonnen op').waitFor({ timeout: 15_000 })
  expect(await overflow(page)).toBeLessThanOrEqual(0)
  expect(await barriers(page)).toEqual([])
})

test('an award tells when the activity was, on the day that was chosen wherever its reader is', async () => {
  const page = await signedIn('en-GB')
  await page.goto(`${product.url}/console/institution-console/direct-awards`)
  await page.getByRole('button', { name: 'Award one badge' }).click({ timeout: 15_000 })
  await page.getByLabel('Achievement').selectOption({ index: 1 })
  await page.getByLabel('To whom').fill('ann@example.org')
  await page.getByLabel('Began on').fill('2026-09-01')
  await page.getByLabel('Ended on').fill('2026-11-30')
  await page.getByLabel('In the role of').fill('Leader')
  await page.getByLabel('Credits earned').fill('2,5')
  await page.getByLabel('For whom it is meant').fill('Employers')
  await page.getByLabel('What it shows').fill('The drill.')
  await page.getByRole('button', { name: 'Award', exact: true }).click()
  await page.getByText('1 September 2026 – 30 November 2026').waitFor({ timeout: 15_000 })
  const [award] = (await school.api.get('/v1/direct-awards')).body.items
  expect(award).toMatchObject({
    particulars: {
      activityStartDate: '2026-09-01T00:00:00Z',
      activityEndDate: '2026-11-30T00:00:00Z',
      role: 'Leader',
      creditsEarned: 2.5,
    },
    evidence: [{ description: 'The drill.', audience: 'Employers' }],
  })
})

test('an achievement says where its criteria are, and what a result can be', async () => {
  const page = await signedIn('en-GB')
  await page.goto(`${product.url}/console/institution-console/achievements`)
  await page.getByRole('button', { name: 'New achievement' }).click({ timeout: 15_000 })
  await page.getByLabel('Short name', { exact: false }).first().fill('graded-by-words')
  const english = page.getByRole('group', { name: 'English', exact: true }).first()
  await english.getByLabel('Name').fill('Graded by words')
  await english.getByLabel('What it stands for').fill('Graded.')
  await english.getByLabel('Criteria (Markdown)').fill('Be graded.')
  await page.getByLabel('Address of a page with the criteria').fill('https://academy.example.org/criteria')
  await page.getByLabel('Field of study').fill('Safety')
  await page.getByRole('button', { name: 'Add a result' }).click()
  const result = page.getByRole('group', { name: 'Result 1', exact: true })
  await result.getByLabel('Short name, for rules').fill('grade')
  await result.getByLabel('Kind of result').selectOption('LetterGrade')
  await result.getByLabel('Name (English)').fill('Grade')
  await result.getByLabel('Wanted at least').fill('good')
  await result.getByLabel('All that it can be').fill('poor\ngood')
  await result.getByRole('button', { name: /^What this result is aligned to/ }).click()
  expect(await barriers(page)).toEqual([])
  await page.getByRole('button', { name: 'Save the draft' }).click()
  const definition = await vi.waitFor(
    async () => {
      const { items } = (await school.api.get('/v1/achievements')).body
      const found = items.find(({ slug }: { slug: string }) => slug === 'graded-by-words')
      expect(found).toBeDefined()
      return found.versions[0].definition
    },
    { timeout: 15_000 },
  )
  expect(definition).toMatchObject({
    criteriaUrl: 'https://academy.example.org/criteria',
    fieldOfStudy: 'Safety',
    resultDescriptions: [{ id: 'grade', allowedValues: ['poor', 'good'], requiredValue: 'good' }],
  })
})
