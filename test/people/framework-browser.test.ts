import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser } from '#test/browser/launch.ts'
import { composeAgain } from '#test/product/second-composition.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from '#test/product/test-product.ts'
import { barriers, overflow } from '#test/web/pages-under-test.ts'
import { buildWeb } from '../../scripts/build-web.ts'

let product: TestProduct
let school: TestOrganisation
let browser: Browser

beforeAll(async () => {
  await buildWeb()
  // No worker: jobs go on when the test says so.
  product = await startTestProduct({}, { api: true, worker: false })
  school = await product.organisation('framework-school')
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await product?.stop()
})

/** Plainly a sample. */
const TABLE = `Crebo;Naam kwalificatie;Meer\n${Array.from({ length: 30 }, (_, n) => `${90_000 + n};Voorbeeldvak ${n};x`).join('\n')}\n;Zonder code;x\n`

test('a table is imported: its columns are chosen, its progress and the rows left out are seen, and it is searched', async () => {
  const page = await frameworksOf('en-GB')
  await press(page, 'Import a framework')
  await page.getByLabel('What it is').selectOption('table')
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'sample.csv', mimeType: 'text/csv', buffer: Buffer.from(TABLE) })
  await page.getByLabel('Column of the codes').selectOption('Crebo')
  await page.getByLabel('Column of the names').selectOption('Naam kwalificatie')
  const fields = {
    'Name of the framework': 'Sample CREBO',
    'Short name': 'sample-crebo',
    Edition: '1',
    'Type of what is in it': 'ext:CREBO',
    Publisher: 'Sample',
    'Where it is published (address)': 'https://frameworks.example.org/',
    Licence: 'Sample',
    'Language of the names': 'nl',
  }
  for (const [label, value] of Object.entries(fields))
    await page.getByRole('textbox', { name: label }).fill(value)
  await press(page, 'Import')
  const record = page.getByRole('listitem', { name: 'sample-crebo, edition 1' })
  await record.getByText('Waits', { exact: true }).waitFor()
  await work()
  await record.getByText('Done', { exact: true }).waitFor()
  expect(await record.getByText('30', { exact: true }).count()).toBe(1)
  await record.locator('summary').click()
  await record.getByText('There is no code.').waitFor()
  await page.getByRole('row', { name: /^Sample CREBO 1 30 Sample Sample$/ }).waitFor()
  await page.getByLabel('Search in frameworks').fill('voorbeeldvak 29')
  await press(page, 'Search')
  await page.getByRole('row', { name: /^Voorbeeldvak 29 Sample CREBO 90029$/ }).waitFor()
  expect(await barriers(page)).toEqual([])
  const { items } = (await school.api.get('/v1/jobs?kind=framework_import')).body
  expect(items).toMatchObject([{ state: 'done' }])
})

test('an import is stopped, in Dutch, dark and on a telephone, and a file that is none is told', async () => {
  const page = await frameworksOf('nl-NL')
  const importing = async (text: string) => {
    await press(page, 'Raamwerk inlezen')
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'skills_nl.csv', mimeType: 'text/csv', buffer: Buffer.from(text) })
    await page.getByRole('textbox', { name: 'Editie' }).fill('1.2.0')
    await page.getByRole('textbox', { name: 'Licentie' }).fill('Voorbeeld')
    await press(page, 'Inlezen')
  }
  await importing('wrong,header\n1,2\n')
  await page.getByRole('alert').getByText('Van dit bestand is niets te lezen.', { exact: false }).waitFor()
  expect(await barriers(page)).toEqual([])
  expect(await overflow(page)).toBeLessThanOrEqual(0)
  await press(page, 'Annuleren')
  await importing('conceptUri,preferredLabel\nhttp://data.europa.eu/esco/skill/sample-1,brood bakken\n')
  const record = page.getByRole('listitem', { name: 'esco-skills, editie 1.2.0' })
  await record.getByText('0 % van het bestand is gelezen').waitFor()
  expect(await overflow(page)).toBeLessThanOrEqual(0)
  await press(page, 'Stoppen: esco-skills, editie 1.2.0')
  await page.getByRole('dialog').getByRole('button', { name: 'Stoppen' }).click()
  await record.getByText('Gestopt', { exact: true }).waitFor()
  await work()
  const { items } = (await school.api.get('/v1/frameworks')).body
  expect(items.map(({ id }: { id: string }) => id)).not.toContain('esco-skills')
})

async function work(): Promise<void> {
  const { steps } = composeAgain(product, {})
  while ((await steps.jobs()).more);
}

/** The frameworks in the console, by the owner of the organisation. */
async function frameworksOf(locale: 'en-GB' | 'nl-NL'): Promise<Page> {
  const page = await (
    await browser.newContext({
      locale,
      timezoneId: 'Europe/Amsterdam',
      ...(locale === 'nl-NL' ? { colorScheme: 'dark', viewport: { width: 390, height: 844 } } : {}),
    })
  ).newPage()
  const owner = { type: 'email', value: 'owner@framework-school.example.org' } as const
  await page.goto(await product.running.product.routes.signIn.link(owner))
  await page.waitForURL('**/console/*/overview')
  await page.goto(`${product.url}/console/framework-school/frameworks`)
  return page
}

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()
