import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser } from '#test/browser/launch.ts'
import { startTestProduct, type TestOrganisation, type TestProduct } from '#test/product/test-product.ts'
import { barriers, overflow } from '#test/web/pages-under-test.ts'
import { buildWeb } from '../../scripts/build-web.ts'

let product: TestProduct
let school: TestOrganisation
let browser: Browser
let id: string

beforeAll(async () => {
  await buildWeb()
  product = await startTestProduct()
  school = await product.organisation('drawing-school')
  const issuer = await school.api.post('/v1/issuers', { slug: 'drawing-academy', name: 'Academy' })
  const en = { en: 'Lighting a stage', nl: 'Een podium belichten' }
  const made = await school.api.post('/v1/achievements', {
    issuerId: issuer.body.id,
    slug: 'lighting',
    definition: { language: 'nl', name: en, description: en, criteria: en },
  })
  id = made.body.id
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await product?.stop()
})

test('a badge is drawn by keyboard, is seen before it is made as it is made, and is changed later', async () => {
  const page = await editor({ locale: 'nl-NL' })
  await page.getByRole('button', { name: /^(Badge tekenen|Tekening wijzigen)$/ }).press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Badge tekenen' })
  const text = dialog.getByLabel('Tekst erop')
  await text.fill('Onafhankelijkheidsverklaringsondertekeningsbevoegdheid')
  await dialog.getByText('De tekst is te lang voor het plaatje').waitFor()
  await text.fill('Een podium belichten')
  await dialog.getByText('Alle tekst past.').waitFor()
  await dialog.getByLabel('Vorm').selectOption('round')
  await dialog.getByLabel('Symbool', { exact: true }).selectOption('bulb')
  await dialog.getByLabel('Niveauwoord', { exact: true }).selectOption({ label: 'Zilver' })
  await dialog.getByLabel('Rand en symbool').fill('#2a6a55')
  await dialog.getByText(/Rand en symbool schelen \d,\d : 1 van het vlak, en dat moet 3 : 1 zijn\./).waitFor()

  // What is refused is said with its reason, and a colour that would do is one press away.
  await dialog.getByRole('button', { name: 'Deze badge gebruiken' }).press('Enter')
  await dialog.getByText('Deze kleuren lijken te veel op elkaar').waitFor()
  await dialog.getByRole('button', { name: /^Rand en symbool liever in #/ }).press('Enter')
  await dialog.getByText(/van het vlak: te onderscheiden\.$/).waitFor()
  expect(await barriers(page)).toEqual([])

  const preview = dialog.getByRole('img', { name: 'Voorbeeld: Een podium belichten' })
  const shown = await preview.evaluate((image) => image.outerHTML)
  await dialog.getByRole('button', { name: 'Deze badge gebruiken' }).press('Enter')
  await dialog.waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Tekening wijzigen' }).waitFor()
  await page.getByRole('button', { name: 'Concept bewaren' }).press('Enter')
  await page.getByText('Het concept is bewaard.').waitFor()
  const { image } = (await school.api.get(`/v1/achievements/${id}`)).body.versions[0].definition
  expect(await difference(page, shown, `${product.url}/images/${image}.png`)).toBeLessThan(0.02)

  const again = await editor({ locale: 'nl-NL' })
  await again.getByRole('button', { name: 'Tekening wijzigen' }).click()
  const later = again.getByRole('dialog', { name: 'Badge tekenen' })
  expect(await later.getByLabel('Tekst erop').inputValue()).toBe('Een podium belichten')
  expect(await later.getByLabel('Vorm').inputValue()).toBe('round')
  expect(await later.getByLabel('Symbool', { exact: true }).inputValue()).toBe('bulb')
  expect(await later.getByLabel('Niveauwoord', { exact: true }).inputValue()).toBe('1')
})

test('it fits a narrow dark screen, in Dutch', async () => {
  const page = await editor({ locale: 'nl-NL', colorScheme: 'dark', viewport: { width: 390, height: 844 } })
  await page.getByRole('button', { name: 'Tekening wijzigen' }).click()
  await page.getByRole('dialog').getByText('Alle tekst past.').waitFor()
  expect(await barriers(page)).toEqual([])
  expect(await overflow(page)).toBeLessThanOrEqual(0)
})

test('the educredential profile is filled in by keyboard on a narrow dark screen, and what is wrong has the focus', async () => {
  const page = await editor({ locale: 'nl-NL', colorScheme: 'dark', viewport: { width: 390, height: 844 } })
  const profile = page.getByRole('group', { name: 'Educredential-profiel' })
  await profile.getByRole('checkbox', { name: /^Uitgeven volgens/ }).press('Space')
  await profile.getByLabel('Hoe het wordt beoordeeld').selectOption('portfolio')
  await profile.getByLabel('Toezicht bij de beoordeling').selectOption('onsite with identity verification')
  await profile.getByLabel('Identiteit is gecontroleerd').selectOption({ label: 'Ja' })
  const programme = profile.getByLabel('Nummer van de opleiding')
  await programme.fill('croho 25743')
  const workload = page.getByLabel('Studielast', { exact: true })
  await workload.fill('veel')
  const save = page.getByRole('button', { name: 'Concept bewaren' })
  await save.press('Enter')
  await page.getByText('Hier hoort een getal boven 0 en van ten hoogste 10000.').waitFor()
  await page.getByText('Hier hoort een geheel getal van 1 tot en met 999999999.').waitFor()
  expect(await workload.evaluate((field) => field === document.activeElement)).toBe(true)
  expect(await barriers(page)).toEqual([])
  expect(await overflow(page)).toBeLessThanOrEqual(0)

  await workload.fill('2,5')
  await programme.fill(' 25743 ')
  await save.press('Enter')
  await page.getByText('Het concept is bewaard.').waitFor()
  const { definition } = (await school.api.get(`/v1/achievements/${id}`)).body.versions[0]
  expect(definition).toMatchObject({ workload: { unit: 'ects', amount: 2.5 } })
  expect(definition.educredential).toEqual({
    assessmentType: 'portfolio',
    supervisionType: 'onsite with identity verification',
    identityChecked: true,
    educationProgramIdentifier: 25_743,
  })
})

test.each([
  {
    locale: 'nl-NL',
    keys: 'Sleutels',
    report: 'Als gestolen melden',
    since: 'In verkeerde handen sinds',
    reason: 'Reden',
    end: 'Deze sleutel beëindigen',
    future: 'Dit moment moet nog komen.',
    ended: 'In verkeerde handen',
    none: 'Opnieuw uitgegeven: 0.',
    elsewhere: /^Eén document is via VC-API met deze sleutel ondertekend\./,
  },
  {
    locale: 'en-GB',
    keys: 'Keys',
    report: 'Report as stolen',
    since: 'In wrong hands since',
    reason: 'Reason',
    end: 'End this key',
    future: 'This moment is still to come.',
    ended: 'Compromised',
    none: 'Issued again: 0.',
    elsewhere: /^One document was signed over VC-API with this key\./,
  },
])('a key is reported as stolen by keyboard on a narrow screen, in $locale', async (words) => {
  const credential = {
    '@context': ['https://www.w3.org/ns/credentials/v2'],
    type: ['VerifiableCredential'],
    credentialSubject: { id: 'did:example:subject' },
  }
  expect((await school.api.post('/vc/credentials/issue', { credential })).status).toBe(201)
  const page = await openConsole({ locale: words.locale, viewport: { width: 390, height: 844 } }, 'issuers')
  await page.getByText(words.keys, { exact: true }).press('Enter')
  const report = page.getByRole('button', { name: new RegExp(`^${words.report}`) })
  // The newest key, which signs.
  await report.last().press('Enter')
  const since = page.getByLabel(words.since)
  // Whoever came by keyboard goes on in the form.
  expect(await since.evaluate((field) => field === document.activeElement)).toBe(true)
  expect(await overflow(page)).toBeLessThanOrEqual(0)
  expect(await barriers(page)).toEqual([])

  // Nothing said, and a moment to come: both are told.
  await page.getByRole('button', { name: words.end }).press('Enter')
  expect(await since.getAttribute('aria-invalid')).toBe('true')
  await since.fill('2999-01-01T09:00:00')
  await page.getByLabel(words.reason).fill('Sample: a laptop was stolen.')
  await page.getByRole('button', { name: words.end }).press('Enter')
  await page.getByText(words.future).waitFor()
  await since.fill('2026-01-01T09:00:00')
  await page.getByRole('button', { name: words.end }).press('Enter')
  await page.getByText(words.elsewhere).waitFor()
  await page.getByText(words.none).waitFor()
  await page.getByText(words.ended, { exact: true }).first().waitFor()
  expect(await barriers(page)).toEqual([])
  expect(await overflow(page)).toBeLessThanOrEqual(0)
})

async function openConsole(options: Parameters<Browser['newContext']>[0], section: string): Promise<Page> {
  const page = await (await browser.newContext({ timezoneId: 'Europe/Amsterdam', ...options })).newPage()
  const person = { type: 'email', value: 'owner@drawing-school.example.org' } as const
  await page.goto(await product.running.product.routes.signIn.link(person))
  await page.waitForURL('**/console/*/overview')
  await page.goto(`${product.url}/console/drawing-school/${section}`)
  return page
}

async function editor(options: Parameters<Browser['newContext']>[0]): Promise<Page> {
  const page = await openConsole(options, 'achievements')
  await page.getByRole('button', { name: 'Concept bewerken: Een podium belichten' }).click()
  return page
}

/** How far the drawing in the page and the picture of the server are apart: share of pixels that differ by more than a shade. */
function difference(page: Page, markup: string, url: string): Promise<number> {
  return page.evaluate(
    async ([markup, url]) => {
      // Drawn as a page draws it, with its fonts: in a picture they would not be there.
      const frame = document.createElement('div')
      frame.style.cssText = 'position:fixed;inset:0;z-index:9999;background:#fff'
      frame.innerHTML = markup ?? ''
      const texts = [...frame.querySelectorAll('text')]
      document.body.append(frame)
      await document.fonts.ready
      const widths = texts.map((text) => text.getComputedTextLength())
      frame.remove()
      if (widths.some((width) => width < 1)) return 1
      const font = await fontAsData()
      const svg = (markup ?? '').replace(
        '<defs>',
        `<defs><style>@font-face{font-family:'Inter Variable';font-weight:100 900;src:url(${font})}</style>`,
      )
      const [drawn, served] = await Promise.all([
        pixels(`data:image/svg+xml,${encodeURIComponent(svg)}`),
        pixels(URL.createObjectURL(await (await fetch(new URL(url ?? '').pathname)).blob())),
      ])
      let apart = 0
      for (let at = 0; at < drawn.length; at += 4)
        if ([0, 1, 2, 3].some((part) => Math.abs((drawn[at + part] ?? 0) - (served[at + part] ?? 0)) > 64))
          apart += 1
      return apart / (drawn.length / 4)

      async function pixels(source: string): Promise<Uint8ClampedArray> {
        const image = new Image(512, 512)
        image.src = source
        await image.decode()
        const canvas = new OffscreenCanvas(512, 512)
        const pen = canvas.getContext('2d')
        pen?.drawImage(image, 0, 0, 512, 512)
        return pen?.getImageData(0, 0, 512, 512).data ?? new Uint8ClampedArray()
      }
      async function fontAsData(): Promise<string> {
        const faces = [...document.styleSheets]
          .flatMap((sheet) => [...sheet.cssRules])
          .map((rule) => rule.cssText)
        const latin = faces.find((rule) => rule.includes('@font-face') && /U\+0-FF|U\+0000-00FF/i.test(rule))
        const [, address = ''] = /url\("?([^")]+)"?\)/.exec(latin ?? '') ?? []
        const bytes = new Uint8Array(await (await fetch(address)).arrayBuffer())
        return `data:font/woff2;base64,${btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))}`
      }
    },
    [markup, url] as const,
  )
}
