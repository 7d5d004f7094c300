import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { buildWeb } from '../../scripts/build-web.ts'
import { barriers as barriersNow } from '../browser/barriers.ts'
import { launchBrowser } from '../browser/launch.ts'
import { type MockApi, startMockApi, WEB_DIRECTORY } from './mock-api.ts'

export interface PagesUnderTest {
  readonly api: MockApi
  /** A page of its own with its own cookies. */
  readonly blank: (options?: BrowserContextOptions) => Promise<Page>
  readonly open: (path: string, options?: BrowserContextOptions) => Promise<Page>
  readonly close: () => Promise<void>
}

/** The built pages in a real browser, over an API that answers with samples. */
export async function startPages(): Promise<PagesUnderTest> {
  await buildWeb()
  const api = await startMockApi(WEB_DIRECTORY)
  const browser: Browser = await launchBrowser()
  // Contexts stay open until the end: this browser ends with its first one.
  const blank = async (options: BrowserContextOptions = {}) => {
    const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/Amsterdam', ...options })
    return context.newPage()
  }
  return {
    api,
    blank,
    open: async (path, options) => {
      const page = await blank(options)
      await page.goto(api.origin + path)
      return page
    },
    close: async () => {
      await browser.close()
      await api.close()
    },
  }
}

export async function heading(page: Page, name: string) {
  const found = page.getByRole('heading', { level: 1, name, exact: true })
  await found.waitFor()
  return found
}

/** What axe finds that keeps somebody out, once everything is there. */
export async function barriers(page: Page): Promise<readonly string[]> {
  await page.waitForLoadState('networkidle')
  return barriersNow(page)
}

export const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
