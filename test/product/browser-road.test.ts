import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser } from '#test/browser/launch.ts'
import { buildWeb } from '../../scripts/build-web.ts'
import { awardOf, earning, setUpFirstAid } from './first-aid.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from './test-product.ts'

let product: TestProduct
let school: TestOrganisation
let browser: Browser
/** A second one: the contexts of one small browser may share their cookies. */
let strangers: Browser
let folder: string

beforeAll(async () => {
  await buildWeb()
  product = await startTestProduct()
  school = await product.organisation('browser-school')
  await setUpFirstAid(school.api, 'browser-academy')
  browser = await launchBrowser()
  strangers = await launchBrowser()
  folder = await mkdtemp(join(tmpdir(), 'waarmerk-browser-'))
})
afterAll(async () => {
  await browser?.close()
  await strangers?.close()
  await product?.stop()
  await rm(folder, { recursive: true, force: true })
})

/** A page that collects what the browser complains of. */
async function openPage(of: Browser): Promise<{ page: Page; complaints: string[] }> {
  const context = await of.newContext({ locale: 'en-GB', acceptDownloads: true })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' && /Content Security Policy|Uncaught/.test(message.text()))
      complaints.push(message.text())
  })
  return { page, complaints }
}

const verdict = async (page: Page): Promise<string | null> => {
  await page.locator('[data-verdict]').waitFor({ timeout: 15_000 })
  return page.locator('[data-verdict]').getAttribute('data-verdict')
}

test('from event to a green page in a real browser, and to a red one with one byte changed', async () => {
  const { page, complaints } = await openPage(browser)

  // 1. What somebody did becomes a badge, and the badge a mail.
  await school.api.post('/v1/events', earning('browser-ann'))
  await awardOf(school.api, 'browser-ann', { anchored: true })
  const mail = await product.inbox.waitFor('browser-ann@example.org', 20_000)
  const link = /(http\S+\/claim#[\w-]+)/.exec(mail.text ?? '')?.[1] ?? ''

  // 2. The earner opens the link and takes the badge home.
  await page.goto(link)
  await page.getByText('First aid basics').first().waitFor()
  await page.getByRole('button', { name: 'Accept the badge' }).click()
  await page.waitForURL(/\/credentials\/[0-9a-f-]{36}$/)
  await page.getByRole('heading', { name: /First aid basics/ }).waitFor()
  const id = page.url().split('/').at(-1) ?? ''

  const personal = await fetch(`${product.url}/credentials/${id}`, { headers: { accept: 'text/html' } })
  expect(personal.headers.get('x-robots-tag')).toBe('noindex')

  // 3. A stranger sees nothing of it.
  const stranger = await openPage(strangers)
  await stranger.page.goto(`${product.url}/credentials/${id}`)
  await stranger.page.getByRole('heading').first().waitFor()
  expect(await stranger.page.getByText('First aid basics').count()).toBe(0)

  // 4. The earner downloads the file, and anybody drops it on the verify page: green.
  const file = join(folder, 'badge.json')
  const document = await page.evaluate(
    async (path) => (await fetch(path)).text(),
    `/v1/credentials/${id}/document`,
  )
  await writeFile(file, document)
  await stranger.page.goto(`${product.url}/verify`)
  await stranger.page.locator('input[type=file]').setInputFiles(file)
  expect(await verdict(stranger.page)).toBe('valid')
  for (const name of ['Signature', 'Status', 'Anchor']) {
    const row = stranger.page
      .getByRole('listitem')
      .filter({ has: stranger.page.getByText(new RegExp(`^\\d+\\. ${name}$`)) })
    await expect.poll(() => row.first().textContent()).toContain('Passed')
  }

  // 5. One byte changed: red, and it is the signature that says so.
  const tampered = join(folder, 'tampered.json')
  await writeFile(tampered, (await readFile(file, 'utf8')).replace('First aid basics', 'First aid basicz'))
  await stranger.page.goto(`${product.url}/verify`)
  await stranger.page.locator('input[type=file]').setInputFiles(tampered)
  expect(await verdict(stranger.page)).toBe('invalid')
  const signature = stranger.page
    .getByRole('listitem')
    .filter({ has: stranger.page.getByText(/^\d+\. Signature$/) })
  await expect.poll(() => signature.first().textContent()).toContain('Failed')

  expect([...complaints, ...stranger.complaints]).toEqual([])
})

test('a shared link opens the page for whoever holds it, and its verify link is green at once', async () => {
  const { page } = await openPage(browser)
  await school.api.post('/v1/events', earning('browser-bob'))
  await awardOf(school.api, 'browser-bob', { anchored: true })
  const mail = await product.inbox.waitFor('browser-bob@example.org', 20_000)
  await page.goto(/(http\S+\/claim#[\w-]+)/.exec(mail.text ?? '')?.[1] ?? '')
  await page.getByRole('button', { name: 'Accept the badge' }).click()
  await page.waitForURL(/\/credentials\//)
  const id = page.url().split('/').at(-1) ?? ''
  const shared = await page.evaluate(async (path) => {
    const answer = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    })
    return (await answer.json()) as { url: string; verifyUrl: string }
  }, `/v1/credentials/${id}/share-links`)

  const stranger = await openPage(strangers)
  await stranger.page.goto(shared.url)
  await stranger.page.getByRole('heading', { name: /First aid basics/ }).waitFor()
  await stranger.page.goto(shared.verifyUrl)
  expect(await verdict(stranger.page)).toBe('valid')
})
