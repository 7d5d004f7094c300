import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser } from '#test/browser/launch.ts'
import { addMember, signedIn } from '#test/product/member.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from '#test/product/test-product.ts'
import { barriers } from '#test/web/pages-under-test.ts'
import { buildWeb } from '../../scripts/build-web.ts'

let product: TestProduct
let school: TestOrganisation
let taker: TestOrganisation
let browser: Browser
let id: string

beforeAll(async () => {
  await buildWeb()
  product = await startTestProduct()
  school = await product.organisation('badge-school')
  taker = await product.organisation('badge-taker')
  const [issuer] = await Promise.all(
    [school, taker].map(({ api }, n) =>
      api.post('/v1/issuers', { slug: `badge-academy-${n}`, name: 'Academy' }),
    ),
  )
  const en = { en: 'Public Speaking' }
  const made = await school.api.post('/v1/achievements', {
    issuerId: issuer?.body.id,
    slug: 'public-speaking',
    definition: { language: 'en', name: en, description: en, criteria: en },
  })
  id = made.body.id
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await product?.stop()
})

test('a draft gets a level and a rubric, is talked over with an expert, and published', async () => {
  const page = await achievementsOf('badge-school')
  await press(page, 'Edit the draft: Public Speaking')
  await page.getByLabel('Search in frameworks').fill('eqf 4')
  await press(page, 'Search')
  await press(page, 'Add: EQF level 4')
  await page.getByLabel('What the level rests on').selectOption('self-assessed')
  await press(page, 'Add a result')
  const result = page.getByRole('group', { name: 'Result 1' })
  await result.getByLabel('Short name, for rules').fill('talks')
  await result.getByLabel('Name (English)').fill('Talks')
  await press(page, 'Add a level')
  const level = page.getByRole('group', { name: 'Level 1, lowest first' })
  await level.getByLabel('Short name, for rules').fill('able')
  await level.getByLabel('Name (English)').fill('Able')
  const parts = page.getByRole('checkbox', { name: 'Earners may share parts of it' })
  expect(await parts.isChecked()).toBe(false)
  await parts.focus()
  await page.keyboard.press('Space')
  await press(page, 'Save the draft')
  await page.getByText('The draft is saved.').waitFor()
  const { body: saved } = await school.api.get(`/v1/achievements/${id}`)
  expect(saved.versions[0].definition).toMatchObject({
    alignments: [{ targetType: 'ext:EQF', targetCode: '4', basis: 'self-assessed' }],
    resultDescriptions: [{ id: 'talks', levels: [{ id: 'able' }] }],
    selectiveDisclosure: true,
  })

  await press(page, 'Hand in: Public Speaking, 1')
  await page.getByRole('dialog').getByRole('button', { name: 'Hand in' }).click()
  await page.getByText('The version is in review.').waitFor()
  await press(page, 'Experts from outside: Public Speaking, 1')
  await press(page, 'Ask an expert')
  await page.getByLabel('E-mail address of the expert').fill('kim@example.org')
  await press(page, 'Send the request')
  await page.getByRole('heading', { name: 'kim@example.org' }).waitFor()
  await press(page, 'Take back: kim@example.org')
  await page.getByRole('dialog').getByRole('button', { name: 'Take back' }).click()
  await page.getByText('Withdrawn', { exact: true }).waitFor()
  await press(page, 'Comments and steps: Public Speaking, 1')
  await page.getByLabel('Your comment').fill('The level fits.')
  await press(page, 'Comment')
  await page.getByRole('listitem').filter({ hasText: 'The level fits.' }).first().waitFor()
  for (const move of ['Approve', 'Publish']) {
    await press(page, `${move}: Public Speaking, 1`)
    await page.getByRole('dialog').getByRole('button', { name: move }).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  }
  expect((await school.api.get(`/v1/achievements/${id}`)).body.versions[0].state).toBe('published')
})

test('an assessor is invited, and the mandate ended with a reason', async () => {
  const page = await achievementsOf('badge-school')
  await press(page, 'Assessors: Public Speaking')
  await press(page, 'Give somebody a mandate')
  const form = page.getByRole('region', { name: 'Give somebody a mandate' })
  await form.getByLabel('E-mail address').fill('noor@example.org')
  await form.getByLabel('Name').fill('Noor Bakker')
  await form.getByLabel('Qualification').fill('Trainer')
  await form.getByLabel('Until').fill('2030-01-01')
  await press(page, 'Give the mandate')
  await page.getByText('Invited', { exact: true }).waitFor()
  await press(page, 'End: Noor Bakker')
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Why it was ended').fill('Moved.')
  await dialog.getByRole('button', { name: 'End', exact: true }).click()
  await page.getByText('Ended', { exact: true }).waitFor()
  const { items } = (await school.api.get(`/v1/achievements/${id}/assessors`)).body
  expect(items).toMatchObject([{ state: 'ended', end: { reason: 'Moved.' } }])
})

test('an assessor says whether their own name is shown, and nobody else is asked', async () => {
  const address = 'assessor@badge-school.example.org'
  const { accountId } = (await (await signedIn(product, address)).get('/v1/session')).body
  await product.running.parts.database.asWorker((stores) => addMember(stores, school, accountId, ['read']))
  const given = await school.api.post(`/v1/achievements/${id}/assessors`, {
    email: address,
    name: 'Sam Jansen',
    qualification: 'Trainer',
    language: 'en',
  })
  expect([given.status, given.body.state]).toEqual([201, 'active'])
  const named = async () =>
    (await school.api.get(`/v1/public/achievements/${id}`)).body.assessors.map(
      ({ name }: { name: string | null }) => name,
    )
  expect(await named()).toEqual([null])

  const owner = await achievementsOf('badge-school')
  await press(owner, 'Assessors: Public Speaking')
  const seen = owner.getByRole('listitem', { name: 'Sam Jansen' })
  await seen.getByText('Not shown', { exact: true }).waitFor()
  expect(await seen.getByRole('checkbox').count()).toBe(0)

  const page = await achievementsOf('badge-school', address)
  await press(page, 'Assessors: Public Speaking')
  const own = page.getByRole('listitem', { name: 'Sam Jansen' })
  const shows = own.getByRole('checkbox', { name: 'Show my name on the public page of the badge' })
  await shows.press('Space')
  await own.getByText('Shown', { exact: true }).waitFor()
  expect(await shows.isChecked()).toBe(true)
  expect(await barriers(page)).toEqual([])
  expect(await named()).toEqual(['Sam Jansen'])
  await shows.press('Space')
  await own.getByText('Not shown', { exact: true }).waitFor()
  expect(await named()).toEqual([null])
})

test('an achievement is listed and shared, and another organisation makes a draft of it', async () => {
  const page = await achievementsOf('badge-school')
  await press(page, 'Catalogue and sharing: Public Speaking')
  await page.getByLabel('In the catalogue').selectOption('listed')
  await page.getByText('The catalogue knows.').waitFor()
  await page.getByLabel('Share with organisation').fill('badge-taker')
  await page.getByLabel('What for').selectOption('copy')
  await press(page, 'Share')
  await page.getByText('To copy', { exact: true }).first().waitFor()

  const other = await achievementsOf('badge-taker')
  await press(other, 'Copy: Public Speaking')
  await other.getByLabel('Issuer').selectOption({ index: 1 })
  await other.getByLabel('Short name').fill('speaking')
  await press(other, 'Copy')
  await other.getByText('The draft is yours.').waitFor()
  await other.getByText('Copied from').waitFor()
  const [copy] = (await taker.api.get('/v1/achievements')).body.items
  expect(copy).toMatchObject({ slug: 'speaking', copiedFrom: { achievementId: id, version: 1 } })
})

/** The achievements in the console of an organisation, by its owner or a member. */
async function achievementsOf(slug: string, address = `owner@${slug}.example.org`): Promise<Page> {
  const page = await (await browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/Amsterdam' })).newPage()
  const person = { type: 'email', value: address } as const
  await page.goto(await product.running.product.routes.signIn.link(person))
  await page.waitForURL('**/console/*/overview')
  await page.goto(`${product.url}/console/${slug}/achievements`)
  return page
}

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()
