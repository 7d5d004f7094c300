import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { JsonObject } from '#engine/shared/json.ts'
import { launchBrowser } from '#test/browser/launch.ts'
import { barriers, overflow } from '#test/web/pages-under-test.ts'
import { buildWeb } from '../../scripts/build-web.ts'
import { ApiCaller } from './api-caller.ts'
import { createEndorser, type Endorser, tokenIn } from './endorser.ts'
import { type FirstAid, setUpFirstAid } from './first-aid.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from './test-product.ts'

let product: TestProduct
let school: TestOrganisation
let firstAid: FirstAid
let browser: Browser

const timeout = 15_000

beforeAll(async () => {
  await buildWeb()
  product = await startTestProduct()
  school = await product.organisation('endorsed-page')
  firstAid = await setUpFirstAid(school.api, 'endorsed-page-academy')
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await product?.stop()
})

/** A request that stands open in a browser, as its endorser sees it. */
async function opened(endorser: Endorser, locale: string) {
  const { body: asked } = await school.api.post('/v1/endorsements', {
    target: 'achievement_version',
    targetId: firstAid.versionId,
    endorserDid: endorser.did,
    endorserName: 'Trade association',
    comment: 'The questions are those that we ask ourselves.',
  })
  const context = await browser.newContext({ locale, viewport: { width: 390, height: 844 } })
  const page = await context.newPage()
  await page.goto(asked.requestUrl)
  const anybody = new ApiCaller(product.url)
  const { body } = await anybody.get(`/v1/endorsement-requests/${tokenIn(asked.requestUrl)}`)
  return { page, id: asked.id as string, unsigned: body.unsigned as JsonObject }
}

const endorsement = async (id: string) =>
  (await school.api.get('/v1/endorsements')).body.items.find((each: { id: string }) => each.id === id)

async function handIn(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Signed document (JSON, or JWS)' }).fill(text)
  await page.getByRole('button', { name: 'Send the signed document' }).focus()
  await page.keyboard.press('Enter')
}

test('an endorser pastes a token: what is none, or is somebody else’s, is told apart, and their own is taken', async () => {
  const endorser = createEndorser()
  const { page, id, unsigned } = await opened(endorser, 'en-GB')
  await page.getByText('“The questions are those that we ask ourselves.”').waitFor({ timeout })
  await handIn(page, '')
  await page.getByText('Choose a file or paste the signed document first.').waitFor({ timeout })
  await handIn(page, 'Dear school, we agree.')
  await page.getByText('This is neither JSON nor a JWS', { exact: false }).waitFor({ timeout })
  await handIn(page, await createEndorser().signToken(unsigned))
  await page.getByRole('alert').waitFor({ timeout })
  expect((await endorsement(id)).state).toBe('viewed')
  expect(await barriers(page)).toEqual([])
  expect(await overflow(page)).toBeLessThanOrEqual(0)

  // As it comes out of a terminal.
  await handIn(page, `  ${await endorser.signToken(unsigned)}\n`)
  await page.getByRole('status').filter({ hasText: 'Your endorsement was accepted.' }).waitFor({ timeout })
  expect((await endorsement(id)).state).toBe('signed')
})

test('one who signs the document itself brings it as a file, in Dutch', async () => {
  const endorser = createEndorser()
  const { page, id, unsigned } = await opened(endorser, 'nl-NL')
  const field = page.getByRole('textbox', { name: 'Ondertekend document (JSON of JWS)' })
  await field.waitFor({ timeout })
  const signed = JSON.stringify(await endorser.sign(unsigned))
  await page.locator('input[type=file]').setInputFiles({
    name: 'signed.json',
    mimeType: 'application/json',
    buffer: Buffer.from(signed),
  })
  await expect.poll(() => field.inputValue(), { timeout }).toBe(signed)
  expect(await barriers(page)).toEqual([])
  await page.getByRole('button', { name: 'Ondertekend document versturen' }).click()
  await page.getByText('Je aanbeveling is aanvaard.', { exact: false }).waitFor({ timeout })
  expect((await endorsement(id)).state).toBe('signed')
})
