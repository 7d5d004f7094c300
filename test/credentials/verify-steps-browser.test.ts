import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { JsonObject } from '#engine/shared/json.ts'
import { launchBrowser } from '#test/browser/launch.ts'
import {
  claimsOf,
  goodBadge,
  HOSTILE,
  METHOD,
  signedAsIs,
  token,
  unsigned,
} from '#test/credentials/hostile/hostile-issuer.ts'
import { startTestProduct, type TestProduct } from '#test/product/test-product.ts'
import { barriers } from '#test/web/pages-under-test.ts'

let product: TestProduct
let browser: Browser
beforeAll(async () => {
  product = await startTestProduct({}, { api: true, worker: false })
  browser = await launchBrowser()
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await product?.stop()
})

async function verifyPage(locale: string, content: string, recipient?: string) {
  const context = await browser.newContext({ locale })
  const page = await context.newPage()
  const elsewhere: string[] = []
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url())
    if (/^https?:$/.test(protocol) && origin !== product.url) elsewhere.push(request.url())
  })
  await page.goto(`${product.url}/verify`)
  if (recipient !== undefined) await page.getByRole('textbox').first().fill(recipient)
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'badge.json', mimeType: 'application/json', buffer: Buffer.from(content) })
  await page.locator('#verdict').waitFor()
  return { page, elsewhere }
}

const steps = (page: Page) =>
  page
    .locator('main section ol[role=list] > li strong')
    .evaluateAll((all) => all.map((each) => each.textContent))

/** A badge of a stranger, with a picture elsewhere and addresses that would run. */
async function strangersBadge(): Promise<JsonObject> {
  const bare = unsigned()
  const subject = bare['credentialSubject'] as JsonObject
  const achievement = {
    ...(subject['achievement'] as JsonObject),
    image: { id: 'https://pictures.example.net/badge.png', type: 'Image', caption: 'A cross' },
    criteria: {
      id: 'javascript:alert(1)',
      narrative: '# Test\n\n[click](javascript:alert(1)) <img src=x onerror=alert(1)>',
    },
  }
  return signedAsIs({
    ...bare,
    name: '\u202Eegdab A',
    issuer: { id: HOSTILE, type: ['Profile'], name: 'A stranger', url: 'javascript:alert(1)' },
    credentialSubject: { ...subject, achievement },
  })
}

test('a badge of a stranger is shown step by step, and nothing of it runs or is loaded', async () => {
  const { page, elsewhere } = await verifyPage(
    'en-GB',
    JSON.stringify(await strangersBadge()),
    'ann@example.org',
  )
  expect((await steps(page)).slice(0, 11)).toEqual([
    '1. Format',
    '2. Open Badges schema',
    '3. Signature',
    '4. Issuer',
    '5. Status',
    '6. Dates',
    '7. Anchor',
    '8. Achievement',
    '9. Picture',
    '10. Endorsements',
    '11. Recipient',
  ])
  const words = (await page.locator('main').textContent()) ?? ''
  expect(words).toContain(`Asked: nobody: the key is the DID ${HOSTILE}`)
  expect(words).toContain('The document names nobody in a way that could be compared')
  expect(words).not.toContain('ann@example.org')
  expect(await page.locator('a[href^="javascript:"]').count()).toBe(0)
  expect(await page.getByRole('link', { name: /pictures\.example\.net/ }).getAttribute('rel')).toContain(
    'noreferrer',
  )
  expect(elsewhere).toEqual([])
  expect(await barriers(page)).toEqual([])

  // With the keyboard alone: the report as PDF.
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download the report (PDF)' }).focus()
  await page.keyboard.press('Enter')
  expect((await download).suggestedFilename()).toBe('verification-report.pdf')
})

test('a token is shown in Dutch as well as a document', async () => {
  const compact = await token({ alg: 'EdDSA', kid: METHOD }, claimsOf(unsigned()))
  const { page } = await verifyPage('nl-NL', compact)
  const words = (await page.locator('main').textContent()) ?? ''
  expect(words).toContain('3. Handtekening')
  expect(words).toContain('Gevraagd: niemand: de sleutel is de DID')
  expect(await barriers(page)).toEqual([])
})

test('one that was changed says at which step', async () => {
  const { page } = await verifyPage('en-GB', JSON.stringify({ ...(await goodBadge()), name: 'Another' }))
  const row = page.locator('li', { hasText: '3. Signature' })
  expect(await row.getAttribute('data-outcome')).toBe('failed')
})
