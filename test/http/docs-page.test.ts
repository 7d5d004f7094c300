import { AxeBuilder } from '@axe-core/playwright'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser } from '../browser/launch.ts'
import { type SampleApi, startSampleApi } from './sample-api.ts'

let api: SampleApi
let browser: Browser
beforeAll(async () => {
  api = await startSampleApi()
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await api?.close()
})

test.each(['light', 'dark'] as const)(
  'the reference is legible and fits a telephone, in a %s colour scheme',
  async (colorScheme) => {
    const context = await browser.newContext({ colorScheme, viewport: { width: 390, height: 844 } })
    const page = await context.newPage()
    const outside: string[] = []
    page.on('request', (request) => {
      if (!/^data:/.test(request.url()) && new URL(request.url()).origin !== new URL(api.url).origin)
        outside.push(request.url())
    })
    await page.goto(`${api.url}/docs/`)
    const operation = page.locator('.opblock-post').first()
    await operation.locator('.opblock-summary-control').click()
    await operation.locator('.try-out__btn').click()
    await operation.locator('.btn.execute').waitFor()
    // Colours are judged at rest: neither under the pointer nor on their way to another one.
    await page.mouse.move(0, 0)
    await page.evaluate(() => Promise.all(document.getAnimations().map(({ finished }) => finished)))

    expect(await page.getAttribute('html', 'lang')).toBe('en')
    const width = await page.evaluate(() => document.documentElement.scrollWidth)
    expect(width).toBeLessThanOrEqual(390)
    const { violations, passes } = await new AxeBuilder({ page })
      .withRules(['color-contrast', 'select-name', 'html-has-lang', 'meta-viewport'])
      .analyze()
    expect(passes.map(({ id }) => id)).toContain('color-contrast')
    expect(violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))).toEqual([])
    expect(outside).toEqual([])
  },
)
