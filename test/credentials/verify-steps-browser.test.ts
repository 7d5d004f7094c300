import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { OB_EXTENSIONS_CONTEXT } from '#engine/credentials/contexts.ts'
import type { JsonObject } from '#engine/shared/json.ts'
import { launchBrowser } from '#test/browser/launch.ts'
import {
  CREATED,
  claimsOf,
  goodBadge,
  HOSTILE,
  METHOD,
  signedAsIs,
  token,
  unsigned,
} from '#test/credentials/hostile/hostile-issuer.ts'
import { startTestProduct, type TestProduct } from '#test/product/test-product.ts'
import { keyOf, sign, suite } from '#test/verification/sample-issuer.ts'
import { barriers, overflow } from '#test/web/pages-under-test.ts'

let product: TestProduct
let browser: Browser
beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'steps-'))
  const map = join(folder, 'map.json')
  writeFileSync(join(folder, 'newer.json'), JSON.stringify(await refreshable('2036-01-01T00:00:00Z')))
  writeFileSync(map, JSON.stringify({ [NEWER]: { file: 'newer.json' } }))
  product = await startTestProduct(
    { REMOTE_MAP: map, TRUSTED_ISSUERS: HOSTILE },
    { api: true, worker: false },
  )
  browser = await launchBrowser()
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await product?.stop()
})

async function verifyPage(
  locale: string,
  content: string,
  recipient?: string,
  options: BrowserContextOptions = {},
) {
  const context = await browser.newContext({ locale, ...options })
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

const KEY = keyOf(HOSTILE, 60)
const NEWER = 'https://stranger.example.net/refresh/1'
const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 844 }, colorScheme: 'dark' }

/** A badge that says where a newer text of it may be had. */
function refreshable(validUntil: string): Promise<JsonObject> {
  const { credentialStatus: _, ...bare } = unsigned()
  const contexts = [...(bare['@context'] as readonly string[]), OB_EXTENSIONS_CONTEXT]
  const refreshService = { id: NEWER, type: '1EdTechCredentialRefresh' }
  return sign({ ...bare, '@context': contexts, refreshService, validUntil }, KEY, CREATED)
}

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

test('a presentation has one verdict, and a result of each badge in it, on a telephone as well', async () => {
  const inside = [await refreshable('2036-01-01T00:00:00Z'), { ...(await goodBadge()), name: 'Another' }]
  const presentation = await suite.addProof(
    {
      '@context': ['https://www.w3.org/ns/credentials/v2'],
      type: ['VerifiablePresentation'],
      holder: HOSTILE,
      verifiableCredential: inside,
    },
    KEY,
    CREATED,
    { purpose: 'authentication' },
  )
  const { page } = await verifyPage('nl-NL', JSON.stringify(presentation), undefined, PHONE)
  expect(await page.locator('#verdict').textContent()).toBe('Presentatie')
  expect(await page.locator('p[role=status]').textContent()).toBe('Niet geldig')
  expect((await steps(page)).slice(0, 5)).toEqual([
    '1. Vorm',
    '2. Handtekening van de houder',
    '3. Antwoord aan de controleur',
    '4. Houder',
    '5. Credentials',
  ])
  const words = (await page.locator('main').textContent()) ?? ''
  expect(words).toContain('er is geen challenge opgegeven; het kan dus een kopie zijn')
  const verdicts = page.locator('section[data-verdict]')
  expect(await verdicts.evaluateAll((all) => all.map((each) => each.getAttribute('data-verdict')))).toEqual([
    'invalid',
    'valid',
    'invalid',
  ])
  // With the keyboard alone: every check of the first one.
  const shown = page.getByRole('heading', { name: 'Wat is gecontroleerd' })
  expect(await shown.first().isVisible()).toBe(false)
  await page.getByText('Toon elke controle').first().focus()
  await page.keyboard.press('Enter')
  expect(await shown.first().isVisible()).toBe(true)
  expect([await barriers(page), await overflow(page)]).toEqual([[], 0])
})

test('that a newer text was found stands above everything, with where it is and how both came out', async () => {
  const { page } = await verifyPage(
    'nl-NL',
    JSON.stringify(await refreshable('2026-11-25T11:00:00Z')),
    undefined,
    PHONE,
  )
  const notice = page.getByRole('note').filter({ hasText: 'Er is een nieuwere tekst gevonden' })
  expect(await notice.getByRole('link').getAttribute('href')).toBe(NEWER)
  expect(await notice.textContent()).toContain('De tekst die is gebrachtNiet geldig (Datums)')
  expect(await page.locator('p[role=status]').textContent()).toBe('Geldig')
  expect([await barriers(page), await overflow(page)]).toEqual([[], 0])
})
