import type { Browser, Page, ViewportSize } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser } from '#test/browser/launch.ts'
import { ApiCaller } from '#test/product/api-caller.ts'
import { createEndorser, tokenIn } from '#test/product/endorser.ts'
import { awardOf, basicsRule, earning } from '#test/product/first-aid.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from '#test/product/test-product.ts'
import { barriers, overflow } from '#test/web/pages-under-test.ts'
import { buildWeb } from '../../scripts/build-web.ts'

// Other languages and endorsements inside a badge: from the form to whoever verifies it.

let product: TestProduct
let school: TestOrganisation
let browser: Browser

beforeAll(async () => {
  await buildWeb()
  product = await startTestProduct()
  school = await product.organisation('inside-school')
  await school.api.post('/v1/issuers', { slug: 'inside-academy', name: 'Academy' })
  browser = await launchBrowser()
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await product?.stop()
})

const PHONE: ViewportSize = { width: 390, height: 844 }
const DESK: ViewportSize = { width: 1280, height: 900 }

let achievementId: string

test('an author chooses by keyboard that badges tell themselves in both languages and take endorsements along', async () => {
  const page = await consoleOf('nl-NL', 'achievements', PHONE)
  await page.getByRole('button', { name: 'Nieuwe prestatie' }).press('Enter')
  await page.getByLabel('Korte naam').fill('first-aid')
  const dutch = page.getByRole('group', { name: 'Nederlands', exact: true }).first()
  await dutch.getByLabel('Naam').fill('EHBO basis')
  await dutch.getByLabel('Waar hij voor staat').fill('Kent de basis van eerste hulp.')
  await dutch.getByLabel('Criteria (Markdown)').fill('Twee van **drie** modules.')
  for (const name of ['In het Nederlands en in het Engels vertellen', 'Aanbevelingen in badges opnemen']) {
    const choice = page.getByRole('checkbox', { name })
    await choice.press('Space')
    expect(await choice.isChecked()).toBe(true)
  }
  expect(await barriers(page)).toEqual([])
  expect(await overflow(page)).toBe(0)

  // The other language is not there yet: the first field that lacks has the focus.
  const save = page.getByRole('button', { name: 'Concept bewaren' })
  await save.press('Enter')
  const english = page.getByRole('group', { name: 'Engels', exact: true }).first()
  await english.getByText('Dit is nodig.').first().waitFor({ timeout: 15_000 })
  expect(await english.getByText('Dit is nodig.').count()).toBe(3)
  await page.keyboard.type('First aid basics')
  expect(await english.getByLabel('Naam').inputValue()).toBe('First aid basics')
  await english.getByLabel('Waar hij voor staat').fill('Knows the basics of first aid.')
  await english.getByLabel('Criteria (Markdown)').fill('Two of **three** modules.')
  await save.press('Enter')
  await page.getByText('Het concept is bewaard.').waitFor({ timeout: 15_000 })
  const [made] = (await school.api.get('/v1/achievements')).body.items
  achievementId = made.id
  const { versions } = (await school.api.get(`/v1/achievements/${made.id}`)).body
  expect(versions[0].definition).toMatchObject({
    language: 'nl',
    otherLanguages: ['en'],
    embedEndorsements: true,
  })
})

test('whoever reads or verifies the badge has it in their language, with what was said of it inside', async () => {
  const published = await school.api.post(`/v1/achievements/${achievementId}/versions/1/publish`)
  const endorser = createEndorser()
  const { body: asked } = await school.api.post('/v1/endorsements', {
    target: 'achievement_version',
    targetId: published.body.id,
    endorserDid: endorser.did,
    endorserName: 'Red Cross North',
    comment: 'Our crews recognise this.',
  })
  const path = `/v1/endorsement-requests/${tokenIn(asked.requestUrl)}`
  const anybody = new ApiCaller(product.url)
  const { unsigned } = (await anybody.get(path)).body
  await anybody.post(`${path}/signature`, { credential: await endorser.sign(unsigned) })
  expect((await school.api.post(`/v1/endorsements/${asked.id}/publish`)).status).toBe(200)
  const rule = await school.api.post('/v1/rules', { name: 'First aid', document: basicsRule('first-aid') })
  await school.api.post(`/v1/rules/${rule.body.id}/versions/1/activate`)
  await school.api.post('/v1/events', earning('ann'))
  const { credentialId } = await awardOf(school.api, 'ann')
  const { bytes } = await school.api.get(`/credentials/${credentialId}`, { accept: 'application/json' })

  for (const [locale, size, words] of [
    [
      'nl-NL',
      PHONE,
      { name: 'EHBO basis', own: undefined, languages: 'Nederlands; vertelt ook in het Engels' },
    ],
    [
      'en-GB',
      DESK,
      { name: 'First aid basics', own: 'TEST EHBO basis', languages: 'Dutch; told in English too' },
    ],
  ] as const) {
    const page = await (await browser.newContext({ locale, viewport: size })).newPage()
    await page.goto(`${product.url}/credentials/${credentialId}`)
    await page.getByRole('heading', { level: 1, name: words.name }).waitFor({ timeout: 15_000 })
    await page.getByText(words.languages).waitFor({ timeout: 15_000 })
    await page.getByText(/inside the badge|opgenomen in de badge/).waitFor({ timeout: 15_000 })
    expect(await barriers(page)).toEqual([])
    expect(await overflow(page)).toBe(0)

    await page.goto(`${product.url}/verify`)
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'badge.json', mimeType: 'application/json', buffer: Buffer.from(bytes) })
    await page.locator('#verdict').waitFor({ timeout: 15_000 })
    await page.getByText(`TEST ${words.name}`, { exact: true }).waitFor({ timeout: 15_000 })
    // Who reads another language is told by which name the badge goes, and a screen reader how to say it.
    if (words.own !== undefined)
      expect(await page.getByText(words.own, { exact: true }).getAttribute('lang')).toBe('nl')
    await page.getByText('Our crews recognise this.').waitFor({ timeout: 15_000 })
    expect(await barriers(page)).toEqual([])
    expect(await overflow(page)).toBe(0)
  }
})

test('a logo may be any picture that a badge may have, and what was left out of its file is told', async () => {
  const page = await consoleOf('en-GB', 'organisation', DESK)
  const choose = page.getByRole('button', { name: 'Choose a logo' })
  await choose.waitFor({ timeout: 15_000 })
  const input = page.locator('input[type=file][accept*="image/svg+xml"]')
  const put = (mimeType: string, text: string) =>
    input.setInputFiles({ name: 'logo', mimeType, buffer: Buffer.from(text) })
  await put('image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')
  await page
    .getByRole('alert')
    .filter({ hasText: 'This SVG is more than a picture' })
    .waitFor({ timeout: 15_000 })
  await put(
    'image/svg+xml',
    '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><metadata>Made by me</metadata><rect width="40" height="40" fill="teal"/></svg>',
  )
  await page.getByText(/^Logo [0-9a-f]{8}, drawn small below\..* /).waitFor({ timeout: 15_000 })
  await page.getByRole('button', { name: 'Use this style' }).click()
  await page.getByText('The house style is saved.').waitFor({ timeout: 15_000 })
  const { logo } = (await school.api.get('/v1/organisations/house-style')).body
  expect((await school.api.get(`/images/${logo}.png`)).type).toBe('image/png')
})

async function consoleOf(locale: string, section: string, viewport: ViewportSize): Promise<Page> {
  const page = await (await browser.newContext({ locale, viewport })).newPage()
  const person = { type: 'email', value: 'owner@inside-school.example.org' } as const
  await page.goto(await product.running.product.routes.signIn.link(person))
  await page.waitForURL('**/console/*/overview')
  await page.goto(`${product.url}/console/inside-school/${section}`)
  return page
}
