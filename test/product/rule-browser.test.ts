import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AccountId } from '#engine/shared/ids.ts'
import { barriers } from '#test/browser/barriers.ts'
import { launchBrowser } from '#test/browser/launch.ts'
import { buildWeb } from '../../scripts/build-web.ts'
import { dataBasicsRule, dataLeadEvents, dataLeadRule, makeDataBadges } from './data-lead.ts'
import { allEvaluated, jobOver } from './job-waiting.ts'
import { addMember } from './member.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from './test-product.ts'

let product: TestProduct
let school: TestOrganisation
let browser: Browser
let page: Page

beforeAll(async () => {
  await buildWeb()
  product = await startTestProduct()
  school = await product.organisation('console-school')
  // Whoever belongs to two organisations acts in the one whose console is open.
  await joinsAnother('owner@console-school.example.org')
  await makeDataBadges(school.api, 'console-academy')
  await school.api.post('/v1/events', dataLeadEvents())
  await allEvaluated(school.api)
  const basics = await school.api.post('/v1/rules', { name: 'Data basics', document: dataBasicsRule() })
  const active = await school.api.post(`/v1/rules/${basics.body.id}/versions/1/activate`)
  await jobOver(school.api, active.body.backfillJobId)
  browser = await launchBrowser()
  page = await (await browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/Amsterdam' })).newPage()
  await page.goto(
    await product.running.product.routes.signIn.link({
      type: 'email',
      value: 'owner@console-school.example.org',
    }),
  )
  await page.waitForURL('**/console/*/overview')
  await page.goto(`${product.url}/console/console-school/overview`)
})
afterAll(async () => {
  await browser?.close()
  await product?.stop()
})

async function joinsAnother(address: string): Promise<void> {
  const other = await product.organisation('other-school')
  await product.running.parts.database.asWorker(async (stores) =>
    addMember(
      stores,
      other,
      await stores.access.accountOf({ type: 'email', value: address }, crypto.randomUUID() as AccountId),
      ['read'],
    ),
  )
}

const button = (name: string) => page.getByRole('button', { name, exact: true })
const panel = (name: string) => page.getByRole('region', { name, exact: true })
const confirm = (name: string) => page.getByRole('dialog').getByRole('button', { name, exact: true }).click()
const write = (document: object) => page.getByLabel('Rule document (JSON)').fill(JSON.stringify(document))
/** What the figure of this name says in the panel. */
const figure = (within: string, label: string) =>
  panel(within).locator('dl > div').filter({ hasText: label }).locator('dd').first().textContent()

test('a rule is written, checked and saved as a draft, and its page opens', async () => {
  await page.getByRole('link', { name: 'Rules', exact: true }).click()
  await button('New rule').click()
  await page.getByLabel('Name').fill('Data lead')
  await write({ ...dataLeadRule(), when: { all: [] } })
  await button('Check').click()
  await page.getByText('Faults', { exact: true }).waitFor()
  await write(dataLeadRule())
  await button('Check').click()
  await page.getByText('No faults were found.').waitFor()
  // Before anything is saved.
  await button('Dry run').click()
  await page.getByText('The dry run is done: everybody was looked at.').waitFor()
  await page.getByText('Dry run of a document that was not saved', { exact: false }).waitFor()
  await page.getByRole('definition').filter({ hasText: /^2$/ }).waitFor()
  expect(await barriers(page)).toEqual([])
  await button('Save as draft').click()
  await page.waitForURL(/\/rules\/[0-9a-f-]{36}$/)
  await page.getByRole('heading', { level: 1, name: 'Data lead' }).waitFor()
  await page.getByText('No version is in force.').waitFor()
})

test('it is tried on past events: how many, who, and why', async () => {
  await button('Dry run: Data lead, 1').click()
  await button('Start the dry run').click()
  const tried = panel('Dry run on past events')
  await tried.getByText('The dry run is done: everybody was looked at.').waitFor()
  expect(await figure('Dry run on past events', 'Events looked at')).toBe('44')
  expect(await figure('Dry run on past events', 'People who would get the badge')).toBe('2')
  await tried
    .getByText(/^Person/)
    .first()
    .click()
  await tried.getByText('Courses: Done: 3 of 3 (different ones within 90 days).').first().waitFor()
  expect(await barriers(page)).toEqual([])
  // The address leads back to it.
  await page.reload()
  await tried.getByText('The dry run is done: everybody was looked at.').waitFor()
})

test('in shadow it is shown beside what is in force, and awards nobody', async () => {
  await button('Run in shadow: Data lead, 1').click()
  await page.getByRole('dialog').getByLabel('Look at events from before too').check()
  await confirm('Run in shadow')
  const shadow = panel('In shadow: version 1')
  await expect
    .poll(() => shadow.getByRole('row', { name: /Only the shadow decided/ }).textContent())
    .toContain('2')
  expect((await school.api.get('/v1/awards?state=awaiting_approval')).body.items).toEqual([])
})

test('it is activated, and the award that waits is approved and explained', async () => {
  await button('Activate: Data lead, 1').click()
  expect(await page.getByRole('dialog').getByLabel('Look at events from before too').isChecked()).toBe(true)
  await confirm('Activate')
  await page.getByText('Now in force: version 1').waitFor()
  const decided = panel('What it decided')
  await expect.poll(() => decided.getByText('Needs review', { exact: true }).count()).toBe(2)

  await page.getByRole('link', { name: 'Awards', exact: true }).click()
  await page.getByLabel('State').selectOption('Awaits approval')
  await page
    .getByRole('button', { name: /^Approve: Data lead/ })
    .first()
    .click()
  await page.getByText('The award is approved.').waitFor()
  await page.getByLabel('State').selectOption('Issued')
  const award = page.getByRole('listitem', { name: 'Data lead' })
  await expect
    .poll(async () => {
      await page.reload()
      await page.getByLabel('State').selectOption('Issued')
      await page.getByRole('listitem', { name: 'Data basics' }).first().waitFor()
      return award.count()
    })
    .toBe(1)
  await award.getByRole('button', { name: /^Why\?/ }).click()
  await award.getByText('Courses: Done: 3 of 3 (different ones within 90 days).').waitFor()
  await award.getByText('The badge “Data basics” is held.').waitFor()
  await award.getByText('How it was worked out').click()
  await award.getByText('active: A row without a gap').waitFor()
  expect(await barriers(page)).toEqual([])
})

test('a new version is compared: what differs, what keeps its progress, who would differ; then rolled back', async () => {
  await page.getByRole('link', { name: 'Rules', exact: true }).click()
  await page.getByRole('link', { name: 'Data lead', exact: true }).click()
  await button('New version').click()
  const { all } = dataLeadRule()['when'] as { all: readonly { id: string }[] }
  const parts = all.map((part) => (part.id === 'courses' ? { ...part, distinctOf: 4 } : part))
  await write({ ...dataLeadRule(), when: { all: parts } })
  await button('Save as draft').click()
  const compared = panel('Compare two versions')
  await compared.getByText('/when/all/0/distinctOf: 3 becomes 4.').waitFor()
  await compared.getByRole('row', { name: 'courses Changed Is kept' }).waitFor()
  await compared.getByRole('row', { name: 'active The same Is kept' }).waitFor()

  await compared.getByRole('button', { name: 'See who would differ' }).click()
  const tried = panel('Dry run on past events')
  await tried.getByText('Dry run of version 2,', { exact: false }).waitFor()
  await tried.getByRole('row', { name: 'Would no longer be awarded 2' }).waitFor()
  expect(await barriers(page)).toEqual([])

  await button('Activate: Data lead, 2').click()
  await page.getByRole('dialog').getByLabel('Look at events from before too').uncheck()
  await confirm('Activate')
  await page.getByText('Now in force: version 2').waitFor()
  await button('Roll back to this: Data lead, 1').click()
  await confirm('Roll back to this')
  await page.getByText('Now in force: version 3').waitFor()
  await button('Pause: Data lead, 3').click()
  await page.getByText('No version is in force.').waitFor()
  await button('Resume: Data lead, 3').click()
  await page.getByText('Now in force: version 3').waitFor()
  const decisions = (await school.api.get('/v1/decisions?outcome=needs_review')).body.items
  expect(decisions).toHaveLength(2)
})
