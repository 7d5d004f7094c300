import { access } from 'node:fs/promises'
import { type Browser, chromium } from 'playwright-core'

const INSTALLED = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const LAMBDA = 'AWS_EXECUTION_ENV'

/** What that package asks of Chromium for scraping: without a same-origin policy a page could read what browsers keep from it. */
const LAX = /^--(?:disable-web-security|allow-running-insecure-content)$/
/** And for pictures in three dimensions, of which there are none here: all that is drawn went through an imitated graphics card. */
const GRAPHICS_CARD = /gl=|angle=|swiftshader|gpu/

/**
 * A real Chromium. With BROWSER_PATH that one, else the one that npm brought, which needs nothing of the system;
 * where it does not run, an installed one.
 */
export async function launchBrowser(): Promise<Browser> {
  const own = process.env['BROWSER_PATH']
  if (own !== undefined && own !== '') return launch(own)
  try {
    return await launchPackaged()
  } catch (error) {
    for (const path of INSTALLED) if (await exists(path)) return launch(path)
    throw error
  }
}

/** It unpacks the libraries that a bare system lacks (NSS) only where it takes itself to be in a cloud function. */
async function launchPackaged(): Promise<Browser> {
  const before = process.env[LAMBDA]
  if (!(await hasNss())) process.env[LAMBDA] = 'AWS_Lambda_nodejs22.x'
  try {
    const { default: packaged } = await import('@sparticuz/chromium')
    const args = packaged.args.filter((flag) => !LAX.test(flag) && !GRAPHICS_CARD.test(flag))
    return await launch(await packaged.executablePath(), [...args, '--disable-gpu'])
  } finally {
    if (before === undefined) delete process.env[LAMBDA]
    else process.env[LAMBDA] = before
  }
}

const launch = (executablePath: string, flags: readonly string[] = []): Promise<Browser> =>
  chromium.launch({
    executablePath,
    args: [...flags, '--no-sandbox', '--disable-dev-shm-usage'],
    headless: true,
  })

async function hasNss(): Promise<boolean> {
  const folders = ['/usr/lib/x86_64-linux-gnu', '/usr/lib64', '/usr/lib', '/lib/x86_64-linux-gnu']
  for (const folder of folders) if (await exists(`${folder}/libnss3.so`)) return true
  return false
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )
